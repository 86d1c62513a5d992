"""Posting on a LinkedIn page. One try, for it knows no idempotency; what is unknown is looked for there.

`config` is {"organization": "5515715"}, with "access_token".

API: https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import quote

from django.utils.translation import gettext as _

from responses.monitoring.sources.base import SourceError
from responses.monitoring.sources.reading import dicts, moment, name, part

from .asking import Api
from .base import ChannelError, Known, Post, ReadBack, Sent, register, same_words

API = "https://api.linkedin.com/rest"
WEB_URL = "https://www.linkedin.com/feed/update"
VERSION = "202604"  # LinkedIn serves each for a year at least
SKEW = timedelta(minutes=10)
PAGE_SIZE = 50
OUT = {
    "visibility": "PUBLIC",
    "distribution": {
        "feedDistribution": "MAIN_FEED",
        "targetEntities": [],
        "thirdPartyDistributionChannels": [],
    },
    "lifecycleState": "PUBLISHED",
    "isReshareDisabledByAuthor": False,
}
DUPLICATE = re.compile(r"duplicate of (urn:li:(?:share|ugcPost|activity):\d+)", re.IGNORECASE)
# What LinkedIn's “little text” reads as its own; a hashtag may stay one.
RESERVED = re.compile(r"[\\|{}@\[\]()<>*_~]|#(?!\w)")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
HASHTAG = re.compile(r"\{hashtag\|\\?[#＃]\|([^}]*)\}")


class Duplicate(ChannelError):
    """LinkedIn says that this text stands already, and where."""

    urn = ""


@register
class LinkedInChannel:
    kind = "linkedin"
    repeatable, readable = False, True

    def __init__(self, organization: str, token: str, now: datetime):
        self.author = f"urn:li:organization:{organization}"
        unknown = _("LinkedIn does not accept the access token: it lives sixty days. Make a new one.")
        forbidden = _("The access token may not post for this page. It needs w_organization_social.")
        old = _("LinkedIn no longer serves the version Tugon speaks. Tugon must be updated.")
        self.api = Api(
            "LinkedIn",
            now=now,
            headers={
                "Authorization": f"Bearer {token}",
                "LinkedIn-Version": VERSION,
                "X-Restli-Protocol-Version": "2.0.0",
            },
            refusals={401: unknown, 403: forbidden, 426: old},
            judge=judge,
            hidden=(token,),
        )

    @classmethod
    def opened(cls, config: dict[str, Any], secrets: Mapping[str, str], *, now: datetime) -> Self:
        return cls(config["organization"], secrets.get("access_token", ""), now)

    def check(self) -> Known:
        """Reading the page's posts needs what reading back needs."""
        self._posts(1)
        return Known(self.author)

    def send(self, post: Post) -> Sent:
        said = {"author": self.author, "commentary": escaped(post.text), **OUT}
        try:
            answer = self.api.sent(f"{API}/posts", json=said)
        except Duplicate as duplicate:
            return self._standing(post, duplicate)
        urn = (answer.headers.get("x-restli-id") or answer.headers.get("x-linkedin-id") or "").strip()
        if not urn.startswith("urn:li:"):
            raise self.api.puzzled()
        return Sent(urn, f"{WEB_URL}/{urn}")

    def read_back(self, post: Post, external_id: str = "") -> ReadBack | None:
        if external_id:
            found = self.api.get(f"{API}/posts/{quote(external_id, safe='')}")
            return None if found is None else read(found)
        return self._by_words(post)

    def _by_words(self, post: Post) -> ReadBack | None:
        """The oldest of the page within its time that says the same and is no other publication's."""
        rows = [row for row in self._posts(PAGE_SIZE) if is_of_its_time(row, post)]
        found = [each for each in map(read, rows) if same_words(each.text, post.text)]
        ours = [each for each in found if each.external_id not in post.others]
        return ours[-1] if ours else None

    def _posts(self, count: int) -> list[dict[str, Any]]:
        asked = {"author": self.author, "q": "author", "count": count, "sortBy": "CREATED"}
        told = self.api.get(f"{API}/posts", **asked)
        if not isinstance(part(told, "elements"), list):
            raise self.api.puzzled(is_public=False)
        return dicts(part(told, "elements"))

    def _standing(self, post: Post, duplicate: Duplicate) -> Sent:
        """Ours, when it was written since this publication began and belongs to no other."""
        try:
            row = self.api.get(f"{API}/posts/{quote(duplicate.urn, safe='')}")
        except ChannelError as error:
            raise ChannelError(error.message, unknown=True) from None
        if row is None or duplicate.urn in post.others or not is_of_its_time(row, post):
            raise duplicate
        return Sent(duplicate.urn, f"{WEB_URL}/{duplicate.urn}")


def is_of_its_time(row: dict[str, Any], post: Post) -> bool:
    created = part(row, "createdAt")
    at = moment({"at": created / 1000}, "at") if isinstance(created, int) else None
    return at is not None and at >= post.created_at - SKEW


def read(row: dict[str, Any]) -> ReadBack:
    written, urn = part(row, "commentary"), name(row, "id")
    return ReadBack(
        unescaped(written) if isinstance(written, str) else "", external_id=urn, url=f"{WEB_URL}/{urn}"
    )


def escaped(text: str) -> str:
    return RESERVED.sub(r"\\\g<0>", text)


def unescaped(text: str) -> str:
    return ESCAPED.sub(r"\1", HASHTAG.sub(r"#\1", text))


def judge(error: SourceError) -> ChannelError | None:
    if error.status in (409, 422) and (found := DUPLICATE.search(name(error.said, "message", longest=500))):
        words = _("LinkedIn refuses this text: the page has said the same before.")
        duplicate = Duplicate(words, permanent=True)
        duplicate.urn = found[1]
        return duplicate
    return None
