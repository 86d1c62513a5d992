"""Stretches of time that figures are drawn for, each beside the one before it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LENGTHS = {"24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY, "90d": 90 * DAY}
USUAL = "7d"
LONGEST = 366  # days
FIRST_YEAR, LAST_YEAR = 1970, 2100  # what is asked for lies between them
# A chart has so many steps at most; the first step that keeps to it is taken.
STEPS = (HOUR, 3 * HOUR, 6 * HOUR, DAY, 7 * DAY)
MOST_STEPS = 92


@dataclass(frozen=True)
class Period:
    """From `since` to before `until`, in whole hours; `name` is empty for days a person chose."""

    since: datetime
    until: datetime
    name: str = ""

    @property
    def before(self) -> "Period":
        """As long, just before."""
        return Period(self.since - (self.until - self.since), self.since)

    @property
    def step(self) -> timedelta:
        length = self.until - self.since
        return next((step for step in STEPS if length / step <= MOST_STEPS), STEPS[-1])

    def steps(self) -> list[datetime]:
        """When each step begins; days begin at the reader's midnight."""
        at, found = self._first(), []
        while at < self.until:
            found.append(at)
            at += self.step
        return found

    def _first(self) -> datetime:
        if self.step < DAY:
            return self.since
        return timezone.localtime(self.since).replace(hour=0, minute=0, second=0, microsecond=0)


def named(name: str, now: datetime) -> Period:
    """The last day, week, month or quarter, this hour included; an unknown name is the last week."""
    name = name if name in LENGTHS else USUAL
    until = now.replace(minute=0, second=0, microsecond=0) + HOUR
    return Period(until - LENGTHS[name], until, name)


def of_days(first: date, last: date, now: datetime) -> Period:
    """Whole days of the reader's, both included: at most a year, turned round if need be, none to come."""
    first, last = sorted((first, last))
    last = min(last, timezone.localtime(now).date())
    first = max(min(first, last), last - timedelta(days=LONGEST - 1))
    zone = timezone.get_current_timezone()
    since = datetime.combine(first, time.min, zone)
    return Period(since, min(datetime.combine(last + DAY, time.min, zone), named("24h", now).until))
