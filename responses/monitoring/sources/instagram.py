"""Instagram: posts that tag the account, and the comments under its own newest posts.

`config` is {"account": its number, "login": "facebook" or "instagram"} and {"access_token"}: `login` says at
which of Meta's two doors the token was made. A mention in a stranger's caption or comment is told to webhooks
only, so what does not tag the account is not found here.
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

WEB = "https://www.instagram.com"
POSTS, COMMENTS = 25, 50  # of one page
TAG_FIELDS = "id,caption,media_type,permalink,timestamp,username,like_count"
COMMENT_FIELDS = "id,text,timestamp,username,like_count,replies{id,text,timestamp,username,like_count}"
MEDIA = {"IMAGE": "image", "VIDEO": "video", "CAROUSEL_ALBUM": "image"}


@register
class Instagram:
    kind = "instagram"

    def fetch(
        self,
        config: dict[str, Any],
        state: dict[str, Any],
        http: Callable[..., Any],
        now: datetime | None = None,
    ) -> Fetched:
        account, now = name(config, "account"), now or timezone.now()
        if not re.fullmatch(r"[0-9]{1,30}", account):
            raise SourceError(_("Give the account's number, not its name."), permanent=True)
        known = state if state.get("account") == account else {}
        base = graph.INSTAGRAM if config.get("login") == "instagram" else graph.FACEBOOK
        meta = graph.Graph(http, name(config, "access_token", longest=2000), base, now)
        own_name = known.get("name") or name(meta.ask(account, fields="username"), "username")
        reading = _Reading(meta, account, own_name, known.get("comments", {}))
        tagged, tags = read_back(reading.tags, known.get("tags", {}), now, most_pages=3)
        answers, own = read_back(reading.own, known.get("own", {}), now, most_pages=3)
        remembered = {"name": own_name, "tags": tags, "own": own, "comments": reading.comments.heard}
        return Fetched(sorted_out(tagged + answers, now), {"account": account, **remembered})


class _Reading:
    def __init__(self, meta: graph.Graph, account: str, own_name: str, known: dict[str, Any]):
        self.meta, self.account, self.own_name = meta, account, own_name
        self.comments = graph.Comments(meta, known, written="timestamp", read=self.comment)

    def tags(self, cursor: str) -> Page:
        found = self.meta.ask(self.account, "tags", fields=TAG_FIELDS, limit=POSTS, after=cursor)
        return graph.paged(found, "timestamp", self.tag, is_bare=True)

    def own(self, cursor: str) -> Page:
        fields = f"id,permalink,timestamp,comments.limit({COMMENTS}){{{COMMENT_FIELDS}}}"
        found = self.meta.ask(self.account, "media", fields=fields, limit=POSTS, after=cursor)
        return graph.paged(found, "timestamp", self.under)

    def under(self, post: dict[str, Any]) -> list[Item]:
        return self.comments.under(post, fields=COMMENT_FIELDS, limit=COMMENTS)

    def tag(self, post: dict[str, Any]) -> list[Item]:
        kind = MEDIA.get(name(post, "media_type"))
        media = (kind,) if kind else ()
        return self.item(post, text(post, "caption"), post, thread=name(post, "id"), media=media)

    def comment(self, comment: dict[str, Any], post: dict[str, Any]) -> list[Item]:
        """A comment and the answers that come with it."""
        thread, answered = name(post, "id"), name(comment, "id")
        found = self.item(comment, text(comment, "text"), post, thread=thread, reply_to=thread)
        for answer in dicts(part(comment, "replies", "data")):
            found += self.item(answer, text(answer, "text"), post, thread=thread, reply_to=answered)
        return found

    def item(
        self, said: dict[str, Any], said_in_words: str, post: dict[str, Any], *, thread: str, **more: Any
    ) -> list[Item]:
        """One item, or none when the account says it itself."""
        author = name(said, "username", longest=60)
        if author and author == self.own_name:
            return []
        found = Item(
            external_id=name(said, "id"),
            url=web_link(name(post, "permalink", longest=2000)),
            author=author,
            author_url=f"{WEB}/{author}/" if re.fullmatch(r"[\w.]+", author, re.A) else "",
            text=said_in_words,
            published_at=moment(said, "timestamp"),
            thread=thread,
            raw={"likes": number(said, "like_count")},
            **more,
        )
        return [found]
