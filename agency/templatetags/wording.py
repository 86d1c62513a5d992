"""Time in words, as a person reads it: how long ago, what the clock said, how long it took."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTE, HOUR, DAY = 60, 3600, 86400


def moment(context):
    """The `now` the page was made for, so that every time on it agrees; the clock only if there is none."""
    now = context.get("now")
    return now if isinstance(now, datetime) else timezone.now()


def clock_words(at, now):
    """'14:07' today, '21 Nov, 14:07' this year, with the year before that. In the person's zone."""
    local, today = timezone.localtime(at), timezone.localtime(now)
    hour = local.strftime("%H:%M")
    if local.date() == today.date():
        return hour
    day = date_format(local, "j M" if local.year == today.year else "j M Y")
    return f"{day}, {hour}"


def full_words(at):
    """Day, hour and zone, for the tooltip."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'j F Y')}, {local:%H:%M:%S} {local.tzname()}"


def ago_words(at, now):
    """'6 min ago', 'in 22 min'; after a week the date says more than a count."""
    seconds = int((now - at).total_seconds())
    if abs(seconds) < 45:
        return _("just now")
    if abs(seconds) >= 7 * DAY:
        return clock_words(at, now)
    span = _span(abs(seconds))
    return _("%(span)s ago") % {"span": span} if seconds > 0 else _("in %(span)s") % {"span": span}


def _span(seconds):
    if seconds < HOUR:
        return _("%(n)d min") % {"n": max(1, round(seconds / MINUTE))}
    if seconds < DAY:
        return _("%(n)d h") % {"n": round(seconds / HOUR)}
    days = max(1, round(seconds / DAY))
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def duration_words(seconds):
    """'45 s', '33 min', '1 h 09', '2 days': as many places as a decision needs, no more."""
    seconds = max(0, int(seconds))
    if seconds < MINUTE:
        return _("%(n)d s") % {"n": seconds}
    if seconds < HOUR:
        return _("%(n)d min") % {"n": seconds // MINUTE}
    if seconds < 2 * DAY:
        return _("%(h)d h %(m)02d") % {"h": seconds // HOUR, "m": seconds % HOUR // MINUTE}
    days = seconds // DAY
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def whole_seconds(value):
    """Seconds, from a timedelta or a number."""
    return int(value.total_seconds() if isinstance(value, timedelta) else value)
