"""Publishing on a Mastodon server. It keeps the Idempotency-Key for an hour, if it keeps it at all.

So the key is sent and not relied on: what is unknown is looked for among the account's own posts, by its
words within its time.

`config` is {"server": "https://mastodon.social"}, with "access_token".

API: https://docs.joinmastodon.org/methods/statuses/, …/methods/media/#v2 and …/methods/accounts/#statuses
"""

import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from responses.monitoring.sources.cleaning import plain_text, web_link
from responses.monitoring.sources.reading import dicts, moment, name, number, part
from responses.statements.limits import FAR_MENTION

from .asking import Api
from .base import ChannelError, Known, Post, ReadBack, Sent, register, same_words
from .preparing import in_time, multipart, too_slow

PAGE_SIZE = 40
MOST_PAGES = 3
SKEW = timedelta(minutes=10)  # how far the server's clock may be behind ours
PAUSES = (0.2, 0.5, 1, 2)  # seconds until each look at a picture that is being worked on
LANGUAGES = {"fil": "tl"}  # Mastodon knows two letters


@register
class MastodonChannel:
    kind = "mastodon"
    repeatable, readable = False, True

    def __init__(self, server: str, token: str, now: datetime):
        self.url = f"{server.rstrip('/')}/api"
        unknown = _("This Mastodon server does not accept the access token. Enter a new one.")
        forbidden = _(
            "The access token may not post. It needs the scopes “read”, “write:statuses” and “write:media”."
        )
        self.api = Api(
            "Mastodon",
            now=now,
            headers={"Authorization": f"Bearer {token}"},
            refusals={401: unknown, 403: forbidden},
            hidden=(token,),
        )

    @classmethod
    def opened(
        cls, config: dict[str, Any], secrets: Mapping[str, str], *, now: datetime
    ) -> "MastodonChannel":
        return cls(config["server"], secrets.get("access_token", ""), now)

    def check(self) -> Known:
        """Servers without the newer description of themselves keep the usual limit."""
        me = self._me()
        told = self.api.get(f"{self.url}/v2/instance")
        return Known(f"@{name(me, 'acct')}", number(told, "configuration", "statuses", "max_characters"))

    def send(self, post: Post) -> Sent:
        said: dict[str, Any] = {"status": post.text, "visibility": "public"}
        if post.pictures:
            said["media_ids"] = self._handed_over(post)
        if post.langs:
            said["language"] = LANGUAGES.get(post.langs[0], post.langs[0].partition("-")[0])
        made = self.api.post(f"{self.url}/v1/statuses", json=said, headers={"Idempotency-Key": post.key})
        if not (found := name(made, "id")):
            raise self.api.puzzled()
        return Sent(found, address(made))

    def _handed_over(self, post: Post) -> list[str]:
        """The ids of the pictures there. One that no post shows within a day the server forgets by itself."""
        made = []
        for picture in in_time(post):
            form = multipart({"description": picture.alt}, {"file": picture})
            told = self.api.post(f"{self.url}/v2/media", is_public=False, **form)
            if not (found := name(told, "id")):
                raise self.api.puzzled(is_public=False)
            made.append(found)
            if not web_link(part(told, "url") or ""):
                self._wait_for(found)
        return made

    def _wait_for(self, media: str) -> None:
        """A server may work on a picture for a while (202, then 206); only then can a post show it."""
        for pause in PAUSES:
            time.sleep(pause)
            told = self.api.get(f"{self.url}/v1/media/{quote(media, safe='')}")
            if web_link(part(told, "url") or ""):
                return
        raise too_slow()

    def read_back(self, post: Post, external_id: str = "") -> ReadBack | None:
        return self._by_id(post, external_id) if external_id else self._by_words(post)

    def _by_id(self, post: Post, external_id: str) -> ReadBack | None:
        there = f"{self.url}/v1/statuses/{quote(external_id, safe='')}"
        if (status := self.api.get(there)) is None:
            return None
        source = self.api.get(f"{there}/source")
        written = part(source, "text")
        text = written if isinstance(written, str) else plain_text(part(status, "content") or "")
        return ReadBack(text, "", external_id, address(status), shows(status, post))

    def _by_words(self, post: Post) -> ReadBack | None:
        """The oldest of ours within its time that says the same and is no other publication's."""
        found = [status for status in self._since(post.created_at - SKEW) if says(status, post)]
        ours = [status for status in found if name(status, "id") not in post.others]
        if not ours:
            return None
        return ReadBack(post.text, "", name(ours[-1], "id"), address(ours[-1]), shows(ours[-1], post))

    def _since(self, since: datetime) -> Iterator[dict[str, Any]]:
        """Our own posts, newest first."""
        there = f"{self.url}/v1/accounts/{quote(name(self._me(), 'id'), safe='')}/statuses"
        last = ""
        for _page in range(MOST_PAGES):
            rows = dicts(self.api.get(there, limit=PAGE_SIZE, exclude_reblogs="true", max_id=last))
            young = [row for row in rows if (at := moment(row, "created_at")) and at >= since]
            yield from young
            if not rows or len(young) < len(rows):
                return
            last = name(rows[-1], "id")

    def _me(self) -> dict[str, Any]:
        me = self.api.get(f"{self.url}/v1/accounts/verify_credentials")
        if not name(me, "id"):
            words = _("There is no Mastodon server at this address.")
            raise ChannelError(words, permanent=True, attention=True)
        return me


def address(status: Any) -> str:
    return web_link(part(status, "url") or "") or web_link(part(status, "uri") or "")


def shows(status: Any, post: Post) -> bool:
    """As many pictures as were sent, with the same words: the server draws the pictures themselves anew."""
    found = [part(each, "description") or "" for each in dicts(part(status, "media_attachments"))]
    return found == [each.alt for each in post.pictures]


def says(status: dict[str, Any], post: Post) -> bool:
    """In public a mention of somebody far away shows its name alone."""
    content = part(status, "content")
    return isinstance(content, str) and same_words(plain_text(content), FAR_MENTION.sub(r"\1", post.text))
