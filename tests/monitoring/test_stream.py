"""The stream of all posts, from a Jetstream on loopback to each brand's mentions, with real commits."""

import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from responses.monitoring import ruling, sourcing
from responses.monitoring.models import Match, Mention, Source
from responses.monitoring.stream.hearing import Listener
from tenants import context
from tenants.models import Heartbeat, StreamPlace
from tests.cast import NOW
from tests.committed import make_committed, remove_committed
from tests.forking import ROOT, environment
from tests.monitoring.agreeing import assert_counts_agree
from tests.monitoring.jetstream import START, jetstream


@pytest.fixture
def stream():
    with jetstream() as made:
        yield made


@pytest.fixture
def world(committed_brand):
    yield committed_brand
    StreamPlace.objects.all().delete()
    Heartbeat.objects.filter(name="listen").delete()


PATIENCE = 60  # for a process to come up on a busy machine


def until(condition, seconds=20):
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not come to be"
        time.sleep(0.02)


def listening_source(world):
    return sourcing.add_source(kind="stream", name="Bluesky", config={}, by=world.by.lea, now=NOW)


def add_rule(world, query):
    return ruling.add_rule(name=query, query=query, by=world.by.lea, now=NOW)


@contextmanager
def listener(stream):
    """One that hears the Jetstream, and is connected."""
    before = len(stream.asked)
    with listener_at(stream.url) as made:
        until(lambda: len(stream.asked) > before)
        yield made


@contextmanager
def listener_at(url):
    """One that hears, in a thread of its own."""
    made = Listener(url)

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
        made.stopping.set()
        thread.join(20)
        assert not thread.is_alive()


def texts():
    return sorted(Mention.objects.values_list("text", flat=True))


def test_each_brand_hears_what_its_rules_want_and_nothing_else(world, stream):
    listening_source(world), add_rule(world, "ferry")
    context.leave()
    other = make_committed("beside")
    try:
        with context.inside(other.brand):
            listening_source(other), add_rule(other, "bangko OR ferry")
        with listener(stream):
            stream.say(kind="identity", did="did:plc:juan", identity={"handle": "juan.test"})
            stream.say(kind="account", did="did:plc:juan", account={"active": True})
            stream.send("{ this is no JSON")
            stream.send("[]")
            stream.commit(operation="delete")
            stream.commit(operation="create", record="what is this")
            stream.commit(operation="create", collection="app.bsky.feed.like", record={"text": "ferry"})
            root = stream.post("The ferry is late", langs=["en"])
            reply = {"root": {"uri": root}, "parent": {"uri": root}}
            stream.post("Sa bangko naman\u0000, walang pila", reply=reply, langs=["fil-PH"])
            stream.post("Nobody wants this one")
            with context.inside(other.brand):
                until(lambda: Mention.objects.count() == 2)
                heard = Mention.objects.order_by("pk").last()
                assert (heard.text, heard.thread, heard.reply_to) == (
                    "Sa bangko naman, walang pila",
                    root,
                    root,
                )
            with context.inside(world.brand):
                until(lambda: Match.objects.count() == 1)
                assert texts() == ["The ferry is late"]
                assert Source.objects.get().last_success_at
                until(lambda: StreamPlace.objects.filter(cursor=stream.time_us).exists())
            assert Heartbeat.objects.filter(name="listen").exists()
    finally:
        remove_committed(other)
        context.enter(world.brand)


def test_a_rule_counts_from_the_moment_it_is_added_changed_paused_or_removed(world, stream):
    source, made = listening_source(world), add_rule(world, "ferry")
    by = world.by.lea
    with listener(stream):
        stream.post("one ferry")
        until(lambda: texts() == ["one ferry"])
        ruling.change_rule(made, query="barko", by=by, now=NOW)
        stream.post("a ferry no more"), stream.post("one barko")
        until(lambda: "one barko" in texts())
        second = add_rule(world, "bangka")
        stream.post("one bangka")
        until(lambda: "one bangka" in texts())
        ruling.remove_rule(second, by=by, now=NOW)
        stream.post("bangka no more"), stream.post("another barko")
        until(lambda: "another barko" in texts())
        sourcing.pause(source, by=by, now=NOW)
        until(lambda: not stream.connected)
        stream.post("barko while paused")
        asked = len(stream.asked)
        sourcing.resume(source, by=by, now=NOW)
        until(lambda: len(stream.asked) > asked)
        stream.post("last barko")
        until(lambda: "last barko" in texts())
    assert "a ferry no more" not in texts()
    assert "bangka no more" not in texts()
    assert_counts_agree()


def test_a_cut_connection_is_taken_up_where_it_was(world, stream):
    listening_source(world), add_rule(world, "ferry")
    with listener(stream):
        for number in range(8):
            stream.post(f"ferry {number}")
        until(lambda: Mention.objects.count() == 8)
        until(lambda: StreamPlace.objects.filter(cursor=START + 8_000_000).exists())
        stream.cut()
        for number in range(8, 12):
            stream.post(f"ferry {number}")
        until(lambda: Mention.objects.count() == 12)
    assert stream.asked[0] == {"wantedCollections": "app.bsky.feed.post"}
    assert stream.asked[1]["cursor"] == str(START + 3_000_000)  # a little earlier; what is known is known
    assert_counts_agree()


def test_while_the_database_throws_it_out_nothing_is_lost(world, stream):
    listening_source(world), add_rule(world, "ferry")
    here = "FROM pg_stat_activity WHERE datname = current_database()"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT array_agg(pid) {here}")
        (not_the_listeners,) = cursor.fetchone()
        with listener(stream):
            for number in range(30):
                stream.post(f"ferry {number}")
                if number % 10 == 5:
                    cursor.execute(
                        f"SELECT pg_terminate_backend(pid) {here} AND pid <> ALL(%s)", [not_the_listeners]
                    )
            until(lambda: Mention.objects.count() == 30)
    assert_counts_agree()


def test_the_command_killed_and_started_again_goes_on_where_it_was(world, stream):
    listening_source(world), add_rule(world, "ferry")
    with command(stream) as first:
        until(lambda: stream.asked, PATIENCE)
        for number in range(50):
            stream.post(f"ferry {number}")
        until(lambda: Mention.objects.exists(), PATIENCE)
        first.send_signal(signal.SIGKILL)
        first.wait()
    for number in range(50, 60):
        stream.post(f"ferry {number}")
    with command(stream) as second:
        until(lambda: Mention.objects.count() == 60, PATIENCE)
        second.terminate()
        assert second.wait(PATIENCE) == 0
    assert_counts_agree()


@contextmanager
def command(stream):
    """`manage.py listen`; gone afterwards, whatever happened."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "listen"],
        cwd=ROOT,
        env=environment(TUGON_STREAM=stream.url),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_its_page_says_whether_anybody_hears_it(world, now):
    from responses.monitoring import health

    source = listening_source(world)
    assert "manage.py listen" in health.of(source, now).text
    Heartbeat.objects.create(name="listen", beat_at=now)
    assert health.of(source, now).rank == health.WELL
    place = StreamPlace.objects.create(name="here", cursor="1", heard_at=now - timedelta(seconds=30))
    assert "30" in health.of(source, now).text
    StreamPlace.objects.filter(pk=place.pk).update(heard_at=now - timedelta(minutes=9))
    assert health.of(source, now).rank == health.LATE
