"""Putting the story on stage: agencies, brands, people, and a month that Tugon reads, judges and answers.

Everything goes through the deeds that the pages use; only the clock is told.
"""

import json
from datetime import timedelta

from django.contrib.auth.hashers import make_password

from agency.models import Agency, Engagement, Seat, User
from agency.roles import Role
from responses import pipeline, pulse
from responses.core.actors import TUGON, person
from responses.incidents import lifecycle, tasks
from responses.incidents.models import Incident, Protocol, ProtocolStep
from responses.monitoring import (
    alerting,
    budgeting,
    excluding,
    listening,
    naming,
    recognising,
    ruling,
    sourcing,
    stories,
)
from responses.monitoring.models import Alert, Rule, Source
from responses.publishing import releasing
from responses.statements import drafting, reviewing
from responses.statements.models import Channel, Statement, Step
from tenants import context, provisioning
from tenants.models import Brand, BrandPulse

from . import cast, governing, habits, papers, pictures, playbook, remarks, wordings
from .feed import utc_now

PASSWORD = "tugon-demo"  # noqa: S105  (printed by `make demo`, on loopback)
TYPES = {"notice": Statement.Type.UPDATE}
DAYS_SHOWN = 4  # a reading takes the newest two hundred posts: about so many days of them
SET_UP_BEFORE = timedelta(days=31)
# Minutes before the demo begins at which a brand's feed was read; the last reading is at its beginning.
READINGS = {
    "isla": (72, 63, 55, 40, 25, 10),
    "luzon": (320, 240, 120),
    "ising": (1500, 1200, 300),
}


def stage(feed, practice_url, now, say=print):
    """Write the whole story into an empty database; `feed` is the running StoryServer."""
    agencies = {seed.slug: Agency.objects.create(slug=seed.slug, name=seed.name) for seed in cast.AGENCIES}
    brands = [make_brand(seed, agencies[seed.agency]) for seed in cast.BRANDS]
    password = make_password(PASSWORD)  # half a second; all have the one that the sign-in page shows
    people = {seed.email: make_person(seed, agencies, password) for seed in cast.PEOPLE}
    for brand in brands:
        say(f"  {brand.name}: a month of mentions …")
        with context.inside(brand):
            set_up(brand, feed.url_for(brand.slug), practice_url, now - SET_UP_BEFORE)
            governing.agree(brand.slug, people, now - SET_UP_BEFORE)
            tell_past(brand.slug, people, now)
            listen(brand, feed, now)
            if brand.engagements.filter(agency=agencies[cast.HABI]).exists():
                habits.work_through(brand.slug, *named(people, "lea", "paolo"), now)
            if act := ACTS.get(brand.slug):
                act(people, now)
            settle(brand, now)
    feed.clock = utc_now


def make_brand(seed, agency):
    brand = Brand.objects.create(
        slug=seed.slug,
        name=seed.name,
        tagline=seed.tagline,
        colour=seed.colour,
        own_colour=seed.own_colour,
        language=seed.languages[0],
        schema_name=f"b_{seed.slug.replace('-', '_')}",
    )
    BrandPulse.objects.create(brand=brand)
    Engagement.objects.create(agency=agency, brand=brand)
    return provisioning.carry_on(brand)


def make_person(seed, agencies, password):
    about = {"name": seed.name, "language": seed.language, "agency": agencies.get(seed.agency)}
    user = User.objects.create(email=seed.email, password=password, **about)
    governing.give_app(user)
    if seed.role == Role.DIRECTOR:
        Seat.objects.create(user=user, agency=user.agency, role=Role.DIRECTOR)
        return user
    for slug, role in seed.seats.items():
        brand = Brand.objects.get(slug=slug)
        agency = brand.engagements.get(ended_at=None).agency
        Seat.objects.create(user=user, agency=agency, brand=brand, role=role)
    return user


