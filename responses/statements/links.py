"""Links that let one client approver decide one step of one revision, once.

The token exists in the letter only; here is its SHA-256. Looking at the page changes nothing, so a mail
scanner can open it as often as it likes; that the link was opened is one line of history (`seeing`).
"""

import hashlib
import secrets
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from agency import second_factor
from agency.models import User
from responses.core import proving
from responses.core.actors import Actor
from responses.errors import Gone, Invalid, NotAllowed
from tenants import context

from . import entitling, reviewing, states
from .link_models import ApprovalLink
from .models import Decision

LIVES = timedelta(hours=72)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# --- making


def make(step, user, now) -> str:
    """One person's link to one step; returns the address that only its letter knows."""
    token = secrets.token_urlsafe(32)
    ApprovalLink.objects.create(
        step=step,
        person_id=f"user:{user.pk}",
        person_name=user.name or user.email,
        email=user.email,
        token_hash=digest(token),
        created_at=now,
        expires_at=now + LIVES,
    )
    return address("portal:link", token)


def address(name, *args) -> str:
    """Of a page for the client: on the brand's own host where it has one, else on the common one."""
    brand, common = context.here(), urlsplit(settings.TUGON_ADDRESS)
    own = brand.domains.filter(is_primary=True).values_list("domain", flat=True).first()
    urls = settings.BRAND_HOST_URLCONF if own else settings.ROOT_URLCONF
    port = f":{common.port}" if common.port else ""
    host = f"{own}{port}" if own else common.netloc
    return f"{common.scheme}://{host}{reverse(name, args=[brand.slug, *args], urlconf=urls)}"


def works(step, user, now) -> bool:
    """Whether this person's letter has a link with which they can still decide."""
    unused = step.links.filter(person_id=f"user:{user.pk}", used_at=None, expires_at__gt=now)
    return unused.exists()


# --- using


def open_link(token: str, *, now) -> ApprovalLink:
    """The link of this token, fit to be used; raises DoesNotExist, or Gone or NotAllowed with the reason."""
    link = find(token)
    refuse_dead(link, now)
    return link


def find(token: str) -> ApprovalLink:
    links = ApprovalLink.objects.select_related("step__review__revision__statement__incident")
    return links.get(token_hash=digest(token))


def refuse_dead(link, now) -> None:
    """Say which way the link has ended, the most telling first."""
    step = link.step
    if link.used_at:
        raise Gone(_("You have used this link: your answer is with the agency. Nothing is left to do."))
    if step.review.status == states.VOIDED:
        raise NotAllowed(reviewing.over_words(step.review.revision.statement))
    if step.status != states.ACTIVE:
        raise Gone(_("This was decided already. Nothing is left to do."))
    if now >= link.expires_at:
        raise Gone(_("This link is older than three days and has ended. Sign in, or ask the agency."))
    if not entitling.Circle(step, now).has_seat(link.person_id):
        raise Gone(_("This link does not work any more. Ask the agency."))


@proving.counting_guesses()
def use_link(link, *, verdict, comment, name, revision_hash, now, code="") -> Decision:
    """Decide by link, and use it up. A refusal uses nothing up, but a guess at the code counts.

    Where a second factor is asked for, `code` is the person's; a code is tried only when all else is right.
    """
    found = ApprovalLink.objects.select_for_update(of=("self",)).select_related(
        "step__review__revision__statement__incident"
    )
    link = found.get(pk=link.pk)
    refuse_dead(link, now)
    if verdict == Decision.Verdict.APPROVED:
        refuse_other_name(link, name)
    by = actor_of(link)
    if code and verdict == Decision.Verdict.APPROVED and reviewing.asks_second_factor(link.step.review):
        by = with_code(link, by, code)
    decision = reviewing.decide(
        link.step, revision_hash=revision_hash, verdict=verdict, comment=comment, by=by, now=now
    )
    ApprovalLink.objects.filter(pk=link.pk).update(used_at=now)
    return decision


def actor_of(link) -> Actor:
    """Whoever acts through the link: the one its letter went to."""
    return Actor(link.person_id, link.person_name, via="link", strength="link")


def with_code(link, by, code: str) -> Actor:
    person = person_of(link)
    if person is None or not second_factor.is_right(person, code):
        raise proving.wrong_code()
    return replace(by, strength="link+code", is_fresh=True)


def refuse_other_name(link, name: str) -> None:
    """A scanner may press buttons; it does not write a name."""
    if " ".join(name.split()).casefold() != " ".join(link.person_name.split()).casefold():
        raise Invalid(
            _("Type your name as it stands above: %(name)s") % {"name": link.person_name}, field="name"
        )


def person_of(link) -> User | None:
    return user_of(link.person_id)


def user_of(person_id: str) -> User | None:
    return User.objects.filter(pk=person_id.removeprefix("user:")).first()
