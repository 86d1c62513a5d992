"""When a person must look: raising alerts, letting them grow, and what people decide about them.

A rule has at most one live alert of a kind: it grows while it is live. An alert that became an incident keeps
gathering until its storm has been quiet for hours, so that an open incident raises no second alarm.
What no single mention shows (storms, falls, burns) is noticed in `noticing`.
"""

from datetime import timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from responses.core import history
from responses.core.actors import TUGON
from responses.core.transitions import move
from responses.errors import Invalid

from . import budgeting, explaining, recognising, returning, snoozing, states
from .models import Alert, Match, Rule
from .usual import matches_per_hour, speech_of_sources

HOUR = timedelta(hours=1)
FRESH = timedelta(hours=24)  # older mentions raise nothing: reading a month of history must not
QUIET = timedelta(hours=6)  # a storm is over when nothing matched for so long
SILENT_AT_LEAST, SILENT_TIMES = timedelta(hours=12), 8
DRAWN = ("chart", "drivers")  # too much for the history, and not what the sentence is made from


# --- matches


def consider_all(matches, *, now, mentions=()) -> list[Alert]:
    """Consider the new matches of one batch rule by rule, and who wrote its mentions; returns what was
    raised.

    The rules are locked first and in order, so that two batches cannot raise two alerts for one rule. The
    caller announces what was raised once all rows are written.
    """
    ordered = sorted(matches, key=lambda match: match.rule_id)
    wanted = {match.rule_id for match in ordered}
    rules = {
        r.pk: r for r in Rule.objects.filter(pk__in=wanted).order_by("pk").select_for_update(no_key=True)
    }
    raised = [
        consider(rules[rule_id], list(group), now=now)
        for rule_id, group in groupby(ordered, key=lambda match: match.rule_id)
        if rule_id in rules
    ]
    return [alert for alert in raised if alert is not None] + consider_authors(mentions, now=now)


def consider(rule: Rule, matches, *, now) -> Alert | None:
    """Raise the rule's alert, or let its live one grow. Returns the alert only when it is new."""
    if not rule.raises_alert or not any(match.at > now - FRESH for match in matches):
        return None
    alert = gathering(now, rule=rule, kind=Alert.Kind.MATCH)
    if alert is not None:
        loose = uncounted(rule, now - FRESH)
        grow(alert, now, loose.update(alert=alert), **figures(rule, now))
        return None
    window = FRESH if rule.alert_after == 1 else HOUR
    loose = uncounted(rule, now - window)
    if loose.count() < rule.alert_after:
        return None
    return raise_match(rule, loose, now)


def uncounted(rule: Rule, since):
    """The rule's matches that no alert has counted yet; what is excluded matches nothing."""
    return Match.objects.filter(rule=rule, alert=None, at__gt=since)


def gathering(now, **which) -> Alert | None:
    """The alert that still takes in more of the same."""
    storm = Q(status=states.ESCALATED, last_at__gt=now - QUIET)
    return Alert.objects.filter(Q(status__in=states.ALERT_LIVE) | storm, **which).order_by("opened_at").last()


def raise_match(rule: Rule, loose, now) -> Alert:
    first = loose.order_by("at", "pk").values_list("mention_id", flat=True).first()
    back = returning.first_after_quiet(rule, now - FRESH, now)
    alert = Alert.objects.create(
        kind=Alert.Kind.MATCH,
        rule=rule,
        title=rule.name[:200],
        severity=rule.severity,
        first_mention_id=first,
        why={"quiet_days": round(back.days, 1)} if back else {},
        opened_at=now,
        last_at=now,
    )
    grow(alert, now, loose.update(alert=alert), **figures(rule, now))
    return alert


def figures(rule: Rule, now) -> dict:
    """What the sentence on the alert is made from."""
    within_hour = Match.objects.filter(rule=rule, at__gt=now - HOUR).count()
    within_day = Match.objects.filter(rule=rule, at__gt=now - FRESH).count()
    count, hours = (within_hour, 1) if within_hour else (within_day, 24)
    usual = matches_per_hour(rule, now)
    return {
        "count": count,
        "hours": hours,
        "query": rule.query,
        "usual": None if usual is None else round(usual * hours, 2),
    }


# --- named authors


def consider_authors(mentions, *, now, names_of=recognising.names_of) -> list[Alert]:
    """Consider who wrote the mentions; returns what was raised."""
    fresh = [mention for mention in mentions if mention.published_at > now - FRESH]
    raised = [
        consider_author(author, theirs, now=now) for author, theirs in recognising.recognised(fresh, names_of)
    ]
    return [alert for alert in raised if alert is not None]


