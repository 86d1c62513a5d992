"""Places in a text that changes, counted in characters."""

import pytest

from agency.templatetags.tugon import changes
from responses.statements import anchoring, comparing
from responses.statements.anchoring import Place, find

OLD = "Kaninang 12:40 may sunog. Ligtas ang lahat. 👩‍👩‍👧 Ligtas ang lahat ng sakay."


def at(text, words, nth=0):
    return anchoring.occurrences(words, text)[nth]


def test_what_stands_there_once_is_found_wherever_it_went():
    start = at(OLD, "may sunog")
    new = "Bago 👍🏽: " + OLD
    place = find(OLD, start, start + 9, new)
    assert place and place.of(new) == "may sunog" and place.is_sure


def test_what_is_gone_has_no_place():
    start = at(OLD, "may sunog")
    assert find(OLD, start, start + 9, OLD.replace("may sunog", "may usok")) is None


def test_several_are_told_apart_by_their_neighbours():
    second = at(OLD, "Ligtas ang lahat", 1)
    new = "May bago. " + OLD
    place = find(OLD, second, second + 16, new)
    assert place == Place(at(new, "Ligtas ang lahat", 1), at(new, "Ligtas ang lahat", 1) + 16)


def test_else_the_nearest_and_then_it_is_not_sure():
    old = "a X b"
    place = find(old, 2, 3, "X z c X d z X")
    assert place == Place(0, 1, is_sure=False)


def test_the_same_text_keeps_the_place_even_of_one_of_many():
    assert find("ha ha ha", 3, 5, "ha ha ha") == Place(3, 5)


@pytest.mark.parametrize("text", [OLD, "", "x", "Isa.\n\nDalawa! Tatlo? “Apat.” Lima", "…\n\n\n"])
def test_sentences_are_stretches_of_the_text(text):
    found = anchoring.sentences(text)
    assert all(place.of(text).strip() == place.of(text) != "" for place in found)
    assert "".join("".join(place.of(text).split()) for place in found) == "".join(text.split())


class Thread:
    def __init__(self, number):
        self.number, self.comment = number, type("Comment", (), {"pk": number})


PAIRS = [
    ("one two three", "one 2 three four"),
    ("a b", "a\n\nb"),
    ("a\n\nb", "a b"),
    ("", "new <b>"),
    ("gone", ""),
    (OLD, OLD.replace("sunog", "usok\n")),
]


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_all_but_what_is_struck_out_is_the_new_text(old, new):
    assert "".join(text for kind, text in changes(old, new) if kind != "del") == new


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_marks_change_no_letter(old, new):
    import re
    from html import unescape

    places = {Thread(1): Place(0, min(5, len(new))), Thread(2): Place(min(3, len(new)), len(new))}
    html = str(comparing.marked(old, new, places))
    html = re.sub(r"<del>.*?</del>|<a .*?</a>", "", html, flags=re.S)
    assert unescape(re.sub(r"<[^>]+>", "", html)) == new
