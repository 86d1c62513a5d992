"""Due times are plain arithmetic."""

from datetime import UTC, datetime, timedelta

import pytest

from responses.core import clocks

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(("due", "at", "late"), [(0, 5, 5), (5, 0, 0), (5, 5, 0), (None, 5, 0)])
def test_late_by(due, at, late):
    due_at = None if due is None else NOON + timedelta(minutes=due)
    at = NOON + timedelta(minutes=at)
    assert clocks.late_by(due_at, at) == timedelta(minutes=late)
    assert clocks.is_late(due_at, at) is bool(late)


def test_after_and_earliest():
    assert clocks.after(NOON, 90) == NOON + timedelta(minutes=90)
    assert clocks.after(NOON, None) is None
    assert clocks.after(None, 5) is None
    assert clocks.earliest(None, NOON, clocks.after(NOON, 1)) == NOON
    assert clocks.earliest(None, None) is None


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ({"seconds": 20}, "20 s"),
        ({"minutes": 33}, "33 min"),
        ({"minutes": 69}, "1 h 09"),
        ({"days": 3}, "3 days"),
    ],
)
def test_words(span, words):
    assert clocks.words(timedelta(**span)) == words
