"""Mastodon: a hashtag, the mentions of an account, or all that a server shows in public.

`config` is {"server": "https://mastodon.social", "mode": …}: "hashtag" with {"hashtag": …}, "mentions" (needs
"access_token"), "public", or "stream". A stream is kept open by `manage.py listen`, which is told where by
`stream_url` and what by `streamed`; read as any other source it catches up what was said while no stream was
open: the hashtag when there is one, else all in public.

API: https://docs.joinmastodon.org/methods/timelines/, …/notifications/ and …/streaming/
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.utils import timezone
from django.utils.translation import gettext as _

from responses.monitoring.sources.asking import Api
from responses.monitoring.sources.base import Fetched, Item, SourceError, register
from responses.monitoring.sources.cleaning import plain_text, web_link
from responses.monitoring.sources.reading import (
    dicts,
    language,
    moment,
    name,
    number,
    part,
    sorted_out,
    text,
)

PAGE_SIZE = 40
MOST_PAGES = 10
NOTHING_YET = "0"  # older than every id
IN_PUBLIC = ("public", "unlisted")
MEDIA = {"image": "image", "video": "video", "gifv": "video"}


@register
class Mastodon:
    kind = "mastodon"

    def fetch(
        self,
        config: dict[str, Any],
        state: dict[str, Any],
        http: Callable[..., Any],
        now: datetime | None = None,
    ) -> Fetched:
        now = now or timezone.now()
        entered = entered_in(config)
        # What was remembered belongs to what was entered then: a person may have changed it.
        newest = name(state, "newest") if state.get("entered") == entered else ""
        rows, newest = _rows(_api(config, http, now), entered, newest)
        host = urlsplit(entered["server"]).netloc
        items = [item_of(row.get("status") if _is_mentions(entered) else row, host) for row in rows]
        # Nothing yet is remembered too: what is first said later is read from its beginning on.
        state = {"entered": entered, "newest": newest or NOTHING_YET}
        return Fetched(sorted_out(with_threads(items), now), state)


def entered_in(config: dict[str, Any]) -> dict[str, str]:
    """What a person entered, whole, or a SourceError."""
    entered = {key: str(config.get(key) or "").strip() for key in ("server", "mode", "hashtag")}
    entered["server"] = server_url(entered["server"])
    entered["hashtag"] = entered["hashtag"].lstrip("#")
    if not entered["server"]:
        raise SourceError(_("Say which Mastodon server to read."), permanent=True)
    if entered["mode"] == "hashtag" and not entered["hashtag"]:
        raise SourceError(_("Say which hashtag to follow."), permanent=True)
    if _is_mentions(entered) and not config.get("access_token"):
        raise SourceError(_("Mentions can be read only with an access token."), permanent=True)
    return entered


def server_url(written: str) -> str:
    """“mastodon.social” and “https://mastodon.social/@somebody” → “https://mastodon.social”"""
    whole = written if "://" in written or not written else f"https://{written}"
    try:
        parts = urlsplit(whole)
    except ValueError:
        return whole
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else whole


def _is_mentions(entered: dict[str, str]) -> bool:
    return entered["mode"] == "mentions"


def _api(config: dict[str, Any], http: Callable[..., Any], now: datetime) -> Api:
    token = str(config.get("access_token") or "")
    unknown = _("This Mastodon server does not accept the access token. Enter a new one.")
    missing = _("This Mastodon server shows this only to those who sign in. Enter an access token.")
    forbidden = _("The access token may not read this. It needs the scope “read”.")
    refusals = {401: unknown if token else missing, 403: forbidden if token else missing, 422: missing}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Api("Mastodon", http, now, headers=headers, refusals=refusals)


def _rows(api: Api, entered: dict[str, str], newest: str) -> tuple[list[dict[str, Any]], str]:
    """The first time the newest page; from then on page after page forward, so that none is left out.

    What the bound leaves is read next time. A page that fails after others is tried again next time.
    """
    url, params = _address(entered)
    found: list[dict[str, Any]] = []
    for page in range(MOST_PAGES if newest else 1):
        try:
            answer = api.get(url, limit=PAGE_SIZE, min_id=newest, **params)
        except SourceError as error:
            if page == 0 and not _is_no_such_hashtag(error):
                raise
            break
        if not isinstance(answer, list):
            raise api.puzzled()
        rows = dicts(answer)
        found += rows
        newest = max([newest, *(name(row, "id") for row in rows)], key=_by_age)
        if not rows or api.is_spent:
            break
    return found, newest


