"""The three charts over time, each as what `components/chart.html` draws: one frame, one scale, one table."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agency.templatetags import drawing
from agency.templatetags.axis import Axis

TONES = ("neg", "neu", "pos")
FEW = 5  # mentions: a share of fewer says little and is drawn faint
LONGEST_MARK = 28
ABOVE, MARK_ROW, TALL, BELOW = 8, 14, 132, 22  # pixels


def axis_of(rows, context) -> Axis | None:
    """The steps of rows {at}; None where there are too few to draw."""
    if len(rows) < 2:
        return None
    return Axis.of([row["at"] for row in rows], context.get("now") or timezone.now())


def get(thing, name):
    return thing[name] if isinstance(thing, dict) else getattr(thing, name)


def bucket(raw) -> dict:
    found = {name: get(raw, name) or 0 for name in TONES}
    return {"at": get(raw, "at"), "total": sum(found.values()), **found}


def figure(number) -> str:
    return number_format(number, use_l10n=True, force_grouping=True)


def frame(axis: Axis, told: list[str], label: str, feed: str, **more) -> dict:
    """What every chart has: its steps, what each says, where it leads; room above for the rows of marks."""
    above = ABOVE + MARK_ROW * rows_of_words(more.get("marks", ()))
    return {
        "y": above,
        "tall": TALL,
        "ground": above + TALL,
        "height": above + TALL + BELOW,
        "label": label,
        "columns": axis.columns(told, feed),
        "leads": bool(feed),
        "last": len(told) - 1,
        "said_last": told[-1],
        "ticks": axis.ticks,
        "is_open": axis.done < len(told),
        **more,
    }


def rows_of_words(marks) -> int:
    return max((one["row"] + 1 for one in marks if one["words"]), default=0)


def moment(axis: Axis, place: int) -> str:
    """A step's name; the one that is not over says so."""
    words = axis.words(place)
    return words if place < axis.done else _("%(at)s, so far") % {"at": words}


# --- how much


def volume(axis: Axis, rows, marks, label: str, feed: str) -> dict:
    peak = max(range(len(rows)), key=lambda place: rows[place]["total"])
    top, lines = drawing.scale(rows[peak]["total"])
    values = {"top": figure(rows[peak]["total"]), "at": axis.words(peak)}
    placed = drawing.place_labels([(axis.x(at), words) for at, words in map(mark, marks) if axis.holds(at)])
    return frame(
        axis,
        [volume_said(axis, place, row) for place, row in enumerate(rows)],
        label or _("Mentions over time by tone"),
        feed,
        lines=[(y, figure(at)) for y, at in lines],
        **shapes(axis, [[row[tone] for tone in TONES] for row in rows], top, TONES),
        marks=placed,
        summary=" ".join([_("At most %(top)s at once.") % values, *(f"{each['words']}." for each in placed)]),
        caption=_("Peak %(top)s at %(at)s") % values,
        keys=[("neg", _("Negative")), ("neu", _("Neutral")), ("pos", _("Positive"))],
        heads=[_("Negative"), _("Neutral"), _("Positive")],
        table=table(axis, feed, [[figure(row[tone]) for tone in TONES] for row in rows]),
    )


def volume_said(axis: Axis, place: int, row) -> str:
    words = ngettext(
        "%(total)s mention, %(neg)s negative, %(pos)s positive",
        "%(total)s mentions, %(neg)s negative, %(pos)s positive",
        row["total"],
    ) % {name: figure(row[name]) for name in ("total", "neg", "pos")}
    return f"{moment(axis, place)}: {words}"


def shapes(axis: Axis, parts, top, kinds) -> dict:
    """Areas where the steps are many and full, else bars; a step that goes on is a bar, and a light one."""
    count = len(parts)
    drawn = range(count) if axis.is_for_bars([sum(each) for each in parts]) else range(axis.done, count)
    bars = []
    for place in drawn:
        faint = "" if place < axis.done else " open"
        stacked = drawing.stacked(place, parts[place], top, count)
        bars += [(*box, kinds[part] + faint) for *box, part in stacked]
    paths = [] if len(drawn) == count else drawing.areas(parts[: axis.done], top, count)
    return {"areas": list(zip(kinds, paths, strict=False)), "bars": bars}


def mark(raw):
    """Of a mark {at, label}, or {at, label, day: True} where the hour says nothing."""
    at, words = get(raw, "at"), str(get(raw, "label"))
    words = words if len(words) <= LONGEST_MARK else words[: LONGEST_MARK - 1] + "…"
    is_plain = isinstance(raw, dict) and raw.get("day")
    return at, words if is_plain else f"{words} {timezone.localtime(at):%H:%M}"


