"""What a query is asked about: a post's text and whatever else is known of it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

LANGUAGES = {"tl": "fil", "tgl": "fil", "eng": "en"}  # other codes of the same language
MEDIA = ("image", "video", "link", "hashtag", "name", "author", "title")
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_HASHTAG = re.compile(r"(?<!\w)#\w")
_NAME = re.compile(r"(?<!\w)@\w")


@dataclass(frozen=True)
class Post:
    """Empty, or None, is not known: what asks for it does not match."""

    text: str = ""
    title: str = ""
    author: str = ""
    url: str = ""
    source: str = ""  # the kind: rss, bluesky …
    source_name: str = ""
    language: str = ""
    country: str = ""  # two letters
    sentiment: str = ""
    reach: int | None = None
    verified: bool | None = None
    media: frozenset[str] = frozenset()  # "image", "video"

    @cached_property
    def flags(self) -> frozenset[str]:
        """Everything that is simply so or not, spelt as in a query."""
        return frozenset(self._flags())

    def _flags(self) -> Iterator[str]:
        yield from _language(self.language)
        yield from (f"site:{name}" for name in sites(self.url))
        yield from (f"source:{name.casefold()}" for name in (self.source, self.source_name) if name)
        yield from (f"has:{kind}" for kind in self._has())
        if self.country:
            yield f"country:{self.country.lower()}"
        if self.sentiment:
            yield f"sentiment:{self.sentiment}"
        if self.verified is not None:
            yield "verified:yes" if self.verified else "verified:no"
        if self.reach is not None:
            yield "reach:"

    def _has(self) -> Iterator[str]:
        yield from self.media
        yield from (kind for kind in ("author", "title") if getattr(self, kind))
        found = (("link", _LINK), ("hashtag", _HASHTAG), ("name", _NAME))
        yield from (kind for kind, pattern in found if pattern.search(self.text))


def post_of(thing: Any, source: str = "", source_name: str = "") -> Post:
    """A mention or a source's item as a post. What either does not know yet stays unknown."""
    return Post(
        text=thing.text,
        title=thing.title if thing.title != thing.text else "",
        author=thing.author,
        url=thing.url,
        source=source,
        source_name=source_name,
        language=thing.language,
        sentiment=getattr(thing, "sentiment", ""),
        country=getattr(thing, "country", ""),
        reach=getattr(thing, "reach", None),
        verified=getattr(thing, "verified", None),
        media=frozenset(_media(getattr(thing, "media", ()))),
    )


def _media(known: str | tuple[str, ...]) -> Iterable[str]:
    return known.split() if isinstance(known, str) else known


def sites(url: str) -> Iterator[str]:
    """The host and every domain above it: news.abs-cbn.com, abs-cbn.com, com."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return
    parts = host.rstrip(".").split(".")
    for start in range(len(parts)):
        if parts[start]:
            yield ".".join(parts[start:])


def _language(code: str) -> Iterator[str]:
    code = code.lower().replace("_", "-")
    if code and code != "und":
        base = code.partition("-")[0]
        yield from {f"lang:{code}", f"lang:{LANGUAGES.get(base, base)}"}
