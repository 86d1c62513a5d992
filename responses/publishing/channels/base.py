"""What every channel adapter gives and takes.

An adapter sends one text to the outside world and reads it back. It knows no database and never tries twice
by itself: whether to try again is decided from the error it raises.
"""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol

from responses.monitoring.sources.cleaning import tidy


@dataclass(frozen=True)
class Picture:
    """A picture that goes out with a post, to the byte as people approved it, with the words it is given."""

    content: bytes = field(repr=False)
    media_type: str
    width: int
    height: int
    alt: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def name(self) -> str:
        return f"{self.sha256[:16]}.{'png' if self.media_type == 'image/png' else 'jpg'}"


@dataclass(frozen=True)
class Version:
    """The same in another language."""

    language: str
    title: str
    text: str


@dataclass(frozen=True)
class Post:
    """What is to be said. Its key and time name it for ever; what a post may carry is a field of this.

    `others` are the ids of what stands on the channel by other publications: none of them is this one.
    """

    key: str
    created_at: datetime
    text: str
    langs: tuple[str, ...] = ()
    title: str = ""
    type: str = ""
    about: str = ""  # the key of what it corrects, updates or retracts on this channel
    others: frozenset[str] = frozenset()
    pictures: tuple[Picture, ...] = ()
    also: tuple[Version, ...] = ()  # for a channel that shows every version
    scheduled_at: datetime | None = None

    @property
    def dated_at(self) -> datetime:
        """The time it tells the public, at each try the same: when it was approved is not theirs to know."""
        return max(self.created_at, self.scheduled_at or self.created_at)


@dataclass(frozen=True)
class Sent:
    """What now stands in public. `cid` is a digest of it when the channel has such a thing."""

    external_id: str
    url: str = ""
    cid: str = ""


@dataclass(frozen=True)
class ReadBack:
    """What was found in public, and where: the place says nothing about whether it is the same.

    `same_pictures` is False when others stand there than were sent, or other words with them; `is_whole` when
    only some parts of it stand there.
    """

    text: str
    cid: str = ""
    external_id: str = field(default="", compare=False)
    url: str = field(default="", compare=False)
    same_pictures: bool = True
    is_whole: bool = True

    def is_as_approved(self, text: str) -> bool:
        return self.is_whole and self.same_pictures and same_words(self.text, text)


@dataclass(frozen=True)
class Known:
    """Whom the channel knows us as, and how much it takes where each server says so itself."""

    name: str
    limit: int | None = None


class ChannelError(Exception):
    """A try that failed.

    `permanent`: only a person can mend it. `unknown`: the other side may have published it all the same, so
    nobody may simply try again. Neither: nothing was published, and a later try may succeed. `attention`: the
    channel itself is what must be mended, a token that is taken no more say.
    """

    def __init__(
        self,
        message: str,
        permanent: bool = False,
        unknown: bool = False,
        retry_after: int | None = None,
        attention: bool = False,
    ):
        super().__init__(message)
        self.message = message
        self.permanent = permanent
        self.unknown = unknown
        self.retry_after = retry_after
        self.attention = attention


class Channel(Protocol):
    kind: ClassVar[str]
    repeatable: bool  # sending the same key again is a no-op, so a sender that died needs no person
    readable: bool  # it can be asked what stands there; else only people can look

    @classmethod
    def opened(cls, config: dict[str, Any], secrets: Mapping[str, str], *, now: datetime) -> "Channel":
        """The adapter for one channel as the brand has set it up."""
        ...

    def check(self) -> Known:
        """Reach the channel without publishing."""
        ...

    def send(self, post: Post) -> Sent:
        """Publish once. The same key and time name the same post, however often this is called."""
        ...

    def read_back(self, post: Post, external_id: str = "") -> ReadBack | None:
        """What stands in public under this id, or is this post by what else is known of it, or None."""
        ...


def credentials_of(secret: str) -> dict[str, str]:
    """What a channel keeps encrypted, by name; the oldest ones hold the bare password."""
    try:
        found = json.loads(secret)
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    return {"password": secret} if secret else {}


def same_words(one: str, other: str) -> bool:
    """Whether the public reads the same: channels trim, and some change the kind of a space."""
    return plain(one) == plain(other)


def plain(text: str) -> str:
    return " ".join(tidy(unicodedata.normalize("NFC", text)).split())


CHANNELS: dict[str, type[Any]] = {}


def register(adapter: type[Any]) -> type[Any]:
    """Class decorator: makes an adapter known under its `kind`."""
    CHANNELS[adapter.kind] = adapter
    return adapter
