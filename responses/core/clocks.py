"""Due times: how they are counted, how late something is, both in words. Nothing here asks the time."""

from datetime import timedelta

from agency.templatetags import wording

NO_TIME = timedelta(0)


def after(start, minutes: int | None):
    """The moment `minutes` after `start`; None when nothing was promised."""
    return None if start is None or minutes is None else start + timedelta(minutes=minutes)


def earliest(*moments):
    """The first of the moments that are there, or None."""
    return min((moment for moment in moments if moment is not None), default=None)


def late_by(due_at, at) -> timedelta:
    """How much later than due `at` is; no time at all when it is not late or nothing was due."""
    return max(NO_TIME, at - due_at) if due_at else NO_TIME


def is_late(due_at, at) -> bool:
    return late_by(due_at, at) > NO_TIME


def words(span: timedelta) -> str:
    """'33 min', '1 h 09', in the reader's language."""
    return str(wording.duration_words(span.total_seconds()))


def wall(at, now) -> str:
    """'15:00' today, with the day when it is another; in the reader's zone."""
    return wording.clock_words(at, now)
