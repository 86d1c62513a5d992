"""How a try ended, written by whoever still holds the claim. A stale token writes nothing but its own try."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from responses import due
from responses.core import transitions
from responses.core.actors import TUGON
from responses.errors import NotAllowed
from responses.statements import breaking

from . import attention, states
from .channels.base import ReadBack, Sent
from .claiming import LOST
from .models import Publication

MOST_ATTEMPTS = 8
BACK_OFF = [15, 60, 120, 300, 600, 1800, 3600]  # seconds before the second try, the third …
LONGEST_WAIT = 24 * 3600
NOBODY_ASKED = {"again_by_id": "", "again_by_name": "", "again_reason": "", "again_at": None}
FIRST_LOOK = timedelta(seconds=20)  # after which an unknown one is read back
LONGEST_LOOK = timedelta(hours=1)  # until the next one at what is out in part and is not tried again
LOOK_AFTER = timedelta(minutes=5)  # whether what is out is still there: see `watching`


@dataclass(frozen=True)
class Outcome:
    """The end of one try: the state it leads to, why in words, and where it stands when it is out."""

    status: str
    detail: str = ""
    place: Sent | ReadBack | None = None
    retry_after: int | None = None
    absent: bool = False  # read back, and it was not there
    attention: bool = False  # the channel itself must be mended


def settle(publication: Publication, token: int, outcome: Outcome, *, now) -> bool:
    """Finish the try, if it is still ours: compare token and state, then set. False when it is not."""
    with transaction.atomic():
        held = locked(publication)
        ours = (held.status, held.token) == (states.SENDING, token)
        outcome = as_far_as_it_is_out(held, outcome)
        held.attempts.filter(token=token).update(
            outcome=outcome.status if ours else LOST, detail=outcome.detail[:2000], finished_at=now
        )
        if ours:
            WRITE[outcome.status](held, outcome, now)
            attention.note(held.channel, outcome.detail if outcome.attention else "", outcome.status, now=now)
    return ours


def as_far_as_it_is_out(held: Publication, outcome: Outcome) -> Outcome:
    """What stands there in part has not failed, and is not only queued: it is looked at until it is whole."""
    is_open = held.external_id and outcome.status in (states.FAILED, states.QUEUED)
    return replace(outcome, status=states.UNKNOWN) if is_open else outcome


def locked(publication: Publication) -> Publication:
    """The row as it is now, held until the transaction ends."""
    rows = Publication.objects.select_related("statement", "channel", "revision", "variant")
    return rows.select_for_update(of=("self",)).get(pk=publication.pk)


def move(publication: Publication, to: str, kind: str, *, by=TUGON, now, data=None, **fields) -> None:
    """Through the one door, with what the timeline wants to know of every publication."""
    is_half_out = publication.external_id and publication.status != states.BLOCKED
    if to == states.CANCELLED and is_half_out and by != TUGON:
        raise NotAllowed(_("This is on its way out and keeps its text. Write an update instead."))
    told = {**told_of(publication), **(data or {})}
    incident = breaking.incident_of(publication.statement)
    fields = {"leased_until": None, **NOBODY_ASKED, **fields}
    transitions.move(publication, to, by=by, now=now, kind=kind, incident=incident, data=told, **fields)
    if to in states.OPEN:
        due.by(publication.due_at)


def told_of(publication: Publication) -> dict:
    return {
        "statement": publication.statement_id,
        "type": publication.statement.type,
        "title": publication.revision.title,
        "revision": publication.revision.number,
        "channel": publication.channel.name,
        "channel_kind": publication.channel.kind,
    }


def is_out(held: Publication, outcome: Outcome, now, *, kind="publication.sent", by=TUGON, told=None) -> None:
    place = outcome.place
    fields = {"external_id": place.external_id, "url": place.url} if place else {}
    told = {"url": fields.get("url", ""), **(told or {})}
    fields |= {"published_at": now, "look_at": now + LOOK_AFTER, "error": ""}
    move(held, states.PUBLISHED, kind, by=by, now=now, data=told, **fields)
    due.by(held.look_at)


def has_failed(held: Publication, outcome: Outcome, now) -> None:
    """Unless a part of it stands there: then it stays unknown, for a person, and is still looked at."""
    if held.external_id:
        at = now + LONGEST_LOOK
        transitions.change(held, due_at=at, error=held.error or outcome.detail)
        return
    told = {"error": outcome.detail}
    move(held, states.FAILED, "publication.failed", now=now, data=told, error=outcome.detail)


def goes_again(held: Publication, outcome: Outcome, now) -> None:
    """Later, when a try may succeed; after too many tries a person must look."""
    if held.attempts_made >= MOST_ATTEMPTS:
        has_failed(held, outcome, now)
        return
    at = now + wait_before(held.attempts_made, outcome.retry_after)
    told = {"reason": outcome.detail, "again_at": at.isoformat()}
    move(held, states.QUEUED, "publication.queued", now=now, data=told, due_at=at, error=outcome.detail)


def wait_before(attempts_made: int, retry_after: int | None) -> timedelta:
    """Longer each time, and never sooner than the channel asked for."""
    own = BACK_OFF[min(attempts_made, len(BACK_OFF)) - 1]
    return timedelta(seconds=min(max(own, retry_after or 0), LONGEST_WAIT))


def is_unknown(held: Publication, outcome: Outcome, now) -> None:
    move(
        held,
        states.UNKNOWN,
        "publication.unknown",
        now=now,
        data={"reason": outcome.detail},
        due_at=now + max(FIRST_LOOK, timedelta(seconds=outcome.retry_after or 0)),
        error=outcome.detail or _("Nobody knows yet whether it is out."),
    )


def is_blocked(held: Publication, outcome: Outcome, now) -> None:
    """The alarm: what was about to go out is not what people approved."""
    told = alarm(held, outcome.detail)
    move(held, states.BLOCKED, "publication.blocked", now=now, data=told, error=outcome.detail)


def alarm(held: Publication, reason: str) -> dict:
    return {"reason": reason, "alarm": True, "approved_hash": held.approved_hash}


WRITE = {
    states.PUBLISHED: is_out,
    states.FAILED: has_failed,
    states.QUEUED: goes_again,
    states.UNKNOWN: is_unknown,
    states.BLOCKED: is_blocked,
}
