"""RSS and Atom feeds: `config` is {"url": …}."""

import calendar
import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

import feedparser
from django.utils import timezone
from django.utils.translation import gettext as _

from responses.monitoring.sources.base import Fetched, Item, SourceError, register
from responses.monitoring.sources.cleaning import identity, one_line, plain_text, web_link
from responses.monitoring.sources.dating import OLDEST, said_at

NEWEST = 200
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]|<body[\s>]", re.I)
_ENDING = re.compile(rb"</(?:rss|feed|(?:\w+:)?rdf)\s*>", re.I)
_HINT = re.compile(rb"<link\b[^>]{0,500}application/(?:rss|atom)\+xml[^>]{0,500}>", re.I)
_HREF = re.compile(rb"href\s*=\s*[\"']([^\"']{1,500})", re.I)


@register
class Rss:
    kind = "rss"

    def fetch(
        self,
        config: dict[str, Any],
        state: dict[str, Any],
        http: Callable[..., Any],
        now: datetime | None = None,
    ) -> Fetched:
        entered = str(config.get("url", "")).strip()
        # What was remembered belongs to the address it was remembered for: a person may have changed it.
        known = state if state.get("entered") == entered else {}
        url = known.get("url", entered)
        try:
            answer = http(url, etag=known.get("etag", ""), last_modified=known.get("last_modified", ""))
        except SourceError as error:
            if url == entered or error.status not in (404, 410):
                raise
            url = entered  # where it moved to it is no more: what a person entered is asked again
            answer = http(url)
        remembered = {"entered": entered, "url": answer.moved_to or url}
        if answer.status == 304:
            return Fetched([], {**known, **remembered})
        items = parse(answer.body, answer.url, now or timezone.now(), content_type=answer.content_type)
        return Fetched(items, {**remembered, "etag": answer.etag, "last_modified": answer.last_modified})


def parse(
    body: bytes, url: str, now: datetime, *, content_type: str = "", newest: int = NEWEST
) -> list[Item]:
    """The feed's newest entries, newest first. A broken feed gives what is whole in it."""
    if not body.strip():
        raise SourceError(_("The feed is empty: the server sent nothing."))
    # The feed's own address is kept from the parser: it would become part of each entry's id, and ids must
    # survive a move of the feed.
    headers = {"content-type": content_type or "application/xml"}
    feed = feedparser.parse(BytesIO(body), response_headers=headers)
    entries = list(feed.entries)
    if not entries and (not feed.version or _PAGE.search(body[:2000])):
        raise _not_a_feed(body)
    if feed.bozo and not _ENDING.search(body[-2000:]):
        # The transfer broke off: the last entry is probably cut in the middle.
        entries = entries[:-1]
        if not entries:
            raise SourceError(_("The feed breaks off before its first entry is complete."))
    items = [_item(entry, url, str(feed.feed.get("title", "")), now) for entry in entries]
    items = [item for item in items if item.text or item.title]
    return sorted(items, key=lambda item: item.published_at or OLDEST, reverse=True)[:newest]


def _not_a_feed(body: bytes) -> SourceError:
    if not _PAGE.search(body[:2000]):
        return SourceError(_("This address does not hold an RSS or Atom feed."))
    link = _HINT.search(body)
    href = _HREF.search(link.group()) if link else None
    if not href:
        return SourceError(_("This address shows a web page, not a feed."))
    found = one_line(href.group(1).decode("utf-8", "replace"))
    message = _("This address shows a web page, not a feed. The page names this feed: %(url)s")
    return SourceError(message % {"url": found})


def _item(entry: Any, url: str, feed_title: str, now: datetime) -> Item:
    link = _link(entry, url)
    title = one_line(plain_text(str(entry.get("title", ""))))
    detail = entry.get("author_detail") or {}
    return Item(
        external_id=identity(str(entry.get("id", "")), link, title),
        url=link,
        author=one_line(plain_text(str(detail.get("name") or entry.get("author", ""))), 200),
        author_url=web_link(str(detail.get("href", ""))),
        title=title,
        text=plain_text(_content(entry)) or title,
        published_at=_published(entry, now),
        language=_language(entry),
        raw={"feed": one_line(plain_text(feed_title), 200)},
    )


def _link(entry: Any, url: str) -> str:
    given = str(entry.get("link", "")).strip()
    try:
        return web_link(urljoin(url, given)) if given else ""
    except ValueError:
        return ""


def _content(entry: Any) -> str:
    contents = [str(part.get("value", "")) for part in entry.get("content", [])]
    return max([*contents, str(entry.get("summary", ""))], key=len)


def _published(entry: Any, now: datetime) -> datetime | None:
    """None when the feed does not say; a time yet to come is a clock that runs fast."""
    # `dict.get` because feedparser's own takes one date for the other, and warns that it does.
    parsed = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    if parsed is None:
        return None
    try:
        at = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return said_at(at, now)


def _language(entry: Any) -> str:
    detail = entry.get("title_detail") or {}
    return str(detail.get("language") or "")[:10]
