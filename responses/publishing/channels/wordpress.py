"""A post on the brand's own WordPress site, so that a repeat is a no-op.

It is written as a draft under a name that follows from the publication, then that draft is published.
Publishing the same draft again changes nothing, and of several drafts of one name, which only senders that
died can leave, the oldest is the one.

`config` is {"site": "https://isla.example", "user": "tugon"}, with "password", an application password.

API: https://developer.wordpress.org/rest-api/reference/posts/
"""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self
from urllib.parse import quote

from django.utils.text import slugify
from django.utils.translation import gettext as _

from responses.monitoring.sources.base import SourceError
from responses.monitoring.sources.cleaning import plain_text, web_link
from responses.monitoring.sources.reading import dicts, name, number, part
from responses.publishing import newsroom

from .asking import Api, Gone
from .base import ChannelError, Known, Post, ReadBack, Sent, register

PUBLISHED = "publish"
EVERY_STATUS = "publish,future,draft,pending,private"


@register
class WordPressChannel:
    kind = "wordpress"
    repeatable, readable = True, True

    def __init__(self, site: str, user: str, password: str, now: datetime):
        self.url = f"{site.rstrip('/')}/wp-json/wp/v2"
        known = base64.b64encode(f"{user}:{password}".encode()).decode()
        unknown = _("WordPress does not accept the user or the application password. Enter them again.")
        self.api = Api(
            "WordPress",
            now=now,
            headers={"Authorization": f"Basic {known}"},
            refusals={401: unknown, 403: _("This user may not publish posts. Make them an editor.")},
            judge=judge,
            hidden=(password, known),
        )

    @classmethod
    def opened(cls, config: dict[str, Any], secrets: Mapping[str, str], *, now: datetime) -> Self:
        return cls(config["site"], config["user"], secrets.get("password", ""), now)

    def check(self) -> Known:
        me = self.api.get(f"{self.url}/users/me", context="edit")
        if not number(me, "id"):
            raise no_wordpress()
        if part(me, "capabilities", "publish_posts") is not True:
            words = _("This user may not publish posts. Make them an editor.")
            raise ChannelError(words, permanent=True, attention=True)
        return Known(name(me, "name") or name(me, "slug"))

    def send(self, post: Post) -> Sent:
        row = self._first(post) or self._drafted(post)
        if part(row, "status") != PUBLISHED:
            row = self.api.post(f"{self.url}/posts/{number(row, 'id')}", json={"status": PUBLISHED})
        if not number(row, "id") or part(row, "status") != PUBLISHED:
            raise self.api.puzzled()
        return Sent(str(number(row, "id")), web_link(part(row, "link") or ""))

    def read_back(self, post: Post, external_id: str = "") -> ReadBack | None:
        """What is drafted, or in the bin, nobody can read."""
        if external_id:
            row = self.api.get(f"{self.url}/posts/{quote(external_id, safe='')}", context="edit")
        else:
            row = self._first(post)
        if row is None or part(row, "status") != PUBLISHED:
            return None
        raw = part(row, "content", "raw")
        written = raw if isinstance(raw, str) else part(row, "content", "rendered")
        text = plain_text(written) if isinstance(written, str) else ""
        return ReadBack(text, external_id=str(number(row, "id")), url=web_link(part(row, "link") or ""))

    def _first(self, post: Post) -> dict[str, Any] | None:
        """Of all under this publication's name the published one, else the oldest."""
        asked = {"slug": slug_for(post), "status": EVERY_STATUS, "context": "edit", "per_page": 100}
        told = self.api.get(f"{self.url}/posts", **asked)
        if not isinstance(told, list):
            raise no_wordpress() if told is None else self.api.puzzled(is_public=False)
        rows = [row for row in dicts(told) if number(row, "id")]
        rows.sort(key=lambda row: (part(row, "status") != PUBLISHED, number(row, "id")))
        return rows[0] if rows else None

    def _drafted(self, post: Post) -> dict[str, Any]:
        """Nobody can read a draft, so making one is never unknown."""
        said = {
            "title": post.title,
            "content": str(newsroom.markup(post.text)),
            "slug": slug_for(post),
            "status": "draft",
        }
        self.api.post(f"{self.url}/posts", json=said, is_public=False)
        row = self._first(post)
        if row is None:
            raise self.api.puzzled(is_public=False)
        return row


def slug_for(post: Post) -> str:
    """Readable, and never twice: it ends in the first characters of the publication's key."""
    words = slugify(post.title)[:60].strip("-") or "statement"
    return f"{words}-{post.key.replace('-', '')[:12]}"


def no_wordpress() -> ChannelError:
    words = _("There is no WordPress with its REST API at this address.")
    return ChannelError(words, permanent=True, attention=True)


def judge(error: SourceError) -> ChannelError | None:
    """A site without the interface and a post that is gone are both 404, told apart by their code."""
    code = name(error.said, "code")
    if error.status == 404 and code == "rest_post_invalid_id":
        return Gone(_("WordPress has no such post."), permanent=True)
    if error.status == 404:
        return no_wordpress()
    return None
