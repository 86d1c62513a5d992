"""Is this a slow burn? A rise over days that no single hour shows.

Each of the last days is held against what the weeks before it make usual for that day of the week. What a
day lies above, in steps of its ordinary swing, is added up (a CUSUM, with a day counting so much at most
that it takes several). Pure figures: nothing here reads the database.
"""

from dataclasses import dataclass
from datetime import timedelta
from math import sqrt
from statistics import median

from .seasons import Season
from .subjects import Hours

DAY = 24
DAYS = 7  # a burn is sought over so many days at most, and learnt from the days before them
ALLOWED = 0.75  # swings above the usual that a day may lie without counting
DAY_AT_MOST = 2.5  # swings: one day alone is a storm, and storms are told elsewhere
FACTOR = 1.4  # the days together are at least so many times the usual
ENOUGH = 20  # mentions in those days
KNOWN_DAYS = 10
LEAST_SWING = 0.5  # of a square root of a count, by chance alone
AT_LEAST = {"fewer": 5.5, "balanced": 4.25, "more": 3.25}


@dataclass(frozen=True)
class Burn:
    """So many in so many days, where so many are usual."""

    count: int
    days: int
    usual: float


def burn(
    hours: Hours, until: int, sensitivity: str = "balanced", offset: timedelta = timedelta(0)
) -> Burn | None:
    """Whether something has been rising for days at place `until` (the first hour not looked at)."""
    start = until - DAYS * DAY
    if start < KNOWN_DAYS * DAY:
        return None
    if not is_heard(hours, start):
        return None
    season = Season(hours, start, offset)
    swing = swing_of(hours, season, start)
    total, best = 0.0, None
    for days in range(1, DAYS + 1):
        since = until - days * DAY
        count, usual = hours.all(since, since + DAY), season.stretch(since, since + DAY)
        total += min((sqrt(count) - sqrt(usual)) / swing, DAY_AT_MOST) - ALLOWED
        if count <= usual:
            break  # the rise began after this day
        if total > AT_LEAST[sensitivity]:
            best = Burn(hours.all(since, until), days, season.stretch(since, until))
    if best is None or best.days < 2 or best.count < ENOUGH or best.count < FACTOR * best.usual:
        return None
    return best if still(hours, season, until) else None


def is_heard(hours: Hours, until: int) -> bool:
    """Whether enough was said on most days before: a beginning to listen is no rise."""
    days = [hours.all(since, since + DAY) for since in range(until % DAY, until, DAY)]
    return sum(days) >= ENOUGH and sum(count > 0 for count in days) * 2 > len(days)


def still(hours: Hours, season: Season, until: int) -> bool:
    """The last day is no quieter than the middle of the burn: what is over is no news."""
    return hours.all(until - DAY, until) > FACTOR * season.stretch(until - DAY, until) * 0.9


def swing_of(hours: Hours, season: Season, until: int) -> float:
    """How far a day ordinarily lies from its usual, in square roots of counts; robust against storms."""
    off = []
    for since in range(until - season.days * DAY, until, DAY):
        off.append(abs(sqrt(hours.all(since, since + DAY)) - sqrt(season.stretch(since, since + DAY))))
    return max(1.4826 * median(off), LEAST_SWING) if off else LEAST_SWING
