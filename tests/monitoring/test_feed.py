from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Mention
from tenants import context
from tests.monitoring.making import feed, item, items, rule

FEED = "/b/isla/feed/"


@pytest.fixture
def desk(sign_in):
    return sign_in("lea")


@pytest.fixture
def take(brands, by, now):
    """take([...]) ingests at Isla and returns the source."""

    def taken(batch, name="News"):
        with context.inside(brands.isla):
            source = feed(by.lea, now, name)
            ingest(source, batch, now=now)
            return source

    return taken


def texts(answer):
    return [mention.text for mention in answer.context["rows"]]


def test_an_empty_feed_says_what_to_do(desk):
    assert "Add a source" in desk.get(FEED).content.decode()


def test_newest_first_with_marks_and_safe_links(desk, brands, by, now, take):
    with context.inside(brands.isla):
        rule(by.lea, now, "sunog")
    take([item(1, "<b>May SUNOG</b> sa barko", at=now), item(2, "Ayos lang", at=now - timedelta(hours=1))])
    answer = desk.get(FEED)
    page = answer.content.decode()
    assert texts(answer) == ["<b>May SUNOG</b> sa barko", "Ayos lang"]
    assert "&lt;b&gt;May <mark>SUNOG</mark>&lt;/b&gt; sa barko" in page
    assert 'href="https://kwento.example/1" rel="noopener noreferrer nofollow ugc"' in page


def test_search_folds_accents_and_capitals(desk, now, take):
    take([item(1, "Ang NIÑO ay ligtas", at=now), item(2, "El Nino season", at=now), item(3, "iba", at=now)])
    assert len(texts(desk.get(FEED, {"q": "niño"}))) == 2
    assert texts(desk.get(FEED, {"q": "nino -season"})) == ["Ang NIÑO ay ligtas"]
    assert texts(desk.get(FEED, {"q": '"ay ligtas"'})) == ["Ang NIÑO ay ligtas"]
    assert "<mark>NIÑO</mark>" in desk.get(FEED, {"q": "nino"}).content.decode()


def test_a_step_of_a_chart_is_a_moment_in_the_address(desk, now, take):
    """Where the person is: a link of a chart names the hour, and the form and its chip keep it."""
    take([item(n, f"{n} na", at=now.replace(minute=30) + timedelta(hours=n)) for n in (-3, -2, -1)])
    here = timezone.localtime(now.replace(minute=0) - timedelta(hours=2), ZoneInfo("Asia/Manila"))
    asked = {"since": f"{here:%Y-%m-%dT%H:%M}", "until": f"{here + timedelta(hours=1):%Y-%m-%dT%H:%M}"}
    answer = desk.get(FEED, asked)
    assert texts(answer) == ["-2 na"]
    page = answer.content.decode()
    assert f'type="datetime-local" name="since" value="{asked["since"]}"' in page
    assert f"From: {here:%-d %b %H:%M}" in page
    assert len(texts(desk.get(FEED, {"since": "noneT25:99"}))) == 3


def test_each_filter_and_all_of_them(desk, brands, by, now, take):
    with context.inside(brands.isla):
        watched = rule(by.lea, now, "barko")
    take([item(1, "Ang ganda ng barko, salamat!", at=now), item(2, "What a terrible, awful ship", at=now)])
    other = take([item(3, "Pangit ang barko, galit ako", at=now - timedelta(days=3))], "Forum")
    assert len(texts(desk.get(FEED, {"tone": "negative"}))) == 2
    assert texts(desk.get(FEED, {"source": other.pk})) == ["Pangit ang barko, galit ako"]
    assert len(texts(desk.get(FEED, {"rule": watched.pk}))) == 2
    assert texts(desk.get(FEED, {"language": "en"})) == ["What a terrible, awful ship"]
    day = (now - timedelta(days=3)).date().isoformat()
    assert texts(desk.get(FEED, {"since": day, "until": day})) == ["Pangit ang barko, galit ako"]
    both = {"tone": "negative", "rule": watched.pk, "source": other.pk, "q": "pangit"}
    assert texts(desk.get(FEED, both)) == ["Pangit ang barko, galit ako"]
    assert "No mention passes these filters" in desk.get(FEED, {"q": "wala"}).content.decode()


