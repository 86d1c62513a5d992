"""What is usual at each hour of each day of the week, learnt from whole weeks that went before.

The hour's share of a day, the day's share of a week and the level are learnt apart and multiplied: four
weeks are too few to learn each of 168 hours by itself. Days count by the square root, and no hour or day
teaches more than a few times the ordinary, so that a storm is not usual the week after.
"""

from datetime import timedelta
from statistics import fmean, median

from .subjects import Hours

DAY, WEEK = 24, 7 * 24
LEARNT_FROM = 28 * DAY
AT_MOST = 3.0  # times the middle of its like: more teaches no more
KNOWN_DAYS = 3


class Season:
    """Learnt from the hours before place `until`; `offset` is how far the brand's clocks are from UTC."""

    def __init__(self, hours: Hours, until: int, offset: timedelta = timedelta(0)):
        self.hours, self.offset = hours, offset // timedelta(hours=1)
        days = min(until // DAY, LEARNT_FROM // DAY)
        self.days = days
        since = until - days * DAY
        rows = [hours.counts[since + n * DAY : since + (n + 1) * DAY] for n in range(days)]
        totals = [sum(row) for row in rows]
        most = AT_MOST * median(totals) if totals else 0.0
        tamed = [min(total, most) if most else total for total in totals]
        self.level = fmean(tamed) if tamed else 0.0  # mentions a day
        self.of_hour = self._hours_of_day(rows, since)
        self.of_day = self._days_of_week(tamed, since)

    @property
    def is_known(self) -> bool:
        return self.days >= KNOWN_DAYS

    def usual(self, place: int) -> float:
        """How many mentions that hour usually brings."""
        of_day = self.of_day[self._day(place)]
        return self.level * self.of_hour[self._hour(place)] * of_day

    def stretch(self, since: int, until: int) -> float:
        return sum(self.usual(place) for place in range(since, until))

    def _hour(self, place: int) -> int:
        return (self.hours.first.hour + place + self.offset) % DAY

    def _day(self, place: int) -> int:
        local = self.hours.at(place) + self.offset * timedelta(hours=1)
        return local.weekday()

    def _hours_of_day(self, rows, since: int) -> list[float]:
        """The share of a day that each hour brings; a little of every hour's neighbours, as few days are
        few.
        """
        sums = [0.0] * DAY
        for column in range(DAY):
            said = [row[column] for row in rows]
            most = AT_MOST * (median(said) + 1) if said else 0
            sums[self._hour(since + column)] = sum(min(count, most) for count in said) + 0.5
        smooth = [(sums[n - 1] + 2 * sums[n] + sums[(n + 1) % DAY]) / 4 for n in range(DAY)]
        whole = sum(smooth)
        return [value / whole for value in smooth]

    def _days_of_week(self, totals, since: int) -> list[float]:
        """How each day of the week compares with a plain one; held back while few weeks are known."""
        if not self.level or len(totals) < 7:
            return [1.0] * 7
        seen: list[list[float]] = [[] for _ in range(7)]
        for n, total in enumerate(totals):
            seen[self._day(since + n * DAY + DAY // 2)].append(total / self.level)
        return [(sum(each) + 1) / (len(each) + 1) for each in seen]
