"""One thing that cannot be worked through is left out at last, so that the others are not lost for it."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from .models import Baseline

log = logging.getLogger(__name__)
AWAY = (OperationalError, InterfaceError)  # the database itself: to be tried again, nothing is left out
GIVE_UP_AFTER = 5


@transaction.atomic
def note_failure(name: str) -> None:
    """Count it at the place of that name, outside the transaction that failed."""
    place = Baseline.objects.select_for_update().get(name=name)
    place.state = {**place.state, "failures": failures(place) + 1}
    place.save(update_fields=["state"])


def failures(place: Baseline) -> int:
    return place.state.get("failures", 0)


def worked_through(
    things: Sequence[Any], deed: Callable[[Sequence[Any]], Any], *, failed: int
) -> tuple[list[Any], list[str]]:
    """What the deed gave back, and in words what had to be left out. The caller is in a transaction.

    What has `failed` too often as a whole is worked through by halves, down to the one it is.
    """
    if failed < GIVE_UP_AFTER:
        return [deed(things)], []
    try:
        with transaction.atomic():
            return [deed(things)], []
    except AWAY:
        raise
    except Exception as error:
        if len(things) < 2:
            log.exception("%r is left out", things)
            return [], [f"{[thing.pk for thing in things]}: {type(error).__name__}: {error}"[:500]]
    half = len(things) // 2
    first, second = (worked_through(some, deed, failed=failed) for some in (things[:half], things[half:]))
    return first[0] + second[0], first[1] + second[1]
