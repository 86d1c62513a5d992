"""Mastodon, by https://docs.joinmastodon.org: timelines, notifications, streaming, rate limits."""

import json

import pytest

from responses.monitoring.sources import mastodon
from responses.monitoring.sources.base import SourceError
from tests.monitoring.sources.provider import NOW, Adapter, Says

SERVER = "https://mastodon.example"
TOKEN = "ZA-Yj3aBD8U8Cm7lKUp-lm9O9BmDgdhHzDeqsY8tlL0"


def status(number, **fields):
    return {
        "id": str(number),
        "created_at": f"2026-11-22T10:{number % 60:02}:31.000Z",
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "language": "tl",
        "uri": f"https://other.example/users/ana/statuses/{number}",
        "url": f"https://other.example/@ana/{number}",
        "replies_count": 7,
        "reblogs_count": 98,
        "favourites_count": 112,
        "content": f"<p>Tatlong oras <a href='https://x.example'>na delay</a> {number}</p><p>#ferry</p>",
        "reblog": None,
        "account": {
            "id": "1",
            "username": "ana",
            "acct": "ana@other.example",
            "display_name": "Ana",
            "url": "https://other.example/@ana",
            "followers_count": 320472,
        },
        "media_attachments": [{"id": "22345792", "type": "image"}, {"id": "3", "type": "gifv"}],
        "tags": [{"name": "ferry", "url": f"{SERVER}/tags/ferry"}],
    } | fields


def notification(number, **fields):
    return {
        "id": str(900 + number),
        "type": "mention",
        "created_at": f"2026-11-22T10:{number % 60:02}:32.000Z",
        "account": status(number)["account"],
        "status": status(number, **fields),
    }


class Mastodon(Adapter):
    kind = "mastodon"

    def page(self, numbers, more):
        return [status(number) for number in numbers]

    def reset(self, at):
        return {"X-RateLimit-Reset": at.isoformat().replace("+00:00", "Z"), "X-RateLimit-Remaining": "0"}


class TestHashtag(Mastodon):
    config = {"server": SERVER, "mode": "hashtag", "hashtag": "#Dapithapon"}
    path = "/api/v1/timelines/tag/Dapithapon"

    def test_a_status_becomes_an_item(self):
        self.provider.on(self.path, [status(1)])
        [item] = self.fetch().items
        assert (item.external_id, item.url) == ("1", "https://other.example/@ana/1")
        assert (item.author, item.author_url) == ("ana@other.example", "https://other.example/@ana")
        assert item.text == "Tatlong oras na delay 1\n#ferry"
        assert (item.language, item.reach, item.verified) == ("tl", 320472, None)
        assert item.media == ("image", "video")
        assert item.raw["uri"] == "https://other.example/users/ana/statuses/1"

    def test_the_server_is_named_for_its_own_people(self):
        account = {"acct": "ben", "url": f"{SERVER}/@ben"}
        self.provider.on(self.path, [status(1, account=account, spoiler_text="Galit", url=None)])
        [item] = self.fetch(server="mastodon.example/@ben").items
        assert (item.author, item.title) == ("ben@mastodon.example", "Galit")
        assert item.url == "https://other.example/users/ana/statuses/1"

    def test_a_thread_is_followed_to_its_beginning(self):
        replies = [status(3, in_reply_to_id="2"), status(2, in_reply_to_id="1"), status(1)]
        self.provider.on(self.path, replies)
        third, second, first = self.fetch().items
        assert [(item.reply_to, item.thread) for item in (third, second, first)] == [
            ("2", "1"),
            ("1", "1"),
            ("", ""),
        ]

    @pytest.mark.parametrize("loop", [("1", "1"), ("2", "1")])
    def test_a_thread_that_bites_its_tail_ends(self, loop):
        one, two = loop
        self.provider.on(self.path, [status(1, in_reply_to_id=one), status(2, in_reply_to_id=two)])
        assert len(self.fetch().items) == 2

    @pytest.mark.parametrize(
        "unfit", [{"visibility": "direct"}, {"visibility": "private"}, {"reblog": {"id": "9"}}]
    )
    def test_what_was_not_said_in_public_or_only_passed_on_is_left_out(self, unfit):
        self.provider.on(self.path, [status(1, **unfit)])
        assert self.fetch().items == []

    def test_pages_go_forward_from_the_newest_known(self):
        self.provider.on(self.path, self.page([9], more=False))
        state = self.fetch().state
        self.provider.on(self.path, self.pages([11, 10], [13, 12]))
        assert len(self.fetch(state).items) == 4
        assert [asked.query.get("min_id") for asked in self.provider.asked] == [None, "9", "11", "13"]

    def test_what_was_read_before_a_fault_is_kept(self):
        self.provider.on(self.path, self.page([9], more=False))
        answers = [self.page([11, 10], more=True), Says({}, 503)]
        state = self.fetch().state
        self.provider.on(self.path, lambda asked: answers.pop(0))
        fetched = self.fetch(state)
        assert (len(fetched.items), fetched.state["newest"]) == (2, "11")

    def test_asks_no_more_once_the_servers_patience_is_at_its_end(self):
        self.provider.on(self.path, self.page([1], more=False))
        state = self.fetch().state
        self.provider.on(self.path, Says(self.page([2], more=True), 200, {"X-RateLimit-Remaining": "0"}))
        self.fetch(state)
        assert len(self.provider.asked) == 2

    def test_a_hashtag_nobody_has_used_yet(self):
        self.provider.on(self.path, Says({"error": "Record not found"}, 404))
        assert self.fetch().items == []

    def test_a_server_that_shows_nothing_without_signing_in(self):
        self.provider.on(self.path, Says({"error": "This method requires an authenticated user"}, 422))
        error = self.fails()
        assert error.permanent
        assert "Enter an access token" in error.message

    @pytest.mark.parametrize("missing", ["server", "hashtag"])
    def test_what_is_missing_is_named(self, missing):
        error = self.fails(**{missing: " "})
        assert error.permanent
        assert missing in error.message