def set_up(brand, url, practice_url, at):
    """What was agreed with the brand a month ago: rules, protocols, its feed and its channels."""
    for name, query in playbook.SAVED.get(brand.slug, {}).items():
        naming.add_named_query(name=name, query=query, by=TUGON, now=at)
    for field, value, reason in playbook.EXCLUDED.get(brand.slug, ()):
        excluding.add_exclusion(field=field, value=value, reason=reason, by=TUGON, now=at)
    for seed in playbook.RULES[brand.slug]:
        ruling.add_rule(
            name=seed.name,
            query=seed.query,
            severity=seed.severity,
            raises_alert=seed.alerts,
            opens_incident=seed.opens_incident,
            watches=Rule.Watches.COMPETITOR if seed.rival else Rule.Watches.BRAND,
            subject=seed.rival,
            by=TUGON,
            now=at,
        )
    wordings.agree(brand.slug, at)
    call(brand, at)
    for key in playbook.PROTOCOLS_OF[brand.slug]:
        agree(next(seed for seed in playbook.PROTOCOLS if seed.key == key))
    sourcing.add_source(
        kind=Source.Kind.RSS,
        name="News and posts",
        config={"url": url},
        by=TUGON,
        now=at,
        every_seconds=Source.MINIMUM_SECONDS,
    )
    speak(brand, practice_url)


def listen(brand, feed, now):
    """Read the feed as it stood at each hour; Tugon reacts to what it finds, then and there."""
    readings = (*READINGS.get(brand.slug, ()), 0)
    catch_up(feed, now - timedelta(minutes=readings[0] + 1))
    for minutes in readings:
        moment = now - timedelta(minutes=minutes)
        feed.clock = lambda at=moment: at
        listening.read(Source.objects.get(kind=Source.Kind.RSS), now=moment)
        pipeline.follow(moment)


def call(brand, at):
    """Who always rings, and how often Tugon may."""
    for name, note, severity in playbook.AUTHORS.get(brand.slug, ()):
        recognising.add_author(name=name, note=note, severity=severity, by=TUGON, now=at)
    if brand.slug in playbook.BUDGETS:
        budgeting.set_budget(playbook.BUDGETS[brand.slug], by=TUGON, now=at)


def catch_up(feed, moment):
    """Read the month that the feed no longer shows whole: as it stood every few days.

    What is that old raises no alarm. The readings are minutes apart, as an address is not asked more often.
    """
    for days in range(feed.story.days - 1, 0, -DAYS_SHOWN):
        feed.clock = lambda at=moment - timedelta(days=days): at
        read_at = moment - timedelta(minutes=2 * days)
        listening.read(Source.objects.get(kind=Source.Kind.RSS), now=read_at)
        pipeline.follow(read_at)


def agree(seed):
    """The agency's own protocol; it replaces one of the same name that every brand starts with."""
    protocol, _new = Protocol.objects.update_or_create(
        name=seed.name, defaults={"description": seed.summary, "from_severity": seed.severity}
    )
    protocol.steps.all().delete()
    ProtocolStep.objects.bulk_create(
        ProtocolStep(
            protocol=protocol, position=number, title=step.title, role=step.role, due_minutes=step.due_minutes
        )
        for number, step in enumerate(seed.steps, 1)
    )


def speak(brand, practice_url):
    """A second channel beside the newsroom: the demo's own practice server speaks Bluesky's protocol."""
    Channel.objects.create(
        kind=Channel.Kind.BLUESKY,
        name="Bluesky (practice)",
        config={"service": practice_url, "handle": f"{brand.slug}.practice.example"},
        secret=json.dumps({"password": PASSWORD}),
        position=1,
    )


def settle(brand, now):
    """Let Tugon react to all that happened, and bring the board up to date."""
    while pipeline.follow(now):
        releasing.release_due(now)
    while stories.gather(now):
        pass
    pulse.refresh(brand, now)


# --- what happened at each brand


def at_isla(people, now):
    """The fire: Tugon opened the incident by itself, two tasks are done, Ana has written a first draft."""
    paolo, ramon = named(people, "paolo", "ramon")
    incident = Incident.objects.get(severity=4)
    stop, liaison = incident.tasks.order_by("position")[:2]
    tasks.finish(stop, by=paolo, now=now - timedelta(minutes=59))
    lifecycle.note(incident, papers.LIAISON, by=paolo, now=now - timedelta(minutes=54))
    tasks.finish(liaison, by=ramon, now=now - timedelta(minutes=47))
    write(papers.holding(now), people, now - timedelta(minutes=12), incident)


