"""How a story spread: its mentions over time, and by whom it came in."""

from datetime import timedelta

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    DurationField,
    F,
    Func,
    Min,
    OuterRef,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from .models import Mention, Story

STEPS = [timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440, 10080, 43200, 525600)]
BUCKETS = 48


def going_round(since):
    """Which stories were told lately and how often since then, as (pk, told): the most told first, then the
    newest. Their rows are not read for it: of a month there may be many.
    """
    lately = Mention.objects.filter(story=OuterRef("pk"), published_at__gte=since).order_by()
    counted = lately.values("story").annotate(count=Count("pk")).values("count")
    told = Case(When(first_at__gte=since, then="mention_count"), default=Coalesce(Subquery(counted), 0))
    found = Story.objects.filter(mention_count__gt=1, last_at__gte=since).annotate(told=told)
    return found.order_by("-told", "-last_at", "-pk").values_list("pk", "told")


def over_time(story: Story) -> list[dict]:
    """Its mentions by time and tone, in steps of a round length; counted in the database."""
    span = story.last_at - story.first_at
    step = next((s for s in STEPS if span / s < BUCKETS - 1), STEPS[-1])
    start = story.first_at.replace(minute=0, second=0, microsecond=0)
    start += (story.first_at - start) // step * step - step  # the chart begins with nothing
    counts = {
        (row["at"], row["sentiment"]): row["count"]
        for row in story.mentions.order_by()
        .annotate(at=_bin(step, start))
        .values("at", "sentiment")
        .annotate(count=Count("pk"))
    }
    rows = []
    for number in range((story.last_at - start) // step + 1):
        at = start + number * step
        tones = {tone[:3]: counts.get((at, tone), 0) for tone in ("negative", "neutral", "positive")}
        rows.append({"at": at, **tones})
    return rows


def _bin(step: timedelta, start):
    return Func(
        Value(step, DurationField()),
        F("published_at"),
        Value(start, DateTimeField()),
        function="date_bin",
        output_field=DateTimeField(),
    )


def by_source(story: Story) -> list[dict]:
    """Which sources brought it, in the order they did."""
    rows = story.mentions.order_by().values("source", "source__name")
    return list(rows.annotate(count=Count("pk"), first=Min("published_at")).order_by("first"))
