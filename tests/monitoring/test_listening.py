from datetime import timedelta

import pytest

from responses import due as dues
from responses.core.models import Event
from responses.monitoring import health, listening, sourcing
from responses.monitoring.asking import Asking
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Alert, Mention, Source
from responses.monitoring.sources.base import SourceError
from tenants import context
from tenants.models import Wake
from tests.cast import NOW
from tests.monitoring.making import feed, item, items, scripted


@pytest.fixture
def source(isla, by, now):
    return feed(by.lea, now)


def kinds():
    return list(Event.objects.filter(kind__startswith="source.").values_list("kind", flat=True))


def test_a_reading_keeps_what_was_found_and_what_to_remember(source, now, monkeypatch):
    with scripted(monkeypatch, items(3, now=now), []) as adapter:
        assert listening.read(source, now=now).ingested.new == 3
        source.refresh_from_db()
        assert (source.state, source.failures, source.claimed_until) == ({"cursor": 1}, 0, None)
        assert source.due_at == now + timedelta(seconds=300)
        listening.read(source, now=now + timedelta(minutes=5))
        assert adapter.asked[1][1] == {"cursor": 1}
    assert Mention.objects.count() == 3


def test_failing_then_recovering_is_told_once_each(source, now, monkeypatch):
    answers = [
        SourceError("The server has a fault."),
        SourceError("The server has a fault."),
        items(1, now=now),
    ]
    with scripted(monkeypatch, *answers):
        listening.read(source, now=now)
        source.refresh_from_db()
        assert (source.failures, source.error) == (1, "The server has a fault.")
        first_wait = source.due_at - now
        listening.read(source, now=now)
        source.refresh_from_db()
        assert source.failures == 2
        assert source.due_at - now > 1.5 * first_wait
        listening.read(source, now=now)
        source.refresh_from_db()
        assert (source.failures, source.error, source.last_success_at) == (0, "", now)
    assert kinds() == ["source.added", "source.failed", "source.recovered"]


def test_a_server_that_says_when_is_obeyed(source, now, monkeypatch):
    with scripted(monkeypatch, SourceError("Come later.", retry_after=7200)):
        listening.read(source, now=now)
    source.refresh_from_db()
    assert source.due_at >= now + timedelta(seconds=7200)


def test_what_the_server_asked_and_what_failed_are_kept_until_it_goes_well(source, now, monkeypatch):
    refused = SourceError("The server asks Tugon to come less often.", retry_after=7200, status=429)
    with scripted(monkeypatch, refused, items(1, now=now)):
        listening.read(source, now=now)
        source.refresh_from_db()
        asked = now + timedelta(seconds=7200)
        assert (source.error_status, source.wait_until, source.last_tried_at) == (429, asked, now)
        assert source.last_success_at is None
        listening.read(source, now=asked)
    source.refresh_from_db()
    assert (source.error_status, source.wait_until, source.last_success_at) == (None, None, asked)


def test_each_failure_doubles_the_pause_and_no_two_sources_come_back_at_once(isla, by, now):
    sources = [feed(by.lea, now, f"Source {number}") for number in range(50)]
    for failures, least in ((0, 300), (1, 600), (5, 9600), (9, 21600), (50, 21600)):
        pauses = set()
        for source in sources:
            source.failures = failures
            pauses.add(listening.back_off(source, None).total_seconds())
        assert least <= min(pauses) and max(pauses) <= least * 1.25
        assert len(pauses) > 25 and max(pauses) - min(pauses) > least * 0.2


def test_how_late_it_was_heard_is_told_of_the_newest_new_post(source, now, monkeypatch):
    later, minute = now + timedelta(minutes=5), timedelta(minutes=1)
    old, late, new = (item(n, at=later - n * minute) for n in (400, 4, 3))
    with scripted(monkeypatch, [old], [new, late, old], [new]):
        listening.read(source, now=now)
        assert source.lag_seconds is None  # the first time everything is old
        listening.read(source, now=later)
        assert source.lag_seconds == 180
        listening.read(source, now=later + 5 * minute)
    source.refresh_from_db()
    assert source.lag_seconds == 180  # nothing new, nothing to say


def test_a_feed_that_moved_is_read_there_and_if_that_is_gone_where_it_was(hostile, settings, isla, by, now):
    settings.TUGON_ALLOWED_ORIGINS = [hostile.origin]
    for status, remembered in (
        (301, "/feed"),
        (308, "/feed"),
        (302, "/to/302//feed"),
        (307, "/to/307//feed"),
    ):
        url = f"{hostile.origin}/to/{status}//feed"
        moving = sourcing.add_source(kind="rss", name="Moving", config={"url": url}, by=by.lea, now=now)
        listening.read(moving, now=now)
        assert moving.state["url"] == hostile.origin + remembered
        assert moving.config == {"url": url}
        told = health.of(moving, now).text
        assert (told == f"Moved for good, so it is read at {hostile.origin}/feed.") == (status in (301, 308))
    moving.state = {"entered": url, "url": f"{hostile.origin}/status/404", "etag": '"v0"'}
    assert listening.read(moving, now=now + timedelta(minutes=5)).error == ""
    assert hostile.seen[-1][1].get("If-None-Match") != '"v0"'
    not_a_feed = f"{hostile.origin}/to/301//html"
    wrong = sourcing.add_source(kind="rss", name="Wrong", config={"url": not_a_feed}, by=by.lea, now=now)
    listening.read(wrong, now=now)
    assert wrong.state == {}  # a move to what is no feed is not remembered


