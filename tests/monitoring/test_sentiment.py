"""The reading of feelings: right about what nobody would dispute, and fast."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responses.monitoring import sentiment
from responses.monitoring.sentiment import FILE, Model, classify, classify_many, trained


@pytest.mark.parametrize(
    ("text", "sentiment", "language"),
    [
        ("The ferry is delayed again and nobody tells us anything", "negative", "en"),
        ("I love this service, thank you!", "positive", "en"),
        ("This is not good", "negative", "en"),
        ("It doesn’t work, worst bank ever", "negative", "en"),
        ("The branch in Cebu is open from 9 to 5", "neutral", "en"),
        ("Nasunog ang barko sa pier, may mga sugatan", "negative", "fil"),
        ("Ang ganda at ang sarap ng pagkain nila, salamat po", "positive", "fil"),
        ("Hindi masarap ang pansit ninyo", "negative", "fil"),
        ("Na-hack ang account ko, grabe kayo", "negative", "fil"),
        ("Bukas po ba kayo sa Lunes?", "neutral", "fil"),
        ("Sobrang tagal ng ferry, stranded kami since morning and nobody answers", "negative", "taglish"),
        ("Super sulit ng promo nila, very fast pa ang delivery", "positive", "taglish"),
        ("Ayos naman ang service pero ang bagal ng app and it crashed", "negative", "taglish"),
        ("😡😡😡", "negative", "und"),
        ("❤️👏", "positive", "und"),
        ("", "neutral", "und"),
        ("https://example.com/love-hate 12345", "neutral", "und"),
    ],
)
def test_what_nobody_would_dispute(text, sentiment, language):
    understood = classify(text)
    assert (understood.sentiment, understood.language) == (sentiment, language)
    if sentiment != "neutral":
        assert (understood.score > 0) == (sentiment == "positive")


def test_stronger_words_weigh_more():
    assert classify("very bad").score < classify("bad").score < 0
    assert classify("goooood!!!").score > classify("good").score > 0


def test_no_shouting_breaks_the_scale():
    assert classify("very " * 2000 + "bad").score >= -1
    assert classify("worst " * 2000).score >= -1


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_has_a_reading(text):
    understood = classify(text)
    assert -1 <= understood.score <= 1
    assert 2 <= len(understood.language) <= 7
    assert understood.sentiment in {"negative", "neutral", "positive"}


ROOT = Path(__file__).parents[2]
MODEL = ROOT / "responses" / "monitoring" / "model"


def test_many_read_as_one_by_one():
    texts = ["Ang ganda!", "worst bank ever", "", "Bukas po ba kayo?", "Ang ganda!"]
    assert classify_many(texts) == [classify(text) for text in texts]


def test_what_was_read_before_does_not_change_the_answer():
    fresh = Model(FILE.read_bytes())
    text = "Hindi maayos ang app, sobrang bagal"
    words = text.lower().split()
    assert fresh.odds(text, words) == trained().odds(text, words)


def test_a_full_memory_is_emptied_without_losing_the_text_at_hand(monkeypatch):
    text = "Ang ganda ng bagong app pero sobrang bagal ng delivery, sayang naman ang promo ninyo"
    wanted = classify(text)
    monkeypatch.setattr(sentiment, "KEPT", 3)
    monkeypatch.setattr(sentiment, "trained", lambda: fresh)
    fresh = Model(FILE.read_bytes())
    assert [classify(text), classify(text)] == [wanted, wanted]


def test_a_correction_moves_the_odds():
    (found,) = classify_many(["worst bank ever"], adjust=lambda text, odds: (0.1, 0.2, 0.7))
    assert (found.sentiment, found.score) == ("positive", 0.6)


def test_the_odds_add_up():
    for text in ("I love it", "pangit", "kaso medyo maliit", "🙂"):
        assert abs(sum(trained().odds(text, [text.lower()])) - 1) < 1e-9


def test_the_model_is_small():
    assert sum(path.stat().st_size for path in MODEL.iterdir()) < 10_000_000


def test_the_command_answers_every_line():
    lines = ["Ang ganda ng serbisyo, salamat!", "", "The app crashed again, terrible\u2028really"]
    done = subprocess.run(
        [sys.executable, "manage.py", "classify"],
        input="\n".join(lines) + "\n", capture_output=True, encoding="utf-8", cwd=ROOT, check=True,
        timeout=120,
    )  # fmt: skip
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [sorted(answer) for answer in answers] == [["language", "score", "sentiment"]] * 3
    assert [answer["sentiment"] for answer in answers] == ["positive", "neutral", "negative"]


def test_five_thousand_texts_in_a_second():
    """Texts that differ, after one round to learn the words: what a stream of mentions is."""
    shapes = "Sobrang tagal ng ferry {}, stranded kami since {} and nobody answers the phone 😡 #delay"
    texts = [shapes.format(number, number * 7) for number in range(1_000)]
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        classify_many(texts)
        best = min(best, time.process_time() - started)
    assert len(texts) / best > 5_000