def consider_author(author, theirs, *, now) -> Alert | None:
    """Somebody named has spoken: raise it, or let the live alert grow. Returns it only when it is new."""
    pks = [mention.pk for mention in theirs]
    alert = gathering(now, author=author, kind=Alert.Kind.AUTHOR)
    if alert is not None:
        known = alert.why.get("mentions", [])
        grow(alert, now, len(pks), mentions=[*known, *pks][-recognising.KEPT :])
        return None
    return raise_once(
        kind=Alert.Kind.AUTHOR,
        author=author,
        title=author.name,
        severity=author.severity,
        why={"mentions": pks[-recognising.KEPT :], "note": author.note},
        mention_count=len(pks),
        first_mention_id=pks[0],
        now=now,
    )


# --- raising and growing


def raise_once(*, now, **fields) -> Alert | None:
    """Make the alert unless a parallel batch has just made it: the database's constraint decides.

    One too many for the week's budget is held: it is there, and nobody is called.
    """
    alert = Alert(opened_at=now, last_at=now, **fields)
    alert.is_held = budgeting.holds(alert, now)
    if alert.is_held:
        alert.why["budget"] = budgeting.budget().per_week
    before = Alert.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if not Alert.objects.bulk_create([alert], ignore_conflicts=True):
        return None
    which = {
        name: getattr(alert, name) for name in ("kind", "rule", "source", "story", "author", "opened_at")
    }
    return Alert.objects.filter(pk__gt=before, **which).last()


def grow(alert: Alert, now, more: int = 0, **why) -> None:
    """It goes on: count more into the alert, and wake it should it have become much worse."""
    alert.last_at = max(now, alert.last_at)
    alert.learn(more, **why)
    snoozing.wake_if_worse(alert, now=now)


def announce(alert: Alert, *, now) -> None:
    """Write the event of a new alert; the last thing in its transaction."""
    history.record(
        "alert.held" if alert.is_held else "alert.raised",
        by=TUGON,
        now=now,
        subject=alert,
        alert_kind=alert.kind,
        title=alert.title,
        why={name: value for name, value in alert.why.items() if name not in DRAWN},
        severity=alert.severity,
        rule=alert.rule_id,
    )


# --- silence


@transaction.atomic
def note_silence(*, now) -> list[Alert]:
    """A source that usually speaks has said nothing for long: it may be broken, whatever its status says."""
    raised = [raise_silence(source, gap, last, now) for source, gap, last in speech_of_sources(now)]
    told_of = [alert for alert in raised if alert is not None]
    for alert in told_of:
        announce(alert, now=now)
    return told_of


def raise_silence(source, gap, last, now) -> Alert | None:
    if now - last <= max(SILENT_AT_LEAST, SILENT_TIMES * gap) or told(source, last):
        return None
    why = {
        "since": last.isoformat(),
        "hours": round((now - last) / HOUR),
        "usual_hours": round(gap / HOUR, 1),
    }
    return raise_once(kind=Alert.Kind.SILENT, source=source, title=source.name, why=why, now=now)


def told(source, last) -> bool:
    """Whether this very silence has been raised already, whatever became of the alert."""
    return Alert.objects.filter(kind=Alert.Kind.SILENT, source=source, opened_at__gt=last).exists()


# --- what people decide


def acknowledge(alert: Alert, *, by, now) -> Alert:
    """A person has seen it and takes care; what was held or snoozed is so no more."""
    return move(
        alert,
        states.ACKNOWLEDGED,
        by=by,
        now=now,
        kind="alert.acknowledged",
        data=explaining.for_history(alert),
        acknowledged_at=now,
        handled_by=by.name,
        is_held=False,
        snoozed_until=None,
    )


def dismiss(alert: Alert, *, reason: str, by, now) -> Alert:
    """Nothing to do about it, and why."""
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid(_("Say in a few words why this needs no action."), field="reason")
    if len(reason) > 300:
        raise Invalid(_("Use at most 300 characters."), field="reason")
    return move(
        alert,
        states.DISMISSED,
        by=by,
        now=now,
        kind="alert.dismissed",
        data=explaining.for_history(alert) | {"reason": reason},
        dismissed_reason=reason,
        closed_at=now,
        handled_by=by.name,
        snoozed_until=None,
    )


def escalated(alert: Alert, *, by, now, incident) -> Alert:
    """It has become an incident (the incident, or its id); called by whoever opens that."""
    return move(
        alert,
        states.ESCALATED,
        by=by,
        now=now,
        kind="alert.escalated",
        incident=incident,
        data=explaining.for_history(alert),
        closed_at=now,
        handled_by=by.name,
        is_held=False,
        snoozed_until=None,
    )
