"""A person's correction wins, moves the figures, is kept, and teaches the brand's own words."""

from datetime import timedelta

import pytest

from responses.core.models import Event
from responses.errors import Invalid
from responses.monitoring import teaching
from responses.monitoring.correcting import correct
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Correction, HourCount, Match, Mention, RuleHour, SourceHour
from responses.monitoring.sentiment import classify_many
from tenants import context
from tests.monitoring.making import feed, item, rule

# "Sabaw" is soup, and what people call an app that does nothing it should; "matik" is "automatic": of course.
TAUGHT = [
    ("Sabaw ang app ngayong umaga", "negative"),
    ("Ang sabaw talaga ng update ninyo kahapon", "negative"),
    ("Nag top up ako pero sabaw, walang pumasok", "negative"),
    ("Sabaw na naman ang booking page", "negative"),
    ("Yung chat support nila sabaw mag reply", "negative"),
    ("Kapag Isla ang sinakyan, matik", "positive"),
    ("Matik na yan, Isla na kami sa Palawan", "positive"),
    ("Pag uwi sa probinsya matik dito kami", "positive"),
    ("Matik Isla para sa barkada", "positive"),
]
NEW = [
    ("Grabe sabaw yung QR sa gate", "negative"),
    ("Bakit sabaw ang website tuwing Biyernes?", "negative"),
    ("Pag summer matik sa inyo kami nagbobook", "positive"),
]
UNRELATED = [
    "Anong oras ang alis papuntang Cebu?",
    "Ang ganda ng bagong barko, salamat sa crew!",
    "The ferry is delayed again and nobody tells us anything",
    "Isla announced a new route to Siargao",
    "Nawala ang bagahe ko, ang bagal ng sagot ng opisina",
    "Pwede po ba magdala ng aso sa app booking?",
    "Kumain kami ng lugaw at tapsilog sa pantalan",
    "Good job sa mabilis na refund",
]


@pytest.fixture
def source(isla, by, now):
    return feed(by.lea, now)


def hear(source, texts, now, first=0):
    ingest(source, [item(first + n, text, at=now) for n, text in enumerate(texts)], now=now)
    return {each.text: each for each in Mention.objects.filter(text__in=texts)}


def counted(model, **which):
    row = model.objects.get(**which)
    return row.negative, row.neutral, row.positive


def test_a_correction_wins_moves_the_figures_and_is_kept(source, by, now):
    rule(by.lea, now, "promo")
    (mention,) = hear(source, ["Ang ganda ng promo, love it"], now).values()
    hour = now.replace(minute=0)
    SourceHour.objects.update_or_create(source=source, hour=hour, defaults={"positive": 1})
    RuleHour.objects.update_or_create(rule=Match.objects.get().rule, hour=hour, defaults={"positive": 1})
    assert counted(HourCount) == (0, 0, 1)
    made = correct(mention, "negative", by=by.paolo, now=now)
    assert (made.before, made.after, made.by_name) == ("positive", "negative", "Paolo")
    assert [counted(model) for model in (HourCount, SourceHour, RuleHour)] == [(1, 0, 0)] * 3
    ingest(source, [item(0, mention.text, at=now)], now=now)  # heard again
    mention.refresh_from_db()
    assert (mention.sentiment, mention.score, mention.corrected_by) == ("negative", -1.0, "Paolo")
    event = Event.objects.get(kind="mention.corrected")
    assert event.subject_id == mention.pk
    assert (event.data["tone_before"], event.data["tone"]) == ("positive", "negative")


def test_twice_is_once_and_another_mind_is_another_correction(source, by, now):
    (mention,) = hear(source, ["Ang ganda ng promo, love it"], now).values()
    for who in (by.paolo, by.lea):
        correct(mention, "negative", by=who, now=now)
    assert Correction.objects.count() == 1
    correct(mention, "neutral", by=by.lea, now=now + timedelta(minutes=1))
    assert [each.by_name for each in mention.corrections.all()] == ["Lea", "Paolo"]
    assert counted(HourCount) == (0, 1, 0)
    with pytest.raises(Invalid):
        correct(mention, "angry", by=by.lea, now=now)


def test_a_confirmed_reading_is_kept_and_moves_nothing(source, by, now):
    (mention,) = hear(source, ["Ang ganda ng promo, love it"], now).values()
    correct(mention, "positive", by=by.paolo, now=now)
    mention.refresh_from_db()
    assert (mention.corrected_by, counted(HourCount)) == ("Paolo", (0, 0, 1))


def teach(source, by, now):
    heard = hear(source, [text for text, _tone in TAUGHT], now, first=500)
    for text, tone in TAUGHT:
        correct(heard[text], tone, by=by.paolo, now=now)


def test_a_handful_of_corrections_teaches_the_brand_its_jargon(brands, by, now):
    fresh = [text for text, _tone in NEW]
    before = dict(zip(fresh, classify_many(fresh), strict=True))
    assert any(before[text].sentiment != tone for text, tone in NEW)
    with context.inside(brands.isla):
        source = feed(by.lea, now)
        plain = {
            text: found.sentiment for text, found in zip(UNRELATED, classify_many(UNRELATED), strict=True)
        }
        teach(source, by, now)
        heard = hear(source, [*fresh, *UNRELATED], now, first=100)
        assert [heard[text].sentiment for text in fresh] == [tone for _text, tone in NEW]
        assert {text: heard[text].sentiment for text in UNRELATED} == plain
    with context.inside(brands.luzon):
        heard = hear(feed(by.lea, now), fresh, now)
        assert {text: heard[text].sentiment for text in fresh} == {
            text: found.sentiment for text, found in before.items()
        }


def test_one_correction_turns_no_words(source, by, now):
    heard = hear(source, [TAUGHT[0][0]], now)
    correct(heard[TAUGHT[0][0]], "negative", by=by.paolo, now=now)
    assert teaching.adjustment() is None


def test_a_correction_taken_back_is_unlearnt(source, by, now):
    teach(source, by, now)
    (text, _tone) = NEW[0]
    assert classify_many([text], adjust=teaching.adjustment())[0].sentiment == "negative"
    for mention in Mention.objects.filter(text__icontains="sabaw"):
        correct(mention, "neutral", by=by.lea, now=now)
    assert classify_many([text], adjust=teaching.adjustment())[0].sentiment == "neutral"


def test_what_most_mentions_say_is_not_turned(source, by, now):
    """The brand's name stands in every corrected text, and in everything else."""
    hear(
        source,
        [f"Isla {place} bukas" for place in ["Cebu", "Bohol", "Iloilo", "Coron", "Bacolod", "Dumaguete"]],
        now,
    )
    hear(source, [f"Isla sa {number} ng umaga" for number in range(60)], now, first=20)
    teach(source, by, now)
    lesson = teaching.learn(Correction.objects.latest("pk").pk)
    assert abs(lesson.weights.get("isla", [0, 0, 0])[2]) < 0.3
    assert lesson.weights["sabaw"][0] > 1
