"""Reading one source: claimed, fetched outside any transaction, its outcome kept in words.

due(now) ─▶ read: claim ─▶ adapter ─▶ succeeded | failed | put_back ─▶ due again
"""

import logging
import time
import traceback
import zlib
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Min, Q
from django.utils.translation import gettext as _

from responses import due as dues
from responses.core import history
from responses.core.actors import TUGON
from responses.core.transitions import move
from responses.errors import Refused
from tenants import context

from . import chores, pacing, states
from .asking import Asking
from .ingesting import Ingested, ingest
from .models import Mention, Source
from .sharing import BeingAsked
from .sources.base import Item, SourceError
from .sources.dating import lag
from .sources.registry import SOURCES
from .sourcing import LEAST_PAUSE, WELL, credentials_of

log = logging.getLogger(__name__)
CLAIM = timedelta(seconds=75)  # longer than the queue lets a job last; who died reading is made up for then
READING = 25  # seconds for one reading: under the limits of a job and of a page that tries a source
HASTY = 3  # and for one in a worker that others wait for; who needs longer is read beside them (`pacing`)
ASKED_BY_OTHERS = timedelta(seconds=5)  # somebody else is asking that address just now
LONGEST_PAUSE = timedelta(hours=6)
SAMPLE = 5


@dataclass(frozen=True)
class Read:
    """What became of one reading; `error` in words when it failed."""

    ingested: Ingested | None = None
    error: str = ""


