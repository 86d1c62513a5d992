"""Equal steps of time along the bottom of a chart: where each stands, how it is called, where it leads."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.formats import date_format

from agency.templatetags import drawing

DAY = timedelta(days=1)
MOST_BARS = 31  # more steps than that are drawn as areas, if they are full enough
FULL = 2 / 3  # of the steps hold something: below that an area would draw what nobody said


@dataclass(frozen=True)
class Axis:
    moments: list[datetime]  # when each step begins, in the reader's zone
    step: timedelta
    now: datetime

    @classmethod
    def of(cls, moments, now) -> "Axis":
        local = [timezone.localtime(at) for at in moments]
        return cls(local, local[1] - local[0], now)

    @property
    def start(self) -> datetime:
        return self.moments[0]

    @property
    def end(self) -> datetime:
        """When the last step is over: what happens in it lies on the chart."""
        return self.until(len(self.moments) - 1)

    @property
    def done(self) -> int:
        """How many steps are over; the one that goes on may not be drawn as if it had ended."""
        return len(self.moments) - (self.end > self.now)

    def until(self, place: int) -> datetime:
        """Where a step ends; a day may have 23 hours."""
        return self.moments[place + 1] if place + 1 < len(self.moments) else self.moments[place] + self.step

    def holds(self, at: datetime) -> bool:
        return self.start <= at < self.end or at == self.end

    def x(self, at: datetime) -> float:
        return drawing.share(at, self.start, self.end)

    @property
    def ticks(self):
        return drawing.ticks(self.start, self.end)

    def words(self, place: int) -> str:
        """How a step is called: a day, or an hour with its day where the chart shows several."""
        if self.step >= DAY:
            return date_format(self.moments[place], "j M")
        is_one_day = self.end - self.start <= DAY
        return date_format(self.moments[place], "H:i" if is_one_day else "j M H:i")

    def address(self, feed: str, place: int) -> str:
        """The feed with the mentions of one step; `feed` is its address, with other filters or without."""
        if not feed:
            return ""
        first, last = (f"{at:%Y-%m-%dT%H:%M}" for at in (self.moments[place], self.until(place)))
        if self.step % DAY == timedelta(0) and self.start.hour == 0:
            first, last = (f"{at:%Y-%m-%d}" for at in (self.moments[place], self.until(place) - DAY / 2))
        return f"{feed}{'&' if '?' in feed else '?'}{urlencode({'since': first, 'until': last}, safe=':')}"

    def is_for_bars(self, totals) -> bool:
        """Whether each step is better drawn by itself: where they are few, or many of them are empty."""
        return len(totals) <= MOST_BARS or sum(1 for each in totals if each) < FULL * len(totals)

    def columns(self, told, feed: str = "") -> list[dict]:
        """What is under the pointer or the arrow keys: a column for each step with what it says."""
        width = 100 / len(self.moments)
        return [
            {
                "x": f"{place * width:.2f}%",
                "width": f"{width:.2f}%",
                "said": said,
                "url": self.address(feed, place),
            }
            for place, said in enumerate(told)
        ]
