"""English and Filipino are complete: every text people see has its Filipino, with the same placeholders."""

import re

import polib
import pytest

from tests import messages

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")


@pytest.fixture(scope="module")
def catalogue():
    return messages.update()


def test_every_text_has_its_filipino(catalogue):
    missing = [entry.msgid for entry in catalogue if not messages.is_translated(entry)]
    assert not missing, "run `make messages` and translate"


def test_nothing_is_left_over(catalogue):
    kept = polib.pofile(str(messages.CATALOGUE))
    assert {(e.msgctxt, e.msgid) for e in kept} == {(e.msgctxt, e.msgid) for e in catalogue}


def test_placeholders_are_kept(catalogue):
    wrong = []
    for entry in catalogue:
        texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        allowed = set(PLACEHOLDER.findall(entry.msgid + (entry.msgid_plural or "")))
        for text in texts:
            found = set(PLACEHOLDER.findall(text))
            if found - allowed or (not entry.msgid_plural and found != allowed):
                wrong.append((entry.msgid, text))
    assert not wrong


def test_the_compiled_catalogue_is_the_written_one():
    compiled = polib.mofile(str(messages.CATALOGUE.with_suffix(".mo")))
    written = polib.pofile(str(messages.CATALOGUE))
    assert {e.msgid: e.msgstr for e in compiled} == {
        e.msgid: e.msgstr for e in written if messages.is_translated(e)
    }


# What stands in templates and is said alike in every language.
SAME = {"Tugon", "OpenAPI 3.1", "Enter", "tgn_live__…"}
SILENT = re.compile(
    r"\{%\s*blocktranslate\b.*?endblocktranslate\s*%\}|\{#.*?#\}|<(script|style|pre|code)\b.*?</\1>", re.S
)
SPOKEN = re.compile(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"')
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)


def words_of(source):
    """What a page says beyond its marked texts: between tags, and in the attributes that are read out."""
    source = TAG.sub("", SILENT.sub("", source))
    between = re.sub(r"<[^>]*>", "\n", source).splitlines()
    for text in [*SPOKEN.findall(source), *between]:
        words = text.strip(" ·\t\r\n")
        if re.search(r"[A-Za-z]{2}", words) and words not in SAME:
            yield words


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello there</p>",
        '<a title="Go on">{{ x }}</a>',
        '{% translate "Yes" %} and',
        "<p>{# no #}by {{ x }}</p>",
    ],
)
def test_unmarked_words_are_found(source):
    assert list(words_of(source))


@pytest.mark.parametrize("path", sorted((messages.ROOT / "templates").rglob("*.html")), ids=lambda p: p.name)
def test_a_template_says_nothing_that_is_not_marked(path):
    assert not list(words_of(path.read_text())), "put it in {% translate %}"
