"""Why an alert was raised, as a sentence made from its figures in the reader's language."""

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from responses.core.sentences_alerting import OF_A_RULE, OF_ALL

GLANCE = 48  # letters of a query


def heading(alert) -> str:
    """What it is about: a rule's or source's name where there is one, and what happened to it."""
    told = OF_ALL[alert.kind] if is_of_all(alert) else OF_ONE.get(alert.kind)
    if told is None:
        return alert.title
    return str(told) % {
        "title": alert.title,
        "days": figure(alert.why.get("days", 0)),
        "reached": listed(alert.why.get("reached", ())),
    }


OF_ONE = {
    **OF_A_RULE,
    "silent": gettext_lazy("%(title)s has gone silent"),
    "author": gettext_lazy("%(title)s has spoken"),
    "return": gettext_lazy("%(title)s: heard again after %(days)s days"),
    "crossing": gettext_lazy("On %(reached)s now: %(title)s"),
}


def is_of_all(alert) -> bool:
    """About all that is said of the brand: nothing lends such an alert a name."""
    return alert.kind in OF_ALL and not alert.why.get("of_rule", alert.rule_id)


def for_history(alert) -> dict:
    """What an event keeps of the alert's name, so that it is told in the language of whoever reads it."""
    if not is_of_all(alert):
        return {"title": alert.title}
    return {"title": alert.title, "alert_kind": alert.kind, "days": alert.why.get("days")}


def because(alert) -> str:
    return TELL[alert.kind](alert.why)


def matches(why) -> str:
    """12 matches of “sunog OR fire” in the last hour; usually 0.4."""
    count = why["count"]
    said = _matched(count, why["query"], why.get("hours", 1) == 1)
    told = _with_usual(said % {"count": figure(count), "query": why["query"]}, why.get("usual"))
    if why.get("quiet_days"):
        told += " " + _("Nothing for %(days)s days before.") % {"days": figure(why["quiet_days"])}
    return told


def _matched(count: int, query: str, is_hour: bool) -> str:
    """A query longer than a glance says less than the rule's name, which stands above."""
    if len(query) > GLANCE:
        if is_hour:
            return ngettext("%(count)s match within an hour", "%(count)s matches within an hour", count)
        return ngettext("%(count)s match within a day", "%(count)s matches within a day", count)
    if is_hour:
        return ngettext(
            "%(count)s match of “%(query)s” within an hour",
            "%(count)s matches of “%(query)s” within an hour",
            count,
        )
    return ngettext(
        "%(count)s match of “%(query)s” within a day", "%(count)s matches of “%(query)s” within a day", count
    )


def spike(why) -> str:
    """96 mentions in 15 minutes, 61 of them negative; usually 4.2."""
    if "hour" in why:
        return spike_of_hour(why)
    said = ngettext(
        "%(count)s mention in %(minutes)s minutes", "%(count)s mentions in %(minutes)s minutes", why["count"]
    )
    said %= {"count": figure(why["count"]), "minutes": why["minutes"]}
    if why.get("negative"):
        negative = ngettext(
            "%(said)s, %(negative)s of them negative",
            "%(said)s, %(negative)s of them negative",
            why["negative"],
        )
        said = negative % {"said": said, "negative": figure(why["negative"])}
    return _with_usual(said, why.get("usual"))


def spike_of_hour(why) -> str:
    """96 mentions in the hour from 13:00; usually 4.2. (As alerts of before were counted.)"""
    said = ngettext(
        "%(count)s mention in the hour from %(hour)s",
        "%(count)s mentions in the hour from %(hour)s",
        why["count"],
    )
    values = {"count": figure(why["count"]), "hour": moment(why["hour"], "H:i")}
    return _with_usual(said % values, why.get("usual"))


def fall(why) -> str:
    """24 of 40 mentions in the last 6 hours were negative (60 %); usually 18 %."""
    values = {
        "negative": figure(why["negative"]),
        "count": figure(why["count"]),
        "hours": why["hours"],
        "share": round(100 * why["negative"] / why["count"]),
        "usual": round(100 * why["usual"]),
    }
    return (
        _(
            "%(negative)s of %(count)s mentions in %(hours)s hours were negative (%(share)s %%);"
            " usually %(usual)s %%."
        )
        % values
    )


def burn(why) -> str:
    """310 mentions in 4 days; usually 180 in so many. No single hour shows it."""
    return _(
        "%(count)s mentions in %(days)s days; usually %(usual)s in as many. No single hour shows it."
    ) % {"count": figure(why["count"]), "days": why["days"], "usual": figure(why["usual"])}


def back(why) -> str:
    """The first match since 2 Nov: 21 days of quiet, far longer than this rule's usual pauses."""
    return _("The first match since %(last)s, after %(days)s days: far longer than its usual pauses.") % {
        "last": moment(why["last"], "j M"),
        "days": figure(why["days"]),
    }


def author(why) -> str:
    """3 mentions by an author you look out for: consumer reporter."""
    count = len(why.get("mentions", ()))
    said = ngettext(
        "%(count)s mention by an author you look out for",
        "%(count)s mentions by an author you look out for",
        count,
    ) % {"count": figure(count)}
    return f"{said}: {why['note']}." if why.get("note") else f"{said}."


def crossing(why) -> str:
    """12 mentions say the same; first on Bluesky, now on Reddit too."""
    said = ngettext(
        "%(count)s mention says the same; first on %(were)s, now on %(reached)s too.",
        "%(count)s mentions say the same; first on %(were)s, now on %(reached)s too.",
        why["count"],
    )
    return said % {
        "count": figure(why["count"]),
        "were": listed(why["were"]),
        "reached": listed(why["reached"]),
    }


def silence(why) -> str:
    """Nothing since 22 Nov, 14:00, for 26 hours; usually something every 1.5 hours."""
    values = {
        "since": moment(why["since"], "j M, H:i"),
        "hours": figure(why["hours"]),
        "usual": figure(why["usual_hours"]),
    }
    return (
        _("Nothing since %(since)s, for %(hours)s hours; usually something every %(usual)s hours.") % values
    )


TELL = {
    "match": matches,
    "spike": spike,
    "silent": silence,
    "fall": fall,
    "burn": burn,
    "author": author,
    "return": back,
    "crossing": crossing,
}


def why_held(alert) -> str:
    """Why it was raised without calling anybody; nothing where somebody was called."""
    if not alert.is_held:
        return ""
    per_week = alert.why.get("budget", 0)
    return ngettext(
        "Held, and nobody was called: %(per_week)s alert had rung within a week, which is all the team wants"
        " to look at, and this one is below level 3.",
        "Held, and nobody was called: %(per_week)s alerts had rung within a week, which is all the team wants"
        " to look at, and this one is below level 3.",
        per_week,
    ) % {"per_week": figure(per_week)}


def _with_usual(said: str, usual) -> str:
    if usual is None:
        return _("%(said)s. There is no usual figure yet.") % {"said": said}
    return _("%(said)s; usually %(usual)s.") % {"said": said, "usual": figure(usual)}


def listed(names) -> str:
    return ", ".join(names)


def figure(value) -> str:
    """12, 0.4, 0: one decimal only where it says something."""
    short = round(value, 1)
    small = short < 10 and short != int(short)
    return number_format(short if small else round(value), use_l10n=True, force_grouping=True)


def moment(written: str, form: str) -> str:
    at = parse_datetime(written)
    return date_format(timezone.localtime(at), form) if at else written


def shorten(query: str) -> str:
    query = " ".join(query.split())
    return query if len(query) <= 80 else f"{query[:79]}…"
