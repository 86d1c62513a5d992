"""Alerts: what a person must look at, and what they decide."""

from datetime import timedelta
from urllib.parse import urlencode

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from agency.access import may
from agency.roles import May
from responses.core.actors import acting
from responses.core.pages import refusals, see_other, unchanged
from responses.errors import Refused

from . import alerting, budgeting, driving, querysets, snoozing, states
from .alert_forms import BudgetForm, DismissForm, SnoozeForm
from .marking import dressed
from .models import Alert

DECIDED_SHOWN = 50
MENTIONS_SHOWN = 10
TOGETHER = timedelta(hours=1)  # alerts of one rule raised within that are one thing to look at
BUCKETS = 24
MINUTES = (5, 15, 60, 180, 360, 720, 1440)


@may(May.SEE)
def alerts(request):
    """Live ones first, the worst on top; below, what sleeps, what is held, what was decided."""
    now = timezone.now()
    live = list(querysets.alerts_by_state().filter(status__in=states.ALERT_LIVE).order_by(*ORDER))
    etag = "-".join(f"{alert.pk}.{alert.version}.{alert.mention_count}" for alert in live) or "none"
    polled = bool(request.htmx)
    if polled and (same := unchanged(request, etag)):
        return same
    over = querysets.alerts_by_state().exclude(status__in=states.ALERT_LIVE)
    shown = {**sorted_out(live), "over": over[:DECIDED_SHOWN], "now": now, **allowed(request)}
    if not polled:
        shown |= quietness(BudgetForm(initial=seen_budget()), now)
    answer = render(request, "monitoring/alerts.html#live" if polled else "monitoring/alerts.html", shown)
    answer["ETag"], answer["Cache-Control"] = f'"{etag}"', "private, no-cache"
    answer["Vary"] = "HX-Request"
    return answer


ORDER = ("-status", "-severity", "-last_at")  # "open" comes before "acknowledged"


def sorted_out(live: list[Alert]) -> dict:
    """What calls, with several kinds of one rule together; what sleeps; what is held."""
    calling = [alert for alert in live if not alert.is_held and alert.snoozed_until is None]
    return {
        "live": calling,
        "groups": grouped(calling),
        "snoozed": [alert for alert in live if alert.snoozed_until is not None],
        "held": [alert for alert in live if alert.is_held and alert.snoozed_until is None],
    }


def grouped(alerts: list[Alert]) -> list[dict]:
    """One group for each thing to look at: the worst alert leads, others of its rule and hour follow."""
    groups: list[dict] = []
    for alert in alerts:
        for group in groups:
            lead = group["lead"]
            same = alert.rule_id and alert.rule_id == lead.rule_id
            if same and abs(alert.opened_at - lead.opened_at) <= TOGETHER:
                group["others"].append(alert)
                break
        else:
            groups.append({"lead": alert, "others": []})
    return groups


def quietness(form, now) -> dict:
    """The noise budget, what of it is spent, and how often an alert was worth it."""
    budget, spent = budgeting.budget(), budgeting.spent(now)
    return {
        "budget": budget,
        "spent": spent,
        "is_spent": spent >= budget.per_week,
        "precision": budgeting.precision(now),
        "budget_form": form,
    }


def seen_budget() -> dict:
    kept = budgeting.budget()
    return {"per_week": kept.per_week, "version": kept.version if kept.pk else None}


def allowed(request) -> dict:
    return {
        "may_triage": request.standing.may(May.TRIAGE),
        "may_open": request.standing.may(May.OPEN),
        "may_listen": request.standing.may(May.LISTEN),
    }


@may(May.SEE)
def alert(request, pk):
    """One alert: why, how it went, who and what drives it, the mentions it is about, what to do."""
    found = get_object_or_404(querysets.alerts_by_state(), pk=pk)
    return render(request, "monitoring/alert.html", picture(request, found))


def seen(found: Alert) -> dict:
    return {"version": found.version}


