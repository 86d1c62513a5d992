"""Mastodon's streams, from a server on loopback to the sources of two brands, with real commits."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from responses.monitoring import health, listening, sourcing
from responses.monitoring.models import Mention, Source
from responses.monitoring.pouring import Pouring
from responses.monitoring.sources import mastodon as adapter
from responses.monitoring.stream import currents
from responses.monitoring.stream.events import Event, events
from responses.monitoring.stream.fediverse import Fediverse
from tenants import context
from tests.committed import make_committed, remove_committed
from tests.forking import ROOT, environment
from tests.monitoring.sse import event, mastodon
from tests.monitoring.test_stream import until


@pytest.fixture
def server(settings):
    with mastodon() as made:
        settings.TUGON_ALLOWED_ORIGINS = [made.url]
        yield made


@pytest.fixture
def world(committed_brand):
    return committed_brand


def add_source(world, server, hashtag="ferry", **credentials):
    return sourcing.add_source(
        kind="mastodon",
        name=f"#{hashtag}",
        config={"server": server.url, "mode": "stream", "hashtag": hashtag},
        credentials=credentials,
        by=world.by.lea,
        now=timezone.now(),
    )


@contextmanager
def following():
    stopping = threading.Event()
    made = Fediverse(stopping)

    def run():
        try:
            made.run()
        finally:
            connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        stopping.set()
        thread.join(20)
        assert not thread.is_alive()


def texts():
    return sorted(Mention.objects.values_list("text", flat=True))


def read_what_is_due(now=None):
    now = now or timezone.now()
    for source in listening.due(now):
        listening.read(source, now=now)


def test_one_connection_serves_the_sources_of_two_brands(world, server):
    mine = add_source(world, server)
    context.leave()
    other = make_committed("beside")
    try:
        with context.inside(other.brand):
            add_source(other, server)
            add_source(other, server, hashtag="bangko")
        with following():
            until(lambda: server.open == 2)
            server.say("The ferry is late")
            for brand in (world.brand, other.brand):
                with context.inside(brand):
                    until(lambda: "The ferry is late" in texts())
            with context.inside(world.brand):
                until(lambda: health.of(Source.objects.get(pk=mine.pk), timezone.now()).word == "well")
                assert Source.objects.get(pk=mine.pk).lag_seconds is not None
            with context.inside(other.brand):
                for source in Source.objects.all():
                    sourcing.pause(source, by=other.by.lea, now=timezone.now())
            until(lambda: server.open == 1)
        streams = [query.get("tag") for path, query, _token in server.asked if "streaming" in path]
        assert sorted(streams) == ["bangko", "ferry"], "each once, whoever wants it"
    finally:
        remove_committed(other)
        context.enter(world.brand)


def test_what_is_no_new_public_post_is_left_out_and_nothing_breaks_it(world, server):
    add_source(world, server, access_token="s3cret-token")
    with following():
        until(lambda: server.open)
        server.send("event: update\ndata: {not json\n\n")
        server.send("event: update\ndata: " + "[" * 100_000 + "\n\n")
        server.send("data: " + "x" * (currents.mastodon.PAGE_SIZE * 40_000) + "\n\n")
        server.send("event: delete\ndata: 17\n\n")
        server.send(event("update", server.write("private", visibility="private")))
        server.send(event("update", server.write("boosted", reblog={"id": "4"})))
        server.say("\u0000<script>alert(1)</script>Sa wakas")
        until(lambda: texts() == ["Sa wakas"])
    assert {token for path, _query, token in server.asked if "streaming" in path} == {"Bearer s3cret-token"}


def test_a_dropped_connection_comes_back_and_its_gap_is_closed(world, server):
    source = add_source(world, server)
    with following():
        until(lambda: server.open)
        read_what_is_due()
        server.say("before")
        until(lambda: texts() == ["before"])
        read_what_is_due()
        Source.objects.update(due_at=timezone.now() + timedelta(hours=1))
        server.refusals = [(503, {})]
        server.cut()
        server.write("while nobody heard")
        until(lambda: server.open == 1 and not server.refusals)
        soon = timezone.now() + sourcing.LEAST_PAUSE + timedelta(seconds=30)
        until(lambda: listening.due(soon).filter(pk=source.pk).exists())
        read_what_is_due(soon)
        server.say("after")
        until(lambda: "after" in texts())
        assert texts() == ["after", "before", "while nobody heard"]


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ((401, {}), "asks for a password"),
        ((403, {}), "does not let Tugon"),
        ((429, {"Retry-After": "900"}), "less often"),
        ((302, {"Location": "http://127.0.0.1:9/"}), "another address"),
    ],
)
def test_why_a_stream_is_not_open_stands_on_the_source_in_words(world, server, refusal, words):
    source = add_source(world, server)
    server.refusals = [refusal]
    with following():
        until(lambda: words in Source.objects.get(pk=source.pk).live.get("trouble", ""))
        said = health.of(Source.objects.get(pk=source.pk), timezone.now())
        assert (said.word, words in said.text) == ("late", True)
        assert "every 5 minutes" in said.todo


def test_how_long_it_stays_away():
    current = currents.Current(currents.Key("https://m.example", "ferry", "t"), None)
    pauses = [current.pause_after(None) for _time in range(12)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (1, 300)
    busy = currents.SourceError("busy", status=429, retry_after=900)
    assert current.pause_after(busy) == 900
    assert current.pause_after(currents.SourceError("no", status=401)) == 3600
    assert "t'" not in repr(currents.Key("https://m.example", "ferry", "t'oken"))


@pytest.mark.slow
def test_a_listener_killed_in_the_middle_loses_nothing_and_doubles_nothing(world, server):
    add_source(world, server)
    env = environment() | {"TUGON_ALLOWED_ORIGINS": server.url, "TUGON_STREAM": "ws://127.0.0.1:9/subscribe"}
    for round_of in range(3):
        process = subprocess.Popen([sys.executable, "manage.py", "listen"], cwd=ROOT, env=env)
        try:
            until(lambda: server.open, 60)
            read_what_is_due()
            for number in range(20):
                server.say(f"{round_of} {number}")
            until(lambda seen=round_of: any(text.startswith(str(seen)) for text in texts()), 60)
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        until(lambda: not server.open)
        server.write(f"{round_of} while dead")
    Source.objects.update(due_at=timezone.now(), claimed_until=None)
    read_what_is_due(timezone.now() + timedelta(minutes=10))
    assert texts() == sorted([row["content"][3:-4] for row in server.rows])


def test_events_are_read_as_the_standard_says():
    lines = [
        ":)",
        "event: update",
        "data: a",
        "data:b",
        "",
        "",
        "data: alone",
        "",
        "id: 4",
        "",
        "event",
        "data",
        "",
    ]
    assert list(events(lines)) == [Event(), Event("update", "a\nb"), Event("message", "alone")]


def test_a_line_without_end_is_left_out_and_the_next_one_heard():
    chunks = [b"short\r\nlo", b"ng", *[b"x" * 100_000] * 9, b"\nnext\n", "a\xe9".encode("latin-1") + b"\n"]
    pouring = Pouring(None, iter(chunks))
    assert list(pouring) == ["short", "next", "a\ufffd"]
    assert pouring.too_long == 1


def test_a_server_says_where_its_streams_are():
    def says(body):
        return lambda url: type("Answer", (), {"body": body})

    named = b'{"configuration": {"urls": {"streaming": "wss://streaming.m.example"}}}'
    assert adapter.streams_at("https://m.example", says(named)) == "https://streaming.m.example"
    for body in (b"", b"[]", b"{}", b'{"configuration": {"urls": {"streaming": "javascript:1"}}}'):
        assert adapter.streams_at("https://m.example", says(body)) == "https://m.example"
