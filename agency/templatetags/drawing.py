"""The geometry of charts. Coordinates leave here as text, so no language puts a comma into them."""

from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format

STEPS = [timedelta(minutes=m) for m in (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 43200)]
MOST_TICKS = 5
LABEL_ROWS = 4
MOST_LINES = 5  # of a scale, the ground apart
EDGE = 6  # percent
SHARE_PER_LETTER = 1.9  # how much of a phone's width one letter of a label takes, in percent


def polyline(values, low=2.0, high=28.0):
    """Points of a line in a 100 × 30 box, the highest value on top."""
    top = max(values, default=0) or 1
    width = 100 / max(1, len(values) - 1)
    return [f"{i * width:.1f},{high - (high - low) * value / top:.1f}" for i, value in enumerate(values)]


def scale(top):
    """A round height that holds `top`, and its lines, as (place from above in percent, number)."""
    step = next(size for size in _round_sizes() if top <= MOST_LINES * size)
    height = step * max(1, -(-top // step))
    return height, [(f"{100 - 100 * at / height:.2f}%", at) for at in range(0, int(height) + 1, step)]


def _round_sizes():
    size = 1
    while True:
        yield from (size, 2 * size, 5 * size)
        size *= 10


def areas(rows, top, columns):
    """Closed paths in a 100 × 100 box, one for each part of the rows, stacked from the ground up.

    A row stands in the middle of its column; there may be fewer rows than columns, then they end before.
    """
    floor, paths = [0.0] * len(rows), []
    for part in range(len(rows[0]) if rows else 0):
        ceiling = [base + row[part] for base, row in zip(floor, rows, strict=True)]
        paths.append(_between(floor, ceiling, 100 / columns, top))
        floor = ceiling
    return paths


def _between(floor, ceiling, width, top):
    def points(heights):
        middles = [(i * width + width / 2, height) for i, height in enumerate(heights)]
        whole = [(0, heights[0]), *middles, (width * len(heights), heights[-1])]
        return [f"{x:.2f},{100 - 100 * height / top:.2f}" for x, height in whole]

    return "M" + " L".join(points(ceiling) + points(floor)[::-1]) + "Z"


def line(values, top, width=100.0):
    """Points of a line in a 100 × 100 box, each in the middle of its column."""
    column = width / max(1, len(values))
    return " ".join(
        f"{i * column + column / 2:.2f},{100 - 100 * value / top:.2f}" for i, value in enumerate(values)
    )


def stacked(place, parts, top, columns, gap=0.22):
    """One column's bars from the ground up, as (x, y, width, height, which part)."""
    width, floor, found = 100 / columns, 0.0, []
    for part, count in enumerate(parts):
        if not count:
            continue
        height = 100 * count / top
        box = (place * width + width * gap / 2, 100 - floor - height, width * (1 - gap), height)
        found.append((*(f"{each:.2f}" for each in box), part))
        floor += height
    return found


def diverging(values, gap=0.22):
    """Bars up from the middle for what is above nought, down for what is below; values from −1 to 1.

    For each (x, y, width, height, "pos" or "neg") in a 100 × 100 box; None for a place without a value.
    """
    width, bars = 100 / max(1, len(values)), []
    for i, value in enumerate(values):
        if value is None:
            bars.append(None)
            continue
        height = max(50 * abs(value), 0.75)  # nought is seen too
        top = 50 - height if value > 0 else 50.0
        place = (i * width + width * gap / 2, top, width * (1 - gap), height)
        bars.append((*(f"{each:.2f}" for each in place), "pos" if value > 0 else "neg"))
    return bars


def share(at, start, end):
    """Where a moment lies between two others, 0 to 100."""
    whole = (end - start).total_seconds() or 1
    return 100 * (at - start).total_seconds() / whole


def ticks(start, end):
    """A few round moments between start and end, as (position, words, anchor)."""
    step = next((s for s in STEPS if (end - start) / s <= MOST_TICKS), STEPS[-1])
    at, found = _round_up(timezone.localtime(start), step), []
    while at <= end:
        words = at.strftime("%H:%M") if step < timedelta(days=1) else date_format(at, "j M")
        found.append((*_edge(share(at, start, end)), words))
        at += step
    return [(place, words, anchor) for place, anchor, words in found]


def _edge(position):
    """Words in the middle below their moment, but inside the chart at its ends."""
    anchor = "start" if position < EDGE else "end" if position > 100 - EDGE else "middle"
    return f"{position:.2f}%", anchor


def _round_up(at, step):
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    past = at - midnight
    return midnight + step * -(-past // step)


def place_labels(marks):
    """Give each (position, words) an anchor and a row so that labels do not lie on one another."""
    ends, placed = [float("-inf")] * LABEL_ROWS, []
    for position, words in sorted(marks):
        left, right, anchor = _reach(position, len(words) * SHARE_PER_LETTER)
        row = next((i for i, end in enumerate(ends) if end <= left), len(placed) % LABEL_ROWS)
        ends[row] = right
        placed.append({"x": f"{position:.2f}%", "words": words, "anchor": anchor, "row": row})
    return placed


def _reach(position, width):
    if position > 50:
        return position - width, position, "end"
    return position, position + width, "start"
