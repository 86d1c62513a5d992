"""A Facebook page: what visitors write on it, the comments under its newest posts, and posts that tag it.

`config` is {"page": its number or name} and {"access_token"}, of that page. Meta names the people who wrote
only to those who may moderate the page. What the page writes itself is no mention.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from responses.monitoring.sources import graph
from responses.monitoring.sources.base import Fetched, Item, SourceError, register
from responses.monitoring.sources.cleaning import web_link
from responses.monitoring.sources.reading import dicts, moment, name, number, part, sorted_out, text
from responses.monitoring.sources.reading_back import Page, read_back

POSTS, COMMENTS = 25, 25  # of one page
POST_FIELDS = "id,message,created_time,from,permalink_url,attachments{media_type}"
COMMENT_FIELDS = "id,message,created_time,from,permalink_url,parent{id},like_count,attachment{type}"
ORDER = {"filter": "stream", "order": "reverse_chronological", "limit": COMMENTS}
MEDIA = {"photo": "image", "album": "image", "sticker": "image", "video": "video"}


@register
class Facebook:
    kind = "facebook"

    def fetch(
        self,
        config: dict[str, Any],
        state: dict[str, Any],
        http: Callable[..., Any],
        now: datetime | None = None,
    ) -> Fetched:
        page, now = name(config, "page"), now or timezone.now()
        if not re.fullmatch(r"[\w.-]{1,100}", page, re.A):
            raise SourceError(_("Give the page's number, or its name as in its address."), permanent=True)
        known = state if state.get("page") == page else {}
        meta = graph.Graph(http, name(config, "access_token", longest=2000), graph.FACEBOOK, now)
        reading = _Reading(meta, page, known.get("comments", {}))
        on_page, feed = read_back(reading.feed, known.get("feed", {}), now, most_pages=3)
        elsewhere, tagged = read_back(reading.tagged, known.get("tagged", {}), now, most_pages=3)
        remembered = {"feed": feed, "tagged": tagged, "comments": reading.comments.heard}
        return Fetched(sorted_out(on_page + elsewhere, now), {"page": page, **remembered})


class _Reading:
    def __init__(self, meta: graph.Graph, page: str, known: dict[str, Any]):
        self.meta, self.page = meta, page
        self.comments = graph.Comments(meta, known, written="created_time", read=self.comment)

    def feed(self, cursor: str) -> Page:
        order = "".join(f".{key}({value})" for key, value in ORDER.items())
        fields = f"{POST_FIELDS},comments{order}{{{COMMENT_FIELDS}}}"
        found = self.meta.ask(self.page, "feed", fields=fields, limit=POSTS, after=cursor)
        return graph.paged(found, "created_time", self.post_on_page)

    def tagged(self, cursor: str) -> Page:
        found = self.meta.ask(self.page, "tagged", fields=POST_FIELDS, limit=POSTS, after=cursor)
        return graph.paged(found, "created_time", self.post)

    def post_on_page(self, post: dict[str, Any]) -> list[Item]:
        said = [] if _is_own(post, post) else self.post(post)
        return said + self.comments.under(post, fields=COMMENT_FIELDS, **ORDER)

    def post(self, post: dict[str, Any]) -> list[Item]:
        kinds = {name(each, "media_type") for each in dicts(part(post, "attachments", "data"))}
        return [_item(post, kinds, thread=name(post, "id"))]

    def comment(self, comment: dict[str, Any], post: dict[str, Any]) -> list[Item]:
        if _is_own(comment, post):
            return []
        thread, kind = name(post, "id"), name(comment, "attachment", "type").partition("_")[0]
        return [_item(comment, {kind}, thread=thread, reply_to=name(comment, "parent", "id") or thread)]


def _item(said: dict[str, Any], kinds: set[str], *, thread: str, reply_to: str = "") -> Item:
    return Item(
        external_id=name(said, "id"),
        url=web_link(name(said, "permalink_url", longest=2000)),
        author=name(said, "from", "name", longest=200),
        text=text(said, "message"),
        published_at=moment(said, "created_time"),
        media=tuple(sorted({MEDIA[kind] for kind in kinds if kind in MEDIA})),
        reply_to=reply_to,
        thread=thread,
        raw={"likes": number(said, "like_count")},
    )


def _is_own(said: dict[str, Any], post: dict[str, Any]) -> bool:
    """A post's number begins with the one of the page it stands on."""
    writer = name(said, "from", "id")
    return bool(writer) and writer == name(post, "id").partition("_")[0]
