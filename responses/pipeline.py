"""Rules that need two slices, told as reactions to events. Each can be repeated without harm.

`follow` reads the history from where it last stopped and lets every reader react. The event is the
outbox: what is written is acted upon, however often the worker dies in between. Who writes an event has
the brand looked at soon after, and while the cursor is behind it is looked at again each minute, so a job
that failed or was killed is made up for.

A reaction holds the history's lock as soon as it has written an event, and everybody who writes waits: from
then on it speaks to no mail server and to no provider. What must go out at once leaves that to a job.
"""

import logging
from collections import defaultdict
from datetime import timedelta

from django.db import transaction

from responses import due
from responses.core.models import Cursor, DeadLetter, Event

log = logging.getLogger(__name__)
REACTIONS: dict[str, list] = defaultdict(list)
READER = "pipeline"
GIVE_UP_AFTER = 5
PATIENCE = timedelta(minutes=2)  # nothing is given up before: many jobs may fail in one bad moment
AGAIN = timedelta(minutes=1)  # the tick's own pace


def on(*kinds):
    """Register a reaction `function(event, now)` to events of these kinds."""

    def register(function):
        for kind in kinds:
            REACTIONS[kind].append(function)
        return function

    return register


def follow(now) -> int:
    """React to every event not yet reacted to, in order; returns how many were read.

    Each event is its own transaction with the cursor's step, so a kill repeats one event at most.
    """
    Cursor.objects.get_or_create(name=READER)
    read = 0
    while step(now):
        read += 1
    return read


def is_behind() -> bool:
    """Whether events wait to be reacted to."""
    seq = Cursor.objects.filter(name=READER).values_list("seq", flat=True).first() or 0
    return Event.objects.filter(seq__gt=seq).exists()


@due.comes_next
def look_again(now):
    return now + AGAIN if is_behind() else None


def step(now) -> bool:
    """React to the next event; False when there is none. An event that keeps failing is put aside."""
    try:
        with transaction.atomic():
            cursor = Cursor.objects.select_for_update().get(name=READER)
            event = Event.objects.filter(seq__gt=cursor.seq).order_by("seq").first()
            if event is None:
                return False
            if cursor.failures < GIVE_UP_AFTER or now < event.at + PATIENCE:
                for reaction in REACTIONS[event.kind]:
                    reaction(event, now)
            else:
                DeadLetter.objects.get_or_create(
                    reader=READER, event=event, defaults={"error": cursor.error, "at": now}
                )
            Cursor.objects.filter(name=READER).update(seq=event.seq, failures=0, error="")
        return True
    except (Exception, SystemExit) as error:  # the queue ends a job that takes too long with SystemExit
        log.exception("reaction to history failed")
        note_failure(error, now)
        raise


def note_failure(error, now) -> None:
    """Count a failed reaction outside the transaction it failed in, and have it tried again."""
    with transaction.atomic():
        cursor = Cursor.objects.select_for_update().get(name=READER)
        cursor.failures += 1
        cursor.error = f"{type(error).__name__}: {error}"[:500]
        cursor.save(update_fields=["failures", "error"])
        due.by(now + AGAIN)
