"""From the newest page back to what is known, within a bound; what the bound left out is read next time.

`state` keeps `newest`, how far we are, and `gaps`: in a flood more is written between two readings than one
reading may take. Each gap is where to go on (`cursor`) and how far back it reaches (`until`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from responses.monitoring.sources.base import Item, SourceError

MOST_PAGES = 5  # of one reading
MOST_GAPS = 3
LAST_TIME = ("newest", "gaps")
LOST = (400, 404, 410)  # what a provider answers when it no longer knows a cursor


@dataclass(frozen=True)
class Page:
    """One page of a list that is sorted newest first. `times` are those of its entries, in their order."""

    items: list[Item]
    cursor: str  # what to ask for the page after it, "" when this is the last
    times: list[datetime]
    is_last_now: bool = False  # the provider's patience is at its end: no further page this time


def page_of(
    items: Iterable[Item | None], cursor: str, times: Iterable[datetime | None], is_last_now: bool = False
) -> Page:
    return Page([item for item in items if item], cursor, [at for at in times if at], is_last_now)


@dataclass
class _Gap:
    cursor: str
    until: str

    def reaches(self, page: Page) -> bool:
        return bool(self.until and page.times and page.times[-1] < datetime.fromisoformat(self.until))


def read_back(
    read_page: Callable[[str], Page], known: dict[str, Any], now: datetime, most_pages: int = MOST_PAGES
) -> tuple[list[Item], dict[str, Any]]:
    """What is new and what to remember. The first time one page is enough."""
    until = known.get("newest", "")
    back = _Back(read_page, most_pages if until else 1)
    left = [back.close(_Gap("", until), is_front=True)]
    left += [back.close(_Gap(**gap)) for gap in known.get("gaps", [])]
    # A time yet to come is a clock that runs fast: it would hide what is written until then.
    newest = max([until, *(min(at, now).isoformat() for at in back.times)])
    gaps = [vars(gap) for gap in left if gap][:MOST_GAPS]
    return list(back.found.values()), {"newest": newest} | ({"gaps": gaps} if gaps else {})


class _Back:
    def __init__(self, read_page: Callable[[str], Page], pages: int):
        self.read_page, self.pages = read_page, pages
        self.found: dict[str, Item] = {}
        self.times: list[datetime] = []

    def close(self, gap: _Gap, *, is_front: bool = False) -> _Gap | None:
        """Read on in the gap. What is left of it, or None when it is closed."""
        while self.pages > 0:
            self.pages -= 1
            try:
                page = self.read_page(gap.cursor)
            except SourceError as error:
                if is_front or error.status not in LOST:
                    raise
                return None
            self.found = {item.external_id: item for item in page.items} | self.found
            self.times += page.times
            if not page.cursor or gap.reaches(page):
                return None
            gap, is_front = _Gap(page.cursor, gap.until), False
            self.pages = 0 if page.is_last_now else self.pages
        return gap if gap.until else None
