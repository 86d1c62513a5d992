"""Keeping a brand's public pulse fresh from the brand's own tables, so that the board visits no schema."""

from datetime import timedelta

from django.db.models import F, Q
from django.urls import reverse

from agency.roles import Role
from responses.core.models import Event
from responses.incidents import states as incident_states
from responses.incidents.models import Incident, Task
from responses.monitoring import querysets
from responses.monitoring import states as listening
from responses.monitoring.models import HourCount, Mention, Source
from responses.publishing import states as outbox
from responses.publishing.models import Publication
from responses.statements import breaking, commenting
from responses.statements import states as review_states
from responses.statements.models import Step
from tenants import context
from tenants.models import BrandPulse

from . import due

DUE_AGAIN = timedelta(minutes=5)
HOUR, DAY = timedelta(hours=1), 24
MOST_WAITING = 20
DECIDES = {
    Step.Function.AGENCY: Role.CRISIS_LEAD,
    Step.Function.LEGAL: Role.LEGAL,
    Step.Function.CRISIS: Role.CRISIS_LEAD,
    Step.Function.VOICE: Role.SPOKESPERSON,
    Step.Function.NAMED: Role.CRISIS_LEAD,
    Step.Function.CLIENT: Role.CLIENT_APPROVER,
}


def refresh(brand, now) -> None:
    """Write the brand's BrandPulse anew, and when to do so again."""
    items = waiting(brand, now)
    fields = {
        **volumes(now),
        **incidents(),
        **troubles(),
        **anchor(),
        "waiting": [{**item, "due_at": item["due_at"] and item["due_at"].isoformat()} for item in items],
        "waiting_due_at": next((item["due_at"] for item in items if item["due_at"]), None),
        "refresh_due_at": now + DUE_AGAIN,
        "refreshed_at": now,
    }
    BrandPulse.objects.update_or_create(brand=brand, defaults=fields)


def volumes(now) -> dict:
    """Counts per hour of the last day, their tones, and the day before to compare with."""
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    first = this_hour - HOUR * (2 * DAY - 1)
    kept = {row.hour: row for row in HourCount.objects.filter(hour__gte=first, hour__lte=this_hour)}
    rows = [kept.get(first + HOUR * n) for n in range(2 * DAY)]
    totals = [row.negative + row.neutral + row.positive if row else 0 for row in rows]
    tones = {
        tone: sum(getattr(row, tone) for row in rows[DAY:] if row)
        for tone in ("negative", "neutral", "positive")
    }
    last = Mention.objects.order_by("-published_at", "-pk").values_list("published_at", flat=True).first()
    return {
        "hourly": totals[DAY:],
        "mentions_24h": sum(totals[DAY:]),
        "mentions_before": sum(totals[:DAY]),
        "last_mention_at": last,
        **tones,
    }


def incidents() -> dict:
    """The worst of the live incidents stands for all."""
    live = list(
        Incident.objects.filter(status__in=incident_states.LIVE)
        .order_by("-severity", "-opened_at")
        .values("number", "title", "severity")
    )
    worst = live[0] if live else {"number": None, "title": "", "severity": None}
    return {
        "open_incidents": len(live),
        "level": worst["severity"],
        "incident_number": worst["number"],
        "incident_title": worst["title"],
    }


def troubles() -> dict:
    failing = Q(status=listening.STOPPED) | Q(status=listening.LISTENING, failures__gt=0)
    return {
        "open_alerts": querysets.alerts_that_call().count(),
        "failing_sources": Source.objects.filter(failing).count(),
        "unknown_publications": Publication.objects.filter(status=outbox.UNKNOWN).count(),
    }


def anchor() -> dict:
    """The history's head, noted outside the schema: a tail cut off behind it is found by `verify`."""
    head = Event.objects.order_by("-seq").values("seq", "hash").first() or {"seq": 0, "hash": ""}
    return {"history_seq": head["seq"], "history_hash": head["hash"]}


def waiting(brand, now) -> list[dict]:
    """What waits for whom, due first on top. `what` is what people wrote, so it needs no translating."""
    found = [
        *decisions(brand),
        *afterwards(brand),
        *late_tasks(brand, now),
        *unknown(brand),
        *unanswered(brand),
    ]
    far = now + timedelta(days=3650)
    return sorted(found, key=lambda item: item["due_at"] or far)[:MOST_WAITING]


def decisions(brand):
    steps = Step.objects.filter(status=review_states.ACTIVE).select_related("review__revision__statement")
    for step in steps.order_by(F("due_at").asc(nulls_last=True))[:MOST_WAITING]:
        statement = step.review.revision.statement
        url = reverse("responses:review", args=[brand.slug, statement.pk])
        yield item("review", DECIDES[step.function], statement.title, url, step.due_at)


def afterwards(brand):
    """What went out by breaking the glass and is not approved yet."""
    for glass in breaking.unsettled()[:MOST_WAITING]:
        url = reverse("responses:glass", args=[brand.slug, glass.statement_id])
        who = DECIDES[breaking.waits_for(glass)[0]]
        yield item("review", who, glass.revision.title, url, glass.broken_at)


def late_tasks(brand, now):
    late = Task.objects.filter(
        status=incident_states.TODO, due_at__lt=now, incident__status__in=incident_states.LIVE
    )
    for task in late.order_by("due_at")[:MOST_WAITING]:
        url = reverse("responses:incident", args=[brand.slug, task.incident_id])
        yield item("task", task.owner_name or task.role, task.title, url, task.due_at)


def unknown(brand):
    stuck = Publication.objects.filter(status=outbox.UNKNOWN).select_related("statement")
    for publication in stuck[:MOST_WAITING]:
        url = reverse("responses:publication", args=[brand.slug, publication.pk])
        yield item("publication", Role.ACCOUNT_LEAD, publication.statement.title, url, publication.due_at)


def unanswered(brand):
    """Statements whose client said something and has no answer: it waits for a writer."""
    asked = commenting.unanswered().values_list("statement", "statement__title").distinct()
    for pk, title in asked.order_by("statement")[:MOST_WAITING]:
        url = reverse("responses:comments", args=[brand.slug, pk])
        yield item("comment", Role.WRITER, title, url, None)


def item(kind, who, what, url, due_at) -> dict:
    return {"kind": kind, "who": str(who), "what": what, "url": url, "due_at": due_at}


@due.when_due
def refresh_when_due(brand, now) -> None:
    """A quiet brand's figures grow old too: hours pass and tasks become late without an event."""
    at = BrandPulse.objects.filter(brand=brand).values_list("refresh_due_at", flat=True).first()
    if at is None or at <= now:
        refresh(brand, now)


@due.comes_next
def next_refresh(now):
    brand = context.current()
    if not brand.works:
        return None
    return BrandPulse.objects.filter(brand=brand).values_list("refresh_due_at", flat=True).first() or now
