"""Hacker News: stories and comments that hold words, by the search of https://hn.algolia.com/api.

`config` is {"search": words}, and may hold "only": "story" or "comment".
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from responses.monitoring.sources.asking import Api
from responses.monitoring.sources.base import Fetched, Item, SourceError, register
from responses.monitoring.sources.cleaning import plain_text, web_link
from responses.monitoring.sources.reading import dicts, moment, name, number, part, sorted_out, text

SEARCH = "https://hn.algolia.com/api/v1/search_by_date"
WEB_URL = "https://news.ycombinator.com"
PAGE_SIZE = 100
MOST_PAGES = 10  # the search gives no more than its first 1,000
LATE = 15 * 60  # seconds that an entry may take to come into the index


@register
class HackerNews:
    kind = "hackernews"

    def fetch(
        self,
        config: dict[str, Any],
        state: dict[str, Any],
        http: Callable[..., Any],
        now: datetime | None = None,
    ) -> Fetched:
        now = now or timezone.now()
        entered = {key: str(config.get(key) or "").strip() for key in ("search", "only")}
        if not entered["search"]:
            raise SourceError(_("Say what to search for."), permanent=True)
        # What was remembered belongs to what was entered then: a person may have changed it.
        newest = number(state, "newest") if state.get("entered") == entered else None
        items = sorted_out(_hits(Api("Hacker News", http, now), entered, newest), now)
        seen = [int(item.published_at.timestamp()) for item in items if item.published_at]
        return Fetched(items, {"entered": entered, "newest": max([*seen, newest or 0])})


def _hits(api: Api, entered: dict[str, str], newest: int | None) -> list[Item | None]:
    """Newest first, back to the newest of last time. The first time one page is enough."""
    since = f"created_at_i>={max(newest - LATE, 0)}" if newest else ""
    found: list[Item | None] = []
    for page in range(MOST_PAGES if newest else 1):
        answer = api.get(
            SEARCH,
            query=entered["search"],
            tags=entered["only"] or "(story,comment)",
            numericFilters=since,
            hitsPerPage=PAGE_SIZE,
            page=page,
        )
        if not isinstance(answer, dict):
            raise api.puzzled()
        hits = dicts(answer.get("hits"))
        found += [_item(hit) for hit in hits]
        if not hits or page + 1 >= (number(answer, "nbPages") or 0):
            break
    return found


def _item(hit: dict[str, Any]) -> Item | None:
    number_of = name(hit, "objectID")
    title, author = name(hit, "title", longest=500), name(hit, "author", longest=200)
    is_comment = isinstance(part(hit, "comment_text"), str)
    said = text(hit, "comment_text" if is_comment else "story_text")
    return Item(
        external_id=number_of,
        url=web_link(f"{WEB_URL}/item?id={number_of}"),
        author=author,
        author_url=web_link(f"{WEB_URL}/user?id={author}") if author else "",
        title=title,
        text=plain_text(said.replace("<p>", "<br>")) or title,  # they open paragraphs and close none
        published_at=moment(hit, "created_at_i"),
        reply_to=name(hit, "parent_id") if is_comment else "",
        thread=name(hit, "story_id") if is_comment else "",
        raw={
            "link": web_link(text(hit, "url")),
            "story": name(hit, "story_title", longest=500),
            "points": number(hit, "points"),
            "comments": number(hit, "num_comments"),
        },
    )