def table(axis: Axis, feed: str, cells) -> list[dict]:
    return [
        {"words": moment(axis, place), "url": axis.address(feed, place), "cells": each}
        for place, each in enumerate(cells)
    ]


# --- in which tone


def net(axis: Axis, rows, label: str, feed: str) -> dict:
    values = [(row["pos"] - row["neg"]) / row["total"] if row["total"] else None for row in rows]
    shown = [None if value is None else signed(value) for value in values]
    last = max(place for place, value in enumerate(values) if value is not None)
    bars = [
        (*bar[:4], bar[4] + weight(axis, place, rows[place]["total"]))
        for place, bar in enumerate(drawing.diverging(values))
        if bar
    ]
    return frame(
        axis,
        [net_said(axis, place, row, shown[place]) for place, row in enumerate(rows)],
        label,
        feed,
        lines=[("0%", "+100"), ("25%", "+50"), ("50%", "0"), ("75%", "−50"), ("100%", "−100")],
        middle=True,
        bars=bars,
        has_few=any(0 < row["total"] < FEW for row in rows),
        summary=_("Last: %(value)s at %(at)s.") % {"value": shown[last], "at": axis.words(last)},
        keys=[("pos", _("More positive")), ("neg", _("More negative"))],
        heads=[_("Net sentiment"), _("Mentions")],
        table=table(axis, feed, [[shown[n] or "–", figure(row["total"])] for n, row in enumerate(rows)]),
    )


def weight(axis: Axis, place: int, total: int) -> str:
    """How a bar is drawn: lightly where the step goes on, faintly where few spoke."""
    return (" open" if place >= axis.done else "") + (" few" if total < FEW else "")


def net_said(axis: Axis, place: int, row, shown) -> str:
    if shown is None:
        return f"{moment(axis, place)}: {_('nothing said')}"
    words = ngettext("%(net)s of %(n)s mention", "%(net)s of %(n)s mentions", row["total"])
    return f"{moment(axis, place)}: {words % {'net': shown, 'n': figure(row['total'])}}"


def signed(part) -> str:
    """−1 … 1 as a whole number with its sign; a dash for None."""
    if part is None:
        return "–"
    return f"{round(100 * part):+d}".replace("-", "−") if round(100 * part) else "0"


# --- beside the usual


def usual(axis: Axis, chart: dict, label: str, feed: str) -> dict:
    counts, expected = chart["counts"], chart["usual"]
    event = timezone.localtime(datetime.fromisoformat(chart["at"]))
    top, lines = drawing.scale(max([*counts, *expected, 1]))
    when = {"at": date_format(event, "j M H:i")}
    return frame(
        axis,
        [usual_said(axis, place, count, expected) for place, count in enumerate(counts)],
        label or _("Mentions beside what is usual"),
        feed,
        lines=[(y, figure(at)) for y, at in lines],
        **shapes(axis, [[count] for count in counts], top, ("neg",)),
        expected=drawing.line(expected, top) if expected else "",
        marks=[{"x": f"{min(max(axis.x(event), 0), 100):.2f}%", "words": "", "anchor": "start", "row": 0}],
        summary=f"{_('At most %(top)s at once.') % {'top': figure(max(counts))}} "
        f"{_('The alert began at %(at)s.') % when}",
        caption=_("Alert at %(at)s") % when,
        keys=usual_keys(chart),
        heads=[_("Mentions"), *([_("Usual")] if expected else [])],
        table=table(axis, feed, [usual_cells(n, counts, expected) for n in range(len(counts))]),
    )


def known_until(chart: dict) -> datetime | None:
    """Up to when an alert's chart was known as it was drawn; older ones do not say."""
    return datetime.fromisoformat(chart["until"]) if "until" in chart else None


def usual_keys(chart: dict) -> list:
    each = _("Each day") if chart["minutes"] >= 1440 else _("Each hour")
    return [("neg", each), *([("usual", _("Usual"))] if chart["usual"] else [])]


def usual_cells(place: int, counts, expected) -> list[str]:
    return [figure(counts[place]), *([number_format(round(expected[place], 1))] if expected else [])]


def usual_said(axis: Axis, place: int, count: int, expected) -> str:
    words = ngettext("%(n)s mention", "%(n)s mentions", count) % {"n": figure(count)}
    if expected:
        words = _("%(mentions)s, usually %(usual)s") % {
            "mentions": words,
            "usual": number_format(round(expected[place], 1)),
        }
    return f"{moment(axis, place)}: {words}"
