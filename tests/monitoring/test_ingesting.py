from dataclasses import replace
from datetime import timedelta

import pytest

from responses.core import timeline
from responses.core.models import Event
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Alert, HourCount, Match, Mention
from tenants import context
from tests.monitoring.making import feed, item, items, rule


@pytest.fixture
def source(isla, by, now):
    return feed(by.lea, now)


def test_the_same_batch_twice_is_stored_once(source, by, now):
    rule(by.lea, now, "sunog")
    batch = items(5, "Sunog sa barko", now=now)
    first, second = ingest(source, batch, now=now), ingest(source, batch, now=now)
    assert (first.new, first.known, first.matches) == (5, 0, 5)
    assert (second.new, second.known, second.matches) == (0, 5, 0)
    assert Mention.objects.count() == Match.objects.count() == 5
    assert Event.objects.filter(kind="mention.ingested").count() == 1
    assert Alert.objects.get().mention_count == 5


def test_history_says_how_many_came_from_where(source, isla, now):
    ingest(source, items(5, "Sunog sa barko", now=now), now=now)
    line = timeline.line(Event.objects.get(kind="mention.ingested"), isla)
    assert line.text == f"5 new mentions came in from {source.name}"
    assert f'<a href="/b/isla/sources/{source.pk}/">' in line.html


def test_only_the_new_ones_of_an_overlapping_batch_are_matched(source, by, now):
    rule(by.lea, now, "sunog")
    ingest(source, items(5, "Sunog sa barko", now=now), now=now)
    assert ingest(source, items(8, "Sunog sa barko", now=now), now=now).matches == 3
    assert Match.objects.count() == 8


def test_one_id_twice_in_a_batch_is_one_mention(source, now):
    newest = item(1, "the newest wording", at=now)
    assert ingest(source, [newest, item(1, "an older wording", at=now)], now=now).new == 1
    assert Mention.objects.get().text == "the newest wording"


def test_what_is_read_is_understood_and_counted_by_its_own_hour(source, now):
    ingest(
        source,
        [item(1, "Ang bagal at ang pangit ng serbisyo, galit ako!", at=now - timedelta(hours=5))],
        now=now,
    )
    mention = Mention.objects.get()
    assert (mention.sentiment, mention.language) == ("negative", "fil")
    hour = HourCount.objects.get()
    assert hour.negative == 1
    assert hour.hour == (now - timedelta(hours=5)).replace(minute=0)


def test_a_time_yet_to_come_is_now_and_no_time_is_now(source, now):
    ingest(source, [item(1, at=now + timedelta(days=2)), item(2, at=None)], now=now)
    assert set(Mention.objects.values_list("published_at", flat=True)) == {now}


def test_a_changed_rule_is_used_at_once(source, by, now):
    from responses.monitoring import ruling

    watched = rule(by.lea, now, "sunog")
    ingest(source, [item(1, "baha sa pantalan", at=now)], now=now)
    ruling.change_rule(watched, query="baha", by=by.lea, now=now)
    assert ingest(source, [item(2, "baha na naman", at=now)], now=now).matches == 1


def test_rules_of_one_brand_do_not_match_in_another(brands, by, now):
    with context.inside(brands.isla):
        rule(by.lea, now, "sunog")
        feed(by.lea, now)
    with context.inside(brands.luzon):
        done = ingest(feed(by.lea, now), [item(1, "sunog sa bangko", at=now)], now=now)
        assert done.new == 1
        assert done.matches == 0
        assert not Alert.objects.exists()
    with context.inside(brands.isla):
        assert not Mention.objects.exists()


STARRED = [
    (1, "Thanks a lot, best app ever!", "negative"),
    (2, "Maganda sana", "negative"),
    (3, "Ang pangit, sira agad", "negative"),
    (3, "Ang ganda, sulit!", "positive"),
    (4, "Sira yung dati, pinalitan agad", "positive"),
    (5, "", "positive"),
    (None, "Ang pangit, sira agad", "negative"),
    ("five", "Ang ganda, sulit!", "positive"),
]


def test_stars_say_how_a_review_is_meant_and_at_three_the_words_do(source, now):
    rows = [
        replace(item(number, text), raw={"rating": stars})
        for number, (stars, text, _tone) in enumerate(STARRED)
    ]
    ingest(source, rows, now=now)
    found = dict(Mention.objects.values_list("external_id", "sentiment"))
    assert [found[row.external_id] for row in rows] == [tone for *_said, tone in STARRED]
    assert all(-1 <= score <= 1 for score in Mention.objects.values_list("score", flat=True))
