"""A feed in any state gives what is good in it, or one sentence that says what is wrong."""

from datetime import UTC, datetime
from functools import partial

import pytest

from responses.monitoring.fetching import fetch
from responses.monitoring.sources.base import SOURCES, SourceError
from responses.monitoring.sources.rss import Rss, parse
from tests.monitoring.hostile import FEED

URL = "http://example.com/feed"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def read(body: bytes, **kwargs):
    return parse(body, URL, NOW, **kwargs)


def feed(*items: str, encoding: str = "UTF-8") -> bytes:
    head = f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>T</title>'
    return (head + "".join(f"<item>{item}</item>" for item in items) + "</channel></rss>").encode(encoding)


def test_it_is_registered():
    assert SOURCES["rss"] is Rss


def test_an_entry_becomes_an_item():
    later, first = read(FEED)
    assert first.external_id == "a-1"
    assert (first.title, first.text) == ("Ferry delay & anger", "Three hours late")
    assert first.url == "http://example.com/a1"
    assert first.published_at == datetime(2026, 11, 23, 2, tzinfo=UTC)
    assert first.raw == {"feed": "Balita"}
    assert later.url == "", "only web links are kept"
    assert later.published_at == NOW, "a time yet to come is now"


def test_atom():
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fil"><title>T</title><entry><id>urn:1</id>
    <title type="html">Nasunog &amp;lt;b&amp;gt;</title><link href="/x"/>
    <updated>2026-11-22T10:00:00+08:00</updated>
    <author><name>Ana</name><uri>https://ana.example/</uri></author>
    <content type="html">&lt;p&gt;Isa&lt;/p&gt;&lt;p&gt;Dalawa&lt;/p&gt;</content></entry></feed>"""
    (item,) = read(body)
    assert (item.external_id, item.url, item.text) == ("urn:1", "http://example.com/x", "Isa\nDalawa")
    assert (item.author, item.author_url, item.language) == ("Ana", "https://ana.example/", "fil")
    assert item.published_at == datetime(2026, 11, 22, 2, tzinfo=UTC)


def test_without_guid_link_and_title_are_the_identity():
    body = feed(
        "<title>A</title><link>http://example.com/1</link>",
        "<title>B</title><link>http://example.com/1</link>",
    )
    one, two = (item.external_id for item in read(body))
    assert one.startswith("sha256:")
    assert one != two
    assert [item.external_id for item in read(body)] == [one, two]


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Nov 2026", "1066-10-14", "0000-00-00T00:00:00Z"])
def test_a_date_that_is_none_is_left_open(date):
    (item,) = read(feed(f"<title>A</title><pubDate>{date}</pubDate>"))
    assert item.published_at is None


def test_only_the_newest_are_taken():
    items = [
        f"<guid>{day}</guid><title>x</title><pubDate>{day:02} Nov 2026 00:00:00 GMT</pubDate>"
        for day in range(1, 21)
    ]
    assert [item.external_id for item in read(feed(*items), newest=3)] == ["20", "19", "18"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "sent nothing"),
        (b"  \n ", "sent nothing"),
        (b"<!DOCTYPE html><html><body>Hi</body></html>", "a web page, not a feed"),
        (b"<html><head><title>404</title></head></html>", "a web page, not a feed"),
        (b'{"items": []}', "not hold an RSS"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not hold an RSS"),
        (b"just words", "not hold an RSS"),
        (b"<other><thing/></other>", "not hold an RSS"),
        (FEED[:260], "breaks off"),
    ],
)
def test_what_is_no_feed_is_named(body, words):
    with pytest.raises(SourceError, match=words):
        read(body)


def test_a_web_page_that_names_its_feed():
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>'
    with pytest.raises(SourceError, match=r"names this feed: /feed\.xml"):
        read(page)


def test_a_feed_without_entries_is_no_error():
    assert read(feed()) == []


def test_a_feed_cut_in_the_middle_keeps_its_whole_entries():
    cut = FEED[: FEED.index(b"Later") + 2]
    assert [item.external_id for item in read(cut)] == ["a-1"]


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-16", "iso-8859-1"])
def test_encodings(encoding):
    (item,) = read(feed("<title>Niño café</title>", encoding=encoding))
    assert item.title == "Niño café"


def test_an_encoding_that_lies():
    body = feed("<title>Niño</title>").replace(b"UTF-8", b"us-ascii")
    assert read(body)[0].title == "Niño"


def test_an_entity_bomb_does_not_go_off():
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "lol">{lol}]>'
    bomb += '<rss version="2.0"><channel><title>T</title>'
    bomb += "<item><title>&l11;</title><description>after</description></item></channel></rss>"
    assert all(len(item.text) + len(item.title) < 1000 for item in read(bomb.encode()))


def test_a_foreign_file_is_not_read():
    bomb = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    bomb += b"<rss version='2.0'><channel><title>T</title><item><title>&x;!</title></item></channel></rss>"
    assert all("root:" not in item.title for item in read(bomb))


def test_what_cannot_be_stored_is_taken_out():
    (item,) = read(
        feed("<title>a\u202eb</title><description>&amp;#0;x&lt;img src=x onerror=alert(1)&gt;y</description>")
    )
    assert item.title == "ab"
    assert "\x00" not in item.text
    assert "onerror" not in item.text


def test_a_second_look_costs_nothing(hostile):
    http = partial(fetch, allow=[hostile.origin])
    config = {"url": hostile.origin + "/feed"}
    first = Rss().fetch(config, {}, http, now=NOW)
    again = Rss().fetch(config, first.state, http, now=NOW)
    assert len(first.items) == 2
    assert (again.items, again.state) == ([], first.state)
    assert hostile.seen[1][1]["If-None-Match"] == '"v1"'


def test_a_feed_that_moved_is_asked_at_its_new_place_until_a_person_changes_it(hostile):
    http = partial(fetch, allow=[hostile.origin])
    config = {"url": hostile.origin + "/to/301//feed"}
    state = Rss().fetch(config, {}, http, now=NOW).state
    assert state["url"] == hostile.origin + "/feed"
    Rss().fetch(config, state, http, now=NOW)
    assert hostile.seen[-1][0] == "/feed"
    Rss().fetch({"url": hostile.origin + "/gzip"}, state, http, now=NOW)
    assert hostile.seen[-1][0] == "/gzip"
    assert "If-None-Match" not in hostile.seen[-1][1]


@pytest.mark.parametrize(
    ("path", "permanent", "wait"), [("404", False, 120), ("410", True, 120), ("429", False, 120)]
)
def test_refusals_come_through(hostile, path, permanent, wait):
    with pytest.raises(SourceError) as caught:
        Rss().fetch({"url": f"{hostile.origin}/status/{path}"}, {}, partial(fetch, allow=[hostile.origin]))
    assert (caught.value.permanent, caught.value.retry_after) == (permanent, wait)


def test_a_page_instead_of_a_feed(hostile):
    with pytest.raises(SourceError, match="web page"):
        Rss().fetch({"url": hostile.origin + "/html"}, {}, partial(fetch, allow=[hostile.origin]))