def _by_age(number_of: str) -> tuple[int, str]:
    """Ids are numbers written as text: the longer is the newer."""
    return len(number_of), number_of


def _is_no_such_hashtag(error: SourceError) -> bool:
    """Nobody has used it yet: no error to us."""
    return error.status == 404 and error.said.get("error") == "Record not found"


def _address(entered: dict[str, str]) -> tuple[str, dict[str, str]]:
    api = f"{entered['server']}/api/v1"
    if _is_mentions(entered):
        return f"{api}/notifications", {"types[]": "mention"}
    if entered["hashtag"] and entered["mode"] != "public":
        return f"{api}/timelines/tag/{quote(entered['hashtag'], safe='')}", {}
    return f"{api}/timelines/public", {}


def item_of(status: Any, host: str = "") -> Item | None:
    """One status; None when it was not said in public or only passes on what another said."""
    if not isinstance(status, dict) or part(status, "reblog"):
        return None
    if name(status, "visibility") not in IN_PUBLIC:
        return None
    account = part(status, "account")
    kinds = [MEDIA.get(name(media, "type"), "") for media in dicts(part(status, "media_attachments"))]
    return Item(
        external_id=name(status, "id"),
        url=web_link(text(status, "url")) or web_link(text(status, "uri")),
        author=_author(account, host),
        author_url=web_link(text(account, "url")),
        title=plain_text(text(status, "spoiler_text"), 500),
        text=plain_text(text(status, "content")),
        published_at=moment(status, "created_at"),
        language=language(status, "language"),
        reach=number(account, "followers_count"),
        media=tuple(sorted({kind for kind in kinds if kind})),
        reply_to=name(status, "in_reply_to_id"),
        thread=name(status, "in_reply_to_id"),
        raw={
            "uri": text(status, "uri")[:500],
            "shares": number(status, "reblogs_count"),
            "likes": number(status, "favourites_count"),
        },
    )


def _author(account: Any, host: str) -> str:
    """“ana@other.example”; the server leaves its own name out of its own people's."""
    written = name(account, "acct", longest=200)
    return f"{written}@{host}"[:200] if written and host and "@" not in written else written


def with_threads(items: list[Item | None]) -> list[Item | None]:
    """A status names only what it answers: where its thread began is followed up as far as it is known."""
    answers = {item.external_id: item.reply_to for item in items if item}

    def beginning(item: Item) -> str:
        at, passed = item.reply_to, {item.external_id}
        while answers.get(at) and at not in passed:
            passed.add(at)
            at = answers[at]
        return at

    return [replace(item, thread=beginning(item)) if item and item.reply_to else item for item in items]


# --- the stream


def streams_at(server: str, http: Callable[..., Any]) -> str:
    """The origin of a server's streams: its own, unless it names another (configuration.urls)."""
    try:
        told = json.loads(http(f"{server}/api/v2/instance").body)
    except (SourceError, ValueError, RecursionError):
        return server
    parts = urlsplit(name(told, "configuration", "urls", "streaming"))
    schemes = {"wss": "https", "https": "https", "ws": "http", "http": "http"}
    if parts.scheme not in schemes or not parts.netloc:
        return server
    return f"{schemes[parts.scheme]}://{parts.netloc}"


def stream_url(config: dict[str, Any], base: str = "") -> str:
    """Where `manage.py listen` keeps a connection open: server-sent events."""
    entered = entered_in(config)
    where, params = "public", {}
    if entered["hashtag"]:
        where, params = "hashtag", {"tag": entered["hashtag"]}
    url = f"{base or entered['server']}/api/v1/streaming/{where}"
    return f"{url}?{urlencode(params)}" if params else url


def streamed(event: str, data: str, config: dict[str, Any], now: datetime) -> Item | None:
    """The item of one event of the stream; None for the many that bring no new status."""
    if event not in ("update", "notification"):
        return None
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if event == "notification":
        found = part(found, "status") if name(found, "type") == "mention" else None
    [*items] = sorted_out([item_of(found, urlsplit(server_url(str(config.get("server", "")))).netloc)], now)
    return items[0] if items else None
