"""Who wrote what the stream brought, from an AppView that answers as its documentation says."""

import json
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest

from responses.monitoring import introducing, sourcing
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Mention
from responses.monitoring.sources.base import SourceError
from tests.monitoring.making import item

VERIFIED = {"verifiedStatus": "valid"}


class AppView:
    """Knows everybody whose number is even."""

    def __init__(self):
        self.asked = []

    def __call__(self, url):
        parts = urlsplit(url)
        assert parts.path == "/xrpc/app.bsky.actor.getProfiles"
        actors = parse_qs(parts.query)["actors"]
        assert len(actors) <= 25, "more than the API takes"
        self.asked += actors
        known = [did for did in actors if int(did.rpartition(":")[2]) % 2 == 0]
        profiles = [
            {"did": did, "handle": f"tao{did[8:]}.example", "followersCount": 7, "verification": VERIFIED}
            for did in known
        ]
        return SimpleNamespace(body=json.dumps({"profiles": profiles}).encode())


@pytest.fixture
def stream(isla, by, now):
    source = sourcing.add_source(kind="stream", name="Bluesky", config={}, by=by.lea, now=now)
    rows = [item(number, f"post {number}", author=f"did:plc:{number}") for number in range(60)]
    ingest(source, [*rows, replace(rows[0], external_id="again")], now=now)
    return source


def test_authors_are_named_where_they_are_known_and_asked_once(stream, now):
    view = AppView()
    assert introducing.introduce(now, view) == 30
    assert sorted(view.asked) == sorted({f"did:plc:{number}" for number in range(60)})
    named = Mention.objects.filter(author="tao0.example")
    assert [(each.reach, each.verified) for each in named] == [(7, True), (7, True)]
    assert Mention.objects.filter(author__startswith="did:").count() == 30


def test_what_is_old_or_of_other_sources_is_left_alone(stream, by, now):
    feed = sourcing.add_source(
        kind="rss", name="News", config={"url": "https://n.example"}, by=by.lea, now=now
    )
    ingest(feed, [item(100, author="did:plc:100")], now=now)
    view = AppView()
    introducing.introduce(now + timedelta(hours=1), view)
    assert view.asked == []
    introducing.introduce(now, view)
    assert "did:plc:100" not in view.asked


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"profiles": 4}', b'{"profiles": [{"did": 4}, null]}', b"[" * 9999]
)
def test_an_answer_that_makes_no_sense_changes_nothing(stream, now, body):
    assert introducing.introduce(now, lambda url: SimpleNamespace(body=body)) == 0
    assert Mention.objects.filter(author__startswith="did:").count() == 61


def test_an_appview_that_is_away_is_no_loss(stream, now):
    def away(url):
        raise SourceError("away")

    assert introducing.introduce(now, away) == 0
