"""The charts of the interface as template tags: drawn on the server, with their numbers beside them."""

from datetime import datetime, timedelta

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from agency.templatetags import drawing, plotting

register = template.Library()
MANY_TIMES = 3  # as many: below that, percents say it better


@register.filter
def percent(part):
    """0.123 → "12%"."""
    return f"{round(100 * part)}%"


register.filter(plotting.signed)


@register.filter
def compact(count):
    """1234 → "1.2k", 3400000 → "3.4M"."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if count >= size:
            short = round(count / size, 1) if count < 10 * size else round(count / size)
            return f"{number_format(short, use_l10n=True)}{letter}"
    return str(count)


@register.filter
def factor(times):
    """2.5, 14: a decimal only where it says something."""
    short = round(times, 1) if times < 10 else round(times)
    return number_format(int(short) if short == int(short) else short, use_l10n=True)


@register.filter
def change(now, before):
    """How much more or less than before: "new", "3.2 times", "+40%", "−12%", "as before"."""
    if not before:
        return _("new") if now else _("as before")
    if now >= MANY_TIMES * before:
        return _("%(n)s times") % {"n": factor(now / before)}
    more = round(100 * (now - before) / before)
    return f"{more:+d}%".replace("-", "−") if more else _("as before")


@register.inclusion_tag("components/sparkline.html")
def sparkline(values, label="", hot_from=None):
    """A line of counts; from index `hot_from` on it is drawn hot, with a dot at its end."""
    values = list(values)
    points = drawing.polyline(values)
    hot = points[max(0, hot_from - 1) :] if hot_from is not None and hot_from < len(points) else []
    return {"points": " ".join(points), "hot": " ".join(hot), "label": label or _range_words(values)}


@register.inclusion_tag("components/sparkline.html")
def course(chart):
    """The chart that an alert keeps, small: hot from where it began. A last step that was not over when it
    was drawn is left out, lest the line dip, unless the alert began in it.
    """
    counts, step = chart["counts"], timedelta(minutes=chart["minutes"])
    first, known = datetime.fromisoformat(chart["first"]), plotting.known_until(chart)
    began = max((datetime.fromisoformat(chart["at"]) - first) // step, 0)
    if known and first + len(counts) * step > known and began < len(counts) - 1:
        counts = counts[:-1]
    return sparkline(counts, "", began)


def _range_words(values):
    if not values:
        return _("No mentions")
    return _("From %(first)s to %(last)s, at most %(top)s") % {
        "first": values[0],
        "last": values[-1],
        "top": max(values),
    }


@register.inclusion_tag("components/tone.html")
def tone(neg, neu, pos):
    """Counts of negative, neutral and positive as one bar."""
    total = (neg or 0) + (neu or 0) + (pos or 0)
    shares = [round(100 * (n or 0) / total) for n in (neg, neu, pos)] if total else [0, 0, 0]
    return {"total": total, "neg": shares[0], "neu": shares[1], "pos": shares[2], "pos_x": 100 - shares[2]}


@register.inclusion_tag("components/chart.html", takes_context=True)
def volume_chart(context, buckets, marks=(), label="", feed=""):
    """Counts by tone per bucket {at, neg, neu, pos}, with marks {at, label} of what happened.

    `feed` is the address of the feed: each step leads to its mentions there.
    """
    rows = [plotting.bucket(each) for each in buckets]
    axis = plotting.axis_of(rows, context)
    return plotting.volume(axis, rows, marks, label, feed) if axis else {}


@register.inclusion_tag("components/chart.html", takes_context=True)
def net_chart(context, buckets, label="", feed=""):
    """Net sentiment, −100 to +100, of the same buckets as bars about a middle line; faint where few spoke."""
    rows = [plotting.bucket(each) for each in buckets]
    axis = plotting.axis_of(rows, context)
    return plotting.net(axis, rows, label, feed) if axis and any(row["total"] for row in rows) else {}


@register.inclusion_tag("components/bar.html")
def bar(part, whole, kind=""):
    """A quantity as a bar beside its number: `part` of the longest, `whole`. The number says it in words."""
    return {"width": f"{100 * part / whole:.1f}%" if whole else "0%", "kind": kind}


@register.inclusion_tag("components/chart.html", takes_context=True)
def usual_chart(context, chart, label="", feed=""):
    """Counts beside what is usual, as an alert keeps it: {first, minutes, counts, usual, at}."""
    counts = (chart or {}).get("counts", [])
    if len(counts) < 2:
        return {}
    first, step = datetime.fromisoformat(chart["first"]), timedelta(minutes=chart["minutes"])
    rows = [{"at": first + step * n} for n in range(len(counts))]
    known = plotting.known_until(chart)
    return plotting.usual(plotting.axis_of(rows, {"now": known} if known else context), chart, label, feed)
