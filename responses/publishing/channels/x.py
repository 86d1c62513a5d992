"""Posting on X. It knows no idempotency: one try, and what is unknown is looked for on the own timeline.

X refuses the same text twice within a while. That is no proof that ours is out, so it is looked for too.

`config` is {}, with "api_key", "api_secret", "access_token" and "access_token_secret".

API: https://docs.x.com/x-api/posts/create-post and …/users/get-posts
"""

import html
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Self

from django.utils.translation import gettext as _

from responses.monitoring.sources.base import SourceError
from responses.monitoring.sources.reading import dicts, name, part

from .asking import Api
from .base import ChannelError, Known, Post, ReadBack, Sent, register, same_words
from .oauth1 import authorization

API = "https://api.x.com/2"
WEB_URL = "https://x.com/i/web/status"
FIELDS = {"tweet.fields": "created_at,entities,note_tweet"}
SKEW = timedelta(minutes=10)
SCHEME = re.compile(r"https?://")
NOT_ALLOWED = ("oauth1-permissions", "client-forbidden", "unsupported-authentication")
KEYS = ("api_key", "api_secret", "access_token", "access_token_secret")


class Duplicate(ChannelError):
    """X says that this text stands already."""


@register
class XChannel:
    kind = "x"
    repeatable, readable = False, True

    def __init__(self, keys: Mapping[str, str], now: datetime):
        self.keys, self.now = {each: keys.get(each, "") for each in KEYS}, now
        unknown = _("X does not accept the keys. Make new ones in the developer portal and enter all four.")
        unpaid = _("The plan of this app at X is used up. See to it in the developer portal.")
        self.api = Api(
            "X",
            now=now,
            refusals={401: unknown, 402: unpaid},
            judge=judge,
            hidden=tuple(self.keys.values()),
        )

    @classmethod
    def opened(cls, config: dict[str, Any], secrets: Mapping[str, str], *, now: datetime) -> Self:
        return cls(secrets, now)

    def check(self) -> Known:
        return Known(f"@{name(self._me(), 'username')}")

    def send(self, post: Post) -> Sent:
        url = f"{API}/tweets"
        try:
            made = self.api.post(url, json={"text": post.text}, headers=self._signed("POST", url))
        except Duplicate as duplicate:
            return self._standing(post, duplicate)
        if not (found := name(made, "data", "id")):
            raise self.api.puzzled()
        return Sent(found, f"{WEB_URL}/{found}")

    def read_back(self, post: Post, external_id: str = "") -> ReadBack | None:
        return self._by_id(post, external_id) if external_id else self._by_words(post)

    def _standing(self, post: Post, duplicate: Duplicate) -> Sent:
        try:
            found = self._by_words(post)
        except ChannelError as error:
            raise ChannelError(error.message, unknown=True) from None
        if found is None:
            raise duplicate
        return Sent(found.external_id, found.url)

    def _by_id(self, post: Post, external_id: str) -> ReadBack | None:
        told = self._get(f"/tweets/{external_id}" if external_id.isdecimal() else "/tweets/0", **FIELDS)
        tweet = part(told, "data")
        if not isinstance(tweet, dict):
            is_gone = any("not-found" in name(each, "type") for each in dicts(part(told, "errors")))
            if told is None or is_gone:
                return None
            raise self.api.puzzled(is_public=False)
        return read(tweet, post)

    def _by_words(self, post: Post) -> ReadBack | None:
        """The oldest of ours within its time that says the same and is no other publication's."""
        since = (post.created_at - SKEW).strftime("%Y-%m-%dT%H:%M:%SZ")
        asked = {"max_results": "100", "start_time": since, "exclude": "retweets", **FIELDS}
        rows = dicts(part(self._get(f"/users/{name(self._me(), 'id')}/tweets", **asked), "data"))
        found = [each for each in (read(row, post) for row in rows) if same_words(each.text, post.text)]
        ours = [each for each in found if each.external_id not in post.others]
        return ours[-1] if ours else None

    def _me(self) -> dict[str, Any]:
        me = part(self._get("/users/me"), "data")
        if not name(me, "id").isdecimal():
            raise self.api.puzzled(is_public=False)
        return me

    def _get(self, path: str, **query: str) -> Any:
        api, url = self.api, f"{API}{path}"
        api.headers = self._signed("GET", url, query)
        try:
            return api.get(url, **query)
        finally:
            api.headers = {}

    def _signed(self, method: str, url: str, query: Mapping[str, str] | None = None) -> dict[str, str]:
        return {"Authorization": authorization(method, url, query or {}, self.keys, self.now)}


def read(tweet: dict[str, Any], post: Post) -> ReadBack:
    """As it was written: X shortens each link, and writes three characters as entities."""
    whole = tweet.get("note_tweet") if isinstance(tweet.get("note_tweet"), dict) else tweet
    written = part(whole, "text")
    text = html.unescape(written) if isinstance(written, str) else ""
    for link in dicts(part(whole, "entities", "urls")):
        if name(link, "url") and name(link, "expanded_url", longest=2000):
            text = text.replace(name(link, "url"), name(link, "expanded_url", longest=2000))
    if same_words(SCHEME.sub("", text), SCHEME.sub("", post.text)):
        text = post.text  # a link that was typed without https:// has got one
    found = name(tweet, "id")
    return ReadBack(text, external_id=found, url=f"{WEB_URL}/{found}")


def judge(error: SourceError) -> ChannelError | None:
    if error.status != 403:
        return None
    if "duplicate content" in name(error.said, "detail", longest=500).lower():
        return Duplicate(_("X refuses this text: the account has said the same before."), permanent=True)
    if any(word in name(error.said, "type") for word in NOT_ALLOWED):
        words = _("The app at X may only read. Allow it to write, make new tokens and enter them.")
        return ChannelError(words, permanent=True, attention=True)
    return None
