"""Posts of Bluesky as Items, and what is asked about their authors.

Lexicons: app.bsky.feed.defs#postView, app.bsky.feed.post, app.bsky.actor.defs
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from responses.monitoring.sources.base import Item, SourceError
from responses.monitoring.sources.dating import OLDEST
from responses.monitoring.sources.reading import dicts, language, moment, name, number, part, text

WEB_URL = "https://bsky.app"
MEDIA = {"app.bsky.embed.images": "image", "app.bsky.embed.video": "video"}
MOST_REPLIES = 1000  # that are looked at in one thread
AT_ONCE = 25  # authors of whom one request may ask

Ask = Callable[..., dict[str, Any]]


def item_of(view: Any, record: Any, handle: str) -> Item | None:
    """A record, with what the server knows about it beside it."""
    uri = name(view, "uri")
    if not isinstance(record, dict) or not uri.startswith("at://") or not text(record, "text"):
        return None  # a post of pictures alone says nothing that a rule could match
    did, _collection, rkey = [*uri.removeprefix("at://").split("/"), "", ""][:3]
    langs = part(record, "langs")
    return Item(
        external_id=uri,
        url=f"{WEB_URL}/profile/{did}/post/{rkey}",
        author=handle or did,
        author_url=f"{WEB_URL}/profile/{did}",
        text=text(record, "text"),
        published_at=moment(record, "createdAt"),
        language=language({"lang": langs[0]}, "lang") if isinstance(langs, list) and langs else "",
        verified=is_verified(part(view, "author")),
        media=_media(record),
        reply_to=name(record, "reply", "parent", "uri"),
        thread=name(record, "reply", "root", "uri"),
        raw={"uri": uri, "cid": name(view, "cid"), "likes": number(view, "likeCount")},
    )


def viewed(view: Any) -> Item | None:
    """A post as an AppView shows it, with its author."""
    return item_of(view, part(view, "record"), name(view, "author", "handle", longest=200))


def stands_at(view: Any, record: Any) -> datetime | None:
    """Where a server sorts the post: when it was written, by its author, but no later than it came in."""
    told = (moment(record, "createdAt"), moment(view, "indexedAt"))
    return min((at for at in told if at and at >= OLDEST), default=None)


def viewed_at(view: Any) -> datetime | None:
    return stands_at(view, part(view, "record"))


def is_verified(author: Any) -> bool | None:
    status = name(author, "verification", "verifiedStatus")
    return status == "valid" if status else None


def _media(record: dict[str, Any]) -> tuple[str, ...]:
    kinds = (name(record, "embed", "$type"), name(record, "embed", "media", "$type"))
    return tuple(sorted({MEDIA[kind] for kind in kinds if kind in MEDIA}))


def replies_in(thread: Any) -> Iterator[Any]:
    """Every post of a thread below its first, however deep."""
    waiting, looked_at = dicts(part(thread, "replies")), 0
    while waiting and looked_at < MOST_REPLIES:
        answer = waiting.pop()
        looked_at += 1
        yield answer.get("post")
        waiting += dicts(answer.get("replies"))


def author_of(item: Item) -> str:
    return item.external_id.removeprefix("at://").partition("/")[0]


def with_reach(ask: Ask, items: list[Item], most_requests: int = 2) -> list[Item]:
    """The items with their authors' followers, where the server tells; it is no loss where it does not."""
    authors = list(dict.fromkeys(author_of(item) for item in items))[: AT_ONCE * most_requests]
    profiles: dict[str, Any] = {}
    for first in range(0, len(authors), AT_ONCE):
        try:
            answer = ask("app.bsky.actor.getProfiles", actors=authors[first : first + AT_ONCE])
        except SourceError:
            break
        profiles |= {name(profile, "did"): profile for profile in dicts(answer.get("profiles"))}
    return [_with_profile(item, profiles.get(author_of(item))) for item in items]


def _with_profile(item: Item, profile: Any) -> Item:
    verified = is_verified(profile)
    return replace(
        item,
        reach=number(profile, "followersCount"),
        verified=item.verified if verified is None else verified,
    )
