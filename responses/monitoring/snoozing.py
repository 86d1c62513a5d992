"""Snoozing: an alert that nobody needs to see for a while, and that comes back by itself.

It keeps growing meanwhile. One of level 3 or 4 wakes before its time when twice as much has been said as
when it was put to sleep: what is grave and gets worse may not be slept through. An acknowledged alert may
be snoozed too.
"""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from responses import due as dues
from responses.core import history
from responses.core.actors import TUGON
from responses.core.transitions import change
from responses.errors import Conflict, Invalid, NotAllowed

from . import explaining, states
from .models import Alert

HOUR_1, HOURS_4, TOMORROW, UNTIL = "1h", "4h", "tomorrow", "until"
CHOICES = [
    (HOUR_1, gettext_lazy("for an hour")),
    (HOURS_4, gettext_lazy("for four hours")),
    (TOMORROW, gettext_lazy("until tomorrow, 08:00")),
    (UNTIL, gettext_lazy("until a time of your own")),
]
MORNING = time(8)
LONGEST = timedelta(days=14)
GRAVE = 3
WORSE_TIMES, WORSE_BY = 2, 5  # mentions, against those when it was put to sleep


def until_of(choice: str, now, own: datetime | None = None) -> datetime | None:
    """The moment a choice means, on the clock of the person who is signed in."""
    if choice == TOMORROW:
        day = timezone.localtime(now).date() + timedelta(days=1)
        return timezone.make_aware(datetime.combine(day, MORNING))
    return {HOUR_1: now + timedelta(hours=1), HOURS_4: now + timedelta(hours=4)}.get(choice, own)


@transaction.atomic
def snooze(alert: Alert, *, until: datetime | None, by, now) -> Alert:
    """Out of everybody's sight until then."""
    if alert.status not in states.ALERT_LIVE:
        raise NotAllowed(_("This alert has been decided, so it cannot be snoozed."))
    if until is None or not now < until <= now + LONGEST:
        raise Invalid(_("Choose a time within the next 14 days."), field="until")
    change(alert, snoozed_until=until, snoozed_by=by.name)
    alert.learn(snoozed_count=alert.mention_count)
    told = explaining.for_history(alert) | {"until": until.isoformat()}
    history.record("alert.snoozed", by=by, now=now, subject=alert, **told)
    dues.by(until)
    return alert


@transaction.atomic
def wake(alert: Alert, *, by, now, worse: bool = False) -> Alert:
    """Back into sight; waking what is awake is no error."""
    if alert.snoozed_until is not None:
        change(alert, snoozed_until=None)
        told = explaining.for_history(alert) | {"worse": worse}
        history.record("alert.woken", by=by, now=now, subject=alert, **told)
    return alert


def wake_due(*, now) -> int:
    """Those whose time is over; returns how many."""
    over = list(asleep().filter(snoozed_until__lte=now))
    return sum(woken(alert, now, worse=False) for alert in over)


def wake_if_worse(alert: Alert, *, now) -> None:
    before = alert.why.get("snoozed_count", 0)
    grave = alert.snoozed_until and alert.severity >= GRAVE
    if grave and alert.mention_count >= WORSE_TIMES * before + WORSE_BY:
        woken(Alert.objects.get(pk=alert.pk), now, worse=True)


def woken(alert: Alert, now, worse: bool) -> bool:
    try:
        wake(alert, by=TUGON, now=now, worse=worse)
    except Conflict:  # a person was quicker
        return False
    return True


def asleep():
    return Alert.objects.filter(status__in=states.ALERT_LIVE, snoozed_until__isnull=False)


def next_waking():
    """When the next one wakes; None when all are awake."""
    return asleep().order_by("snoozed_until").values_list("snoozed_until", flat=True).first()
