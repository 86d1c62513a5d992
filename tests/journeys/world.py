"""One of everything at Banko Luzon and a brand with nothing yet, so that every page has something to show.

Run in the product's own shell by `stack.python`; prints the ids that the pages' addresses need.
"""

CODE = """
import json
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from dataclasses import replace
from django.utils import timezone
from agency import people
from agency.models import Agency, Seat, User
from agency.roles import Role
from api.models import ApiKey
from responses.core.actors import person
from responses.incidents import lifecycle
from responses.incidents.models import Incident, Protocol
from responses.monitoring import sourcing
from responses.monitoring.models import Alert, Mention, NamedAuthor, NamedQuery, Rule, Source, Story
from responses.publishing.models import NewsroomPost, Publication
from responses.statements import breaking, drafting, knowing, overruling, reviewing
from responses.statements.models import Channel, Statement, Step
from responses.statements.policy_models import ReviewPolicy
from responses.statements.writing_models import LintRule, StatementTemplate
from responses.story import staging
from responses.story.cast import BrandSeed
from tenants import context
from tenants.models import Brand

now = timezone.now()
user = {name: User.objects.get(email=f"{name}@habi.example") for name in ("tess", "ana", "ramon", "celia")}
noel = User.objects.get(email="noel@islaferries.example")
by = {name: person(one) for name, one in user.items()}
habi, luzon = Agency.objects.get(slug="habi"), Brand.objects.get(slug="luzon")
bare = staging.make_brand(BrandSeed("bare", "Bare Brand", "Nothing yet", "leaf", ("en",), "habi"), habi)
Seat.objects.create(user=noel, agency=habi, brand=bare, role=Role.CLIENT_APPROVER)
letter = people.invite(email="new@habi.example", name="New Person", role=Role.WRITER, brand=luzon,
                       by=user["tess"], now=now)
TOTP.activate(user["celia"], "JBSWY3DPEHPK3PXP")
RecoveryCodes.activate(user["celia"])
passkey = Authenticator.objects.get(user=user["celia"], type="webauthn")

def text(words):
    return {channel.pk: words for channel in Channel.objects.filter(is_active=True)}

def written(title, *wordings):
    first, *later = wordings
    one = drafting.draft(title=title, type="update", texts=text(first), language="en", by=by["ana"], now=now)
    for number, words in enumerate(later, 1):
        drafting.revise(one, base=number, title=title, texts=text(words), language="en",
                        by=by["ana"], now=now)
    reviewing.submit(one, by=by["ana"], now=now)
    return one

def agreed(one):
    step = Step.objects.get(review__revision__statement=one, status="active")
    reviewing.decide(step, revision_hash=step.review.revision.hash, verdict="approved",
                     by=by["ramon"], now=now)
    return Step.objects.get(review__revision__statement=one, status="active")

def sure(person):
    return replace(person, is_fresh=True)

def let_out():
    "A text that stood by, let out at Critical; the incident is over since."
    jun = person_of("jun@bankoluzon.example")
    fire = lifecycle.open_incident(title="The vault is open", severity=4, by=by["ramon"], now=now)
    words = text("We know, and we look into it.")
    one = drafting.draft(title="If the vault is open", type="holding", texts=words, language="en",
                         by=by["ana"], now=now)
    for finding in knowing.of_revision(one.latest):
        if finding.severity == "must":
            overruling.overrule(one, mark=finding.mark, reason="To stand by", by=by["ana"], now=now)
    reviewing.submit(one, by=by["ana"], now=now, stands_by=True)
    for who in (by["celia"], jun):
        step = Step.objects.get(review__revision__statement=one, status="active")
        reviewing.decide(step, revision_hash=one.latest.hash, verdict="approved", by=sure(who), now=now)
    breaking.set_rule(is_on=True, people=[by["tess"].id, by["ramon"].id], by=by["ramon"], now=now)
    said = {"revision_hash": one.latest.hash, "reason": "The cameras are there.", "now": now}
    glass = breaking.ask(one, incident=fire, by=sure(by["tess"]), **said)
    breaking.agree(glass, by=sure(by["ramon"]), **said)
    Incident.objects.filter(pk=fire.pk).update(status="resolved", severity=2, resolved_at=now)
    return one

def person_of(email):
    return person(User.objects.get(email=email))

with context.inside(luzon):
    at_agency = written("Branches open until six", "Open until five.", "All branches open until six today.")
    at_client = agreed(written("The app is back", "You can log in again. We are sorry for the day."))
    hook = sourcing.add_source(kind="webhook", name="Forum", config={}, by=by["tess"], now=now)
    mailbox = sourcing.add_source(kind="email", name="Clippings", config={}, by=by["tess"], now=now)
    table = sourcing.add_source(kind="csv", name="Survey", config={}, by=by["tess"], now=now)
    print(json.dumps({
        "mention": Mention.objects.latest("pk").pk,
        "story": Story.objects.filter(mention_count__gt=1).order_by("-mention_count").first().pk,
        "alert": Alert.objects.latest("pk").pk,
        "incident": Incident.objects.latest("pk").pk,
        "protocol": Protocol.objects.latest("pk").pk,
        "rule": Rule.objects.first().pk,
        "author": NamedAuthor.objects.first().pk,
        "named_query": NamedQuery.objects.first().pk,
        "source": Source.objects.first().pk, "hook": hook.pk, "table": table.pk,
        "mailbox": mailbox.pk,
        "sent_back": Statement.objects.get(status="changes_requested").pk,
        "published": Statement.objects.filter(status="published").first().pk,
        "in_review": at_agency.pk,
        "policy": ReviewPolicy.objects.first().pk,
        "glass": let_out().pk,
        "step": at_client.pk,
        "decided": Step.objects.filter(function="client", status="passed").first().pk,
        "publication": Publication.objects.first().pk,
        "channel": Channel.objects.get(kind="bluesky").pk,
        "template": StatementTemplate.objects.first().pk,
        "lint_rule": LintRule.objects.filter(kind="do_not_say").first().pk,
        "newsroom": Channel.objects.get(kind="newsroom").pk,
        "post": NewsroomPost.objects.first().slug,
        "brand": luzon.pk, "person": user["ana"].pk, "passkey": passkey.pk,
    }))
"""
