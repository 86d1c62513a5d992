"""The board's reading: every brand of a person in one query, the worst first, and one sentence about now."""

from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenants import states
from tenants.models import Brand, BrandPulse

from .fragments import fragment
from .roles import Role

HIGH = 3  # from this level on an incident needs people at once
CALM = -1
HOT_FACTOR = 2  # an hour is hot when it has more than twice the day's median
HOT_LEAST = 5


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for people in a role, for one person by name, or for nobody yet."""

    role: str
    what: str
    url: str
    due_at: datetime | None
    now: datetime

    @property
    def who(self):
        return Role(self.role).label if self.role in Role.values else self.role or _("nobody yet")

    @property
    def is_nobodys(self) -> bool:
        return not self.role

    @property
    def seconds_late(self) -> int:
        """Above zero when overdue, below while there is time; zero without a deadline."""
        return int((self.now - self.due_at).total_seconds()) if self.due_at else 0

    @property
    def seconds_left(self) -> int:
        return -self.seconds_late

    @property
    def late(self) -> bool:
        return self.seconds_late > 0


@dataclass(frozen=True)
class Row:
    """A brand as the board shows it."""

    brand: Brand
    pulse: BrandPulse
    now: datetime
    waiting: list[Waiting] = field(default_factory=list)

    @property
    def first(self) -> Waiting | None:
        return self.waiting[0] if self.waiting else None

    @property
    def seconds_late(self) -> int:
        return max((waiting.seconds_late for waiting in self.waiting), default=0)

    @property
    def late(self) -> bool:
        return self.seconds_late > 0

    @property
    def others(self) -> int:
        return max(0, len(self.waiting) - 1)

    @property
    def works(self) -> bool:
        return self.brand.status == states.ACTIVE

    @property
    def url(self) -> str:
        if self.brand.status == states.PROVISIONING:
            return reverse("brand_progress", args=[self.brand.pk])
        return reverse("responses:feed", args=[self.brand.slug])

    @property
    def incidents_url(self) -> str:
        return reverse("responses:incidents", args=[self.brand.slug])

    @property
    def incident_url(self) -> str:
        """The worst incident's room. The pulse knows its number, not its key: the list leads there."""
        return f"{self.incidents_url}?number={self.pulse.incident_number}"

    @property
    def alerts_url(self) -> str:
        return reverse("responses:alerts", args=[self.brand.slug])

    @property
    def needs_people(self) -> bool:
        level = CALM if self.pulse.level is None else self.pulse.level
        return self.works and (self.late or level >= HIGH or self.pulse.unknown_publications > 0)

    @property
    def rise(self) -> float | None:
        """Today against the day before; None when there was nothing before."""
        before = self.pulse.mentions_before
        return (self.pulse.mentions_24h - before) / before if before else None

    @property
    def rise_words(self) -> str:
        if self.rise is None:
            return _("nothing the day before") if self.pulse.mentions_24h else ""
        percent = round(self.rise * 100)
        sign = "+" if percent > 0 else "−" if percent < 0 else "±"
        return f"{sign}{number_format(abs(percent), use_l10n=True, force_grouping=True)}\u00a0%"

    @property
    def hot_from(self) -> int | None:
        return hot_from(self.pulse.hourly)

    @property
    def html(self) -> str:
        """The row as the table shows it. What is due is told to the minute: the minute is in the key."""
        pulse = self.pulse
        minute = int(self.now.timestamp()) // 60 if self.waiting else 0
        brand = self.brand
        key = (brand.slug, brand.name, brand.tagline, brand.status, minute, pulse.refreshed_at)
        return fragment("agency/board_row.html", key, lambda: {"row": self, "now": self.now})

    @property
    def worst_first(self):
        level = CALM if self.pulse.level is None else self.pulse.level
        rise = self.rise if self.rise is not None else float(self.pulse.mentions_24h > 0)
        return (
            not self.works,
            -level,
            -max(0, self.seconds_late),
            -self.pulse.unknown_publications,
            -self.pulse.open_alerts,
            -rise,
            self.brand.name,
        )


def hot_from(hourly) -> int | None:
    """Where the run of hot hours that lasts until now begins, if it is hot now."""
    if not hourly:
        return None
    bar = max(HOT_FACTOR * median(hourly), HOT_LEAST)
    start = len(hourly)
    while start and hourly[start - 1] > bar:
        start -= 1
    return start if start < len(hourly) else None


def rows(brands, now) -> list[Row]:
    """The rows of these brands, the worst first: one query, however many there are."""
    pulses = BrandPulse.objects.filter(brand__in=brands).select_related("brand")
    found = [Row(pulse.brand, pulse, now, waiting(pulse, now)) for pulse in pulses]
    return sorted(found, key=lambda row: row.worst_first)


def waiting(pulse: BrandPulse, now) -> list[Waiting]:
    """Decisions before tasks: a text that waits for a yes holds up everything after it. Then by due time."""
    decisions_first = sorted(pulse.waiting, key=lambda item: item.get("kind") in ("task", "comment"))
    return [
        Waiting(item["who"], item["what"], item.get("url", ""), parse_datetime(item.get("due_at") or ""), now)
        for item in decisions_first
    ]


def headline(rows: list[Row]) -> str:
    """One sentence about now."""
    needing = sum(row.needs_people for row in rows)
    if needing:
        return ngettext("One brand needs you now", "%(n)d brands need you now", needing) % {"n": needing}
    things = sum(len(row.waiting) for row in rows)
    if things:
        return ngettext("One thing waits, nothing is late", "%(n)d things wait, nothing is late", things) % {
            "n": things
        }
    alerts = sum(row.pulse.open_alerts for row in rows)
    if alerts:
        return ngettext("One alert to look at", "%(n)d alerts to look at", alerts) % {"n": alerts}
    if any(row.pulse.open_incidents for row in rows):
        return _("Every open incident is on time")
    return _("All is calm")


def foot(rows: list[Row]) -> dict:
    """When we last heard anything, and how many sources are behind."""
    heard = [row.pulse.last_mention_at for row in rows if row.pulse.last_mention_at]
    return {
        "last_mention_at": max(heard, default=None),
        "behind": sum(row.pulse.failing_sources for row in rows),
        "mentions": sum(row.pulse.mentions_24h for row in rows),
    }