def test_what_cannot_be_read_in_the_address_is_left_out(desk, now, take):
    take([item(1, "kahit ano", at=now)])
    strange = {
        "tone": "purple",
        "source": "x'",
        "since": "soon",
        "before": "9-",
        "after": "²-1",
        "rule": "9" * 30,
    }
    for given in (
        strange,
        {"until": "9999-12-31"},
        {"since": "9999-12-31T23:59:59Z"},
        {"since": "0001-01-01"},
    ):
        answer = desk.get(FEED, given)
        assert answer.status_code == 200
        assert texts(answer) == ["kahit ano"]


def test_every_language_a_text_is_told_to_be_in_can_be_asked_for(desk, now, take):
    take([item(1, "船で火災が発生しました", at=now), item(2, "the ferry is late again today", at=now)])
    assert "日本語" in desk.get(FEED).content.decode()
    assert texts(desk.get(FEED, {"language": "ja"})) == ["船で火災が発生しました"]


def test_paging_neither_loses_nor_repeats_while_mentions_arrive(desk, brands, now, take):
    source = take(items(120, "byahe", now=now, apart=timedelta(0)))  # all at one moment: the number decides
    first = desk.get(FEED)
    with context.inside(brands.isla):
        ingest(source, items(7, "bago", now=now, apart=timedelta(0), first=500), now=now)
    second = desk.get(FEED + first.context["page"].next_url)
    third = desk.get(FEED + second.context["page"].next_url)
    read = texts(first) + texts(second) + texts(third)
    assert len(read) == len(set(read)) == 120
    assert third.context["page"].next_url is None
    back = desk.get(FEED + third.context["page"].previous_url)
    assert texts(back) == texts(second)
    assert texts(desk.get(FEED + second.context["page"].previous_url))[-1] == texts(first)[-1]


def test_as_many_queries_for_ten_mentions_as_for_two_hundred(desk, brands, by, now, take):
    with context.inside(brands.isla):
        rule(by.lea, now, "byahe")
    source = take(items(10, "byahe", now=now))
    desk.get(FEED)
    with CaptureQueriesContext(
        connection,
    ) as few:
        desk.get(FEED)
    with context.inside(brands.isla):
        ingest(source, items(190, "byahe", now=now, first=100), now=now)
    with CaptureQueriesContext(connection) as many:
        assert len(texts(desk.get(FEED))) == 50
    assert len(many) == len(few)


def test_the_poll_tells_news_once_and_then_nothing(desk, brands, now, take):
    source = take(items(3, now=now))
    seen = desk.get(FEED).context["seen"]
    quiet = desk.get(f"{FEED}news/", {"seen": seen}, headers={"HX-Request": "true"})
    assert "new mention" not in quiet.content.decode()
    same = {"HX-Request": "true", "If-None-Match": quiet["ETag"]}
    assert desk.get(f"{FEED}news/", {"seen": seen}, headers=same).status_code == 304
    with context.inside(brands.isla):
        ingest(source, items(2, now=now, first=50), now=now)
    loud = desk.get(f"{FEED}news/", {"seen": seen}, headers=same)
    assert loud.status_code == 200
    assert "2 new mentions" in loud.content.decode()
    assert "<html" not in loud.content.decode()


def test_one_mention(desk, brands, by, now, take):
    with context.inside(brands.isla):
        rule(by.lea, now, "sunog")
    take([item(1, "Sunog sa barko", at=now, title="Balita"), item(2, "Isa pa", at=now)])
    with context.inside(brands.isla):
        pk = Mention.objects.get(title="Balita").pk
    page = desk.get(f"/b/isla/mentions/{pk}/").content.decode()
    assert "<mark>Sunog</mark> sa barko" in page
    assert "More from juan" in page


def test_strangers_and_clients_find_nothing(sign_in, take, now):
    take([item(1, at=now)])
    for name in ("charlie", "marta", "nobody"):
        assert sign_in(name).get(FEED).status_code == 404
        assert sign_in(name).get(f"{FEED}news/").status_code == 404


def test_another_brand_shows_none_of_it(desk, take, now):
    take([item(1, "lihim ng Isla", at=now)])
    assert "lihim" not in desk.get("/b/luzon/feed/").content.decode()
