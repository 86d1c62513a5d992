"""The firehose of a real Bluesky server: what is posted there is heard, and caught up with after a pause."""

import pytest

from responses.monitoring.models import Mention
from tenants.models import StreamPlace
from tests.monitoring.test_stream import add_rule, listener_at, listening_source, until, world

pytestmark = pytest.mark.real
__all__ = ["world"]


def post(server, account, text, **more):
    record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-11-23T05:00:00Z", **more}
    asked = {"repo": account.did, "collection": "app.bsky.feed.post", "record": record}
    return server.client().com.atproto.repo.create_record(asked, headers=account.headers).uri


def test_what_is_posted_is_heard_and_what_was_missed_is_caught_up_with(world, bluesky):
    listening_source(world), add_rule(world, "ferry")
    account = bluesky.create_account("heard")
    url = bluesky.url.replace("http", "ws", 1) + "/xrpc/com.atproto.sync.subscribeRepos"
    with listener_at(url) as heard:
        until(lambda: heard.is_connected)
        first = post(bluesky, account, "The ferry is late", langs=["en"])
        post(bluesky, account, "Nobody wants this")
        until(lambda: Mention.objects.count() == 1)
        until(lambda: StreamPlace.objects.filter(name__contains="subscribeRepos").exists())
    second = post(bluesky, account, "Another ferry, written while nobody heard")
    with listener_at(url):
        until(lambda: Mention.objects.count() == 2)
    found = Mention.objects.order_by("pk")
    assert [mention.external_id for mention in found] == [first, second]
    assert account.did in found[0].author_url
