"""Bluesky: what one account posts, what matches a search, who mentions an account, who answers it.

`config` is {"mode": …} with {"account": "name.bsky.social"} or {"search": "words"}: "account", "search",
"mentions" or "replies"; without a mode it is told from what is there. "service_url" is the server to ask: an
account's own (PDS) or an AppView, which knows all accounts and can search. With "app_password" the account
(or "sign_in_as") is signed in there: then mentions and replies are its notifications.

API: https://docs.bsky.app/docs/category/http-reference
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from responses.monitoring.sources import tokens
from responses.monitoring.sources.asking import Api
from responses.monitoring.sources.base import Fetched, Item, SourceError, register
from responses.monitoring.sources.bluesky_posts import (
    Ask,
    author_of,
    item_of,
    replies_in,
    stands_at,
    viewed,
    viewed_at,
    with_reach,
)
from responses.monitoring.sources.reading import dicts, name, number, part, sorted_out
from responses.monitoring.sources.reading_back import Page, page_of, read_back

APPVIEW = "https://public.api.bsky.app"
ENTRYWAY = "https://bsky.social"
COLLECTION = "app.bsky.feed.post"
PAGE_SIZE = 50
MOST_PAGES = 5
MOST_THREADS = 10
DEPTH = 6
NOT_SERVED = (404, 501)
NEEDS_SIGN_IN = (401, 403)
SIGNED_IN_FOR = timedelta(minutes=90)  # a little less than servers say
ENTERED = ("account", "search", "service_url", "mode")


@register
class Bluesky:
    kind = "bluesky"

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
        known: dict[str, Any] = dict(state) if state.get("entered") == entered else {"entered": entered}
        ask = asker(config, http, now)
        last_time = known.get("read", {})
        before = last_time.get("newest", "")
        if entered.get("mode") == "replies" and not config.get("app_password"):
            items = sorted_out(_answers(ask, entered, known), now)
            said = (item.published_at.isoformat() for item in items if item.published_at)
            read = {"newest": max([before, *said])}
        else:
            found, read = read_back(_reader(ask, config, entered, known), last_time, now, MOST_PAGES)
            items = sorted_out(found, now)
        if known.get("via") != "records":
            items = _with_reach_of_the_new(ask, items, before)
        return Fetched(items, {**known, "read": read})


def entered_in(config: dict[str, Any]) -> dict[str, str]:
    entered = {key: str(config.get(key) or "").strip() for key in ENTERED}
    entered["account"] = entered["account"].removeprefix("@").lower()
    if not entered["mode"]:
        del entered["mode"]
    wanted = entered["search"] if _mode(entered) == "search" else entered["account"]
    if not wanted:
        raise SourceError(_("Say whose posts to read, or what to search for."), permanent=True)
    return entered


def _mode(entered: dict[str, str]) -> str:
    return entered.get("mode") or ("search" if entered["search"] else "account")


def _reader(
    ask: Ask, config: dict[str, Any], entered: dict[str, str], known: dict[str, Any]
) -> Callable[[str], Page]:
    mode = _mode(entered)
    if mode == "search":
        return _searcher(ask, q=entered["search"])
    if mode == "mentions" and not config.get("app_password"):
        return _searcher(ask, q=f"@{entered['account']}", mentions=entered["account"])
    if mode in ("mentions", "replies"):
        return _notified(ask, ["reply"] if mode == "replies" else ["mention", "quote"])
    return _account_reader(ask, entered["account"], known)


def _with_reach_of_the_new(ask: Ask, items: list[Item], before: str) -> list[Item]:
    new = [
        item for item in items if not before or (item.published_at and item.published_at.isoformat() > before)
    ]
    told = {item.external_id: item for item in with_reach(ask, new)}
    return [told.get(item.external_id, item) for item in items]


# --- asking


def asker(config: dict[str, Any], http: Callable[..., Any], now: datetime) -> Ask:
    """`ask(method, **params)`; signed in when there is a password, anew when the server wants it."""
    password = str(config.get("app_password") or "")
    service = str(config.get("service_url") or "").strip().rstrip("/") or (ENTRYWAY if password else APPVIEW)
    identifier = str(config.get("sign_in_as") or config.get("account") or "").strip().removeprefix("@")
    if password and not identifier:
        raise SourceError(_("Say which account the app password belongs to."), permanent=True)
    key = tokens.key_of(service, identifier, password)
    api = Api("Bluesky", http, now)

    def signed_in() -> dict[str, str]:
        if not password:
            return {}
        return tokens.token(key, now, lambda: _sign_in(service, identifier, password, http, now)).headers

    def ask(method: str, **params: Any) -> dict[str, Any]:
        url = f"{service}/xrpc/{method}"
        try:
            api.headers = signed_in()
            found = api.get(url, **params)
        except SourceError as error:
            if not password or error.said.get("error") not in ("ExpiredToken", "InvalidToken"):
                raise
            tokens.forget(key)
            api.headers = signed_in()
            found = api.get(url, **params)
        if not isinstance(found, dict):
            raise api.puzzled()
        return found

    return ask


def _sign_in(
    service: str, identifier: str, password: str, http: Callable[..., Any], now: datetime
) -> tokens.Token:
    wrong = _("Bluesky does not accept this account with this app password.")
    api = Api("Bluesky", http, now, refusals={400: wrong, 401: wrong})
    try:
        found = api.post(
            f"{service}/xrpc/com.atproto.server.createSession",
            json={"identifier": identifier, "password": password},
        )
    except SourceError as error:
        if error.said.get("error") != "AuthFactorTokenRequired":
            raise
        message = _("This account asks for a second factor. Make an app password and enter that.")
        raise SourceError(message, permanent=True, status=error.status) from None
    value = part(found, "accessJwt")
    if not isinstance(value, str) or not value:
        raise api.puzzled()
    return tokens.Token(value, now + SIGNED_IN_FOR, name(found, "did"))


# --- a search


def _searcher(ask: Ask, **wanted: str) -> Callable[[str], Page]:
    def read(cursor: str) -> Page:
        try:
            found = ask("app.bsky.feed.searchPosts", **wanted, sort="latest", limit=PAGE_SIZE, cursor=cursor)
        except SourceError as error:
            if error.status not in (*NOT_SERVED, *NEEDS_SIGN_IN):
                raise
            if error.permanent:
                raise  # it was the sign-in that failed, and said why
            message = _("This Bluesky server does not offer search.")
            if error.status in NEEDS_SIGN_IN:
                message = _("This server lets only those search who sign in. Enter an app password.")
            raise SourceError(message, permanent=True, status=error.status) from None
        posts = dicts(found.get("posts"))
        return page_of(map(viewed, posts), _cursor(found), map(viewed_at, posts))

    return read


# --- one account


def _account_reader(ask: Ask, account: str, known: dict[str, Any]) -> Callable[[str], Page]:
    """Remembers in `known` who the account is, since handles change hands, and how it is read."""
    known.setdefault("handle", account)
    known["did"] = known.get("did") or _did(ask, account)

    def read(cursor: str) -> Page:
        if known.get("via") != "appview":
            try:
                page = _records(ask, known["did"], known["handle"], cursor)
            except SourceError as error:
                if error.status not in NOT_SERVED:
                    raise
            else:
                known["via"] = "records"
                return page
        known["via"] = "appview"
        return _author_feed(ask, known["did"], cursor)

    return read


def _did(ask: Ask, account: str) -> str:
    if account.startswith("did:"):
        return account
    try:
        return name(ask("com.atproto.identity.resolveHandle", handle=account), "did")
    except SourceError as error:
        if error.status != 400:
            raise
        message = _("There is no Bluesky account called %(account)s.") % {"account": account}
        raise SourceError(message, permanent=True, status=400) from None


def _records(ask: Ask, did: str, handle: str, cursor: str) -> Page:
    found = ask(
        "com.atproto.repo.listRecords", repo=did, collection=COLLECTION, limit=PAGE_SIZE, cursor=cursor
    )
    records = dicts(found.get("records"))
    items = (item_of(record, record.get("value"), handle) for record in records)
    return page_of(items, _cursor(found), (stands_at(record, record.get("value")) for record in records))


def _author_feed(ask: Ask, did: str, cursor: str) -> Page:
    found = ask("app.bsky.feed.getAuthorFeed", actor=did, limit=PAGE_SIZE, cursor=cursor)
    # What the account only reposted was said by somebody else; it stands where it was reposted, or pinned.
    posts = [entry.get("post") for entry in dicts(found.get("feed")) if not entry.get("reason")]
    items = (item for item in map(viewed, posts) if item and author_of(item) == did)
    return page_of(items, _cursor(found), map(viewed_at, posts))


# --- what is said to an account


def _notified(ask: Ask, reasons: list[str]) -> Callable[[str], Page]:
    def read(cursor: str) -> Page:
        found = ask(
            "app.bsky.notification.listNotifications", reasons=reasons, limit=PAGE_SIZE, cursor=cursor
        )
        told = [row for row in dicts(found.get("notifications")) if row.get("reason") in reasons]
        return page_of(map(viewed, told), _cursor(found), map(viewed_at, told))

    return read


def _answers(ask: Ask, entered: dict[str, str], known: dict[str, Any]) -> list[Item | None]:
    """Without signing in: the threads below the account's newest posts that have grown since last time.

    `known["threads"]` keeps how many answers each had; what is too much for one reading waits for the next.
    """
    known["did"] = known.get("did") or _did(ask, entered["account"])
    feed = ask("app.bsky.feed.getAuthorFeed", actor=known["did"], limit=PAGE_SIZE)
    posts = [entry.get("post") for entry in dicts(feed.get("feed"))]
    counts = {name(post, "uri"): number(post, "replyCount") or 0 for post in posts}
    counts = {uri: count for uri, count in counts.items() if uri.startswith(f"at://{known['did']}/")}
    before = part(known, "threads") or {}
    grown = [uri for uri, count in counts.items() if count > (number(before, uri) or 0)]
    found: list[Item | None] = []
    for uri in grown[:MOST_THREADS]:
        found += [item for item in _below(ask, uri) if item and author_of(item) != known["did"]]
    waiting = set(grown[MOST_THREADS:])
    known["threads"] = {uri: before.get(uri, 0) if uri in waiting else n for uri, n in counts.items()}
    return found


def _below(ask: Ask, uri: str) -> list[Item | None]:
    try:
        thread = ask("app.bsky.feed.getPostThread", uri=uri, depth=DEPTH, parentHeight=0).get("thread")
    except SourceError as error:
        if error.said.get("error") != "NotFound":
            raise
        return []  # taken down between the two questions
    return [viewed(post) for post in replies_in(thread)]


def _cursor(found: dict[str, Any]) -> str:
    cursor = found.get("cursor")
    return cursor if isinstance(cursor, str) else ""
