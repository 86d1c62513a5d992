"""Which texts are one story: copies, shares, reprints and cuts are; the same matter in other words is not."""

import pytest

from responses.monitoring.likeness import alike, links_of, print_of

FIRE = (
    "A fire broke out aboard the MV Isla Reyna on Tuesday night while it was docked at Batangas Port, "
    "the Coast Guard said. All 142 passengers were taken off safely and the cause is being investigated."
)
REFUND = (
    "Three weeks na yung refund ko sa Isla Ferries, puro 'we will get back to you' lang ang sagot sa chat"
)
EDITED = REFUND.replace("Three weeks", "Almost four weeks").replace("chat", "hotline")
SAME = {
    "a retweet": (REFUND, f"RT @marisol: {REFUND}"),
    "a retweet of a retweet": (REFUND, f"RT @a: RT @marisol.cruz: {REFUND} https://t.co/abc"),
    "shouted": (REFUND, REFUND.upper() + "!!!"),
    "cut short": (REFUND, REFUND[:70] + "…"),
    "edited": (REFUND, EDITED),
    "edited news": (FIRE, FIRE.replace("A fire", "BREAKING: A fire").replace(", the Coast Guard said", "")),
    "added to": (FIRE, f"TINGNAN: {FIRE} Follow our page for more updates from Batangas."),
    "half of it": (FIRE, FIRE[:110]),
}
OTHER = {
    "the same in Filipino": (
        REFUND,
        "Tatlong linggo na akong naghihintay ng refund ng Isla Ferries, ang sagot lang sa chat nila ay "
        "babalikan daw nila ako",
    ),
    "shuffled": (
        REFUND,
        "Isla Ferries yung refund ko three weeks na, nila chat puro sagot 'back to you' lang get will we",
    ),
    "another reporter": (
        FIRE,
        "The Coast Guard rescued 142 passengers after flames engulfed the MV Isla Reyna in Batangas on "
        "Tuesday. Investigators are looking into how it started.",
    ),
    "a question like it": (
        "Kailan po ang susunod na byahe papuntang Cebu mula Batangas?",
        "Kailan po ang susunod na byahe papuntang Bohol mula sa Maynila bukas?",
    ),
    "one opening": (
        "Ang ganda ng barko nila at mabait ang crew",
        "Ang ganda ng barko nila pero masungit ang mga guard",
    ),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_copies_are_one(one, other):
    here, there = print_of(one), print_of(other)
    assert set(here.keys) & set(there.keys), "they are never compared"
    assert here.whole == there.whole or alike(here, there)


@pytest.mark.parametrize(("one", "other"), OTHER.values(), ids=OTHER)
def test_other_words_are_another_story(one, other):
    here, there = print_of(one), print_of(other)
    assert here.whole != there.whole
    assert not alike(here, there)


def test_reprints_under_other_titles_are_one():
    one = print_of(FIRE, title="Fire hits ferry docked in Batangas; 142 safe")
    other = print_of(FIRE, title="MV Isla Reyna catches fire")
    assert one.whole == other.whole


def test_what_everybody_says_is_no_story():
    for text in ("sana all", "Down ba app?", "salamat po", "😂😂😂", ""):
        assert not print_of(text).keys


def test_a_link_is_one_whoever_shares_it():
    said = "Nabasa niyo na? https://www.news.example/2026/isla?utm_source=fb&id=7&fbclid=xyz."
    assert list(links_of(said)) == list(links_of("", url="https://news.example/2026/isla/?id=7#top"))
    assert list(links_of("https://isla.example/ http://[broken")) == []
