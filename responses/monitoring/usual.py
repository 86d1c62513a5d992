"""What is usual here: the figures that “far more than usual” and “silent” are measured against."""

from datetime import timedelta
from statistics import median

from django.db.models import Count, F, Max, Min, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from .models import HourCount, Match, Mention, Source, SourceHour

HOUR = timedelta(hours=1)
SEEN_FOR = timedelta(days=14)
LATELY = timedelta(days=1)  # what a storm brought today is not usual yet
ENOUGH = timedelta(days=1)  # less than a day says nothing about what is usual
DAYS_ENOUGH = 3
SPEAKS = 28  # a source speaks usually when it said this much in the time seen: twice a day
TOTAL = F("negative") + F("neutral") + F("positive")


def matches_per_hour(rule, now) -> float | None:
    """How often the rule matched per hour before today; None until there is a day to go by.

    A new rule looks back over what is stored, so what counts is how long mentions are known.
    """
    first = HourCount.objects.aggregate(first=Min("hour"))["first"] or now
    began, until = max(first, now - SEEN_FOR), now - LATELY
    if until - began < ENOUGH:
        return None
    return Match.objects.filter(rule=rule, at__gt=began, at__lte=until).count() / ((until - began) / HOUR)


def mentions_of_hour(hour) -> int:
    return HourCount.objects.filter(hour=hour).aggregate(sum=Sum(TOTAL))["sum"] or 0


def mentions_in_such_an_hour(hour) -> float | None:
    """The median of the same hour of the last fourteen days; None until there are a few days to go by."""
    first = HourCount.objects.aggregate(first=Min("hour"))["first"]
    days = min((hour - first).days, SEEN_FOR.days) if first else 0
    if days < DAYS_ENOUGH:
        return None
    same = [hour - timedelta(days=day) for day in range(1, days + 1)]
    known = HourCount.objects.filter(hour__in=same).annotate(total=TOTAL).values_list("hour", "total")
    totals = dict(known)
    return float(median(totals.get(each, 0) for each in same))


def mentions_per_hour(now) -> float | None:
    """The mean of all hours of the last fourteen days, today left out."""
    until = now - LATELY
    past = HourCount.objects.filter(hour__gt=now - SEEN_FOR, hour__lte=until)
    seen = past.aggregate(sum=Sum(TOTAL), first=Min("hour"))
    span = until - seen["first"] if seen["first"] else timedelta(0)
    return seen["sum"] / (span / HOUR) if span >= ENOUGH else None


def days_of_sources(now, source_id: int | None = None) -> dict[int, list[int]]:
    """How many mentions each source brought on each of the last fourteen days, today last."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    first = today - SEEN_FOR + LATELY
    said = SourceHour.objects.filter(hour__gte=first)
    if source_id is not None:
        said = said.filter(source=source_id)
    counted = said.annotate(day=TruncDate("hour")).values("source", "day").annotate(n=Sum(TOTAL))
    days: dict[int, list[int]] = {}
    for row in counted.order_by():
        place = min((row["day"] - first.date()).days, SEEN_FOR.days - 1)
        days.setdefault(row["source"], [0] * SEEN_FOR.days)[place] += row["n"]
    return days


def speech_of_sources(now):
    """Listening sources that usually speak: (source, mean gap between its mentions, time of the last)."""
    since = now - SEEN_FOR
    said = (
        Mention.objects.filter(published_at__gt=since, source__status=Source.Status.LISTENING)
        .exclude(source__kind=Source.Kind.CSV)
        .values("source")
        .annotate(said=Count("pk"), first=Min("published_at"), last=Max("published_at"))
        .filter(said__gte=SPEAKS)
        .order_by("source")
    )
    rows = {row["source"]: row for row in said}
    for source in Source.objects.filter(pk__in=rows):
        row = rows[source.pk]
        yield source, (row["last"] - row["first"]) / (row["said"] - 1), row["last"]
