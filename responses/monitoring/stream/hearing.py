"""The long-lived listener: hears, holds against all rules, stores; and only then moves its place on.

Whatever fails, nothing is lost: the place stands still until what it covers is stored, and what is heard
twice is known. While the database is away nothing more is read, and the network waits or lets us come back.
"""

import logging
import random
import threading
import time
from contextlib import closing
from urllib.parse import urlsplit

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone
from psycopg import Error as PsycopgError
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tenants.models import Heartbeat, StreamPlace

from . import keeping
from .ears import Ears
from .frames import Damaged, Ended, stream_at
from .listeners import Listeners

log = logging.getLogger(__name__)
MOST = 500  # posts held against the rules at a time
SOON = 0.4  # seconds that a post waits for others at most
WAIT = 0.1  # seconds without a frame, after which we look around
LOOK_EVERY = 0.25
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0
BEAT_EVERY = 5
NAME = "listen"  # of its heartbeat
LARGEST = 8 * 1024 * 1024  # bytes of a frame


class Listener:
    """Hears one stream for all brands until `stopping` is set."""

    def __init__(self, url: str):
        self.stream = stream_at(url)
        self.name = place_name(url)
        self.stopping = threading.Event()
        self.listeners = Listeners()
        self.posts: list = []  # heard, not stored yet
        self.place = ""  # where they end
        self.first_at = 0.0  # when the oldest of them was heard
        self.beat_at = self.looked_at = 0.0
        self.failures = 0
        self.is_connected = self.is_first = False

    def run(self) -> None:
        """Again and again: whatever ends it, it comes back, later and later, and never all at one time."""
        while not self.stopping.is_set():
            try:
                with closing(Ears()) as self.ears:
                    self.hear()
            except Ended as ended:
                log.warning("the stream ended: %s", ended)
                if ended.forget:
                    StreamPlace.objects.filter(name=self.name).delete()
            except (OSError, WebSocketException, DatabaseError, InterfaceError, PsycopgError) as error:
                log.warning("the stream is interrupted: %s: %s", type(error).__name__, error)
            finally:
                connection.close()
            self.rest()

    def rest(self) -> None:
        longest = min(FIRST_PAUSE * 2**self.failures, LONGEST_PAUSE)
        self.failures = min(self.failures + 1, 10)
        self.stopping.wait(longest * random.uniform(0.5, 1))  # noqa: S311  (no secret)

    def hear(self) -> None:
        """Once the only one: know the rules, connect where we were, take in what comes."""
        while not self.ears.alone():
            if self.stopping.wait(1):
                return
        self.ears.listen()
        self.listeners.read_all()
        log.info("%s brands listen to %s", len(self.listeners.brands), self.name)
        while not self.stopping.is_set():
            self.look_around()
            if not self.listeners:  # nobody wants to hear: the network is left alone
                self.stopping.wait(LOOK_EVERY)
                continue
            self.store()  # what could not be stored before the database was away
            known = StreamPlace.objects.filter(name=self.name).first()
            self.is_first = known is None
            address = self.stream.address(known.cursor if known else "")
            with connect(address, max_size=LARGEST, open_timeout=15, close_timeout=2) as socket:
                self.is_connected = True
                try:
                    self.take_in(socket)
                finally:
                    self.is_connected = False

    def take_in(self, socket) -> None:
        """Until the connection ends, we are to stop, or nobody listens any more."""
        while not self.stopping.is_set() and self.listeners:
            try:
                self.note(socket.recv(timeout=WAIT))
            except TimeoutError:
                pass
            except (OSError, WebSocketException):
                self.store()
                raise
            if self.is_time():
                self.store()
            self.look_around()
        self.store()

    def note(self, frame) -> None:
        try:
            heard = self.stream.read(frame)
        except Damaged as error:
            log.warning("a frame of the stream is damaged: %s", error)
            return
        if heard.missed:
            log.warning("the stream no longer holds all that was written since we were away")
        self.failures = 0
        if heard.place or heard.items:
            self.first_at = self.first_at or time.monotonic()
        self.posts += heard.items
        self.place = heard.place or self.place
        if self.is_first and self.place:
            self.begin()

    def begin(self) -> None:
        """The very first frame: note where we began, lest a kill before the first batch is stored lose it."""
        begun = {"cursor": str(int(self.place) - 1), "heard_at": timezone.now()}
        StreamPlace.objects.get_or_create(name=self.name, defaults=begun)
        self.is_first = False

    def is_time(self) -> bool:
        waited = bool(self.first_at) and time.monotonic() - self.first_at >= SOON
        return waited or len(self.posts) >= MOST

    def store(self) -> None:
        """Hold what was heard against the rules as they are now, and keep what is wanted; then move on."""
        if not self.place and not self.posts:
            return
        self.hear_changes()
        now = timezone.now()
        keeping.keep(self.listeners, self.posts, now)
        if self.place:
            StreamPlace.objects.update_or_create(
                name=self.name, defaults={"cursor": self.place, "heard_at": now}
            )
        self.posts, self.place, self.first_at = [], "", 0.0

    def hear_changes(self) -> None:
        for brand_id in self.ears.changed():
            self.listeners.read(brand_id)

    def look_around(self) -> None:
        """Now and then: what has changed, one brand more of the round, and a sign of life."""
        if time.monotonic() - self.looked_at >= LOOK_EVERY:
            self.looked_at = time.monotonic()
            self.hear_changes()
            self.listeners.read_next()
        if time.monotonic() - self.beat_at >= BEAT_EVERY:
            self.beat_at = time.monotonic()
            Heartbeat.objects.update_or_create(name=NAME, defaults={"beat_at": timezone.now()})


def place_name(url: str) -> str:
    """A stream's name: its host and path. Another server counts otherwise."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}"[:200]
