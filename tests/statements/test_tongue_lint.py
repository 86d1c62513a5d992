"""What the lint finds between two languages, and what it leaves alone."""

import tomllib
from pathlib import Path

import pytest

from responses.statements.linting import Context, Pair, Text, compare
from responses.statements.linting.shipped import WORKED_OUT
from responses.story import papers
from tests.cast import NOW


def found(english, filipino, off=()):
    pair = Pair(Text("7", english), Text("7_fil", filipino), "English", "Filipino")
    return [(one.rule, one.variant, one.passage) for one in compare([pair], Context(off=frozenset(off)))]


ALIKE = {
    "an hour": ("We speak again at 14:00.", "Magsasalita kami muli sa alas-dos ng hapon."),
    "an hour of the day": ("We speak at 4 p.m.", "Magsasalita kami sa 4:00 ng hapon."),
    "half past": ("At 1:30 pm.", "Ala-una y medya ng hapon."),
    "a date": ("On 23 November 2026.", "Noong ika-23 ng Nobyembre 2026."),
    "a date the other way": ("On November 23.", "Noong Nobyembre 23."),
    "a weekday": ("Boats sail on Monday.", "Maglalayag sa Lunes ang mga barko."),
    "a count": ("All 214 are ashore.", "Nasa pampang na ang lahat ng 214."),
    "a small count": ("Five buses wait.", "Naghihintay ang limang bus."),
    "a teen": ("There are 16 crew.", "May labing-anim na tripulante."),
    "a number to call": ("Call 0917 555 0100.", "Tumawag sa 0917-555-0100."),
    "an address": ("See https://isla.example/help.", "Tingnan ang https://isla.example/help."),
    "an office": ("The Department of Health is with us.", "Kasama namin ang Kagawaran ng Kalusugan."),
    "an office in part": ("The Philippine Coast Guard came.", "Dumating ang Coast Guard ng Pilipinas."),
    "a quotation": ("We said: “Forecasts were late.”", "Sinabi namin: “Huli ang ulat.”"),
    "a ship": ("MV Amihan is safe in Calapan.", "Ligtas sa Calapan ang MV Amihan."),
    "a bent name": ("We thank the Batangas fishermen.", "Salamat sa mga taga-Batangas na mangingisda."),
}


@pytest.mark.parametrize("what", ALIKE)
def test_what_says_the_same_is_left_alone(what):
    assert found(*ALIKE[what]) == []


APART = {
    "an hour": ("At 14:00 we speak.", "Magsasalita kami.", [("7", "14:00")]),
    "another hour": ("At 14:00.", "Sa alas-tres.", [("7", "14:00"), ("7_fil", "alas-tres")]),
    "a date": ("It sails on 23 November.", "Maglalayag ito.", [("7", "23 November")]),
    "a weekday": ("See you on Monday.", "Kita-kits sa Martes.", [("7", "Monday"), ("7_fil", "Martes")]),
    "a count": ("All 214 are safe.", "Ligtas ang lahat ng 241.", [("7", "214"), ("7_fil", "241")]),
    "a number to call": ("Call 0917 555 0100.", "Tumawag.", [("7", "0917 555 0100")]),
    "an address": ("Read www.isla.example/a.", "Basahin.", [("7", "www.isla.example/a")]),
    "an e-mail": ("We answer.", "Sumulat sa help@isla.example.", [("7_fil", "help@isla.example")]),
    "a name": ("It lies in Calapan.", "Nasa pantalan ito.", [("7", "Calapan")]),
    "a person": ("We thank Jose Reyes.", "Salamat sa kapitan.", [("7", "Jose Reyes")]),
}


@pytest.mark.parametrize("what", APART)
def test_what_one_says_and_the_other_does_not_is_told_at_its_place(what):
    english, filipino, expected = APART[what]
    assert found(english, filipino) == [("languages", *place) for place in expected]


def test_each_thing_is_told_once():
    assert len(found("At 14:00, yes, at 14:00.", "Oo.")) == 1


def test_a_text_in_one_language_only_is_told_at_the_empty_one():
    assert found("All are safe.", " ") == [("version", "7_fil", "")]
    assert found("", "Ligtas ang lahat.") == [("version", "7", "")]
    assert found("", "") == []


def test_a_brand_turns_them_off():
    assert found("At 14:00.", "", off=["version"]) == []
    assert found("At 14:00.", "Oo.", off=["languages"]) == []
    assert {"version", "languages"} <= WORKED_OUT.keys()


def test_the_storys_own_statements_say_the_same_in_both():
    seen = 0
    for paper in (
        papers.holding(NOW),
        papers.full_statement(NOW),
        papers.bank_notice(NOW),
        *papers.past(NOW),
    ):
        for revision in paper.revisions:
            body = {one.language: one.body for one in revision.variants if one.channel == "newsroom"}
            if len(body) == 2:
                seen += 1
                assert found(body["en"], body["fil"]) == [], paper.key
    assert seen > 3


def test_a_hostile_text_is_read_quickly():
    nasty = "Calapan " * 2500 + "23 Nov " * 1000 + "labing-" * 1000
    found(nasty[:20_000], "Ang " * 5000)


def test_the_words_that_name_nobody_are_folded():
    file = Path(__file__).resolve().parents[2] / "responses/statements/linting/words.toml"
    words = tomllib.loads(file.read_text())["no_names"].split()
    assert all(word == word.lower() for word in words)
