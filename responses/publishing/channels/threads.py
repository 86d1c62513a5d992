"""Posting on Threads, in two steps: a container that nobody sees, then its publication.

The first step does no harm however often it is taken. The second is tried once; what is unknown is looked for
among the account's own posts.

`config` is {}, with "access_token".

API: https://developers.facebook.com/docs/threads/posts
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import quote

from responses.monitoring.sources.cleaning import web_link
from responses.monitoring.sources.reading import dicts, name, part

from .asking import Api
from .base import ChannelError, Known, Post, ReadBack, Sent, register, same_words
from .graph_errors import judge

API = "https://graph.threads.net/v1.0"
FIELDS = "id,text,permalink,timestamp"
SKEW = timedelta(minutes=10)


@register
class ThreadsChannel:
    kind = "threads"
    repeatable, readable = False, True

    def __init__(self, token: str, now: datetime):
        headers = {"Authorization": f"Bearer {token}"}
        self.api = Api("Threads", now=now, headers=headers, judge=judge, hidden=(token,))

    @classmethod
    def opened(cls, config: dict[str, Any], secrets: Mapping[str, str], *, now: datetime) -> Self:
        return cls(secrets.get("access_token", ""), now)

    def check(self) -> Known:
        me = self.api.get(f"{API}/me", fields="id,username")
        if not name(me, "id"):
            raise self.api.puzzled(is_public=False)
        return Known(f"@{name(me, 'username')}")

    def send(self, post: Post) -> Sent:
        container = self._container(post)
        made = self.api.post(f"{API}/me/threads_publish", data={"creation_id": container})
        if not (found := name(made, "id")):
            raise self.api.puzzled()
        return Sent(found, self._address(found))

    def read_back(self, post: Post, external_id: str = "") -> ReadBack | None:
        if external_id:
            found = self.api.get(f"{API}/{quote(external_id, safe='')}", fields=FIELDS)
            return None if found is None else read(found)
        return self._by_words(post)

    def _container(self, post: Post) -> str:
        said = {"media_type": "TEXT", "text": post.text}
        try:
            made = self.api.post(f"{API}/me/threads", data=said, is_public=False)
        except ChannelError as error:
            error.unknown = False  # Meta may have taken it, and nobody sees it
            raise
        if not (container := name(made, "id")):
            raise self.api.puzzled(is_public=False)
        return container

    def _by_words(self, post: Post) -> ReadBack | None:
        """The oldest of the account's within its time that says the same and is no other publication's."""
        since = int((post.created_at - SKEW).timestamp())
        told = self.api.get(f"{API}/me/threads", fields=FIELDS, since=since, limit=100)
        found = [each for each in map(read, dicts(part(told, "data"))) if same_words(each.text, post.text)]
        ours = [each for each in found if each.external_id not in post.others]
        return ours[-1] if ours else None

    def _address(self, found: str) -> str:
        """Where people see it; a post without an address is out all the same."""
        try:
            return web_link(part(self.api.get(f"{API}/{found}", fields="permalink"), "permalink") or "")
        except ChannelError:
            return ""


def read(found: Any) -> ReadBack:
    written = part(found, "text")
    address = web_link(part(found, "permalink") or "")
    return ReadBack(written if isinstance(written, str) else "", external_id=name(found, "id"), url=address)
