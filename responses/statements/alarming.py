"""Letters of a broken glass: to the other named people when one has asked, then to everybody.

Who is owed one is read from the glass and the history, so a job that was lost or killed is made up for. No
lock of the history is held while the mail server is spoken to: what goes out must not wait for a letter.
"""

import time
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from agency.roles import May
from responses import due
from responses.core import history
from responses.core.actors import TUGON
from responses.core.models import Event
from responses.incidents.forms import people_of
from tenants import context, jobs, locks

from . import breaking, calling, deputising, links, states
from .calling import zone
from .glass_models import Glass

JOB_SECONDS = 15  # begin no letter later than this: each may take long, and the queue ends a job after 60
OWED_FOR = timedelta(days=1)  # longer than all tries take; who gets a seat later was not alarmed


def send_due(now) -> bool:
    """Write to all who are owed a letter by now; False when another worker is at it.

    Each is told in the history as soon as it is sent, so a kill repeats one letter at most.
    """
    with locks.tried(locks.ALARMS, context.here().pk) as mine:
        if not mine:
            return False
        outcomes = calling.one_by_one(in_time(owed(now)), lambda row: letter(*row).send())
        started, failed = time.monotonic(), False
        for (name, glass, user), error in outcomes:
            tell(name, glass, user, error, now=now + timedelta(seconds=time.monotonic() - started))
            failed = failed or bool(error)
    if failed:
        due.by(next_at(now))
    return True


def in_time(rows):
    started = time.monotonic()
    for row in rows:
        if time.monotonic() - started > JOB_SECONDS:
            return
        yield row


# --- who is owed one


def owed(now) -> list:
    """Which letter, of which glass, to whom: those not reached yet whose time to be tried has come."""
    return [(name, glass, user) for name, glass, user, tries in unreached(now) if tries.is_due(now)]


def unreached(now):
    for glass in lately(now):
        name, people = ("second", seconds(glass)) if glass.status == states.ASKED else ("alarm", everybody())
        have = set(events(glass, f"glass.{name}_sent").values_list("data__person_id", flat=True))
        tries = calling.counted(events(glass, f"glass.{name}_failed"))
        for user in people:
            if f"user:{user.pk}" not in have:
                yield name, glass, user, tries[user.pk]


def lately(now):
    """Those that wait for a second, and those broken a short while ago."""
    asked = Q(status=states.ASKED, asked_at__gt=now - breaking.TOGETHER)
    recent = asked | Q(broken_at__gt=now - OWED_FOR)
    return Glass.objects.filter(recent).select_related("statement", "revision", "incident").order_by("pk")


def seconds(glass) -> list:
    """The other named people."""
    allowed = breaking.rule()
    named = {one["id"] for one in allowed.people} if allowed else set()
    spoken = set(glass.words.values_list("person_id", flat=True))
    return [user for user in everybody() if f"user:{user.pk}" in named - spoken]


def everybody() -> list:
    return people_of(context.here())


def events(glass, kind):
    return Event.objects.filter(subject_type="glass", subject_id=glass.pk, kind=kind).order_by("seq")


@due.when_due
def send_when_due(brand, now) -> None:
    if owed(now):
        jobs.enqueue("send_alarms", brand)


@due.comes_next
def next_at(now):
    """When somebody is tried next: those never tried are at once."""
    moments = [tries.next_at if tries.count else now for *_row, tries in unreached(now)]
    return min((at for at in moments if at is not None), default=None)


# --- the letters


def tell(name, glass, user, error, *, now) -> None:
    """What failed is told too, and stands on the page anyway."""
    kind = f"glass.{name}_{'failed' if error else 'sent'}"
    more = {"person": user.name or user.email, "person_id": f"user:{user.pk}"}
    told = breaking.facts(glass, **more, **({"error": error} if error else {}))
    history.record(kind, by=TUGON, now=now, subject=glass, incident=glass.incident_id, **told)


def letter(name, glass, user) -> EmailMessage:
    facts = {
        "person": user,
        "brand": context.current(),
        "glass": glass,
        "words": list(glass.words.filter(purpose="break")),
        "url": address(glass, user),
    }
    with translation.override(user.language), timezone.override(zone(user)):
        subject = render_to_string(f"emails/glass_{name}_subject.txt", facts)
        body = render_to_string(f"emails/glass_{name}.txt", facts)
    return EmailMessage(" ".join(subject.split()), body, to=[user.email])


def address(glass, user) -> str:
    """The page of it on the person's side of the table."""
    if May.SEE not in deputising.side_of(f"user:{user.pk}"):
        return links.address("portal:glass", glass.statement_id)
    path = reverse(
        "responses:glass", args=[context.here().slug, glass.statement_id], urlconf=settings.ROOT_URLCONF
    )
    return settings.TUGON_ADDRESS.rstrip("/") + path
