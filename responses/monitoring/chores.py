"""Work that takes long, done bit by bit: a flood of mentions, a new rule's look at the last month.

No piece takes much more than a second, and after each the brand goes to the back of the queue, so another
brand waits for one piece at most. The caller sees to it that one brand holds one worker (`responses.tasks`).
"""

import logging
import time
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from responses import due as dues
from tenants import context, jobs

from . import ruling
from .ingesting import ingest
from .models import Chore, Rule, Source
from .sources.base import Item

log = logging.getLogger(__name__)
AT_ONCE = 500  # mentions in a piece
SECONDS = 0.8  # after which no further piece is begun
GIVE_UP_AFTER = 5
LOOK_AGAIN = timedelta(minutes=1)  # should the poke be lost


def waiting():
    """What is left to do, what waited longest first. What failed again and again is kept, but left alone."""
    return Chore.objects.filter(failures__lt=GIVE_UP_AFTER)


@dues.comes_next
def next_due(now):
    return now + LOOK_AGAIN if waiting().exists() else None


def take_in_later(source: Source, items, *, now) -> None:
    """Keep what was read, in the caller's transaction, to be taken in piece by piece."""
    pieces = [items[first : first + AT_ONCE] for first in range(0, len(items), AT_ONCE)]
    made = (packed(piece) for piece in pieces)
    Chore.objects.bulk_create(
        Chore(kind=Chore.Kind.TAKE_IN, source=source, data={"items": each}, turn_at=now) for each in made
    )
    poke(now)


def match_past_later(rule: Rule, *, now) -> None:
    """Have the rule look at the last month, from the beginning if it is at it already."""
    Chore.objects.update_or_create(
        kind=Chore.Kind.MATCH_PAST, rule=rule, defaults={"data": {}, "turn_at": now, "failures": 0}
    )
    poke(now)


def poke(now) -> None:
    dues.by(now + LOOK_AGAIN)
    jobs.enqueue("carry_on", context.here())


def carry_on(now) -> None:
    """Pieces for a second, in turn."""
    ends = time.monotonic() + SECONDS
    while one_piece(now) and time.monotonic() < ends:
        now += timedelta(microseconds=1)  # so that what had its turn comes last


def one_piece(now) -> bool:
    """False when nothing is left to do."""
    chore = waiting().first()
    if chore is None:
        return False
    try:
        DEEDS[chore.kind](chore, now)
    except Exception:
        log.exception("chore %s failed", chore.pk)
        Chore.objects.filter(pk=chore.pk).update(failures=F("failures") + 1, turn_at=now)
    return True


@transaction.atomic
def take_in(chore: Chore, now) -> None:
    if chore.source is not None:
        ingest(chore.source, [unpacked(each) for each in chore.data["items"]], now=now)
    chore.delete()


def match_past(chore: Chore, now) -> None:
    """A piece twice does no harm, so the place is noted afterwards."""
    place = None
    if chore.rule is not None and chore.rule.is_active:
        place, _matches = ruling.look_back(chore.rule, chore.data.get("place"), now)
    same = Chore.objects.filter(pk=chore.pk, data=chore.data)  # else it has begun anew meanwhile
    if place is None:
        same.delete()
    else:
        same.update(data={"place": place}, turn_at=now)


DEEDS = {Chore.Kind.TAKE_IN: take_in, Chore.Kind.MATCH_PAST: match_past}


def packed(items: list[Item]) -> list[dict]:
    return [asdict(each) | {"published_at": str(each.published_at or "")} for each in items]


def unpacked(kept: dict) -> Item:
    said, media = kept["published_at"], tuple(kept["media"])
    return Item(**kept | {"media": media, "published_at": datetime.fromisoformat(said) if said else None})
