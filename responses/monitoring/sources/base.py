"""What every source adapter gives and takes.

An adapter knows the outside world and nothing of the database. It has a `kind` and one method:

    fetch(config, state, http, now=None) -> Fetched

`config` is what a person entered, `state` is what the adapter asked to be remembered last time ({} at first),
`http` is `fetching.fetch` with the brand's limits: it refuses private addresses and oversized answers.
Items may repeat from one fetch to the next: whoever stores them tells them apart by `external_id`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class Item:
    """One public post or article, as found. All times are aware; all addresses are http or https."""

    external_id: str
    url: str
    author: str = ""
    author_url: str = ""
    title: str = ""
    text: str = ""
    published_at: datetime | None = None
    language: str = ""
    country: str = ""  # two letters
    reach: int | None = None  # followers of the author, or views of the post: what the source tells
    verified: bool | None = None
    media: tuple[str, ...] = ()  # "image", "video"
    reply_to: str = ""  # the external id of what it answers
    thread: str = ""  # the external id of the post its thread began with
    raw: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Fetched:
    """What was found, newest first, and what to remember for the next fetch."""

    items: list[Item]
    state: dict[str, Any]


class SourceError(Exception):
    """A fetch that failed. `permanent`: only a person can mend it, trying again cannot.

    `status` is the HTTP status when a server answered at all, `headers` what came with it and `said` the
    JSON object it explained itself with: for the adapter to read, never for a page or a log. `is_large` says
    that an answer came and was longer than wanted, `reached` that a connection stood: what was asked may
    have been done.
    """

    reached = False

    def __init__(
        self,
        message: str,
        permanent: bool = False,
        retry_after: int | None = None,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        said: Mapping[str, Any] | None = None,
        is_large: bool = False,
    ):
        super().__init__(message)
        self.message = message
        self.permanent = permanent
        self.retry_after = retry_after
        self.status = status
        self.headers = headers or {}
        self.said = said or {}
        self.is_large = is_large


class Source(Protocol):
    kind: str

    def fetch(
        self,
        config: dict[str, Any],
        state: dict[str, Any],
        http: Callable[..., Any],
        now: datetime | None = None,
    ) -> Fetched: ...


SOURCES: dict[str, type[Source]] = {}


def register(adapter: type[Source]) -> type[Source]:
    """Class decorator: makes an adapter known under its `kind`."""
    SOURCES[adapter.kind] = adapter
    return adapter
