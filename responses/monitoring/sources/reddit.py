"""Reddit: posts that match a search, or all new posts and comments of a subreddit.

`config` is {"search": words}, {"subreddit": name} or both (the search within it), with "client_id" and
"client_secret" of an application registered with Reddit: it reads what anybody may read, as nobody in
particular. Several subreddits are joined by "+".

API: https://www.reddit.com/dev/api and https://github.com/reddit-archive/reddit/wiki/OAuth2
"""

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from django.utils import timezone
from django.utils.translation import gettext as _

from responses.monitoring.sources import tokens
from responses.monitoring.sources.asking import Api
from responses.monitoring.sources.base import Fetched, Item, SourceError, register
from responses.monitoring.sources.cleaning import web_link
from responses.monitoring.sources.reading import dicts, is_yes, moment, name, number, part, sorted_out, text
from responses.monitoring.sources.reading_back import Page, page_of, read_back

TOKEN_URL = "https://www.reddit.com/api/v1/access_token"  # noqa: S105  (an address)
API = "https://oauth.reddit.com"
WEB_URL = "https://www.reddit.com"
PAGE_SIZE = 100
MOST_PAGES = 5  # of each listing; Reddit keeps no more than the newest 1,000
GONE = ("[deleted]", "[removed]")
HINTS = {"image": "image", "hosted:video": "video", "rich:video": "video"}


@register
class Reddit:
    kind = "reddit"

    def fetch(
        self,
        config: dict[str, Any],
        state: dict[str, Any],
        http: Callable[..., Any],
        now: datetime | None = None,
    ) -> Fetched:
        now = now or timezone.now()
        entered = {key: str(config.get(key) or "").strip() for key in ("search", "subreddit")}
        entered["subreddit"] = entered["subreddit"].removeprefix("/").removeprefix("r/").strip("/")
        if not any(entered.values()):
            raise SourceError(_("Say what to search for, or which subreddit to read."), permanent=True)
        # What was remembered belongs to what was entered then: a person may have changed it.
        known = part(state, "listings") or {} if state.get("entered") == entered else {}
        ask = _asker(config, http, now)
        items: list[Item | None] = []
        read: dict[str, Any] = {}
        for path, params in _listings(entered):
            found, read[path] = read_back(_reader(ask, path, params), known.get(path, {}), now, MOST_PAGES)
            items += found
        return Fetched(sorted_out(items, now), {"entered": entered, "listings": read})


def _listings(entered: dict[str, str]) -> list[tuple[str, dict[str, Any]]]:
    subreddit = f"/r/{quote(entered['subreddit'], safe='+')}" if entered["subreddit"] else ""
    if not entered["search"]:
        return [(f"{subreddit}/new", {}), (f"{subreddit}/comments", {})]
    within = {"restrict_sr": "1"} if subreddit else {}
    return [(f"{subreddit}/search", {"q": entered["search"], "sort": "new", "type": "link", **within})]


Ask = Callable[..., tuple[dict[str, Any], bool]]


def _asker(config: dict[str, Any], http: Callable[..., Any], now: datetime) -> Ask:
    """`ask(path, **params)` → what is there, and whether Reddit's patience is at its end for now."""
    client, secret = (str(config.get(key) or "") for key in ("client_id", "client_secret"))
    if not client or not secret:
        raise SourceError(_("Reddit wants the id and the secret of an application."), permanent=True)
    key = tokens.key_of(TOKEN_URL, client, secret)
    hidden = _("This subreddit is private, banned or quarantined.")
    missing = _("There is no such subreddit.")

    def asked(path: str, params: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        token = tokens.token(key, now, lambda: _token(client, secret, http, now))
        api = Api("Reddit", http, now, headers=token.headers, refusals={403: hidden, 404: missing})
        found = api.get(API + path, **params)
        if not isinstance(part(found, "data"), dict):
            raise api.puzzled()
        if urlsplit(api.at).path.endswith("/subreddits/search"):
            # For a subreddit that is not there Reddit sends on to a search for its name.
            raise SourceError(missing, permanent=True)
        return found["data"], api.is_spent

    def ask(path: str, **params: Any) -> tuple[dict[str, Any], bool]:
        try:
            return asked(path, params)
        except SourceError as error:
            if error.status != 401 or error.permanent:
                raise
        tokens.forget(key)  # it has been revoked, or ran out early
        try:
            return asked(path, params)
        except SourceError as error:
            if error.status == 401 and not error.permanent:
                raise SourceError(_refused(), permanent=True, status=401) from None
            raise

    return ask


def _refused() -> str:
    return _("Reddit does not accept the id and the secret of this application.")


def _token(client: str, secret: str, http: Callable[..., Any], now: datetime) -> tokens.Token:
    """Application only: nobody's account is behind it."""
    basic = base64.b64encode(f"{client}:{secret}".encode()).decode()
    refusals = {status: _refused() for status in (400, 401, 403)}
    api = Api("Reddit", http, now, headers={"Authorization": f"Basic {basic}"}, refusals=refusals)
    found = api.post(TOKEN_URL, data={"grant_type": "client_credentials"})
    value = part(found, "access_token")
    if not isinstance(value, str) or not value:
        if name(found, "error"):  # Reddit says so with a 200, too
            raise SourceError(_refused(), permanent=True)
        raise api.puzzled()
    seconds = min(number(found, "expires_in") or 3600, 86_400)
    return tokens.Token(value, now + timedelta(seconds=seconds))


def _reader(ask: Ask, path: str, params: dict[str, Any]) -> Callable[[str], Page]:
    def read(after: str) -> Page:
        listing, is_spent = ask(path, **params, limit=PAGE_SIZE, after=after, raw_json=1)
        things = dicts([child.get("data") for child in dicts(listing.get("children"))])
        times = (moment(thing, "created_utc") for thing in things)
        return page_of(map(_item, things), name(listing, "after"), times, is_spent)

    return read


def _item(thing: dict[str, Any]) -> Item | None:
    is_comment = name(thing, "name").startswith("t1_")
    said = text(thing, "body" if is_comment else "selftext")
    if said in GONE or not name(thing, "name").startswith(("t1_", "t3_")):
        return None
    author = name(thing, "author", longest=200)
    author = "" if author in GONE else author
    title = "" if is_comment else name(thing, "title", longest=500)
    return Item(
        external_id=name(thing, "name"),
        url=web_link(WEB_URL + text(thing, "permalink")),
        author=author,
        author_url=web_link(f"{WEB_URL}/user/{author}") if author else "",
        title=title,
        text=said or title,
        published_at=moment(thing, "created_utc"),
        media=_media(thing),
        reply_to=name(thing, "parent_id") if is_comment else "",
        thread=name(thing, "link_id") if is_comment else "",
        raw={
            "subreddit": name(thing, "subreddit"),
            "subscribers": number(thing, "subreddit_subscribers"),
            "link": web_link(text(thing, "url")),
            "comments": number(thing, "num_comments"),
        },
    )


def _media(thing: dict[str, Any]) -> tuple[str, ...]:
    kind = "video" if is_yes(thing, "is_video") else HINTS.get(name(thing, "post_hint"), "")
    return (kind,) if kind else ()
