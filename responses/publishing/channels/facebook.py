"""Posting on a Facebook page. One try, for it knows no idempotency; what is unknown is looked for there.

`config` is {"page": "1234567890"}, with "access_token" of the page.

API: https://developers.facebook.com/docs/pages-api/posts
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import quote

from responses.monitoring.sources.cleaning import web_link
from responses.monitoring.sources.graph import FACEBOOK
from responses.monitoring.sources.reading import dicts, name, part

from .asking import Api
from .base import ChannelError, Known, Post, ReadBack, Sent, register, same_words
from .graph_errors import Duplicate, judge

FIELDS = "id,message,permalink_url,created_time"
WEB_URL = "https://www.facebook.com"
SKEW = timedelta(minutes=10)


@register
class FacebookChannel:
    kind = "facebook"
    repeatable, readable = False, True

    def __init__(self, page: str, token: str, now: datetime):
        self.page = quote(page, safe="")
        headers = {"Authorization": f"Bearer {token}"}
        self.api = Api("Facebook", now=now, headers=headers, judge=judge, hidden=(token,))

    @classmethod
    def opened(cls, config: dict[str, Any], secrets: Mapping[str, str], *, now: datetime) -> Self:
        return cls(config["page"], secrets.get("access_token", ""), now)

    def check(self) -> Known:
        page = self.api.get(f"{FACEBOOK}/{self.page}", fields="id,name")
        if not name(page, "id"):
            raise self.api.puzzled(is_public=False)
        return Known(name(page, "name"))

    def send(self, post: Post) -> Sent:
        try:
            made = self.api.post(f"{FACEBOOK}/{self.page}/feed", data={"message": post.text})
        except Duplicate as duplicate:
            return self._standing(post, duplicate)
        if not (found := name(made, "id")):
            raise self.api.puzzled()
        return Sent(found, f"{WEB_URL}/{found}")

    def read_back(self, post: Post, external_id: str = "") -> ReadBack | None:
        if not external_id:
            return self._by_words(post)
        found = self.api.get(f"{FACEBOOK}/{quote(external_id, safe='')}", fields=FIELDS)
        return None if found is None else read(found)

    def _by_words(self, post: Post) -> ReadBack | None:
        """The oldest of the page within its time that says the same and is no other publication's."""
        since = int((post.created_at - SKEW).timestamp())
        told = self.api.get(f"{FACEBOOK}/{self.page}/published_posts", fields=FIELDS, since=since, limit=100)
        found = [each for each in map(read, dicts(part(told, "data"))) if same_words(each.text, post.text)]
        ours = [each for each in found if each.external_id not in post.others]
        return ours[-1] if ours else None

    def _standing(self, post: Post, duplicate: Duplicate) -> Sent:
        try:
            found = self._by_words(post)
        except ChannelError as error:
            raise ChannelError(error.message, unknown=True) from None
        if found is None:
            raise duplicate
        return Sent(found.external_id, found.url)


def read(found: Any) -> ReadBack:
    written = part(found, "message")
    external_id = name(found, "id")
    address = web_link(part(found, "permalink_url") or "") or f"{WEB_URL}/{external_id}"
    return ReadBack(written if isinstance(written, str) else "", external_id=external_id, url=address)
