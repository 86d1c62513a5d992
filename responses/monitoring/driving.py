"""What drives an alert, kept with it so that it stays true: its course beside the usual, and its terms,
authors, sources.

Drawn after the alert was raised, in the reaction to its event: no batch of mentions waits for it.
"""

from django.utils.dateparse import parse_datetime

from . import states
from .models import Alert, Mention
from .noticing import SEEN_FOR, offset
from .seasons import Season
from .subjects import HOUR, Subject, hour
from .trending import drivers

DRAWN = 48  # hours
DAYS_DRAWN = 14
DRIVERS = 5
TWICE = 2


def mentions_of(alert: Alert):
    """The mentions an alert is about."""
    kinds = Alert.Kind
    if alert.kind == kinds.MATCH:
        return Mention.objects.filter(matches__alert=alert)
    if alert.kind == kinds.AUTHOR:
        return Mention.objects.filter(pk__in=alert.why.get("mentions", []))
    if alert.kind == kinds.CROSSING:
        return Mention.objects.filter(story=alert.story_id) if alert.story_id else Mention.objects.none()
    if alert.kind == kinds.SILENT:
        return Mention.objects.filter(source=alert.source_id) if alert.source_id else Mention.objects.none()
    if is_about_a_removed_rule(alert):
        return Mention.objects.none()
    found = Subject(alert.rule).mentions(since_of(alert), alert.last_at + HOUR / 12)
    return found.filter(sentiment="negative") if alert.kind == kinds.FALL else found


def is_about_a_removed_rule(alert: Alert) -> bool:
    """It stays as it was told; it is not about the brand as a whole."""
    return alert.rule_id is None and bool(alert.why.get("of_rule"))


def since_of(alert: Alert):
    return parse_datetime(alert.why.get("since", "")) or alert.opened_at - HOUR


def illustrate(alert: Alert, *, now) -> None:
    """Keep with the alert what it looked like."""
    found = mentions_of(alert)
    alert.learn(chart=chart(alert), drivers=drivers(found, DRIVERS), drawn=alert.mention_count)


def chart(alert: Alert) -> dict:
    """Counts of the last two days up to the alert (a burn: two weeks), and what is usual there."""
    if alert.kind in (Alert.Kind.SILENT, Alert.Kind.AUTHOR, Alert.Kind.CROSSING):
        return {}
    subject, until = Subject(alert.rule), max(alert.opened_at, alert.last_at)
    hours = subject.hours(until - SEEN_FOR, until)
    season = Season(hours, max(hours.size - DRAWN // 2, 0), offset(until))
    step = 24 if alert.kind == Alert.Kind.BURN else 1
    wanted = DAYS_DRAWN if step == 24 else DRAWN
    places = [hours.size - step * n for n in range(wanted, 0, -1)]
    places = [place for place in places if place >= 0]
    if len(places) < 2:
        return {}
    is_fall = alert.kind == Alert.Kind.FALL
    counts = [(hours.negative if is_fall else hours.all)(place, place + step) for place in places]
    usual = [season.stretch(place, place + step) for place in places] if season.is_known else []
    if is_fall:
        usual = [alert.why["usual"] * value for value in usual]
    return {
        "first": hours.at(places[0]).isoformat(),
        "minutes": 60 * step,
        "counts": counts,
        "usual": [round(value, 2) for value in usual],
        "at": hour(alert.opened_at).isoformat(),
        "until": until.isoformat(),  # what was known then: the last step may not have been over
    }


def keep_fresh(*, now) -> None:
    """Draw anew what has doubled since it was drawn: a storm that was drawn as it broke is all anew an hour
    later.
    """
    lately = Alert.objects.filter(
        status__in=states.ALERT_LIVE | {states.ESCALATED},
        is_held=False,
        last_at__gt=now - 2 * HOUR,
        why__has_key="drawn",
    )
    for alert in lately.select_related("rule"):
        if alert.mention_count >= TWICE * alert.why["drawn"]:
            illustrate(alert, now=now)
