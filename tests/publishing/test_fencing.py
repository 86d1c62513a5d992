"""Q9: two senders, a clock that is an hour wrong, and a process that was stopped past its lease and went on.

Whoever lost the claim cannot finish it; and whoever took over only looks, so it is out once.
"""

import json
import os
import random
import signal
import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone

from responses.publishing import releasing
from responses.publishing.models import Attempt, Publication
from tests.forking import Forker
from tests.seeds import chosen_seed

from . import test_kill_sending as sending_to
from .making import approved, channel

HOUR = timedelta(hours=1)
ROUNDS = 12 if os.environ.get("TUGON_SOAK") else 3


class TestClocks:
    @pytest.fixture
    def queued(self, isla, by, now, outside):
        return releasing.queue(approved(by, now), by=by.lea, now=now - 2 * HOUR)[0]

    @pytest.mark.parametrize("repeatable", [True, False])
    @pytest.mark.parametrize("skew", [HOUR, -HOUR], ids=["an hour ahead", "an hour behind"])
    def test_two_senders_whose_clocks_are_an_hour_apart(self, queued, outside, now, skew, repeatable):
        """The one ahead, or the one at the right time, thinks the other's lease is over while it is not."""
        outside.repeatable = repeatable
        first, second = (now, now + skew) if skew > timedelta() else (now + skew, now)
        claimed = releasing.claim(now=first)
        took_over = []

        def meanwhile():
            outside.before_answer = None
            took_over.append(releasing.release_due(second))

        outside.before_answer = meanwhile
        assert releasing.release(claimed, claimed.token, now=first) is False
        assert took_over == [1]
        row = Publication.objects.get()
        assert (row.status, row.token) == ("published", 2)
        assert list(Attempt.objects.values_list("token", "outcome")) == [(1, "lost"), (2, "published")]
        assert len(outside.calls) == (2 if repeatable else 1)
        assert list(outside.public) == [str(row.key)]

    @pytest.mark.parametrize("skew", [HOUR, -HOUR])
    def test_a_clock_that_jumps_within_a_try(self, queued, outside, now, skew):
        """Set right between the claim and the outcome: it is still ours, nobody took it."""
        claimed = releasing.claim(now=now)
        assert releasing.release(claimed, claimed.token, now=now + skew) is True
        assert Publication.objects.get().status == "published"
        assert releasing.release_due(now + 2 * HOUR) == 0
        assert len(outside.calls) == 1

    def test_one_that_died_with_its_clock_ahead_is_found_when_that_hour_comes(
        self, queued, outside, now, settings
    ):
        releasing.claim(now=now + HOUR)
        due = now + HOUR + timedelta(seconds=settings.TUGON_LEASE_SECONDS)
        assert releasing.next_due_at(now) == due
        assert releasing.release_due(due) == 1
        assert Publication.objects.get().status == "unknown"
        assert outside.calls == []


class Holding(sending_to.Server):
    """Keeps the sender waiting for its answer until it is told to go on."""

    def __init__(self, draw):
        super().__init__(draw)
        self.arrived, self.go_on = threading.Event(), threading.Event()

    def take(self, text):
        self.arrived.set()
        self.go_on.wait(30)
        with self.lock:
            return self.stand(text), "200"


@contextmanager
def stopped(forker):
    """The process and its child, as if their machine slept."""
    os.killpg(forker.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(forker.process.pid, signal.SIGCONT)


@pytest.fixture
def sender(committed_brand, settings, monkeypatch):
    """A sending process, the server it sends to, and texts that are approved and queued."""
    monkeypatch.setattr(sending_to, "Server", Holding)
    with sending_to.served(random.Random(1)) as server:
        settings.TUGON_ALLOWED_ORIGINS = [server.origin]
        env = {"TUGON_ALLOWED_ORIGINS": server.origin}
        with Forker("tests.publishing.sender", committed_brand.brand.slug, **env) as forker:
            yield forker, server


def queue_one(world, server, text):
    now = timezone.now()
    secret = json.dumps({"access_token": "token"})
    place = channel("mastodon", name="M", config={"server": server.origin}, secret=secret)
    return releasing.queue(approved(world.by, now, {place: text}), by=world.by.lea, now=now)[0]


def after_the_lease(settings):
    return timezone.now() + timedelta(seconds=settings.TUGON_LEASE_SECONDS + 1)


@pytest.mark.slow
def test_a_process_stopped_within_the_call_cannot_finish(committed_brand, sender, settings):
    forker, server = sender
    row = queue_one(committed_brand, server, "Ligtas po ang lahat.")
    forker.go()
    assert server.arrived.wait(60), "it never sent"
    with stopped(forker):
        server.go_on.set()
        wait_until(lambda: server.public)
        assert releasing.release_due(after_the_lease(settings)) == 1
        row.refresh_from_db()
        by_the_second = (row.status, row.token, row.version)
        assert by_the_second[:2] == ("published", 2)
    forker.finish()
    row.refresh_from_db()
    assert (row.status, row.token, row.version) == by_the_second, "the stale token finished"
    assert list(row.attempts.values_list("token", "outcome")) == [(1, "lost"), (2, "published")]
    assert len(server.public) == 1


@pytest.mark.slow
def test_a_process_stopped_anywhere_sends_at_most_once(committed_brand, sender, settings):
    """Also between its last look at the claim and the call: then it sends, and the other one did not."""
    seed = chosen_seed()
    print(f"seed {seed}")
    draw, (forker, server) = random.Random(seed), sender
    server.go_on.set()
    for number in range(ROUNDS):
        row = queue_one(committed_brand, server, f"Notice {number}")
        forker.go()
        wait_until(lambda row=row: row.attempts.exists())
        time.sleep(draw.uniform(0, 0.03))  # the random moment is the point: nothing is waited for
        with stopped(forker):
            releasing.release_due(after_the_lease(settings))
            row.refresh_from_db()
            token = row.token
        forker.finish()
        for _look in range(2):
            releasing.release_due(after_the_lease(settings) + HOUR)
        row.refresh_from_db()
        assert row.token == token, "it was claimed once more than taken over"
        stands = Counter(each["content"] for each in server.public)[f"<p>Notice {number}</p>"]
        assert (row.status, stands) in {("published", 1), ("unknown", 0)}


def wait_until(found):
    give_up_at = time.monotonic() + 60
    while not found():
        assert time.monotonic() < give_up_at, "it does not come"
        time.sleep(0.005)
