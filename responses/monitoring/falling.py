"""Is this much angrier than usual? The share of negative mentions of the last hours against the last four
weeks.

Held against how much the share swings from day to day by itself, so that a rule whose tone always jumps
about is not told as news. Pure figures: nothing here reads the database.
"""

from dataclasses import dataclass
from math import log

from .subjects import Hours

WINDOWS = (3, 6, 12, 24)  # hours, the shortest that has enough to go by
DAY = 24
PAST = 28 * DAY
LATELY = 2 * DAY  # is not usual yet
ENOUGH, ENOUGH_NEGATIVE, ENOUGH_BEFORE = 12, 8, 60  # mentions
DAYS_ENOUGH = 4
RISE = 0.15  # of the share, at least: less is nothing to wake anybody for
STEADY = 0.1  # the tenth of days that swing most does not count as usual swinging
AT_LEAST = {"fewer": 13.0, "balanced": 9.0, "more": 6.5}  # surprise, in powers of e


@dataclass(frozen=True)
class Fall:
    """So many negative of so many in the last hours, where such a share is usual."""

    negative: int
    count: int
    hours: int
    usual: float


def fall(hours: Hours, until: int, sensitivity: str = "balanced") -> Fall | None:
    """Whether the tone has fallen at place `until` (the first hour not looked at)."""
    since, before = max(until - PAST, 0), until - LATELY
    if before - since < DAYS_ENOUGH * DAY or hours.all(since, before) < ENOUGH_BEFORE:
        return None
    usual = (hours.negative(since, before) + 1) / (hours.all(since, before) + 2)
    for window in WINDOWS:
        count, negative = hours.all(until - window, until), hours.negative(until - window, until)
        if count < ENOUGH or negative < ENOUGH_NEGATIVE or negative / count - usual < RISE:
            continue
        surprise = count * distance(negative / count, usual) / swing(hours, since, before, usual)
        if surprise > AT_LEAST[sensitivity]:
            return Fall(negative, count, window, usual)
    return None


def distance(share: float, usual: float) -> float:
    """How far one share lies from another (Kullback and Leibler), as seldom as chance brings it."""
    others = (1 - share) * log((1 - share) / (1 - usual)) if share < 1 else 0.0
    return share * log(share / usual) + others


def swing(hours: Hours, since: int, before: int, usual: float) -> float:
    """How much more the share of a day varies than chance alone would make it; 1 is chance."""
    found = []
    for start in range(since, before - DAY + 1, DAY):
        count = hours.all(start, start + DAY)
        if count:
            off = hours.negative(start, start + DAY) - count * usual
            found.append(off * off / (count * usual * (1 - usual)))
    steady = sorted(found)[: max(len(found) - int(STEADY * len(found)), 1)]
    return max(sum(steady) / max(len(steady), 1), 1.0)
