"""One address wanted by many brands is asked once, and each brand still gets what it has not seen."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection

from responses.monitoring import listening, sharing, sourcing
from responses.monitoring.asking import Asking
from responses.monitoring.models import Mention, Source
from responses.monitoring.sources.base import SourceError
from tenants import context
from tenants.models import SharedAnswer
from tests.monitoring.hostile import FEED

MINUTE = timedelta(minutes=1)
PACE = timedelta(minutes=5)


@pytest.fixture
def server(hostile, settings):
    settings.TUGON_ALLOWED_ORIGINS = [hostile.origin]
    return hostile


def http(now, *, since=PACE):
    """What an adapter asks with, at a source that looked `since` ago."""
    return Asking(25, now=now, since=now - since)


def add(brand, by, now, url):
    with context.inside(brand):
        config = {"url": url}
        return sourcing.add_source(kind="rss", name="News", config=config, by=by, now=now)


def read(brand, source, now):
    with context.inside(brand):
        done = listening.read(Source.objects.get(pk=source.pk), now=now)
        return done, Source.objects.get(pk=source.pk)


def test_fifty_brands_want_one_feed_and_the_server_is_asked_once(server, brands, by, now):
    url = f"{server.origin}/feed"
    isla, luzon = (add(brand, by.lea, now, url) for brand in (brands.isla, brands.luzon))
    assert read(brands.isla, isla, now)[0].ingested.new == 2
    for number in range(48):
        answer = http(now + timedelta(seconds=number))(url)
        assert (answer.status, answer.body) == (200, FEED)
    done, kept = read(brands.luzon, luzon, now + MINUTE)
    assert done.ingested.new == 2  # each brand has its own copy
    assert kept.due_at == now + PACE  # and comes again when the answer is as old as its pace
    assert len(server.seen) == 1
    later = now + PACE
    done, kept = read(brands.luzon, luzon, later)
    assert (done.ingested.new, kept.failures) == (0, 0)
    read(brands.isla, isla, later + timedelta(seconds=1))
    assert len(server.seen) == 2
    assert server.seen[1][1]["If-None-Match"] == '"v1"'
    assert server.seen[1][1]["If-Modified-Since"] == "Mon, 23 Nov 2026 02:00:00 GMT"


def test_one_304_serves_who_has_it_and_who_has_it_not(server, db, now):
    url = f"{server.origin}/feed"
    first = http(now)(url)
    later = now + PACE
    assert http(later)(url, etag=first.etag).not_modified  # asked; nothing new
    assert http(later + MINUTE)(url, etag=first.etag).not_modified
    newcomer = http(later + MINUTE)(url)
    assert (newcomer.status, newcomer.body, newcomer.etag) == (200, FEED, '"v1"')
    assert http(later + MINUTE)(url, etag='"v0"').body == FEED
    assert len(server.seen) == 2


def test_a_refusal_is_shared_for_as_long_as_the_server_said(server, db, now):
    url = f"{server.origin}/status/429"
    with pytest.raises(SourceError, match="less often"):
        http(now)(url)
    for since in (PACE, timedelta(0)):
        with pytest.raises(SourceError, match="less often") as caught:
            http(now + MINUTE, since=since)(url)
        assert (caught.value.status, caught.value.retry_after) == (429, 60)
    assert len(server.seen) == 1
    with pytest.raises(SourceError):
        http(now + 2 * MINUTE, since=MINUTE)(url)
    assert len(server.seen) == 2


def test_what_is_gone_is_gone_for_all(server, brands, by, now):
    url = f"{server.origin}/status/410"
    for brand in (brands.isla, brands.luzon):
        assert read(brand, add(brand, by.lea, now, url), now)[1].status == "stopped"
    assert len(server.seen) == 1


def test_an_answer_older_than_ones_last_look_is_not_used(server, db, now):
    url = f"{server.origin}/feed"
    http(now)(url)
    http(now + MINUTE, since=MINUTE)(url)
    assert len(server.seen) == 2


def test_after_a_failure_the_kept_body_still_serves(server, db, now):
    url = f"{server.origin}/feed"
    http(now)(url)
    row = SharedAnswer.objects.get()
    row.error, row.asked_at = {"message": "The server has a fault."}, now + MINUTE
    row.save()
    with pytest.raises(SourceError, match="has a fault"):
        http(now + MINUTE)(url)
    assert http(now + 2 * PACE)(url).body == FEED
    assert server.seen[-1][1]["If-None-Match"] == '"v1"'


def test_credentials_and_bodies_are_never_shared(server, db, now):
    url = f"{server.origin}/feed"
    secret = Asking(25, now=now)  # a source with a credential
    for _time in range(2):
        secret(url)
        http(now)(url, headers={"Authorization": "Bearer kanaryo"})
    assert len(server.seen) == 4
    assert not SharedAnswer.objects.exists()
    for how in ({"method": "POST"}, {"data": {"a": "1"}}, {"json": {"a": 1}}, {"headers": {"Cookie": "a"}}):
        assert not sharing.is_open(how)
    assert sharing.is_open({"headers": {"Accept": "application/json"}, "etag": '"v1"'})


def test_a_source_with_a_credential_asks_for_itself(server, isla, by, now):
    url = f"{server.origin}/feed"
    source = sourcing.add_source(
        kind="rss", name="News", config={"url": url}, credentials={"key": "kanaryo"}, by=by.lea, now=now
    )
    assert listening.read(source, now=now).ingested.new == 2
    assert len(listening.sample("rss", {"url": url}, {"key": "kanaryo"}, now=now)) == 2
    assert len(server.seen) == 2
    assert not SharedAnswer.objects.exists()


def test_only_the_whole_address_finds_an_answer(server, db, now):
    http(now)(f"{server.origin}/feed?token=kanaryo")
    for other in ("/feed", "/feed?token=", "/feed?token=Kanaryo", "/feed?token=kanaryo&a"):
        http(now)(server.origin + other)
    assert len(server.seen) == 5
    http(now)(f"{server.origin}/feed", headers={"Accept": "text/html"})
    assert len(server.seen) == 6


def test_a_redirect_is_told_to_all_alike(server, db, now):
    url = f"{server.origin}/to/301//feed"
    for _brand in range(2):
        assert http(now)(url).moved_to == f"{server.origin}/feed"
    assert len(server.seen) == 2  # the one and where it leads


def test_what_is_too_large_is_not_kept(server, db, now, monkeypatch):
    monkeypatch.setattr(sharing, "LARGEST", 100)
    for _brand in range(2):
        assert http(now)(f"{server.origin}/feed").body == FEED
    assert bytes(SharedAnswer.objects.get().body) == b""
    assert len(server.seen) == 2


def test_old_answers_go(server, db, now):
    http(now)(f"{server.origin}/feed")
    assert sharing.forget(now + timedelta(days=1)) == 0
    assert sharing.forget(now + timedelta(days=3)) == 1


def test_who_finds_somebody_slow_at_it_comes_back(server, isla, by, now, monkeypatch):
    monkeypatch.setattr(sharing, "PATIENCE", 0.1)
    url = f"{server.origin}/feed"
    source = sourcing.add_source(kind="rss", name="News", config={"url": url}, by=by.lea, now=now)
    key = sharing.Wish(url, now, now).key
    SharedAnswer.objects.create(url_hash=key, url=url, claimed_until=now + MINUTE)
    assert listening.read(source, now=now) is None
    source.refresh_from_db()
    assert (source.failures, source.error, source.claimed_until) == (0, "", None)
    assert now < source.due_at <= now + MINUTE
    assert server.seen == []
    assert listening.read(source, now=now + MINUTE).ingested.new == 2


def test_many_readers_at_once_ask_once(committed_brand, hostile, settings, now):
    settings.TUGON_ALLOWED_ORIGINS = [hostile.origin]
    url = f"{hostile.origin}/slow/0.3"
    bodies = committed_brand.run(*[lambda: http(now)(url).body for _brand in range(6)])
    assert bodies == [FEED] * 6
    assert len(hostile.seen) == 1
    SharedAnswer.objects.all().delete()


KILLED = """
from datetime import datetime
from responses.monitoring.asking import Asking
at = datetime.fromisoformat({now!r})
Asking(25, now=at, since=at)({url!r})
"""


def test_a_reader_killed_while_asking_blocks_nobody(committed_brand, hostile, settings, now):
    """A process of its own asks a server that hangs, and is killed there."""
    url = f"{hostile.origin}/slow/60"
    code = KILLED.format(now=now.isoformat(), url=url)
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path="/" + connection.settings_dict["NAME"])
    where = {**os.environ, "TUGON_ALLOWED_ORIGINS": hostile.origin, "DATABASE_URL": database.geturl()}
    reader = subprocess.Popen([sys.executable, "manage.py", "shell", "-v", "0", "-c", code], env=where)
    try:
        assert hostile.reached.wait(30)
    finally:
        reader.send_signal(signal.SIGKILL)
        reader.wait()
    hostile.patience = 0
    settings.TUGON_ALLOWED_ORIGINS = [hostile.origin]
    row = SharedAnswer.objects.get()
    assert now + sharing.CLAIM <= row.claimed_until < now + sharing.CLAIM + MINUTE
    with pytest.MonkeyPatch.context() as patch, pytest.raises(sharing.BeingAsked):
        patch.setattr(sharing, "PATIENCE", 0.1)
        http(now)(url)
    assert http(row.claimed_until)(url).body == FEED
    SharedAnswer.objects.all().delete()


def test_a_brand_sees_nothing_of_anothers_reading(server, brands, by, now):
    url = f"{server.origin}/feed?for=isla-only"
    read(brands.isla, add(brands.isla, by.lea, now, url), now)
    source = add(brands.luzon, by.lea, now, f"{server.origin}/feed")
    read(brands.luzon, source, now)
    assert len(server.seen) == 2
    with context.inside(brands.luzon):
        assert Mention.objects.filter(source=source).count() == 2
        assert "isla-only" not in str(list(Source.objects.values()))
