"""One stream of one Mastodon server, kept open by a thread of its own for all who want it.

The thread knows no table: what it hears, and how it fares, goes into a queue. When the queue is full it stops
reading, and the server waits or hangs up; what was missed is read from the timeline when it is open again.
"""

import queue
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.conf import settings
from django.utils import timezone

from responses.monitoring.fetching import fetch
from responses.monitoring.pouring import Pouring, pour
from responses.monitoring.sources import mastodon
from responses.monitoring.sources.base import Item, SourceError

from .events import events

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
REFUSED_PAUSE = 3600.0  # when only a person can mend it: a change of the source begins anew at once
REFUSALS = frozenset({401, 403, 404, 410, 422})


@dataclass(frozen=True)
class Key:
    """What one connection is for. Sources with the same key share it; a token is shared by nobody else's."""

    server: str
    hashtag: str  # empty: all in public
    token: str = field(repr=False)

    @property
    def config(self) -> dict[str, str]:
        return {"server": self.server, "mode": "stream", "hashtag": self.hashtag}

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


@dataclass(frozen=True)
class Told:
    """What a current says: it is open, it heard something, or why it is not open."""

    key: Key
    what: str  # open, item, beat, trouble
    item: Item | None = None
    words: str = ""


class Current(threading.Thread):
    def __init__(self, key: Key, told: "queue.Queue[Told]", open_at: Callable[..., Any] = pour):
        super().__init__(daemon=True, name=f"{key.server} {key.hashtag or 'public'}")
        self.key, self.told, self.open_at = key, told, open_at
        self.stopping = threading.Event()
        self.failures = 0
        self.base = ""
        self.pouring: Pouring | None = None

    def stop(self) -> None:
        self.stopping.set()
        if self.pouring is not None:
            self.pouring.end()

    def run(self) -> None:
        while not self.stopping.is_set():
            pause = self.hear()
            self.stopping.wait(pause * random.uniform(0.5, 1))  # noqa: S311  (no secret)

    def hear(self) -> float:
        """Until it ends; returns after how many seconds to come back."""
        try:
            self.take_in()
        except SourceError as error:
            if self.stopping.is_set():
                return 0
            self.say("trouble", words=error.message)
            return self.pause_after(error)
        return self.pause_after(None)

    def pause_after(self, error: SourceError | None) -> float:
        """Longer after each failure, never sooner than the server asked for."""
        pause = min(FIRST_PAUSE * 2**self.failures, LONGEST_PAUSE)
        self.failures = min(self.failures + 1, 12)
        if error is None:
            return pause
        refused = error.permanent or error.status in REFUSALS
        return max(REFUSED_PAUSE if refused else pause, float(error.retry_after or 0))

    def take_in(self) -> None:
        key = self.key
        url = mastodon.stream_url(key.config, self.streams_at())
        with self.open_at(url, headers=key.headers, allow=settings.TUGON_ALLOWED_ORIGINS) as self.pouring:
            self.say("open")
            for event in events(self.pouring):
                self.failures = 0
                item = mastodon.streamed(event.name, event.data, key.config, timezone.now())
                self.say("item" if item else "beat", item)
                if self.stopping.is_set():
                    return

    def streams_at(self) -> str:
        """Large servers keep their streams on a host of their own, and say which."""
        if not self.base:
            http = partial(fetch, allow=settings.TUGON_ALLOWED_ORIGINS)
            self.base = mastodon.streams_at(self.key.server, http)
        return self.base

    def say(self, what: str, item: Item | None = None, words: str = "") -> None:
        """Waits while the queue is full; a sign of life may be left out, a post may not."""
        told = Told(self.key, what, item, words)
        while not self.stopping.is_set():
            try:
                self.told.put(told, timeout=0.5)
            except queue.Full:
                if what == "beat":
                    return
            else:
                return
