"""Calling people to a step: whoever may decide it gets a letter, and one that fails is tried again by itself.

The client's letter has a link of its own, which decides without signing in; the agency's leads to the review.
Who has been written to is read from history, so calling twice writes once.
"""

import smtplib
import zoneinfo
from collections import defaultdict
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from responses import due
from responses.core import history
from responses.core.actors import TUGON
from responses.core.models import Event
from tenants import context

from . import entitling, groups, links, reviewing, states
from .models import Step

TRY_AGAIN = tuple(timedelta(minutes=each) for each in (2, 10, 30, 120))  # after each failure; then never
CLIENT = Step.Function.CLIENT
SENT = ("review.link_sent", "review.letter_sent")


def call(step, *, now, even_if_failed=True) -> int:
    """Write to everybody who may decide this step and has no letter yet; returns to how many.

    A letter that cannot be sent is told in history and tried again a few times; asked by a person, at once.
    """
    if step.status != states.ACTIVE:
        return 0
    waits = failures(step)
    rights = without_letter(step, now)
    return write(step, [row for row in rights if even_if_failed or waits[row[0].pk].is_due(now)], now)


def write(step, rights, now) -> int:
    outcomes = list(one_by_one(rights, lambda row: send_letter(step, row[0], row[1], now)))
    for (user, right), error in outcomes:  # last: the history's lock is not held while mail is on its way
        tell(step, user, "link" if right.function == CLIENT else "letter", error, now=now)
    if any(error for _row, error in outcomes):
        due.by(next_try(now))
    if outcomes and step.silence_minutes:  # who was told late has the whole time to object
        due.by(now + timedelta(minutes=step.silence_minutes))
    return sum(not error for _row, error in outcomes)


def without_letter(step, now) -> list:
    """Those who are still asked and have not been written to, each with what they decide in."""
    circle = entitling.Circle(step, now)
    have = told_of(step)
    asked = [one for each in circle.progress() if not each.is_met for one in each.waits_for]
    return [(user, right) for user, right in asked if f"user:{user.pk}" not in have]


def told_of(step) -> set[str]:
    """Whom a letter has told that this step waits for them."""
    told = events(step, "review.letter_sent").values_list("data__person_id", flat=True)
    return {*told, *step.links.values_list("person_id", flat=True)}


def told_at(step) -> dict[str, datetime]:
    """When each of them was told."""
    return {event.data.get("person_id", ""): event.at for event in events(step, *SENT).reverse()}


def events(step, *kinds):
    return Event.objects.filter(subject_type="step", subject_id=step.pk, kind__in=kinds).order_by("seq")


# --- trying again


class Failures:
    """How often a letter to one person has failed, and when it was last tried."""

    def __init__(self):
        self.count, self.last_at = 0, None

    @property
    def next_at(self):
        """When it is tried again; None when it is not."""
        return self.last_at + TRY_AGAIN[self.count - 1] if 0 < self.count <= len(TRY_AGAIN) else None

    def is_due(self, now) -> bool:
        return self.count == 0 or (self.next_at is not None and self.next_at <= now)


def failures(step, *letters) -> defaultdict:
    """Failures by the person's number: of the letters that call, unless others are named."""
    return counted(events(step, *(f"review.{name}_failed" for name in letters or ("link", "letter"))))


def counted(failed) -> defaultdict:
    """Failures by the person's number, from the events that tell of them, oldest first."""
    found: defaultdict = defaultdict(Failures)
    for event in failed:
        number = event.data.get("person_id", "").removeprefix("user:")
        if number.isdigit():
            found[int(number)].count += 1
            found[int(number)].last_at = event.at
    return found


def waiting_steps():
    return Step.objects.filter(status=states.ACTIVE).select_related("review__revision__statement__incident")


@due.when_due
def call_again(brand, now) -> None:
    for step in waiting_steps():
        if failures(step):
            call(step, now=now, even_if_failed=False)


@due.comes_next
def next_try(now):
    moments = []
    for step in waiting_steps():
        if waits := failures(step):
            moments += [waits[user.pk].next_at for user, _right in without_letter(step, now)]
    return min((at for at in moments if at is not None), default=None)


# --- the letters


def one_by_one(people, send):
    """Each with what went wrong, empty when nothing did. A mail server that is away is asked once."""
    away = ""
    for each in people:
        error = away
        try:
            if not away:
                send(each)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError) as refused:  # this one only
            error = in_words(refused)
        except OSError as failure:  # smtplib's other errors among them
            error = away = in_words(failure)
        yield each, error


def in_words(error) -> str:
    return f"{type(error).__name__}: {error}"[:200]


@transaction.atomic
def send_letter(step, user, right, now) -> None:
    """One person's letter, and for the client the link in it: both or neither."""
    by_link = right.function == CLIENT
    url = links.make(step, user, now) if by_link else review_address(step)
    first = [group.mode for group in groups.of_step(step)] == [groups.ANY]
    letter("approval", step, user, url, by_link=by_link, right=right, first_decides=first).send()


def review_address(step) -> str:
    statement = step.review.revision.statement_id
    path = reverse("responses:review", args=[context.here().slug, statement], urlconf=settings.ROOT_URLCONF)
    return settings.TUGON_ADDRESS.rstrip("/") + path


def letter(name, step, user, url, **more) -> EmailMessage:
    """The letter in the person's language and time; its subject says for whom and by when."""
    revision = step.review.revision
    facts = {
        "person": user,
        "brand": context.current(),
        "step": step,
        "revision": revision,
        "incident": revision.statement.incident,
        "second_factor": reviewing.asks_second_factor(step.review),
        "url": url,
        **more,
    }
    with translation.override(user.language), timezone.override(zone(user)):
        subject = render_to_string(f"emails/{name}_subject.txt", facts)
        body = render_to_string(f"emails/{name}.txt", facts)
    return EmailMessage(" ".join(subject.split()), body, to=[user.email])


def zone(user):
    try:
        return zoneinfo.ZoneInfo(user.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo(settings.TUGON_TIME_ZONE)


def tell(step, user, what, error, *, now) -> None:
    more = {"person": user.name or user.email, "person_id": f"user:{user.pk}"}
    history.record(
        f"review.{what}_{'failed' if error else 'sent'}",
        by=TUGON,
        now=now,
        subject=step,
        incident=step.review.revision.statement.incident_id,
        **reviewing.facts(step, **more, **({"error": error} if error else {})),
    )
