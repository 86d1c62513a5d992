"""Reading what a provider sent: every value may be missing, or of another kind than documented."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from responses.monitoring.sources.base import Item
from responses.monitoring.sources.cleaning import one_line, tidy
from responses.monitoring.sources.dating import OLDEST, said_at

LARGEST = 2**63 - 1  # what the column holds
MOST_REACH = 10**12  # more ears than there are: nobody has as many followers, whatever a server says
LONGEST_ID = 255


def part(found: Any, *path: str) -> Any:
    """`part(post, "author", "metrics")` is what stands there, or None."""
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def dicts(found: Any) -> list[dict[str, Any]]:
    """The objects of a list; nothing when it is none."""
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def text(found: Any, *path: str) -> str:
    """The text that stands there, tidied."""
    written = part(found, *path)
    return tidy(written) if isinstance(written, str) else ""


def name(found: Any, *path: str, longest: int = LONGEST_ID) -> str:
    """One line: an id, an author, a code. Numbers count, since some providers write their ids so."""
    written = part(found, *path)
    if isinstance(written, int) and not isinstance(written, bool):
        written = str(written) if written >= 0 else ""
    return one_line(written, longest) if isinstance(written, str) else ""


def number(found: Any, *path: str) -> int | None:
    """A count that a column can hold."""
    counted = part(found, *path)
    is_count = isinstance(counted, int) and not isinstance(counted, bool)
    return counted if is_count and 0 <= counted <= LARGEST else None


def plausible_reach(counted: int | None) -> int | None:
    """What somebody else counted, no more than can be: stories add it up, and pages draw by it."""
    return None if counted is None else min(counted, MOST_REACH)


def is_yes(found: Any, *path: str) -> bool | None:
    """True and False as they stand there, None for everything else."""
    said = part(found, *path)
    return said if isinstance(said, bool) else None


def moment(found: Any, *path: str) -> datetime | None:
    """A time, written as ISO 8601 or as seconds since 1970."""
    written = part(found, *path)
    try:
        if isinstance(written, int | float) and not isinstance(written, bool):
            return datetime.fromtimestamp(written, UTC)
        told = datetime.fromisoformat(written)
        return (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def language(found: Any, *path: str) -> str:
    """“en-PH” → “en”"""
    return name(found, *path, longest=8).partition("-")[0].lower()


def sorted_out(items: Iterable[Item | None], now: datetime) -> list[Item]:
    """Each once, newest first, none without an id or a word, none from the future or before all networks.

    The author's program may write any time it likes.
    """
    found = {item.external_id: item for item in items if item and item.external_id and _says_something(item)}
    ordered = sorted(found.values(), key=lambda item: item.published_at or OLDEST, reverse=True)
    return [replace(item, published_at=said_at(item.published_at, now)) for item in ordered]


def _says_something(item: Item) -> bool:
    return bool(item.text or item.title)
