"""Competitors and topics of the industry, watched like the brand: who is spoken of how much."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import F, Sum, Value
from django.db.models.functions import Coalesce, NullIf

from .models import HourCount, Rule, RuleHour

TOTAL = F("negative") + F("neutral") + F("positive")


@dataclass(frozen=True)
class Share:
    """One voice of a period: how often it was spoken of, which part of all that is, and how much in anger."""

    subject: str  # empty: the brand itself
    count: int
    share: float  # of all voices, 0 to 1
    negative: float  # of its own mentions, 0 to 1


def share_of_voice(since, until) -> list[Share]:
    """The brand itself first, then the competitors, most spoken of first. Topics are no voices.

    Hours are whole ones: those that begin from `since` to before `until`. Rules on one competitor are added
    up; a mention that two of them matched counts twice, as both say so.
    """
    sums = {"all": Coalesce(Sum(TOTAL), 0), "negative": Coalesce(Sum("negative"), 0)}
    own = HourCount.objects.filter(hour__gte=since, hour__lt=until).aggregate(**sums)
    others = rivals(since, until, sums)
    whole = own["all"] + sum(count for count, _negative in others.values())
    ordered = sorted(others.items(), key=lambda item: (-item[1][0], item[0]))
    voices = [("", (own["all"], own["negative"])), *ordered]
    return [
        Share(subject, count, count / whole if whole else 0.0, negative / count if count else 0.0)
        for subject, (count, negative) in voices
    ]


def rivals(since, until, sums) -> dict[str, tuple[int, int]]:
    """Per competitor how often, and how often in anger; nought for one nobody spoke of."""
    named = Coalesce(NullIf("rule__subject", Value("")), "rule__name")
    found = RuleHour.objects.filter(
        rule__watches=Rule.Watches.COMPETITOR, rule__is_active=True, hour__gte=since, hour__lt=until
    )
    counted: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for rule in Rule.objects.filter(watches=Rule.Watches.COMPETITOR, is_active=True):
        counted[rule.subject or rule.name] = (0, 0)
    for row in found.values(subject_name=named).annotate(**sums):
        counted[row["subject_name"]] = (row["all"], row["negative"])
    return dict(counted)