class TestMentions(Mastodon):
    config = {"server": SERVER, "mode": "mentions"}
    secrets = {"access_token": TOKEN}
    path = "/api/v1/notifications"

    def page(self, numbers, more):
        return [notification(number) for number in numbers]

    def test_asks_for_mentions_with_the_token(self):
        self.provider.on(self.path, self.page([1], more=False))
        assert self.fetch().state["newest"] == "901"
        [asked] = self.provider.asked
        assert asked.query["types[]"] == "mention"
        assert asked.headers["authorization"] == f"Bearer {TOKEN}"

    def test_a_private_word_to_the_account_is_no_mention(self):
        self.provider.on(self.path, [notification(1, visibility="direct"), notification(2)])
        assert [item.external_id for item in self.fetch().items] == ["2"]

    def test_without_a_token_nothing_is_asked(self):
        assert self.fails(access_token="").permanent
        assert self.provider.asked == []

    def test_a_token_that_cannot_be_one(self):
        error = self.fails(access_token="tóken")
        assert error.permanent
        assert "tóken" not in error.message


class TestPublic(Mastodon):
    config = {"server": SERVER, "mode": "public"}
    test_a_damaged_post_does_no_harm = None  # the same pages as above
    path = "/api/v1/timelines/public"


class TestStreamCatchesUp(Mastodon):
    config = {"server": SERVER, "mode": "stream", "hashtag": "ferry"}
    test_a_damaged_post_does_no_harm = None  # the same pages as above
    secrets = {"access_token": TOKEN}
    path = "/api/v1/timelines/tag/ferry"


CONFIG = {"server": SERVER, "mode": "stream"}


def test_where_a_stream_is_kept_open():
    assert mastodon.stream_url(CONFIG) == f"{SERVER}/api/v1/streaming/public"
    with_tag = {**CONFIG, "hashtag": "#ferry & co"}
    assert mastodon.stream_url(with_tag) == f"{SERVER}/api/v1/streaming/hashtag?tag=ferry+%26+co"
    with pytest.raises(SourceError):
        mastodon.stream_url({"mode": "stream"})


@pytest.mark.parametrize(
    ("event", "data", "brings"),
    [
        ("update", status(1), "1"),
        ("notification", notification(2), "2"),
        ("notification", {**notification(2), "type": "favourite"}, None),
        ("status.update", status(1), None),
        ("update", status(1, visibility="direct"), None),
        ("delete", 1, None),
        ("filters_changed", "undefined", None),
        ("update", [], None),
    ],
)
def test_an_event_of_the_stream(event, data, brings):
    item = mastodon.streamed(event, json.dumps(data), CONFIG, NOW)
    assert (item and item.external_id) == brings


@pytest.mark.parametrize("data", ["", "{", "undefined", "[" * 100_000])
def test_a_damaged_event_brings_nothing(data):
    assert mastodon.streamed("update", data, CONFIG, NOW) is None
