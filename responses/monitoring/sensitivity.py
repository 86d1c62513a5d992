"""What a rule would have alerted to in the last ninety days, had it been as sensitive as is asked.

Replayed over what is stored with the very detectors that `noticing` runs, each moment seeing only what
went before it. Where a person would have decided in between, six hours without a match end a storm of
matches.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace

from django.db.models import Count

from . import explaining, ruling
from .burning import burn
from .falling import fall
from .models import Alert, Match, Mention, Rule
from .noticing import QUIET, offset
from .returning import AT_LEAST, LOOKED_AT, returned
from .seasons import Season
from .spikes import ALARM, Detector
from .subjects import FIVE, HOUR, BeginningOfFive, Hours, five, hour
from .surging import Surge, is_seasonal

LOOK_BACK = timedelta(days=90)
RULE_LOOKED_BACK = timedelta(days=30)  # what a new rule is matched against
QUIET_OF_MATCHES = timedelta(hours=6)
BURN_EVERY = 6  # hours
IN_AN_HOUR = 12  # fives
Kind = Alert.Kind


@dataclass(frozen=True)
class Would:
    """One alert that would have been raised."""

    at: datetime
    kind: str
    title: str
    why: dict

    @property
    def heading(self) -> str:
        return explaining.heading(SimpleNamespace(**vars(self), rule_id=1))

    @property
    def because(self) -> str:
        return explaining.TELL[self.kind](self.why)

    @property
    def until(self) -> datetime:
        return self.at + HOUR


@dataclass(frozen=True)
class Replay:
    """What would have been raised, since when it was looked for, and in how many matches."""

    alerts: list[Would]
    matches: int
    since: datetime
    capped: bool  # there are more mentions than a page may wait for

    @property
    def count(self) -> int:
        return len(self.alerts)


@dataclass
class Past:
    """Matches per five minutes: (negative, others)."""

    tally: dict[datetime, list[int]]
    since: datetime
    capped: bool = False

    def total(self, at: datetime) -> int:
        return sum(self.tally.get(at, (0, 0)))

    def hours(self, now) -> Hours:
        known: dict = defaultdict(lambda: [0, 0, 0])
        for at, (negative, others) in self.tally.items():
            row = known[hour(at)]
            row[0] += negative
            row[1] += others
        return Hours(hour(self.since), known, now)


def replay(
    *, query: str, sensitivity: str = "balanced", alert_after: int = 1, now, rule: Rule | None = None
) -> Replay:
    """Go through the last ninety days as if the rule had been there. Keeps nothing."""
    asked = ruling.understood(query)
    if rule is not None and rule.query == query and rule.is_active:
        past = past_of_rule(rule, now)
    else:
        past = past_of_query(asked, now)
    walk = Replaying(past, query, sensitivity, alert_after, now)
    walk.name = rule.name if rule else ""
    found = walk.run()
    matches = sum(map(sum, past.tally.values()))
    return Replay(sorted(found, key=lambda would: would.at), matches, past.since, past.capped)


def past_of_rule(rule: Rule, now) -> Past:
    """From its matches; before it was made it looked back thirty days."""
    since = max(now - LOOK_BACK, rule.created_at - RULE_LOOKED_BACK)
    rows = Match.objects.filter(rule=rule, at__gt=since, at__lte=now)
    counted = rows.order_by().annotate(begins=BeginningOfFive("at")).values("begins", "mention__sentiment")
    tally: dict = defaultdict(lambda: [0, 0])
    for row in counted.annotate(count=Count("pk")):
        tally[row["begins"]][row["mention__sentiment"] != Mention.Sentiment.NEGATIVE] += row["count"]
    return Past(tally, first_known(since))


def past_of_query(asked, now) -> Past:
    """By trying the query on what is stored, the newest first, as much as a page may wait for."""
    rows = Mention.objects.filter(published_at__gt=now - LOOK_BACK, published_at__lte=now, is_excluded=False)
    newest = rows.order_by("-published_at", "-pk").select_related("source").defer("search")
    tally: dict = defaultdict(lambda: [0, 0])
    looked_at, oldest = 0, None
    for mention in newest[: ruling.MOST_LOOKED_AT].iterator(chunk_size=ruling.CHUNK):
        looked_at, oldest = looked_at + 1, mention.published_at
        if asked.matches(ruling.as_post(mention)):
            at = five(mention.published_at)
            tally[at][mention.sentiment != Mention.Sentiment.NEGATIVE] += 1
    capped = looked_at == ruling.MOST_LOOKED_AT
    return Past(tally, oldest if capped and oldest else first_known(now - LOOK_BACK), capped)


def first_known(since: datetime) -> datetime:
    """When the first mention since then was published: before that nothing is known, not even silence."""
    said = Mention.objects.filter(published_at__gt=since).order_by("published_at", "pk")
    return said.values_list("published_at", flat=True).first() or since


class Replaying:
    """One walk through the past, kind by kind; a later kind knows what earlier ones told."""

    name = ""  # of the rule, where it has one

    def __init__(self, past: Past, query: str, sensitivity: str, alert_after: int, now):
        self.past, self.query, self.sensitivity, self.now = past, query, sensitivity, now
        self.alert_after = alert_after
        self.moments = sorted(past.tally)
        self.known = past.hours(now)
        self.offset = offset(now)
        self.found: list[Would] = []

    def run(self) -> list[Would]:
        for look in (self.matches, self.storms, self.returns, self.falls, self.burns):
            self.found += look()
        return self.found

    def would(self, kind: Kind, at: datetime, **why) -> Would:
        return Would(at, kind, self.name or explaining.shorten(self.query), why | {"of_rule": True})

    def matches(self):
        """As many within an hour as the rule asks for, once a storm."""
        within: Counter = Counter()
        last = raised = None
        for at in self.moments:
            within[at] = self.past.total(at)
            for old in [each for each in within if each <= at - IN_AN_HOUR * FIVE]:
                del within[old]
            if last is not None and at - last > QUIET_OF_MATCHES:
                raised = None
            last = at
            if raised is None and within.total() >= self.alert_after:
                raised = at
                yield self.would(
                    Kind.MATCH, at, count=within.total(), hours=1, query=self.query, usual=self.usual(at)
                )

    def storms(self):
        detector, at = Detector(sensitivity=self.sensitivity), five(self.past.since)
        counts = {each: self.past.total(each) for each in self.moments}
        while at <= self.now:
            if detector.update(at, counts.get(at, 0)) >= ALARM:
                found = Surge(at, detector.why())
                if not is_seasonal(found, counts, self.season(at)):
                    yield self.told_storm(found)
            at += FIVE

    def told_storm(self, found: Surge) -> Would:
        quarter = [self.past.tally.get(found.at - n * FIVE, (0, 0)) for n in range(3)]
        negative = sum(row[0] for row in quarter)
        return self.would(
            Kind.SPIKE,
            found.at,
            count=found.why.count,
            minutes=15,
            usual=round(found.why.usual, 2),
            negative=negative,
        )

    def returns(self):
        if self.alert_after == 1:
            return  # the alert of the match says so itself
        for n in range(1, len(self.moments)):
            if self.moments[n] - self.moments[n - 1] >= AT_LEAST[self.sensitivity]:
                seen = self.moments[max(n - LOOKED_AT, 0) : n + 1]
                back = returned(seen, self.sensitivity)
                if back is not None:
                    yield self.would(
                        Kind.RETURN, back.at, last=back.last.isoformat(), days=round(back.days, 1)
                    )

    def falls(self):
        last = None
        for place in range(1, self.known.size + 1):
            found = fall(self.known, place, self.sensitivity)
            if found is None:
                continue
            at, is_new = (
                min(self.known.at(place), self.now),
                last is None or place - last > QUIET[Kind.FALL] / HOUR,
            )
            last = place
            if is_new and not self.told_lately(Kind.SPIKE, at, QUIET[Kind.FALL]):
                yield self.would(
                    Kind.FALL, at, count=found.count, negative=found.negative, hours=found.hours,
                    usual=found.usual,
                )  # fmt: skip

    def burns(self):
        last = None
        for place in range(self.known.size % BURN_EVERY, self.known.size + 1, BURN_EVERY):
            found = burn(self.known, place, self.sensitivity, self.offset)
            if found is None:
                continue
            at, is_new = (
                min(self.known.at(place), self.now),
                last is None or place - last > QUIET[Kind.BURN] / HOUR,
            )
            last = place
            if is_new and not self.told_lately(Kind.SPIKE, at, QUIET[Kind.BURN]):
                yield self.would(
                    Kind.BURN, at, count=found.count, days=found.days, usual=round(found.usual, 1)
                )

    def told_lately(self, kind: str, at: datetime, within: timedelta) -> bool:
        return any(each.kind == kind and at - within < each.at <= at for each in self.found)

    def season(self, at: datetime) -> Season:
        return Season(self.known, max(self.known.place(at) - 24, 0), self.offset)

    def usual(self, at: datetime) -> float | None:
        place = self.known.place(at) - 24
        return round(self.known.all(0, place) / place, 2) if place >= 24 else None
