"""A date no clock shows, by every door: the mention counts as said when it was heard, and nothing breaks."""

from datetime import UTC, datetime, timedelta

import pytest

from api import keys
from api.scopes import Scope
from responses.monitoring import listening, receiving
from responses.monitoring.models import Mention, Source
from responses.monitoring.sources import dating
from responses.monitoring.sources.base import Item
from responses.monitoring.stream import keeping
from tenants import context
from tests.monitoring.making import feed, item, scripted
from tests.monitoring.test_hook import deliver, source  # noqa: F401  (a signed delivery)

LONG_AGO = [datetime(1, 1, 1, tzinfo=UTC), datetime(1900, 1, 1, tzinfo=UTC), datetime(1957, 6, 1, tzinfo=UTC)]
AHEAD = datetime(9999, 12, 31, tzinfo=UTC)


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "1900-01-01T00:00:00Z", "9999-12-31T00:00:00Z"])
def test_delivered(deliver, brands, at):  # noqa: F811
    answer = deliver({"text": "Ang tagal ng byahe", "published_at": at})
    assert (answer.status_code, answer.json()) == (200, {"stored": 1, "known": 0})
    with context.inside(brands.isla):
        mention = Mention.objects.get()
        assert mention.published_at == mention.seen_at


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"])
def test_delivered_with_a_date_that_cannot_be_told_in_utc(deliver, brands, at):  # noqa: F811
    answer = deliver({"text": "Ang tagal ng byahe", "published_at": at})
    assert answer.status_code == 422
    assert "published_at: must be a time with its zone" in answer.json()["title"]
    assert deliver({"text": "Ang tagal ng byahe"}).status_code == 200


def test_pushed_by_the_api(client, brands, source, by, now):  # noqa: F811
    with context.inside(brands.isla):
        key = keys.issue(name="Tool", scopes=list(Scope), by=by.ramon, now=now)[1]

    def push(at):
        body = {"source": f"src_{source.pk}", "mentions": [{"text": f"Ang tagal {at}", "published_at": at}]}
        auth = {"HTTP_AUTHORIZATION": f"Bearer {key}", "HTTP_IDEMPOTENCY_KEY": at}
        return client.post("/api/v1/brands/isla/mentions", body, content_type="application/json", **auth)

    for at in ("0001-01-01T00:00:00Z", "1900-01-01T00:00:00Z"):
        assert push(at).status_code < 300
    assert push("0001-01-01T00:00:00+08:00").status_code in (400, 422)
    with context.inside(brands.isla):
        assert Mention.objects.filter(published_at__gte=dating.OLDEST).count() == 2


@pytest.mark.parametrize("at", [*LONG_AGO, AHEAD])
def test_read_from_a_source(isla, by, now, monkeypatch, at):
    polled = feed(by.lea, now)
    Source.objects.update(last_success_at=now)
    polled.refresh_from_db()
    with scripted(monkeypatch, [item(1, at=at)]):
        assert listening.read(polled, now=now).ingested.new == 1
    polled.refresh_from_db()
    assert (polled.claimed_until, polled.failures, polled.lag_seconds) == (None, 0, 0)
    assert Mention.objects.get().published_at == now


@pytest.mark.parametrize("at", [*LONG_AGO, AHEAD])
def test_heard_in_the_stream(isla, now, at):
    Source.objects.create(kind="stream", name="Bluesky", config={}, status="listening")
    post = Item("at://did:plc:ana/app.bsky.feed.post/1", "", text="Ang tagal", published_at=at)
    assert keeping.kept([post], now) == 1
    assert Mention.objects.get().published_at == now
    assert Source.objects.get().failures == 0


def test_a_file_names_the_line_to_mend(isla, by, now):
    csv = Source.objects.create(kind="csv", name="File", config={}, status="listening")
    data = b"text,date\nAng tagal,1900-01-01\nAyos naman,2026-01-01\n"
    report = receiving.upload(csv, data, by=by.lea, now=now)
    assert (report.new, [each.line for each in report.problems]) == (1, [2])


def test_the_longest_lag_fits_its_column(now):
    assert dating.lag([datetime(1990, 1, 1, tzinfo=UTC), None], now) > 0
    assert dating.lag([now + timedelta(days=1)], now) == 0
    assert dating.lag([LONG_AGO[0], None], now) is None
    assert dating.lag([datetime(1990, 1, 2, tzinfo=UTC)], datetime(2100, 1, 1, tzinfo=UTC)) == 2**31 - 1
