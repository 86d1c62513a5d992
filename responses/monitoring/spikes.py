"""Is this burst unusual for this rule? A causal detector for counts per five minutes.

Counts are read in three ways (square root, a low power, logarithm: noise that stays, noise that grows
with the level, and between), smoothed over several spans and held against what is usual at this time of
the day. How far each lies above is judged by the tail of how far it lay before, and the mean of the
judgements is the *surprise*: what one reading takes for a storm by mistake, the others seldom do. It
speaks only above everything of the past day, and once per storm. docs/decisions/0010-spikes.md says why,
with figures.
"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from math import isfinite, log, log1p, log10, sqrt

DAY = 288  # samples of five minutes
SPANS = (1, 3, 6, 12, 24)  # 5 minutes to 2 hours
POWER, STRETCH = 0.35, 1.5  # of a count; of its logarithm, so that the readings are of one size
READINGS = (sqrt, lambda mean: mean**POWER, lambda mean: STRETCH * log1p(mean))
QUARTER = 3  # samples in which a peak is compared with the past day's and told to people
HALF = 9  # samples on either side of a time of day that make its usual value
WEEK = 7  # days that the usual value remembers: its mean age is that of a plain mean of so many days
MEMORY = 28 * DAY  # samples that a tail remembers
BODY = 0.98  # share of samples that are no tail
STORM = 4.0  # orders of magnitude beyond which a storm teaches no more: the next one shall be a storm again
REST = DAY // 2  # samples of rest after an alarm
THRESHOLD = 2.1  # surprise, in orders of magnitude, at which the score is ALARM
ALARM = 0.5
HUSHED = (
    0.49  # as surprising as an alarm, but below the past day's peak, within the rest, or of a few mentions
)
FEWEST = 8  # mentions within the longest span: fewer are no storm, however rare they are
MOST = 1e12  # larger counts are taken for this one: no arithmetic overflows
SENSITIVITY = {"fewer": (1.4, 15), "balanced": (1.0, FEWEST), "more": (0.75, 5)}  # of THRESHOLD; mentions
LEAST_MEAN = 0.01  # a rule that was silent all its life has a tail too


class Tail:
    """How far values lie above the usual, learnt one at a time: a moving quantile and an exponential tail.

    This is the generalised Pareto tail of shape nought: as one value teaches no more than STORM, the shape
    would stay near nought anyway.
    """

    def __init__(self, seen=0, edge=0.0, mean=1.0):
        self.seen, self.edge, self.mean = seen, edge, mean

    def surprise(self, value: float) -> float:
        """How seldom so much is reached, in orders of magnitude."""
        over = value - self.edge
        return over / self.mean / log(10) - log10(1 - BODY) if over > 0 else 0.0

    def learn(self, value: float) -> None:
        self.seen = min(self.seen + 1, MEMORY)
        rate = 1 / (self.seen + 20)  # the first twenty count as if something had been known
        over = value - self.edge
        if over > 0:
            most = self.mean * log(10) * (STORM + log10(1 - BODY))
            self.mean += min(rate / (1 - BODY), 0.2) * (min(over, most) - self.mean)
        self.mean = max(self.mean, LEAST_MEAN)
        self.edge += rate * self.mean * ((over > 0) / (1 - BODY) - 1)

    def state(self) -> list:
        return [self.seen, self.edge, self.mean]


@dataclass(frozen=True)
class Why:
    """What an alert says: so many in the last quarter of an hour, where so many are usual."""

    count: int
    usual: float
    factor: float


class Reading:
    """One way to read counts: what is usual at each time of the day, and the tails of what lies above."""

    def __init__(self, read, roots, slots=None, tails=None):
        self.read = read
        self.slots = list(slots or [None] * DAY)
        self.tails = [Tail(*each) for each in tails or [()] * len(SPANS)]
        self.near: deque = deque((read(root * root) for root in roots), maxlen=2 * HALF + 1)

    def usual(self, slot: int, roots) -> float:
        """Of this time of day; where no day told it yet, of the past day."""
        usual = self.slots[(slot + HALF) % DAY]
        if usual is None:
            return sum(self.read(root * root) for root in roots) / max(len(roots), 1)
        return usual

    def surprise(self, means, usual: float) -> float:
        """The mean over the spans."""
        total = 0.0
        for mean, tail in zip(means, self.tails, strict=True):
            above = self.read(mean) - usual
            total += tail.surprise(above)
            tail.learn(above)
        return total / len(SPANS)

    def learn(self, root: float, slot: int, rate: float) -> None:
        """A slot keeps the mean of the time that ends with it, so the slot HALF ahead is centred on now."""
        self.near.append(self.read(root * root))
        mean, before = sum(self.near) / len(self.near), self.slots[slot]
        self.slots[slot] = round(mean if before is None else before + rate * (mean - before), 3)

    def state(self) -> list:
        return [self.slots, [tail.state() for tail in self.tails]]


class Detector:
    """One rule's detector: `update` every five minutes, with noughts too. `state` fits a JSON column.

    The sensitivity may differ from one moment to the next: it is not part of what is learnt.
    """

    def __init__(self, state: dict | None = None, sensitivity: str = "balanced"):
        state = state or {}
        factor, self.fewest = SENSITIVITY[sensitivity]
        self.threshold = THRESHOLD * factor
        self.seen = state.get("seen", 0)
        self.rest = state.get("rest", 0)
        self.slot = state.get("slot", 0)
        self.counts = deque(state.get("counts", ()), maxlen=max(SPANS))
        self.roots = deque(state.get("roots", ()), maxlen=DAY)
        kept = state.get("readings", [()] * len(READINGS))
        self.readings = [Reading(read, self.roots, *each) for read, each in zip(READINGS, kept, strict=True)]

    def state(self) -> dict:
        return {
            "seen": self.seen,
            "rest": self.rest,
            "slot": self.slot,
            "counts": list(self.counts),
            "roots": list(self.roots),
            "readings": [reading.state() for reading in self.readings],
        }

    def update(self, timestamp: datetime, value: float) -> float:
        """The score of this sample, 0 to 1: ALARM and more is an alarm. What is no number is skipped."""
        if not isfinite(value):
            return 0.0
        self.slot = (timestamp.hour * 60 + timestamp.minute) // 5
        self.counts.append(min(max(value, 0), MOST))
        root, loudest = round(sqrt(self._mean(QUARTER)), 3), max(self.roots, default=0.0)
        score = ALARM * self._surprise() / self.threshold if self.seen >= DAY else 0.0
        self._learn(root)
        return self._spoken(min(score, 1.0), root > loudest and sum(self.counts) >= self.fewest)

    def why(self) -> Why:
        count = sum(islice(reversed(self.counts), QUARTER))
        usual = QUARTER * self.readings[0].usual(self.slot, self.roots) ** 2
        return Why(round(count), usual, count / max(usual, 1.0))

    def _spoken(self, score: float, peak: bool) -> float:
        """An alarm only at the peak of a day, and then silence for the rest of the storm."""
        self.rest = max(self.rest - 1, 0)
        if score < ALARM:
            return score
        if self.rest or not peak:
            return HUSHED
        self.rest = REST
        return score

    def _surprise(self) -> float:
        """The mean over the readings; of a young rule a part, as little is known of its tails."""
        means = [self._mean(span) for span in SPANS]
        found = [reading.surprise(means, reading.usual(self.slot, self.roots)) for reading in self.readings]
        days = self.seen / DAY
        return sum(found) / len(found) * days / (days + 1)

    def _learn(self, root: float) -> None:
        self.seen += 1
        self.roots.append(root)
        rate = max(1 / (self.seen // DAY + 1), 2 / (WEEK + 1))
        for reading in self.readings:
            reading.learn(root, self.slot, rate)

    def _mean(self, span: int) -> float:
        last = list(islice(reversed(self.counts), span))
        return sum(last) / len(last)
