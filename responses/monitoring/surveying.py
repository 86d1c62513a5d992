"""What a period was like beside the one before: how much, in which tone, about whom, where, in what words.

All is read from the counts that ingesting keeps, so no mention is counted here; only the words are read from
the newest texts (`trending` says how many). The number of queries does not depend on the data.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Sum

from .models import Alert, HourCount, Mention, Rule, RuleHour, Source, SourceHour
from .periods import Period
from .trending import Term, Topic, topics, trending
from .watching import Share, share_of_voice

TONES = ("negative", "neutral", "positive")
ALERTS_SHOWN = 8
MOST_SOURCES = 12
WORDS_KEPT = 300  # seconds: reading texts is the one thing here that takes a while


@dataclass(frozen=True)
class Tones:
    """Counts by tone."""

    negative: int = 0
    neutral: int = 0
    positive: int = 0

    @property
    def all(self) -> int:
        return self.negative + self.neutral + self.positive

    @property
    def net(self) -> float | None:
        """Positive less negative as a part of all, −1 to 1; None when nothing was said."""
        return (self.positive - self.negative) / self.all if self.all else None

    @property
    def negative_share(self) -> float:
        return self.negative / self.all if self.all else 0.0

    def __add__(self, other: "Tones") -> "Tones":
        return Tones(*(getattr(self, tone) + getattr(other, tone) for tone in TONES))


@dataclass(frozen=True)
class Step:
    at: datetime
    tones: Tones


@dataclass(frozen=True)
class Row:
    """One source, competitor or topic: what was said there, and in the period before."""

    pk: int
    name: str
    tones: Tones
    before: int


@dataclass(frozen=True)
class Survey:
    period: Period
    steps: list[Step]
    tones: Tones
    before: Tones
    voices: list[Share]
    voice_before: float  # the brand's own share in the period before
    sources: list[Row]
    topics_watched: list[Row]
    alerts: list[Alert]

    @property
    def factor(self) -> float | None:
        """How many times as much as in the period before; None when there is nothing to go by."""
        return self.tones.all / self.before.all if self.before.all else None

    @property
    def voice(self) -> float:
        return self.voices[0].share if self.voices else 0.0


def survey(period: Period) -> Survey:
    steps = by_steps(period)
    voices = share_of_voice(period.since, period.until)
    before = share_of_voice(period.before.since, period.before.until)
    return Survey(
        period,
        steps,
        sum((step.tones for step in steps), Tones()),
        total(HourCount.objects.filter(hour__gte=period.before.since, hour__lt=period.before.until)),
        voices,
        before[0].share if before else 0.0,
        by_source(period),
        by_topic(period),
        alerts_of(period),
    )


@dataclass(frozen=True)
class Words:
    """What is said more than before, and what goes together."""

    terms: list[Term]
    topics: list[Topic]

    @property
    def most(self) -> int:
        """How often the most frequent one is said: the longest bar."""
        return max((term.count for term in self.terms), default=0)


def words(period: Period) -> Words:
    """From the newest texts of both periods; kept for a few minutes (the cache's keys hold the brand)."""
    key = f"words-{period.since:%Y%m%d%H}-{period.until:%Y%m%d%H}"
    found = cache.get(key)
    if found is None:
        found = Words(
            trending(period.since, period.until, limit=14), topics(period.since, period.until, limit=5)
        )
        cache.set(key, found, WORDS_KEPT)
    return found


def total(hours) -> Tones:
    sums = hours.aggregate(**{tone: Sum(tone) for tone in TONES})
    return Tones(*(sums[tone] or 0 for tone in TONES))


def by_steps(period: Period) -> list[Step]:
    """The brand's own mentions per step of the chart."""
    begins = period.steps()
    sums: dict[int, Tones] = defaultdict(Tones)
    hours = HourCount.objects.filter(hour__gte=period.since, hour__lt=period.until)
    for hour, *counts in hours.values_list("hour", *TONES):
        sums[max((hour - begins[0]) // period.step, 0)] += Tones(*counts)
    return [Step(at, sums[place]) for place, at in enumerate(begins)]


def by_source(period: Period) -> list[Row]:
    """Where it was said, most first."""
    now = sums_by(SourceHour.objects, "source", period)
    before = sums_by(SourceHour.objects, "source", period.before)
    names = dict(Source.objects.filter(pk__in=now).values_list("pk", "name"))
    rows = [Row(pk, names[pk], tones, before.get(pk, Tones()).all) for pk, tones in now.items()]
    return sorted(rows, key=lambda row: (-row.tones.all, row.name))[:MOST_SOURCES]


def by_topic(period: Period) -> list[Row]:
    """The topics of the industry that rules watch, most spoken of first."""
    names = dict(
        Rule.objects.filter(watches=Rule.Watches.INDUSTRY, is_active=True).values_list("pk", "subject")
    )
    rules = dict(Rule.objects.filter(pk__in=names).values_list("pk", "name"))
    hours = RuleHour.objects.filter(rule__in=names)
    now, before = sums_by(hours, "rule", period), sums_by(hours, "rule", period.before)
    rows = [
        Row(pk, names[pk] or rules[pk], now.get(pk, Tones()), before.get(pk, Tones()).all) for pk in names
    ]
    return sorted(rows, key=lambda row: (-row.tones.all, row.name))


def sums_by(hours, what: str, period: Period) -> dict[int, Tones]:
    found = hours.filter(hour__gte=period.since, hour__lt=period.until).order_by().values(what)
    sums = found.annotate(**{f"all_{tone}": Sum(tone) for tone in TONES})
    return {row[what]: Tones(*(row[f"all_{tone}"] for tone in TONES)) for row in sums}


def alerts_of(period: Period) -> list[Alert]:
    """What rang in the period, the gravest if there was much, in the order of time."""
    found = Alert.objects.filter(opened_at__gte=period.since, opened_at__lt=period.until, is_held=False)
    gravest = found.select_related("rule", "source", "story", "author").order_by("-severity", "-opened_at")
    return sorted(gravest[:ALERTS_SHOWN], key=lambda alert: alert.opened_at)


def has_any() -> bool:
    """Whether the brand has ever heard anything."""
    return Mention.objects.exists()
