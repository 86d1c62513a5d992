"""The Bluesky adapters against a real server: what is posted is heard, what is sent stands there once."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from responses.monitoring import fetching
from responses.monitoring.sources.base import SourceError
from responses.monitoring.sources.bluesky import Bluesky
from responses.publishing.channels import bluesky as bluesky_module
from responses.publishing.channels import bluesky_records
from responses.publishing.channels.base import ChannelError, Picture, Post, ReadBack
from responses.publishing.channels.bluesky import BlueskyChannel
from responses.publishing.channels.pinning import pinned
from responses.publishing.channels.tid import record_key
from responses.statements import imaging
from tests.statements.drawing import ALT, as_file, photograph, picture

from .bluesky.server import BlueskyServer

pytestmark = pytest.mark.real

NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
STATEMENT = (
    "Kumusta po. Ferry service to Isla Verde is suspended — ligtas ang lahat 👩‍👩‍👧.\n\n"
    "Updates: https://example.com/ferry?a=1&b=2, #LigtasNaBiyahe ñ é   two  spaces\tand a tab"
)
_numbers = itertools.count(1)


@pytest.fixture
def account(bluesky):
    return bluesky.create_account(f"person{next(_numbers)}")


@pytest.fixture
def channel(bluesky, account):
    return _channel(bluesky, account.handle, account.password)


def _channel(server, identifier, password, seconds=20, thread=False):
    http = partial(pinned, allow=[server.url], seconds=seconds)
    return BlueskyChannel(server.url, identifier, password, http, thread=thread)


def post(key, text="", langs=("en",)):
    return Post(key, NOON, text, langs)


def _listen(server, config, state=None):
    http = partial(fetching.fetch, allow=[server.url])
    return Bluesky().fetch({"service_url": server.url} | config, state or {}, http)


def _post(server, account, text, at=NOON):
    record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": at.isoformat(), "langs": ["fil-PH"]}
    asked = {"repo": account.did, "collection": "app.bsky.feed.post", "record": record}
    return server.client().com.atproto.repo.create_record(asked, headers=account.headers)


def _records(server, account):
    asked = {"repo": account.did, "collection": "app.bsky.feed.post", "limit": 100}
    return server.client().com.atproto.repo.list_records(asked).records


class TestListening:
    def test_a_post_by_an_account_is_heard(self, bluesky, account):
        posted = _post(bluesky, account, "Grabe ang pila sa pantalan 😡")
        heard = _listen(bluesky, {"account": f"@{account.handle}"})
        [item] = heard.items
        assert (item.external_id, item.text) == (posted.uri, "Grabe ang pila sa pantalan 😡")
        assert (item.author, item.language, item.published_at) == (account.handle, "fil", NOON)
        assert item.raw["cid"] == posted.cid
        assert account.did in item.url

    def test_the_next_fetch_hears_what_is_new_beyond_one_page(self, bluesky, account):
        _post(bluesky, account, "first")
        before = _listen(bluesky, {"account": account.did})
        for number in range(55):
            _post(bluesky, account, f"new {number}", NOON + timedelta(minutes=number + 1))
        after = _listen(bluesky, {"account": account.did}, before.state)
        texts = [item.text for item in after.items]
        assert texts[0] == "new 54"
        assert {f"new {number}" for number in range(55)} <= set(texts)
        assert after.state["read"] == {"newest": after.items[0].published_at.isoformat()}

    def test_a_post_dated_in_the_future_is_dated_now(self, bluesky, account):
        _post(bluesky, account, "from tomorrow", datetime(2999, 1, 1, tzinfo=UTC))
        http = partial(fetching.fetch, allow=[bluesky.url])
        config = {"service_url": bluesky.url, "account": account.handle}
        assert Bluesky().fetch(config, {}, http, now=NOON).items[0].published_at == NOON

    def test_an_account_that_is_not_there_is_a_permanent_error(self, bluesky):
        with pytest.raises(SourceError) as caught:
            _listen(bluesky, {"account": "nobody-at-all.test"})
        assert caught.value.permanent
        assert "nobody-at-all.test" in caught.value.message

    def test_a_server_without_search_says_so(self, bluesky):
        with pytest.raises(SourceError) as caught:
            _listen(bluesky, {"search": "ferry"})
        assert caught.value.permanent

    def test_a_private_server_nobody_vouched_for_is_refused(self, bluesky, account):
        with pytest.raises(SourceError):
            Bluesky().fetch({"service_url": bluesky.url, "account": account.handle}, {}, fetching.fetch)


class TestSending:
    def test_what_was_sent_is_read_back_byte_for_byte(self, channel):
        sent = channel.send(post("publication-1", STATEMENT, ("fil", "en")))
        expected = ReadBack(STATEMENT, sent.cid)
        assert channel.read_back(post("publication-1"), sent.external_id) == expected
        assert channel.read_back(post("publication-1")) == expected

    def test_links_and_hashtags_are_marked_by_bytes(self, bluesky, account, channel):
        channel.send(post("publication-1", STATEMENT))
        [record] = _records(bluesky, account)
        written = STATEMENT.encode()
        marked = [written[f.index.byte_start : f.index.byte_end].decode() for f in record.value.facets]
        assert marked == ["https://example.com/ferry?a=1&b=2", "#LigtasNaBiyahe"]
        link, tag = (facet.features[0] for facet in record.value.facets)
        assert (link.uri, tag.tag) == ("https://example.com/ferry?a=1&b=2", "LigtasNaBiyahe")

    def test_sent_twice_there_is_one_post(self, bluesky, account, channel):
        first = channel.send(post("publication-1", STATEMENT))
        again = _channel(bluesky, account.handle, account.password).send(post("publication-1", STATEMENT))
        assert again == first
        assert len(_records(bluesky, account)) == 1

    def test_two_publications_of_the_same_moment_are_two_posts(self, bluesky, account, channel):
        channel.send(post("publication-1", STATEMENT))
        channel.send(post("publication-2", STATEMENT))
        assert len(_records(bluesky, account)) == 2

    def test_another_text_never_overwrites_a_post(self, channel):
        sent = channel.send(post("publication-1", "One."))
        with pytest.raises(ChannelError) as caught:
            channel.send(post("publication-1", "Another."))
        assert (caught.value.permanent, caught.value.unknown) == (True, False)
        assert channel.read_back(post("publication-1"), sent.external_id).text == "One."

    def test_the_same_text_marked_differently_counts_as_sent(self, channel, monkeypatch):
        sent = channel.send(post("publication-1", STATEMENT))
        monkeypatch.setattr(bluesky_records, "detect_facets", lambda text: [])
        assert channel.send(post("publication-1", STATEMENT)) == sent

    def test_nothing_sent_is_nothing_read_back(self, channel):
        assert channel.read_back(post("never-sent")) is None

    def test_300_graphemes_pass_and_301_are_refused_for_good(self, bluesky, account, channel):
        family = "👩‍👩‍👧"
        channel.send(post("fits", family * 100 + "x" * 200))
        with pytest.raises(ChannelError) as caught:
            channel.send(post("too-long", "x" * 301))
        assert (caught.value.permanent, caught.value.unknown) == (True, False)
        assert len(_records(bluesky, account)) == 1

    def test_a_wrong_password_is_permanent(self, bluesky, account):
        with pytest.raises(ChannelError) as caught:
            _channel(bluesky, account.handle, "wrong").send(post("publication-1", "Hello."))
        assert (caught.value.permanent, caught.value.unknown) == (True, False)

    def test_a_session_the_server_no_longer_takes_is_renewed(self, bluesky, account, channel, monkeypatch):
        channel.send(post("publication-1", "One."))
        stale = bluesky_module.Session(account.did, "not-a-token")
        monkeypatch.setitem(bluesky_module._sessions, channel._session_key, stale)
        channel.send(post("publication-2", "Two."))
        assert len(_records(bluesky, account)) == 2

    def test_an_address_in_the_private_network_is_refused_for_good(self, bluesky, account):
        with pytest.raises(ChannelError) as caught:
            BlueskyChannel(bluesky.url, account.handle, account.password).send(post("key", "Hello."))
        assert (caught.value.permanent, caught.value.unknown) == (True, False)


class TestThreads:
    @pytest.fixture
    def channel(self, bluesky, account):
        return _channel(bluesky, account.handle, account.password, thread=True)

    LONG = " ".join(f"Ito ang pangungusap bilang {number} tungkol sa Isla Uno." for number in range(18))

    def test_sent_twice_there_is_one_thread_and_it_reads_as_approved(self, bluesky, account, channel):
        sent = channel.send(post("thread", self.LONG))
        assert channel.send(post("thread", self.LONG)) == sent
        records = sorted(_records(bluesky, account), key=lambda record: record.value.created_at)
        assert " ".join(record.value.text for record in records) == self.LONG
        assert len(records) > 3
        for before, record in itertools.pairwise(records):
            reply = record.value.reply
            assert (reply.root.uri, reply.root.cid) == (records[0].uri, records[0].cid)
            assert (reply.parent.uri, reply.parent.cid) == (before.uri, before.cid)
        assert channel.read_back(post("thread", self.LONG), sent.external_id).text == self.LONG

    def test_a_thread_that_broke_off_is_not_there_and_is_completed(self, bluesky, account, channel):
        first = bluesky_module.thread_of(post("thread", self.LONG))[0]
        channel.send(post("thread", first.text))
        assert not channel.read_back(post("thread", self.LONG)).is_whole
        channel.send(post("thread", self.LONG))
        assert channel.read_back(post("thread", self.LONG)).text == self.LONG
        assert len(_records(bluesky, account)) == len(bluesky_module.thread_of(post("thread", self.LONG)))

    def test_pictures_are_kept_to_the_byte_and_sent_twice_stand_once(self, bluesky, account, channel):
        raw = [imaging.reencoded(each) for each in (photograph(), as_file(picture(300, 400)))]
        pictures = tuple(Picture(r.content, r.media_type, r.width, r.height, ALT) for r in raw)
        said = replace(post("pictures", STATEMENT), pictures=pictures)
        sent = channel.send(said)
        assert channel.send(said) == sent
        [record] = _records(bluesky, account)
        assert [(each.alt, each.aspect_ratio.width) for each in record.value.embed.images] == [
            (ALT, 640),
            (ALT, 300),
        ]
        for shown, image in zip(record.value.embed.images, pictures, strict=True):
            asked = {"did": account.did, "cid": str(shown.image.cid)}
            assert bluesky.client().com.atproto.sync.get_blob(asked) == image.content
        assert channel.read_back(said, sent.external_id).is_as_approved(STATEMENT)
        assert not channel.read_back(replace(said, pictures=pictures[:1])).is_as_approved(STATEMENT)

    def test_a_mention_is_marked_with_who_it_is(self, bluesky, account, channel):
        other = bluesky.create_account(f"person{next(_numbers)}")
        channel.send(post("mention", f"Salamat, Señor @{other.handle}, at @nobody-here.test."))
        [record] = _records(bluesky, account)
        [facet] = record.value.facets
        written = record.value.text.encode()
        assert written[facet.index.byte_start : facet.index.byte_end].decode() == f"@{other.handle}"
        assert facet.features[0].did == other.did


class TestBrokenServer:
    def test_no_answer_leaves_it_unknown_and_the_post_is_found_later(self, bluesky, account, channel):
        channel.send(post("before", "Before."))
        hasty = _channel(bluesky, account.handle, account.password, seconds=0.5)
        bluesky.pause()
        try:
            with pytest.raises(ChannelError) as caught:
                hasty.send(post("during", "During."))
        finally:
            bluesky.resume()
        assert (caught.value.permanent, caught.value.unknown) == (False, True)
        channel.send(post("during", "During."))
        assert sorted(record.value.text for record in _records(bluesky, account)) == ["Before.", "During."]

    def test_a_server_that_is_gone_got_nothing(self, bluesky):
        with BlueskyServer(bluesky.home) as other:
            person = other.create_account("leaving")
            there = _channel(other, person.handle, person.password)
            there.send(post("before", "Before."))
            other.stop()
            with pytest.raises(ChannelError) as caught:
                there.send(post("after", "After."))
        assert (caught.value.permanent, caught.value.unknown) == (False, False)


def test_the_key_is_the_one_the_server_stored(channel):
    sent = channel.send(post("publication-1", "Hello."))
    assert sent.external_id.endswith(f"/{record_key(NOON, 'publication-1')}")