def test_what_only_a_person_can_mend_stops_the_source(source, by, now, monkeypatch):
    with scripted(monkeypatch, SourceError("This address is gone for good.", permanent=True)):
        listening.read(source, now=now)
    source.refresh_from_db()
    assert source.status == "stopped"
    assert listening.read(source, now=now) is None
    sourcing.change_source(source, config={"url": "https://news.example/new"}, by=by.lea, now=now)
    assert (source.status, source.error) == ("listening", "")
    assert kinds() == ["source.added", "source.stopped", "source.changed", "source.resumed"]


def test_a_broken_adapter_does_not_hang_its_source(source, now, monkeypatch):
    with scripted(monkeypatch, KeyError("surprise")):
        assert "could not make sense" in listening.read(source, now=now).error
    source.refresh_from_db()
    assert source.claimed_until is None


def test_a_source_being_read_is_left_alone_until_its_claim_ends(source, now):
    Source.objects.filter(pk=source.pk).update(claimed_until=now + timedelta(minutes=1))
    assert listening.read(source, now=now) is None
    assert not listening.due(now).exists()
    assert listening.due(now + timedelta(minutes=1)).get() == source


def test_the_adapter_works_outside_a_transaction_of_ours(source, now, monkeypatch):
    from django.db import connection

    depth = len(connection.savepoint_ids)

    class Looking:
        def fetch(self, config, state, http, now=None):
            assert len(connection.savepoint_ids) == depth
            raise SourceError("seen")

    monkeypatch.setitem(listening.SOURCES, "rss", Looking)
    assert listening.read(source, now=now).error == "seen"


def test_a_paused_source_is_not_due(source, by, now):
    sourcing.pause(source, by=by.lea, now=now)
    assert not listening.due(now).exists()
    assert listening.next_due(now) is None
    sourcing.resume(source, by=by.lea, now=now)
    assert listening.due(now).exists()


def test_the_tick_wakes_only_brands_with_something_due(brands, source, now):
    from django_q.models import OrmQ

    Wake.objects.create(brand=brands.luzon, at=now + timedelta(hours=1))
    OrmQ.objects.all().delete()
    assert dues.poke(now + timedelta(minutes=1)) == 1
    assert OrmQ.objects.count() == 1
    assert dues.poke(now + timedelta(minutes=1)) == 0  # it has been told
    assert dues.poke(now + timedelta(minutes=3)) == 1  # and did not answer


def test_work_done_forgets_its_wakes_and_notes_the_next(source, isla, now, monkeypatch):
    later = now + timedelta(minutes=2)
    dues.work(isla, later)
    assert not Wake.objects.filter(brand=isla, at__lt=later).exists()
    assert Wake.objects.filter(brand=isla, at=later).exists()  # the source is still to be read


def test_failed_work_is_asked_for_again(source, isla, now, monkeypatch):
    def broken(brand, now):
        raise RuntimeError("no")

    monkeypatch.setattr(dues, "WORK", [broken])
    dues.work(isla, now + timedelta(minutes=2))
    assert Wake.objects.filter(brand=isla, at__lte=now + timedelta(minutes=2)).exists()


def test_all_questions_of_one_reading_share_its_seconds(settings, hostile):
    settings.TUGON_ALLOWED_ORIGINS = [hostile.origin]
    http = Asking(0.3, now=NOW)
    with pytest.raises(SourceError, match="took longer"):
        for _question in range(3):
            http(f"{hostile.origin}/drip")
    with pytest.raises(SourceError, match=r"took longer than 0\.3 seconds"):
        http(f"{hostile.origin}/feed")


def test_a_brand_that_only_receives_is_looked_at_every_hour(brands, by, now):
    with context.inside(brands.luzon):
        source = sourcing.add_source(kind="webhook", name="Help desk", config={}, by=by.lea, now=now)
        assert Wake.objects.filter(brand=brands.luzon).exists()
        soon = dues.soonest(now)
        assert now < soon <= now + timedelta(hours=2)
        ingest(source, items(100, now=now - timedelta(hours=20), apart=timedelta(hours=1)), now=now)
        dues.work(brands.luzon, now)
        assert Alert.objects.get().kind == "silent"
