"""How often something was spoken of: per five minutes for storms, per hour for what grows slowly."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from zlib import crc32

from django.db.models import Count, DateTimeField, Func, Min

from .models import Alert, HourCount, Match, Mention, Rule, RuleHour

FIVE = timedelta(minutes=5)
HOUR = timedelta(hours=1)
TONES = ("negative", "neutral", "positive")


class BeginningOfFive(Func):
    """The five minutes that a moment falls into."""

    template = "date_bin('5 minutes', %(expressions)s, TIMESTAMPTZ '2000-01-01 00:00:00+00')"
    output_field = DateTimeField()


def five(at: datetime) -> datetime:
    return at.replace(minute=at.minute - at.minute % 5, second=0, microsecond=0)


def hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


@dataclass(frozen=True)
class Subject:
    """What is watched: a rule, or without one the brand as a whole."""

    rule: Rule | None = None

    @property
    def key(self) -> str:
        return f"rule:{self.rule.pk}" if self.rule else "brand"

    @property
    def fingerprint(self) -> int:
        """Of what is looked for: a changed query is another subject."""
        return crc32(self.rule.query.encode()) if self.rule else 0

    @property
    def rule_id(self) -> int | None:
        return self.rule.pk if self.rule else None

    @property
    def sensitivity(self) -> str:
        return self.rule.sensitivity if self.rule else Rule.Sensitivity.BALANCED

    @property
    def title(self) -> str:
        """Nobody is shown that of the whole: `Alert.name` is made from the kind, in the reader's language."""
        return self.rule.name[:200] if self.rule else "The brand as a whole"

    @property
    def severity(self) -> int:
        return self.rule.severity if self.rule else 0

    def mentions(self, since, until):
        """What was said in that time, `until` left out."""
        found = Mention.objects.filter(published_at__gte=since, published_at__lt=until, is_excluded=False)
        if self.rule is None:
            return found.filter(is_own=True)
        return found.filter(matches__rule=self.rule, matches__at__gte=since, matches__at__lt=until)

    def fives(self, since, until) -> dict[datetime, int]:
        """Counts per five minutes; those with nothing are left out."""
        if self.rule is None:
            rows, at = self.mentions(since, until), "published_at"
        else:
            rows, at = Match.objects.filter(rule=self.rule, at__gte=since, at__lt=until), "at"
        counted = rows.order_by().annotate(begins=BeginningOfFive(at)).values("begins")
        return dict(counted.annotate(count=Count("pk")).values_list("begins", "count"))

    def first(self) -> datetime | None:
        """Since when it is known how often this is said: a rule looks back over what is stored."""
        if self.rule is not None:
            return Match.objects.filter(rule=self.rule).aggregate(first=Min("at"))["first"]
        return HourCount.objects.aggregate(first=Min("hour"))["first"]

    def hours(self, since, until) -> "Hours":
        """Counts per hour and tone; hours before anything of the brand is known are left out."""
        rows = HourCount.objects if self.rule is None else RuleHour.objects.filter(rule=self.rule)
        found = rows.filter(hour__gte=hour(since), hour__lt=until).values_list("hour", *TONES)
        known = {at: counts for at, *counts in found}
        heard = HourCount.objects.filter(hour__gte=hour(since)).aggregate(first=Min("hour"))["first"]
        began = min([hour(until), *known, *([heard] if heard else [])])
        return Hours(began, known, until)

    def alerts(self, kind):
        """The alerts of a kind about this, the latest first."""
        return Alert.objects.filter(kind=kind, rule=self.rule).order_by("-opened_at", "-pk")


def fives_of_rules(rules: Iterable[Rule], since, until) -> dict[int | None, dict[datetime, int]]:
    """Counts per five minutes of all rules at once."""
    wanted = [rule.pk for rule in rules]  # so that the index by rule and time serves
    rows = Match.objects.filter(rule__in=wanted, at__gte=since, at__lt=until)
    counted = rows.order_by().annotate(begins=BeginningOfFive("at")).values_list("rule", "begins")
    found: dict[int | None, dict[datetime, int]] = {}
    for rule, begins, count in counted.annotate(count=Count("pk")):
        found.setdefault(rule, {})[begins] = count
    return found


class Hours:
    """Hours in a row, noughts included, from `first` to before `until`, with sums of any stretch at once."""

    def __init__(self, first: datetime, known: dict, until: datetime):
        self.first = first
        self.size = max(-(-(until - first) // HOUR), 0)
        rows = [known.get(first + n * HOUR, (0, 0, 0)) for n in range(self.size)]
        self.counts = [sum(row) for row in rows]
        self._all = [0, *accumulate(self.counts)]
        self._negative = [0, *accumulate(row[0] for row in rows)]

    def at(self, place: int) -> datetime:
        return self.first + place * HOUR

    def place(self, at: datetime) -> int:
        """Of the hour that `at` falls into, kept within what is known."""
        return min(max((at - self.first) // HOUR, 0), self.size)

    def all(self, since: int, until: int) -> int:
        return self._all[until] - self._all[max(since, 0)]

    def negative(self, since: int, until: int) -> int:
        return self._negative[until] - self._negative[max(since, 0)]

    def reach_back(self, until: int, enough: int) -> int:
        """The latest place from which to `until` there are `enough` mentions; -1 when there never were."""
        wanted = self._all[until] - enough
        return bisect_right(self._all, wanted, 0, until + 1) - 1 if wanted >= 0 else -1
