"""A brand's flood and another's broken source: nobody else waits for them. Tried by order, not by time."""

from datetime import timedelta

import pytest

from responses import tasks
from responses.monitoring import chores, listening, pacing, ruling
from responses.monitoring.models import Alert, Chore, Match, Mention, Source
from responses.monitoring.sources.base import SourceError
from tenants import context, jobs, locks
from tests.monitoring.agreeing import assert_counts_agree
from tests.monitoring.making import feed, items, rule, scripted


@pytest.fixture
def queue(monkeypatch):
    """What is enqueued, in order; `run()` runs the first and returns its name and brand."""
    waiting = []
    monkeypatch.setattr(jobs, "async_task", lambda _run, *job: waiting.append(job))

    def run():
        name, brand_id, ids = waiting.pop(0)
        if name in ("read_source", "carry_on", "match_past"):
            jobs.run(name, brand_id, ids)
        return name, brand_id

    run.waiting = waiting
    return run


def test_a_flood_is_taken_in_piece_by_piece_and_others_come_in_between(brands, by, queue, monkeypatch, now):
    monkeypatch.setattr(chores, "SECONDS", 0)  # so that each job is one piece
    monkeypatch.setattr(chores, "AT_ONCE", 10)
    monkeypatch.setattr(tasks.timezone, "now", lambda: now)
    flood, fire = items(65, "Sunog sa barko", now=now), items(1, "Sunog sa bangko", now=now)
    with scripted(monkeypatch, flood, fire):
        with context.inside(brands.isla):
            rule(by.lea, now, "sunog"), feed(by.lea, now)
        with context.inside(brands.luzon):
            rule(by.lea, now, "sunog"), feed(by.lea, now)
        done = []
        while queue.waiting:
            done.append(queue())
    worked = [brand_id for name, brand_id in done if name in ("read_source", "carry_on")]
    assert worked[:3] == [brands.isla.pk, brands.luzon.pk, brands.isla.pk]  # and not seven times Isla first
    with context.inside(brands.isla):
        assert Mention.objects.count() == Match.objects.count() == 65
        assert not Chore.objects.exists()
        assert_counts_agree()
    with context.inside(brands.luzon):
        assert Alert.objects.count() == 1


def test_a_brand_holds_one_worker_and_what_came_in_vain_is_done_after(isla, by, queue, monkeypatch, now):
    monkeypatch.setattr(tasks.timezone, "now", lambda: now)
    first, second = feed(by.lea, now, "One"), feed(by.lea, now, "Two")
    queue.waiting.clear()
    monkeypatch.setattr(locks, "tried", held_by_another)
    tasks.read_source(isla, second.pk)
    assert queue.waiting == []  # it does not come back on its own …
    monkeypatch.undo()
    monkeypatch.setattr(jobs, "async_task", lambda _run, *job: queue.waiting.append(job))
    monkeypatch.setattr(tasks.timezone, "now", lambda: now)
    with scripted(monkeypatch, [], []):
        tasks.read_source(isla, first.pk)
        pokes = [ids for name, _brand, ids in queue.waiting if name == "read_source"]
        assert pokes == [{"source_id": second.pk}]  # … who was at work finds it


class held_by_another:  # noqa: N801  (stands in for locks.tried)
    def __init__(self, *number):
        pass

    def __enter__(self):
        return False

    def __exit__(self, *error):
        return None


def test_a_source_that_hangs_is_read_with_patience_beside_the_others(isla, by, queue, monkeypatch, now):
    monkeypatch.setattr(tasks.timezone, "now", lambda: now)
    monkeypatch.setattr(listening, "HASTY", 0)  # all are too slow
    source = feed(by.lea, now)
    with scripted(monkeypatch, SourceError("slow"), SourceError("slow")):
        tasks.read_source(isla, source.pk)
        source.refresh_from_db()
        assert (source.failures, source.error, source.claimed_until) == (0, "", None)  # that was haste
        assert source.due_at == now
        assert pacing.is_slow(source)
        monkeypatch.setattr(locks, "tried", held_by_another)  # another slow one is being read
        tasks.read_source(isla, source.pk)
        source.refresh_from_db()
        assert source.due_at == now + pacing.AGAIN
        monkeypatch.undo()
    monkeypatch.setattr(tasks.timezone, "now", lambda: now + timedelta(minutes=1))
    with scripted(monkeypatch, SourceError("too slow")):
        tasks.read_source(isla, source.pk)
    source.refresh_from_db()
    assert (source.failures, source.error) == (1, "too slow")  # it had its time


def test_a_new_rule_looks_back_piece_by_piece(isla, by, queue, monkeypatch, now):
    from responses.monitoring.ingesting import ingest

    monkeypatch.setattr(ruling, "CHUNK", 10)
    monkeypatch.setattr(chores, "SECONDS", 0)
    monkeypatch.setattr(tasks.timezone, "now", lambda: now)
    ingest(feed(by.lea, now), items(35, "Sunog sa barko", now=now), now=now)
    Source.objects.update(due_at=None)
    queue.waiting.clear()
    rule(by.lea, now, "sunog")
    seen = []
    while queue.waiting:
        queue()
        seen.append(Match.objects.count())
    assert sorted(set(seen)) == [0, 10, 20, 30, 35]
    assert not Chore.objects.exists()
    assert_counts_agree()


def test_what_fails_again_and_again_is_kept_and_left_alone(isla, by, queue, monkeypatch, now):
    source = feed(by.lea, now)
    chores.take_in_later(source, items(3, now=now), now=now)
    monkeypatch.setitem(chores.DEEDS, "take_in", lambda chore, now: 1 / 0)
    for _time in range(chores.GIVE_UP_AFTER):
        chores.carry_on(now)
    assert not chores.waiting().exists()
    assert Chore.objects.get().data["items"]
