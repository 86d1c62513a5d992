"""The first match after long quiet: long by the rule's own rhythm."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from .models import Match

BEFORE_ENOUGH = 3  # matches: a rule that never matched has nothing to come back to
LOOKED_AT = 200  # matches before the quiet that its rhythm is read from
TIMES_RHYTHM = 3  # the quiet is so many times the longest of nine gaps in ten
AT_LEAST = {"fewer": timedelta(days=14), "balanced": timedelta(days=7), "more": timedelta(days=3)}


@dataclass(frozen=True)
class Return:
    """Quiet since `last`, and again something at `at`."""

    at: datetime
    last: datetime

    @property
    def days(self) -> float:
        return (self.at - self.last) / timedelta(days=1)


def returned(moments: list[datetime], sensitivity: str = "balanced") -> Return | None:
    """Of moments in their order, the last one: does it end a quiet that was long for what went before?"""
    if len(moments) < BEFORE_ENOUGH + 1:
        return None
    *before, at = moments
    last, gaps = before[-1], sorted(later - earlier for earlier, later in pairwise(before))
    rhythm = gaps[(9 * len(gaps)) // 10 if len(gaps) > 9 else -1]
    if at - last >= max(AT_LEAST[sensitivity], TIMES_RHYTHM * rhythm):
        return Return(at, last)
    return None


def first_after_quiet(rule, since, now) -> Return | None:
    """Whether the first match since then came back after quiet."""
    at = (
        Match.objects.filter(rule=rule, at__gt=since, at__lte=now).order_by("at").values_list("at", flat=True)
    )
    first = at.first()
    if first is None:
        return None
    before = Match.objects.filter(rule=rule, at__lte=since).order_by("-at").values_list("at", flat=True)
    return returned([*reversed(before[:LOOKED_AT]), first], rule.sensitivity)
