"""How much is said per few minutes since an incident began, for the chart in its room."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, DateTimeField, F, Func, Q, Value
from django.utils.translation import gettext as _

from responses.core.models import Event
from responses.monitoring.models import Mention

FIVE = timedelta(minutes=5)
WIDTHS = (FIVE, timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
MOST_BUCKETS = 120
BEFORE = timedelta(hours=1)  # what was usual before it began
SAME_MOMENT = timedelta(minutes=10)
MARKED = ("incident.opened", "incident.severity_changed", "incident.contained", "statement.published")


@dataclass(frozen=True)
class Volume:
    buckets: list[dict]
    marks: list[dict]
    total: int
    negative: int
    width: timedelta

    @property
    def percent_negative(self) -> int:
        return round(100 * self.negative / self.total) if self.total else 0


def volume(incident, now) -> Volume:
    """Mentions by tone from an hour before the beginning until now, or until it was resolved."""
    began, end = beginning(incident), incident.resolved_at or now
    width = width_for(end - began + BEFORE)
    start = floor(began - BEFORE, width)
    buckets = counted(start, end, width)
    since = [bucket for bucket in buckets if bucket["at"] + width > began]
    whole = [bucket for bucket in buckets if bucket["at"] + width <= end]  # half a bucket looks like an ebb
    return Volume(
        buckets=whole,
        marks=marks(incident, began, end),
        total=sum(bucket["neg"] + bucket["neu"] + bucket["pos"] for bucket in since),
        negative=sum(bucket["neg"] for bucket in since),
        width=width,
    )


def beginning(incident) -> datetime:
    """The first mention of its alert if we know it, else the opening. Never more than a day before."""
    first = incident.alert.first_mention if incident.alert else None
    said_at = first.published_at if first else incident.opened_at
    return max(min(said_at, incident.opened_at), incident.opened_at - timedelta(days=1))


def width_for(span: timedelta) -> timedelta:
    return next((width for width in WIDTHS if span / width <= MOST_BUCKETS), WIDTHS[-1])


def floor(at: datetime, width: timedelta) -> datetime:
    return at - timedelta(seconds=at.timestamp() % width.total_seconds())


def counted(start, end, width) -> list[dict]:
    """One row per bucket, the empty ones too. One query over mention_feed."""
    bucket = Func(
        Value(width), F("published_at"), Value(start), function="date_bin", output_field=DateTimeField()
    )
    tones = {tone: Count("pk", filter=Q(sentiment=name)) for tone, name in TONES.items()}
    said = Mention.objects.filter(published_at__gte=start, published_at__lte=end)
    rows = {row["at"]: row for row in said.order_by().annotate(at=bucket).values("at").annotate(**tones)}
    empty = dict.fromkeys(TONES, 0)
    times = (start + width * n for n in range(int((end - start) / width) + 1))
    return [rows.get(at) or {"at": at, **empty} for at in times]


TONES = {
    "neg": Mention.Sentiment.NEGATIVE,
    "neu": Mention.Sentiment.NEUTRAL,
    "pos": Mention.Sentiment.POSITIVE,
}


def marks(incident, began, end) -> list[dict]:
    """What happened when, to be read beside the curve."""
    events = Event.objects.filter(incident_id=incident.pk, kind__in=MARKED, at__lte=end).order_by("seq")
    found = [{"at": event.at, "label": label(event)} for event in events]
    if began < incident.opened_at:
        found.insert(0, {"at": began, "label": _("first mention")})
    if incident.opened_at - began < SAME_MOMENT:  # two labels there would lie on one another
        found = [mark for mark in found if mark["label"] != _("opened")] or found
    return found


def label(event) -> str:
    words = {
        "incident.opened": _("opened"),
        "incident.severity_changed": _("level changed"),
        "incident.contained": _("contained"),
    }
    return words.get(event.kind) or event.data.get("title") or _("statement")
