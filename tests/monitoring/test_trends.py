"""Trends: figures of a period beside the one before, true to what was ingested."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from responses.monitoring import correcting, periods, ruling, surveying, views_trends
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Alert, Mention
from responses.monitoring.sources.base import Item
from tenants import context
from tests.monitoring.making import feed

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TRENDS = "/b/isla/trends/"
MANILA = ZoneInfo("Asia/Manila")  # Lea's days are told from there


def said(number, text, at):
    return Item(f"t{number}", f"https://kwento.example/{number}", "juan", text=text, published_at=at)


@pytest.fixture
def told(brands, by):
    """Three angry posts today, one kind one the week before, and a rival's storm."""
    now = timezone.now()
    with context.inside(brands.isla):
        ruling.add_rule(name="Us", query="isla", by=by.lea, now=now)
        ruling.add_rule(
            name="Them", query="karibal", watches="competitor", subject="Karibal Lines", by=by.lea, now=now
        )
        news, posts = feed(by.lea, now, "News"), feed(by.lea, now, "Posts")
        angry = [said(n, f"galit ako sa isla, nakakahiya ang delay {n}", now - n * HOUR) for n in (1, 2, 3)]
        ingest(news, angry, now=now)
        ingest(posts, [said(4, "salamat isla ang ganda ng serbisyo", now - 9 * DAY)], now=now)
        ingest(posts, [said(n, f"sira na naman ang karibal {n}", now - HOUR) for n in range(5, 10)], now=now)
    return now


def test_the_figures_are_those_of_what_was_said(told, brands, by):
    with context.inside(brands.isla):
        found = surveying.survey(periods.named("7d", told))
        own = Mention.objects.filter(is_own=True)
        assert found.tones.all == sum(step.tones.all for step in found.steps) == 3 == own.count() - 1
        assert (found.before.all, found.factor) == (1, 3.0)
        assert [(row.name, row.tones.all, row.before) for row in found.sources] == [("News", 3, 0)]
        assert [(voice.subject, voice.count) for voice in found.voices] == [("", 3), ("Karibal Lines", 5)]
        assert round(found.voice, 3) == 0.375
        before = found.tones.negative
        mention = own.filter(sentiment="negative").first()
        correcting.correct(mention, "positive", by=by.lea, now=told)
        after = surveying.survey(periods.named("7d", told))
        assert (after.tones.negative, after.tones.positive) == (before - 1, found.tones.positive + 1)


def test_the_page_says_it_in_a_sentence_and_leads_to_the_mentions(sign_in, told, brands):
    desk = sign_in("lea")
    page = desk.get(TRENDS).content.decode()
    assert "3 times as much is said as before, most of it negative" in page
    assert "Karibal Lines" in page and "38%" in page
    day = f"{timezone.localtime(told, MANILA):%Y-%m-%d}"
    assert f"until={day}&amp;tone=negative" in page
    for ends in ("since=0001-01-01&until=0001-01-01", "since=9999-12-31"):
        assert desk.get(f"{TRENDS}?{ends}").status_code == 200
    for name in ("24h", "30d", "90d", "nonsense"):
        assert desk.get(f"{TRENDS}?period={name}").status_code == 200
    days = desk.get(f"{TRENDS}?since={day}&until=2001-01-01").content.decode()  # turned round, and bounded
    assert 'value="2001-01-01"' in days
    empty = sign_in("lea").get("/b/luzon/trends/").content.decode()
    assert "Nothing to draw yet" in empty


def test_the_alerts_of_one_step_are_one_mark_also_in_the_last(told, brands):
    with context.inside(brands.isla):
        period = periods.named("24h", told)
        for minutes, title in ((0, "Now"), (1, "Too"), (300, "Before")):
            at = told - minutes * HOUR / 60
            Alert.objects.create(kind="author", title=title, severity=2, opened_at=at, last_at=at)
        found = surveying.survey(period)
        by_step = {(a.opened_at - found.steps[0].at) // HOUR for a in found.alerts}
        marks = views_trends.marks(found)
    assert len(marks) == len(by_step)
    last = [mark for mark in marks if mark["at"] >= found.steps[-1].at]
    assert len(last) == 1 and last[0]["at"] < period.until


def test_what_was_not_there_before_is_new(sign_in, told, brands):
    page = sign_in("lea").get(TRENDS).content.decode()
    news = page[page.index('id="where"') :]
    assert re.search(r'News</a>.*?data-label="Change">new</td>', news, re.S)
    assert "nothing before" in sign_in("lea").get(f"{TRENDS}?period=30d").content.decode()


def test_it_asks_as_much_of_a_full_brand_as_of_an_empty_one(sign_in, told):
    desk = sign_in("lea")

    def asked(slug):
        desk.get(f"/b/{slug}/trends/")
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(f"/b/{slug}/trends/").status_code == 200
        return len(queries)

    assert asked("isla") <= asked("luzon") + 3  # names of what is there; nothing for each row


@pytest.mark.parametrize(("days", "step", "count"), [(0, HOUR, 24), (6, 3 * HOUR, 56), (60, DAY, 61)])
def test_a_chart_has_few_steps_whatever_its_days(told, days, step, count):
    today = timezone.localtime(told).replace(hour=23, minute=30)
    period = periods.of_days((today - days * DAY).date(), today.date(), today)
    assert period.step == step
    assert len(period.steps()) == count


def test_days_to_come_are_cut_off(told):
    today = timezone.localtime(told).date()
    period = periods.of_days(today, today + 5 * DAY, told)
    assert period.until <= told + HOUR and period.since < told
