"""X: posts of the last seven days that match a search.

`config` is {"search": an X query} with "bearer_token", and may hold "reposts": True to hear those too.

API: https://docs.x.com/x-api/posts/search/quickstart/recent-search
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from responses.monitoring.sources.asking import LONGEST_PAUSE, Api
from responses.monitoring.sources.base import Fetched, Item, SourceError, register
from responses.monitoring.sources.cleaning import web_link
from responses.monitoring.sources.reading import (
    dicts,
    is_yes,
    language,
    moment,
    name,
    number,
    part,
    sorted_out,
    text,
)

SEARCH = "https://api.x.com/2/tweets/search/recent"
WEB_URL = "https://x.com"
PAGE_SIZE = 100
MOST_PAGES = 10
MEDIA = {"photo": "image", "video": "video", "animated_gif": "video"}
FIELDS = {
    "tweet.fields": "attachments,author_id,conversation_id,created_at,geo,lang,note_tweet,public_metrics,"
    "referenced_tweets",
    "expansions": "attachments.media_keys,author_id,geo.place_id,referenced_tweets.id",
    "user.fields": "name,public_metrics,username,verified",
    "media.fields": "type",
    "place.fields": "country_code",
}


@register
class X:
    kind = "x"

    def fetch(
        self,
        config: dict[str, Any],
        state: dict[str, Any],
        http: Callable[..., Any],
        now: datetime | None = None,
    ) -> Fetched:
        now = now or timezone.now()
        query = query_of(config)
        # What was remembered belongs to what was entered then: a person may have changed it.
        known = dict(state) if state.get("entered") == query else {}
        reading = _Reading(_api(config, http, now), query)
        newest = name(known, "newest")
        try:
            newest, gap = reading.newer_than(newest)
        except SourceError as error:
            if not newest or not _is_too_long_ago(error):
                raise
            newest, gap = reading.newer_than("")
        gap = gap or reading.rest_of(part(known, "gap"))
        return Fetched(sorted_out(reading.items, now), {"entered": query, "newest": newest, "gap": gap})


def query_of(config: dict[str, Any]) -> str:
    search = str(config.get("search") or "").strip()
    if not search:
        raise SourceError(_("Say what to search for."), permanent=True)
    if config.get("reposts") or "is:retweet" in search:
        return search
    # OR binds weaker than the blank between the two.
    return f"({search}) -is:retweet"


def _api(config: dict[str, Any], http: Callable[..., Any], now: datetime) -> Api:
    token = str(config.get("bearer_token") or "")
    if not token:
        raise SourceError(_("X wants the bearer token of an application."), permanent=True)
    refusals = {
        401: _("X does not accept this bearer token. Enter a new one."),
        402: _("The credits of this X application are used up."),
        403: _("The plan of this X application does not include search."),
    }
    return Api("X", http, now, headers={"Authorization": f"Bearer {token}"}, refusals=refusals)


class _Reading:
    """One reading: so many pages, for what is new first, then for what the last one had to leave."""

    def __init__(self, api: Api, query: str):
        self.items: list[Item | None] = []
        self._api = api
        self._query = query
        self._pages = MOST_PAGES

    def newer_than(self, newest: str) -> tuple[str, dict[str, str]]:
        """The newest id now, and the gap left above the old one. The first time one page is enough."""
        if not newest:
            self._pages = 1
        ids, is_whole = self._read(since_id=newest)
        gap = {} if is_whole or not newest or not ids else {"since": newest, "until": min(ids, key=_by_age)}
        return max([*ids, newest], key=_by_age), gap

    def rest_of(self, gap: Any) -> dict[str, str]:
        since, until = name(gap, "since"), name(gap, "until")
        if not since or not until or not self._pages:
            return {"since": since, "until": until} if since and until else {}
        try:
            ids, is_whole = self._read(since_id=since, until_id=until)
        except SourceError:
            return {}  # it has left the seven days; what is new is not to be lost for it
        return {} if is_whole or not ids else {"since": since, "until": min(ids, key=_by_age)}

    def _read(self, **between: str) -> tuple[list[str], bool]:
        ids: list[str] = []
        token = ""
        while self._pages:
            self._pages -= 1
            answer = self._page(token, between)
            posts = dicts(answer.get("data"))
            self.items += _items(posts, part(answer, "includes"))
            ids += [name(post, "id") for post in posts if name(post, "id").isdecimal()]
            token = name(answer, "meta", "next_token", longest=500)
            if not token:
                return ids, True
            if self._api.is_spent:
                break
        return ids, False

    def _page(self, token: str, between: dict[str, str]) -> dict[str, Any]:
        params = {"query": self._query, "max_results": PAGE_SIZE, "next_token": token, **between, **FIELDS}
        try:
            answer = self._api.get(SEARCH, **params)
        except SourceError as error:
            raise _in_words(error) from None
        if not isinstance(answer, dict) or not ("meta" in answer or "data" in answer):
            raise self._api.puzzled()
        return answer


def _in_words(error: SourceError) -> SourceError:
    if error.status == 429 and "usage-capped" in name(error.said, "type"):
        message = _("The monthly allowance of this X application is used up.")
        return SourceError(message, retry_after=LONGEST_PAUSE, status=429)
    if error.status == 400 and not _is_too_long_ago(error):
        message = _("X does not understand this search. Its answer: %(detail)s")
        detail = name(next(iter(dicts(error.said.get("errors"))), {}), "message", longest=300)
        detail = detail or name(error.said, "detail", longest=300) or "HTTP 400"
        return SourceError(message % {"detail": detail}, permanent=True, status=400)
    return error


def _is_too_long_ago(error: SourceError) -> bool:
    """The newest post known has left the seven days that can be searched."""
    return error.status == 400 and "since_id" in json.dumps(dict(error.said))


def _by_age(number_of: str) -> tuple[int, str]:
    return len(number_of), number_of


def _items(posts: list[dict[str, Any]], includes: Any) -> list[Item | None]:
    users, places, quoted = (_by(part(includes, kind), "id") for kind in ("users", "places", "tweets"))
    media = _by(part(includes, "media"), "media_key")
    return [_item(post, users, places, quoted, media) for post in posts]


def _by(rows: Any, key: str) -> dict[str, Any]:
    return {name(row, key): row for row in dicts(rows)}


def _item(
    post: dict[str, Any],
    users: dict[str, Any],
    places: dict[str, Any],
    quoted: dict[str, Any],
    media: dict[str, Any],
) -> Item:
    number_of, author = name(post, "id"), users.get(name(post, "author_id"))
    handle = name(author, "username", longest=200)
    references = {name(row, "type"): name(row, "id") for row in dicts(part(post, "referenced_tweets"))}
    thread = name(post, "conversation_id")
    return Item(
        external_id=number_of,
        url=web_link(f"{WEB_URL}/{handle or 'i'}/status/{number_of}"),
        author=handle,
        author_url=web_link(f"{WEB_URL}/{handle}") if handle else "",
        text=_text(quoted.get(references.get("retweeted", "")) or post),
        published_at=moment(post, "created_at"),
        language=_language(post),
        country=_country(places.get(name(post, "geo", "place_id"))),
        reach=number(author, "public_metrics", "followers_count"),
        verified=is_yes(author, "verified"),
        media=_media(part(post, "attachments", "media_keys"), media),
        reply_to=references.get("replied_to", ""),
        thread=thread if thread != number_of else "",
        raw={
            "shares": number(post, "public_metrics", "retweet_count"),
            "likes": number(post, "public_metrics", "like_count"),
            "answers": number(post, "public_metrics", "reply_count"),
            "quotes": references.get("quoted", ""),
            "repost_of": references.get("retweeted", ""),
        },
    )


def _text(post: Any) -> str:
    """A long post has its whole text aside; a repost is cut, the post itself is not."""
    return text(post, "note_tweet", "text") or text(post, "text")


def _media(keys: Any, known: dict[str, Any]) -> tuple[str, ...]:
    shown = [known.get(key) for key in keys if isinstance(key, str)] if isinstance(keys, list) else []
    kinds = {MEDIA.get(name(each, "type"), "") for each in shown}
    return tuple(sorted(kinds - {""}))


def _language(post: Any) -> str:
    """X's own codes for “undetermined” (und, qme, zxx …) say nothing."""
    code = language(post, "lang")
    return "" if code in ("und", "zxx") or (len(code) == 3 and code.startswith("q")) else code


def _country(place: Any) -> str:
    code = name(place, "country_code")
    return code.lower() if len(code) == 2 and code.isascii() and code.isalpha() else ""