def at_luzon(people, now):
    """The bank: an incident for three hours, a notice that the client sent back with a comment."""
    paolo, ramon, ana = named(people, "paolo", "ramon", "ana")
    then = now - timedelta(hours=3)
    alert = Alert.objects.filter(status=Alert.Status.OPEN, kind=Alert.Kind.MATCH).earliest("opened_at")
    alerting.acknowledge(alert, by=paolo, now=then)
    incident = lifecycle.open_incident(
        title="Customers cannot log in to the app", severity=2, by=paolo, now=then, alert=alert
    )
    lifecycle.acknowledge(incident, by=ramon, now=then + timedelta(minutes=6))
    for task in list(incident.tasks.order_by("position")[:2]):
        tasks.finish(task, by=ramon, now=then + timedelta(minutes=25))
    notice = papers.bank_notice(now)
    statement = write(notice, people, now - timedelta(minutes=95), incident)
    reviewing.submit(statement, by=ana, now=now - timedelta(minutes=90))
    remarks.within_the_agency(statement, people, now)
    decide(statement, ramon, "approved", "", now - timedelta(minutes=70))
    remarks.with_the_client(statement, people, now)
    asked = notice.change_request
    decide(statement, person(people[asked.by]), "changes", asked.comment, now - timedelta(minutes=35))


ACTS = {"isla": at_isla, "luzon": at_luzon}  # the noodles' label complaint is an alert nobody has looked at


def named(people, *names):
    return [person(people[f"{name}@habi.example"]) for name in names]


def tell_past(slug, people, now):
    """Statements of the past month, each reviewed and published on its day."""
    approvers = {"isla": "marta@islaferries.example", "luzon": "jun@bankoluzon.example"}
    for paper in papers.past(now):
        if paper.brand == slug:
            publish_past(paper, people, approvers[slug])


def publish_past(paper, people, approver):
    day = paper.published_at
    statement = write(paper, people, day - timedelta(hours=2), None)
    reviewing.submit(statement, by=person(people["ana@habi.example"]), now=day - timedelta(minutes=100))
    decide(statement, person(people["ramon@habi.example"]), "approved", "", day - timedelta(minutes=60))
    decide(statement, person(people[approver]), "approved", "", day)
    while pipeline.follow(day):
        releasing.release_due(day)


def write(paper, people, at, incident):
    """Draft the first revision and revise by the others, each by its own writer, a minute apart."""
    first, *later = paper.revisions
    statement = drafting.draft(
        **wording_of(paper, first),
        type=TYPES.get(paper.kind, paper.kind),
        images=pictures.of(paper.key, by=person(people[first.by]), now=at),
        by=person(people[first.by]),
        now=at,
        incident=incident,
    )
    for number, revision in enumerate(later, 1):
        drafting.revise(
            statement,
            base=number,
            **wording_of(paper, revision),
            note=revision.note,
            by=person(people[revision.by]),
            now=at + timedelta(minutes=number),
        )
    return Statement.objects.get(pk=statement.pk)


def wording_of(paper, revision):
    """The revision in English, and beside it in Filipino where it was written in both."""
    titles = {variant.language: variant.title for variant in revision.variants if variant.title}
    versions = {code: {"title": title, "texts": texts_of(revision, code)} for code, title in titles.items()}
    also = {code: version for code, version in versions.items() if code != "en"}
    return {"title": paper.title, "language": "en", "texts": texts_of(revision, "en"), "also": also}


def texts_of(revision, language):
    """The revision's words per channel, in one language."""
    bodies = {each.channel: each.body for each in revision.variants if each.language == language}
    return {one.pk: bodies[one.kind] for one in Channel.objects.filter(is_active=True, kind__in=bodies)}


def decide(statement, by, verdict, comment, at):
    step = Step.objects.get(review__revision__statement=statement, status=Step.Status.ACTIVE)
    reviewing.decide(
        step, revision_hash=step.review.revision.hash, verdict=verdict, comment=comment, by=by, now=at
    )
