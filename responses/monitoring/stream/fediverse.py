"""Mastodon's streams for the sources of all brands: which are wanted, and where what they bring goes.

One connection serves everybody who wants the same of the same server. A connection that opens, for the first
time or again, has its sources read once as any other: that closes the gap, and what comes twice is known.
"""

import logging
import queue
import time
from collections import defaultdict
from contextlib import closing
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone
from psycopg import Error as PsycopgError

from responses import due
from responses.monitoring import states
from responses.monitoring.models import Source
from responses.monitoring.sources.base import SourceError
from responses.monitoring.sources.mastodon import entered_in
from responses.monitoring.sourcing import LEAST_PAUSE, credentials_of
from tenants import context
from tenants.models import Brand

from . import keeping
from .currents import Current, Key, Told
from .ears import FEDIVERSE, Ears
from .living import note

log = logging.getLogger(__name__)
MOST_WAITING = 2_000  # told and not yet stored
SOON = 0.4  # seconds that a post waits for others at most
AT_ONCE = 500
LOOK_EVERY = 0.5
NOTED_EVERY = timedelta(seconds=10)
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0

Place = tuple[int, int]  # a brand's number, and its source's


class Fediverse:
    """Follows all streams that are wanted until `stopping` is set."""

    def __init__(self, stopping) -> None:
        self.stopping = stopping
        self.told: queue.Queue[Told] = queue.Queue(MOST_WAITING)
        self.currents: dict[Key, Current] = {}
        self.wanted: dict[Key, set[Place]] = {}
        self.brands: dict[int, Brand] = {}
        self.waiting: list[int] = []  # brands still to be looked at in this round
        self.pending: list[Told] = []  # heard, and not stored because the database was away
        self.noted: dict[Key, object] = {}
        self.failures = 0

    def run(self) -> None:
        """Again and again, whatever ends it: the database may be away for a while."""
        while not self.stopping.is_set():
            try:
                with closing(Ears(FEDIVERSE)) as self.ears:
                    self.follow()
            except (OSError, DatabaseError, InterfaceError, PsycopgError) as error:
                log.warning("Mastodon's streams wait: %s: %s", type(error).__name__, error)
            finally:
                connection.close()
            pause = min(FIRST_PAUSE * 2**self.failures, LONGEST_PAUSE)
            self.failures = min(self.failures + 1, 8)
            self.stopping.wait(pause)
        for current in self.currents.values():
            current.stop()

    def follow(self) -> None:
        while not self.ears.alone():
            if self.stopping.wait(1):
                return
        self.ears.listen()
        self.read_all()
        looked_at = 0.0
        while not self.stopping.is_set():
            self.store(self.collect())
            self.failures = 0
            if time.monotonic() - looked_at >= LOOK_EVERY:
                looked_at = time.monotonic()
                self.look_around()

    # --- who wants what

    def read_all(self) -> None:
        self.wanted = {}
        for brand in Brand.objects.all():
            self.read(brand)
        self.turn()

    def look_around(self) -> None:
        """Brands that were told of, and one more of an endless round."""
        numbers = self.ears.changed()
        self.waiting = self.waiting or list(Brand.objects.values_list("pk", flat=True))
        numbers |= {self.waiting.pop()} if self.waiting else set()
        for brand in Brand.objects.filter(pk__in=numbers):
            self.read(brand)
        self.turn()

    def read(self, brand: Brand) -> None:
        """What the brand wants now, in place of what it wanted."""
        self.brands[brand.pk] = brand
        wanted = wanted_by(brand) if brand.works else {}
        for key in {*self.wanted, *wanted}:
            others = {place for place in self.wanted.get(key, set()) if place[0] != brand.pk}
            mine = {(brand.pk, pk) for pk in wanted.get(key, ())}
            known = self.wanted.get(key, set())
            self.wanted[key] = others | mine
            if key in self.currents and mine - known:  # it flows already: what was said before is caught up
                self.catch_up(mine - known)

    def turn(self) -> None:
        """Open what is wanted, end what nobody wants any more."""
        self.wanted = {key: places for key, places in self.wanted.items() if places}
        for key in [key for key in self.currents if key not in self.wanted]:
            self.currents.pop(key).stop()
        for key in self.wanted:
            if key not in self.currents:
                self.currents[key] = Current(key, self.told)
                self.currents[key].start()

    # --- what comes

    def collect(self) -> list[Told]:
        """What was told, for a moment or until it is much."""
        found, self.pending = self.pending, []
        ends = time.monotonic() + SOON
        while len(found) < AT_ONCE and (left := ends - time.monotonic()) > 0 and not self.stopping.is_set():
            try:
                found.append(self.told.get(timeout=min(left, 0.1)))
            except queue.Empty:
                continue
        return found

    def store(self, found: list[Told]) -> None:
        """Keep it where it is wanted; what the database could not take waits for the next time."""
        try:
            self.keep(found)
        except (DatabaseError, InterfaceError, OSError):
            self.pending = found
            raise

    def keep(self, found: list[Told]) -> None:
        items = defaultdict(list)
        now = timezone.now()
        for told in found:
            if told.item is not None:
                items[told.key].append(told.item)
        for key, posts in items.items():
            for brand_id, source_id in sorted(self.wanted.get(key, ())):
                with context.inside(self.brands[brand_id]):
                    keeping.kept(posts, now, source_id)
        for told in found:
            if told.what == "open":
                self.catch_up(self.wanted.get(told.key, set()))
        self.note(found, now)

    def note(self, found: list[Told], now) -> None:
        """How each stream fares, now and then; an opening and trouble at once. The last word counts."""
        last = {told.key: told for told in found}
        urgent = {told.key for told in found if told.what in ("open", "trouble")}
        for key, told in last.items():
            if key not in urgent and now - self.noted.get(key, now - NOTED_EVERY) < NOTED_EVERY:
                continue
            self.noted[key] = now
            for brand_id, source_id in sorted(self.wanted.get(key, ())):
                with context.inside(self.brands[brand_id]):
                    note(source_id, told.words, now)

    def catch_up(self, places: set[Place]) -> None:
        """Have the worker read the timeline soon: what was written while nothing flowed is there.

        Only an answer from after this moment will do, and no address is asked twice within the least pause.
        """
        now = timezone.now()
        fresh = {"last_tried_at": now, "due_at": now + LEAST_PAUSE}
        for brand_id, source_id in sorted(places):
            with context.inside(self.brands[brand_id]):
                mine = Source.objects.filter(pk=source_id, status=states.LISTENING)
                if mine.exclude(due_at=None).exclude(failures__gt=0).update(**fresh):
                    due.by(fresh["due_at"])


def wanted_by(brand: Brand) -> dict[Key, list[int]]:
    """The connections the brand's sources ask for, with the sources."""
    found = defaultdict(list)
    with context.inside(brand):
        rows = Source.objects.filter(kind=Source.Kind.MASTODON, status=states.LISTENING)
        for source in rows.filter(config__mode="stream"):
            try:
                secrets = credentials_of(source)
                entered = entered_in(source.config | secrets)
            except SourceError:
                continue
            token = str(secrets.get("access_token") or "")
            found[Key(entered["server"], entered["hashtag"].lower(), token)].append(source.pk)
    return found
