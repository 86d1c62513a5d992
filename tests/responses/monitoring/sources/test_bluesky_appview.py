"""Reading Bluesky through an AppView: author feeds and search, as the real network offers them."""

import json
from collections import namedtuple
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from responses.monitoring.sources.base import SOURCES, SourceError
from responses.monitoring.sources.bluesky import APPVIEW, Bluesky

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DID = "did:plc:abcdefghijklmnopqrstuvwx"
OTHER = "did:plc:zyxwvutsrqponmlkjihgfedc"
Answer = namedtuple("Answer", "body")


def post(number, did=DID, **record):
    written = {"text": f"post {number}", "createdAt": f"2026-03-01T10:{number:02}:00.000Z"} | record
    return {
        "uri": f"at://{did}/app.bsky.feed.post/{number}",
        "cid": f"cid{number}",
        "author": {"did": did, "handle": "somebody.example.com"},
        "record": written,
    }


class AppView:
    """Answers by method name; keeps what it was asked."""

    def __init__(self, **answers):
        self.answers = {"resolveHandle": lambda **asked: {"did": DID}} | answers
        self.asked = []

    def __call__(self, url):
        parts = urlsplit(url)
        assert f"{parts.scheme}://{parts.netloc}" == APPVIEW
        method = parts.path.rpartition(".")[2]
        given = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked.append((method, given))
        if method not in self.answers:
            raise SourceError("Not served.", status=501)
        found = self.answers[method](**given)
        return Answer(found if isinstance(found, bytes) else json.dumps(found).encode())


def fetch(config, http, state=None):
    return Bluesky().fetch(config, state or {}, http, now=NOON)


def test_an_appview_is_read_by_author_feed_and_that_is_remembered():
    http = AppView(getAuthorFeed=lambda **asked: {"feed": [{"post": post(2)}, {"post": post(1)}]})
    first = fetch({"account": "somebody.example.com"}, http)
    assert [item.text for item in first.items] == ["post 2", "post 1"]
    assert first.items[0].author == "somebody.example.com"
    http.asked.clear()
    fetch({"account": "somebody.example.com"}, http, first.state)
    assert [method for method, _given in http.asked] == ["getAuthorFeed"], (
        "nothing new: nobody's reach is asked"
    )


def test_what_the_account_only_reposted_is_left_out():
    http = AppView(getAuthorFeed=lambda **asked: {"feed": [{"post": post(2, OTHER)}, {"post": post(1)}]})
    assert [item.text for item in fetch({"account": DID}, http).items] == ["post 1"]


def test_search_pages_back_to_the_newest_of_last_time():
    pages = {"": ([6, 5], "a"), "a": ([4, 3], "b"), "b": ([2, 1], "c")}

    def search(cursor="", **asked):
        assert (asked["q"], asked["sort"]) == ('ferry "isla verde"', "latest")
        numbers, following = pages[cursor]
        return {"posts": [post(number) for number in numbers], "cursor": following}

    config = {"search": 'ferry "isla verde"'}
    entered = {"account": "", "service_url": "", **config}
    state = {"entered": entered, "read": {"newest": "2026-03-01T10:04:00+00:00"}}
    found = fetch(config, AppView(searchPosts=search), state)
    assert [item.text for item in found.items] == ["post 6", "post 5", "post 4", "post 3"]
    assert found.state["read"] == {"newest": "2026-03-01T10:06:00+00:00"}


def test_state_of_another_search_is_forgotten():
    http = AppView(searchPosts=lambda **asked: {"posts": [], "cursor": "more"})
    found = fetch({"search": "bank"}, http, {"entered": {"search": "ferry"}, "read": {"newest": "2026"}})
    assert found.state["read"] == {"newest": ""}
    assert len(http.asked) == 1


@pytest.mark.parametrize("status", [401, 403, 404, 501])
def test_a_server_that_does_not_let_us_search_says_so(status):
    def refuse(**asked):
        raise SourceError("no", status=status)

    with pytest.raises(SourceError, match="search") as caught:
        fetch({"search": "ferry"}, AppView(searchPosts=refuse))
    assert caught.value.permanent


def test_a_busy_server_is_not_a_permanent_error():
    def busy(**asked):
        raise SourceError("busy", retry_after=30, status=503)

    with pytest.raises(SourceError) as caught:
        fetch({"search": "ferry"}, AppView(searchPosts=busy))
    assert (caught.value.permanent, caught.value.retry_after) == (False, 30)


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b"null", b"\xff"])
def test_an_answer_that_is_not_bluesky_is_a_clear_error(body):
    with pytest.raises(SourceError, match="Bluesky"):
        fetch({"search": "ferry"}, AppView(searchPosts=lambda **asked: body))


@pytest.mark.parametrize(
    "damaged",
    [
        {"posts": None},
        {"posts": ["text", {}, {"uri": 5}, {"uri": "at://x/y/z", "record": "text"}]},
        {"posts": [post(1, text="")]},
        {"posts": [{**post(1, text=None), "author": None}], "cursor": 5},
    ],
)
def test_damaged_posts_are_passed_over(damaged):
    found = fetch({"search": "ferry"}, AppView(searchPosts=lambda **asked: damaged))
    assert found.items == []


def test_strange_values_do_not_stop_a_post():
    strange = post(1, createdAt="yesterday", langs="fil", reply={"parent": "x"}, text="a\x00b")
    [item] = fetch({"search": "ferry"}, AppView(searchPosts=lambda **asked: {"posts": [strange]})).items
    assert (item.text, item.published_at, item.language) == ("ab", None, "")


def test_nothing_entered_is_a_permanent_error():
    with pytest.raises(SourceError) as caught:
        fetch({}, AppView())
    assert caught.value.permanent


def test_the_adapter_is_registered():
    assert SOURCES["bluesky"] is Bluesky
