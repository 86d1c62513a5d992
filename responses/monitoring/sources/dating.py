"""When it was said, by what a provider or a program claims, and how long that was before it was heard."""

from collections.abc import Iterable
from datetime import UTC, datetime

OLDEST = datetime(1990, 1, 1, tzinfo=UTC)  # an earlier date is a clock that was never set
LONGEST_LAG = 2**31 - 1  # what the column holds


def said_at(at: datetime | None, now: datetime) -> datetime | None:
    """None when it is not told, or what no clock shows; a time yet to come is a clock that runs fast."""
    return min(at, now) if at and at >= OLDEST else None


def lag(told: Iterable[datetime | None], now: datetime) -> int | None:
    """The seconds since the newest of them was said; None when none says when."""
    known = [at for at in (said_at(each, now) for each in told) if at]
    return min(round((now - max(known)).total_seconds()), LONGEST_LAG) if known else None
