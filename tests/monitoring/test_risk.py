"""Risk: grave words and loud voices make it, praise does not, and it says why."""

from datetime import timedelta

import pytest
from django.utils import translation

from responses.monitoring import risk, stories
from responses.monitoring.correcting import correct
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Mention, NamedAuthor, Story
from responses.monitoring.sources.base import Item
from tests.monitoring.making import feed, rule


def mention(text, sentiment="neutral", score=0.0, **more):
    return Mention(text=text, sentiment=sentiment, score=score, **more)


def scored(text, sentiment="neutral", score=0.0, **more):
    found = mention(text, sentiment, score, **more)
    risk.weigh([found])
    return found


def codes(found):
    return {each["code"] for each in found.risk_why}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Nasunog ang barko sa pier, may mga sugatan", "harm"),
        ("Coast Guard rescues passengers of a ferry", "harm"),
        ("Iimbestigahan daw ng DTI at ng Senado", "regulator"),
        ("Magdedemanda na ako, small claims na lang", "legal"),
        ("Na-hack ang account ko, nakawan ng pera", "security"),
        ("#boycott na yan, wag na kayo sumakay", "outrage"),
        ("Abangan sa TV Patrol mamaya", "press"),
        ("Nalason ang dalawang bata", "harm"),
    ],
)
def test_words_of_every_subject_are_found(isla, text, code):
    assert code in codes(scored(text))


def test_no_harm_is_no_harm(isla):
    assert scored("Ligtas lahat, walang nasaktan at walang namatay").risk == 0
    assert scored("Salamat sa mabilis na byahe", "positive", 0.9, reach=5_000_000, verified=True).risk == 0


def test_grave_and_loud_is_more_than_grave_is_more_than_cross(isla):
    cross = scored("Ang bagal ng ferry", "negative", -0.7)
    grave = scored("Nasunog ang ferry, may namatay", "negative", -0.7)
    story = Story(mention_count=400, platforms=["x", "gma.example"])
    loud = scored(
        "Nasunog ang ferry, may namatay", "negative", -0.7, reach=900_000, verified=True, story=story
    )
    assert 0 < cross.risk < grave.risk < loud.risk <= 100
    assert [each.risk_level for each in (cross, grave, loud)] == [1, 3, 4]
    assert {"reach", "verified", "spread"} <= codes(loud)


def test_points_add_up_to_the_risk(isla):
    found = scored("Nasunog ang ferry, demanda sa korte", "negative", -1, reach=40_000)
    assert found.risk == sum(each["points"] for each in found.risk_why)


def test_reasons_are_told_in_words(isla):
    told = scored("Nasunog ang ferry", "negative", -0.9, reach=1_200_000).reasons
    assert [each.words for each in told] == [
        "Speaks of harm: nasunog",
        "Sounds very negative",
        "Its author reaches 1,200,000 people",
    ]
    with translation.override("fil"):
        assert mention("", risk_why=[{"code": "of tomorrow", "points": 9}]).reasons == []


def test_rules_and_named_authors_and_a_growing_story_count(isla, by, now):
    rule(by.lea, now, "refund", severity=3)
    NamedAuthor.objects.create(name="Rappler", note="newsroom", severity=2)
    source = feed(by.lea, now)
    text = "Isla refund scam? Three weeks na, walang sagot ang hotline nila at galit na ang mga pasahero"
    ingest(source, [Item("1", "", text=text, author="rappler", published_at=now)], now=now)
    stories.gather(now)
    first = Mention.objects.get()
    assert {"rule", "author", "security"} <= codes(first)
    assert "spread" not in codes(first)
    more = [Item(f"{n}", "", text=f"RT @rappler: {text}", published_at=now) for n in range(2, 10)]
    ingest(source, more, now=now + timedelta(minutes=1))
    stories.gather(now)
    grown = Mention.objects.get(pk=first.pk)
    assert {"code": "spread", "points": 7, "count": 9, "platforms": 1} in grown.risk_why
    assert grown.risk > first.risk


def test_a_correction_weighs_anew(isla, by, now):
    ingest(
        feed(by.lea, now),
        [Item("1", "", text="Ang bagal at ang pangit ng serbisyo", published_at=now)],
        now=now,
    )
    stories.gather(now)
    found = Mention.objects.get()
    assert found.risk > 10
    correct(found, "neutral", by=by.paolo, now=now)
    found.refresh_from_db()
    assert (found.risk, found.risk_why) == (0, [])