def picture(request, found: Alert, **forms) -> dict:
    mentions = driving.mentions_of(found)
    rows = querysets.rich(mentions).order_by("-published_at", "-pk")[:MENTIONS_SHOWN]
    return {
        "alert": found,
        "form": DismissForm(initial=seen(found)),
        "snooze_form": SnoozeForm(initial=seen(found)),
        "now": timezone.now(),
        "rows": dressed(list(rows), ""),
        "buckets": buckets_of(mentions),
        "feed": feed_of(found, request.brand.slug),
        **allowed(request),
        **forms,
    }


def feed_of(found: Alert, slug: str) -> str:
    """The feed with what the alert's charts count; empty where no filter says just that."""
    if found.kind in (Alert.Kind.AUTHOR, Alert.Kind.CROSSING) or driving.is_about_a_removed_rule(found):
        return ""
    asked: dict[str, object]
    if found.kind == Alert.Kind.SILENT:
        asked = {"source": found.source_id}
    else:
        asked = {"rule": found.rule_id} if found.rule_id else {"about": "own"}
    if found.kind == Alert.Kind.FALL:
        asked["tone"] = "negative"
    return f"{reverse('responses:feed', args=[slug])}?{urlencode(asked)}"


def buckets_of(mentions) -> list[dict]:
    """The mentions by time and tone in at most twenty-four steps of a round length, ending with the last."""
    said = list(mentions.order_by("-published_at").values_list("published_at", "sentiment")[:5000])
    if not said:
        return []
    span = said[0][0] - said[-1][0]
    step = timedelta(
        minutes=next((m for m in MINUTES if span / timedelta(minutes=m) < BUCKETS - 1), MINUTES[-1])
    )
    first = floor(said[-1][0], step) - step
    count = min((floor(said[0][0], step) - first) // step + 1, 60)
    rows = [{"at": first + n * step, "neg": 0, "neu": 0, "pos": 0} for n in range(count)]
    for at, tone in said:
        place = (at - first) // step
        if place < count:
            rows[place][tone[:3]] += 1
    return rows


def floor(at, step):
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (at - midnight) // step * step


# --- what people decide


@may(May.TRIAGE)
@require_POST
@refusals
def alert_acknowledge(request, pk):
    """One press; pressing it twice, or after a colleague, is no error."""
    found = get_object_or_404(Alert, pk=pk)
    if found.status == states.OPEN:
        alerting.acknowledge(found, by=acting(request), now=timezone.now())
    return see_other("responses:alert", request.brand.slug, pk)


@may(May.TRIAGE)
@require_POST
def alert_dismiss(request, pk):
    """With a reason; a stale page is told so and keeps what was typed."""
    found, form = get_object_or_404(Alert, pk=pk), DismissForm(request.POST)
    return decided(request, found, form, "form", dismissed)


def dismissed(found, form, **deed):
    alerting.dismiss(found, reason=form.cleaned_data["reason"], **deed)


@may(May.TRIAGE)
@require_POST
def alert_snooze(request, pk):
    """Out of sight for a while; it comes back by itself."""
    found, form = get_object_or_404(Alert, pk=pk), SnoozeForm(request.POST)
    return decided(request, found, form, "snooze_form", snoozed)


def snoozed(found, form, now, **deed):
    until = snoozing.until_of(form.cleaned_data["choice"], now, form.cleaned_data["until"])
    snoozing.snooze(found, until=until, now=now, **deed)


def decided(request, found, form, name, deed):
    """Do it and go back to the list, or show the page again with what was typed and why it was refused."""
    status = 422
    if form.is_valid():
        found.version = form.cleaned_data["version"] or found.version
        try:
            deed(found, form, by=acting(request), now=timezone.now())
            return see_other("responses:alerts", request.brand.slug)
        except Refused as refusal:
            form.refuse(refusal, found)
            status = refusal.status
    return render(request, "monitoring/alert.html", picture(request, found, **{name: form}), status=status)


@may(May.TRIAGE)
@require_POST
@refusals
def alert_wake(request, pk):
    """Back into sight before its time; pressing it twice is no error."""
    found = get_object_or_404(Alert, pk=pk)
    snoozing.wake(found, by=acting(request), now=timezone.now())
    return see_other("responses:alert", request.brand.slug, pk)
