"""The publishing process is killed at random, again and again: every text goes out, none of them twice."""

import os
import random
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from responses import pipeline
from responses.core import history
from responses.publishing import releasing, states
from responses.publishing.models import Attempt, Publication
from responses.statements.models import Statement
from tests.forking import Forker
from tests.publishing.making import approved, channel

pytestmark = [pytest.mark.real, pytest.mark.slow]

COUNT = int(os.environ.get("TUGON_KILLS_PUBLICATIONS", "250"))
AT_ONCE = 10  # publications of one statement: as many channels, all of them the one account
SEED = int(os.environ.get("TUGON_KILLS_SEED") or random.randrange(10**6))
LEASE_SECONDS = 1
MOST_TRIES = 12  # a child begins at most so many before it is killed
A_TRY_SECONDS = 0.08  # and is killed somewhere within the last of them


@pytest.fixture
def publisher(committed_brand, bluesky):
    """The process that forks publishing children."""
    settings = {"TUGON_ALLOWED_ORIGINS": bluesky.url, "TUGON_LEASE_SECONDS": str(LEASE_SECONDS)}
    with Forker("tests.real.publisher", committed_brand.brand.slug, **settings) as forker:
        yield forker


def kill_until_done(publisher, draw):
    """Start it, kill it at a random moment after some tries, start it again; counts the kills."""
    kills = 0
    while is_open():
        publisher.go()
        wait_for_tries(draw.randint(1, MOST_TRIES))
        time.sleep(draw.uniform(0, A_TRY_SECONDS))  # the random moment is the point: nothing is waited for
        kills += publisher.kill()
    return kills


def is_open():
    return Publication.objects.filter(status__in=states.OPEN).exists()


def wait_for_tries(more):
    """Until the child has begun so many tries, or nothing is left to try."""
    begun, give_up_at = Attempt.objects.count() + more, time.monotonic() + 60
    while Attempt.objects.count() < begun and is_open():
        assert time.monotonic() < give_up_at, "the publishing process does nothing"
        time.sleep(0.02)  # seldom enough that the asking does not take the machine from the publishing


def posts(server, account):
    """Every post that stands in the account, over all pages."""
    texts, cursor = [], None
    while True:
        asked = {"repo": account.did, "collection": "app.bsky.feed.post", "limit": 100, "cursor": cursor}
        page = server.client().com.atproto.repo.list_records({k: v for k, v in asked.items() if v})
        texts += [record.value.text for record in page.records]
        cursor = page.cursor
        if not cursor or not page.records:
            return texts


def test_killed_at_random_each_is_published_once(committed_brand, bluesky, publisher):
    print(f"seed {SEED}")
    draw = random.Random(SEED)
    world, started = committed_brand, timezone.now()
    account = bluesky.create_account(f"killed{draw.randrange(10**9)}")
    config = {"service": bluesky.url, "handle": account.handle}
    places = [
        channel("bluesky", name=f"Bluesky {number}", config=config, secret=account.password)
        for number in range(AT_ONCE)
    ]
    texts = [f"Notice {number} — ligtas po ang lahat. 🚢" for number in range(COUNT)]
    for first in range(0, COUNT, AT_ONCE):
        wanted = dict(zip(places, texts[first : first + AT_ONCE], strict=False))
        releasing.queue(approved(world.by, started, wanted), by=world.by.lea, now=started)
    prepared = timezone.now()

    kills = kill_until_done(publisher, draw)

    stands = Counter(posts(bluesky, account))
    assert stands == Counter(texts), "each approved text stands exactly once"
    rows = list(Publication.objects.select_related("variant"))
    assert {row.status for row in rows} == {"published"}
    assert len({row.external_id for row in rows}) == COUNT
    pipeline.follow(timezone.now() + timedelta(seconds=1))
    assert set(Statement.objects.values_list("status", flat=True)) == {"published"}
    assert history.verify() == []
    lost = Attempt.objects.filter(outcome="lost").count()
    took = timezone.now() - prepared
    print(f"{COUNT} publications, {kills} kills, {lost} of them within a try, {took.total_seconds():.0f} s")
    assert kills >= COUNT // 25  # a machine out of breath lets a child get further than it should
    assert lost >= 1, "no kill hit a try: this run proved nothing"