def due(now):
    """The sources to read now: listening, their time come, nobody at them."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    return Source.objects.filter(free, status=states.LISTENING, due_at__lte=now).order_by("due_at")


@dues.comes_next
def next_due(now):
    """When the next source is due; one that is being read is due again when its claim ends."""
    listening = Source.objects.filter(status=states.LISTENING).exclude(due_at=None)
    free = listening.filter(Q(claimed_until=None) | Q(claimed_until__lte=now)).aggregate(at=Min("due_at"))[
        "at"
    ]
    claimed = listening.filter(claimed_until__gt=now).aggregate(at=Min("claimed_until"))["at"]
    return min((at for at in (free, claimed) if at is not None), default=None)


def fetch_from(kind: str, config: dict, state: dict, http: Asking, credentials: dict):
    """Ask the adapter. Whatever goes wrong inside it is a SourceError to us, and tells no credential."""
    try:
        return SOURCES[kind]().fetch(config | credentials, state, http, http.now)
    except SourceError as error:
        error.message = without(credentials, error.message)
        raise
    except Exception:  # a stranger's data found a hole in the adapter: the source must not hang
        log.error("adapter %s broke: %s", kind, without(credentials, traceback.format_exc()))  # noqa: TRY400
        raise SourceError(_("Tugon could not make sense of the answer.")) from None


def without(credentials: dict, text: str) -> str:
    """The text with every credential blotted out: providers like to repeat what they were sent."""
    for value in credentials.values():
        text = text.replace(str(value), "•••") if value else text
    return text


def sample(kind: str, config: dict, credentials: dict | None = None, *, now) -> list[Item]:
    """What a reading would bring, nothing kept. Raises SourceError."""
    http = Asking(READING, now=now, since=None if credentials else now - LEAST_PAUSE)
    return fetch_from(kind, config, {}, http, credentials or {}).items[:SAMPLE]


def read(source: Source, *, now, seconds: float = READING) -> Read | None:
    """Read the source once. None when it is not listening or somebody else is at it.

    With fewer `seconds` than it deserves, taking longer is no failure: it is put back and known as slow.
    """
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    mine = Source.objects.filter(free, pk=source.pk, status=states.LISTENING).exclude(due_at=None)
    if not mine.update(claimed_until=now + CLAIM):
        return None
    credentials = credentials_of(source)
    http = Asking(seconds, now=now, since=None if credentials else news_since(source, now))
    begun = time.monotonic()
    try:
        fetched = fetch_from(source.kind, source.config, source.state, http, credentials)
    except BeingAsked:
        put_back(source, now, after=ASKED_BY_OTHERS)
        return None
    except SourceError as error:
        if seconds < READING and time.monotonic() - begun > seconds * 0.9:
            pacing.note_slow(source)
            put_back(source, now)
            return None
        return failed(source, error, now)
    return succeeded(source, fetched, now, heard_at=http.heard_at)


def news_since(source: Source, now):
    """An answer others got will do if it is from after our last look, or too fresh to ask again."""
    last = source.last_tried_at or now - timedelta(seconds=source.every_seconds)
    return min(last, now - LEAST_PAUSE)


@transaction.atomic
def succeeded(source: Source, fetched, now, *, heard_at) -> Read:
    """Keep what was found and what the adapter wants remembered, in one transaction.

    Due again when the answer is as old as the source's pace: those who share one come right after each other.
    """
    was_failing, is_first = source.failures > 0, source.last_success_at is None
    pace = timedelta(seconds=source.every_seconds)
    settle(
        source,
        now,
        after=max(heard_at + pace - now, timedelta(seconds=1)),
        state=fetched.state,
        last_tried_at=now,
        last_success_at=now,
        **WELL,
    )
    done = ingest(source, fetched.items[: chores.AT_ONCE], now=now)
    if rest := fetched.items[chores.AT_ONCE :]:
        chores.take_in_later(source, rest, now=now)
    if done.new and not is_first:  # the first time old posts come too
        note_lag(source, now)
    if was_failing:
        history.record("source.recovered", by=TUGON, now=now, subject=source, name=source.name)
    return Read(done)


def note_lag(source: Source, now) -> None:
    """How long the newest of the new mentions had been said when it was heard."""
    new = Mention.objects.filter(source=source, seen_at=now).order_by("-published_at", "-pk")
    source.lag_seconds = lag(new.values_list("published_at", flat=True)[:1], now) or 0
    Source.objects.filter(pk=source.pk).update(lag_seconds=source.lag_seconds)


@transaction.atomic
def failed(source: Source, error: SourceError, now) -> Read:
    """Keep the failure in words; come back later and later, or stop when only a person can mend it."""
    first = source.failures == 0
    settle(
        source,
        now,
        after=back_off(source, error.retry_after),
        failures=source.failures + 1,
        error=error.message,
        error_status=error.status,
        wait_until=now + timedelta(seconds=error.retry_after) if error.retry_after else None,
        last_tried_at=now,
    )
    if error.permanent:
        stop(source, error.message, now)
    elif first:
        history.record(
            "source.failed", by=TUGON, now=now, subject=source, name=source.name, error=error.message
        )
    return Read(error=error.message)


def put_back(source: Source, now, *, after=timedelta(0)) -> None:
    """Neither success nor failure: it is as due as before, or a little later."""
    settle(source, now, after=after)


def settle(source: Source, now, *, after: timedelta, **outcome) -> None:
    """Note an outcome and free the claim, without touching what people edit."""
    outcome |= {"claimed_until": None, "due_at": now + after}
    Source.objects.filter(pk=source.pk).update(**outcome)
    for name, value in outcome.items():
        setattr(source, name, value)
    dues.by(source.due_at)


def stop(source: Source, error: str, now) -> None:
    """Stop listening, unless a person has paused or changed the source meanwhile."""
    try:
        move(
            source,
            states.STOPPED,
            by=TUGON,
            now=now,
            kind="source.stopped",
            data={"name": source.name, "error": error},
        )
    except Refused:
        log.info("source %s changed while it was read: not stopped", source.pk)


def back_off(source: Source, retry_after: int | None) -> timedelta:
    """Twice as long after each failure, up to six hours; never sooner than the server asked for.

    Up to a quarter is added, of each brand, source and try its own, so that not all come back at once.
    """
    doubled = source.every_seconds * 2 ** min(source.failures, 12)
    wait = max(min(doubled, LONGEST_PAUSE.total_seconds()), retry_after or 0)
    mark = f"{context.here().schema_name} {source.pk} {source.failures}"
    spread = zlib.crc32(mark.encode()) % 1000 / 1000
    return timedelta(seconds=round(wait * (1 + spread / 4)))
