"""Keeping the worker alive: a q2 cluster whose idle worker is killed can stop for good without a word.

So a canary job goes through the queue all the time. When it does not come back, or the cluster's process
ends, the whole process group is killed and started anew, and what it held is given back to the queue.
"""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django_q.models import OrmQ

from . import jobs, provisioning
from .jobs import job
from .models import Heartbeat
from .tethering import STOP_SECONDS

log = logging.getLogger(__name__)
BEAT_EVERY = 10  # seconds between canaries
TICK_EVERY = 20  # the schedule alone would let due work wait for a minute and a half
DEAD_AFTER = timedelta(seconds=45)
LOOK_EVERY = 0.5


@job
def beat():
    """The canary: it came through the queue, so the queue works."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"beat_at": timezone.now()})


class Supervisor:
    """Runs one cluster in a process group of its own and judges it by its canary."""

    def __init__(self):
        self.process = None
        self.started_at = None
        self.asked_at = None  # when the last canary was sent that has not come back
        self.ticked = 0.0
        self.stopping = threading.Event()

    def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        self.start()
        try:
            while not self.stopping.wait(LOOK_EVERY):
                self.look(timezone.now())
        finally:
            self.end()

    def start(self) -> None:
        words = [sys.executable, "-m", "django", "work", "--cluster"]
        self.process = subprocess.Popen(
            words, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, start_new_session=True
        )
        self.started_at, self.asked_at = timezone.now(), None

    def look(self, now) -> None:
        """One round: restart what is dead, else send a canary. A database that is away proves nothing."""
        try:
            if self.process.poll() is not None:
                self.restart("it ended by itself", now)
            elif self.heard_at() < now - DEAD_AFTER:
                self.restart(f"no beat for {DEAD_AFTER.seconds} s", now)
            self.poke(now)
        except DatabaseError as error:
            log.error("the supervisor cannot reach the database: %s", error)
            connection.close()
            self.started_at = now  # grant the cluster its time again once the database is back

    def heard_at(self):
        """When the cluster was last known to work; its start counts, so that it has time to come up."""
        row = Heartbeat.objects.filter(name="worker").first()
        return max(row.beat_at, self.started_at) if row else self.started_at

    def poke(self, now) -> None:
        """Send a canary when the last one is back, and let a living queue look for due work."""
        waits = self.asked_at is not None and self.heard_at() < self.asked_at
        if not waits and (self.asked_at is None or now - self.asked_at > timedelta(seconds=BEAT_EVERY)):
            jobs.enqueue("beat")
            self.asked_at = now
            provisioning.resume(now)
        if not waits and time.monotonic() - self.ticked > TICK_EVERY and "tick" in jobs.JOBS:
            jobs.enqueue("tick")
            self.ticked = time.monotonic()

    def restart(self, why: str, now) -> None:
        log.error("the worker is started again: %s", why)
        self.kill()
        give_back(now)
        self.start()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self) -> None:
        """Let it finish what it has in hand, then insist. What is cut off is done again by the next one."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            log.warning("the worker did not finish within %s s", STOP_SECONDS)
        self.kill()


def give_back(now) -> int:
    """Unlock what the killed cluster had taken, else it would lie there until `retry`. Jobs may run twice."""
    return OrmQ.objects.filter(lock__gt=now).update(lock=now)
