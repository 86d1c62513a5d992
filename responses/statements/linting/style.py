"""How it reads: too hard, too loud, too cheerful for what happened."""

import re
from collections.abc import Iterator
from dataclasses import replace

from responses.monitoring.features import cut
from responses.monitoring.language import language_of
from responses.monitoring.sentiment import trained

from .findings import HINT, WARNING, Finding, at, lack
from .page import Page

_LOUD = re.compile(r"!{2,}|[!?]*(?:!\?|\?!)[!?]*")
_ONE = re.compile(r"!")
_CAPITALS = re.compile(r"\b[A-ZÑ]{4,}(?:\s+[A-ZÑ]{3,}){1,20}\b")
_VOWELS = re.compile(r"[aeiouy]+")
_EACH_VOWEL = re.compile(r"[aeiou]")
MOST_MARKS = 2  # exclamation marks in a whole statement
HARDEST = 13.0  # the Flesch-Kincaid grade from which a reader of a newspaper is lost
LONGEST_SENTENCE = 26.0  # words, on average, in Filipino
LONGEST_WORD = 2.9  # syllables, on average, in Filipino
LEAST = 40  # words from which a measure says anything
CHEERFUL = 0.75  # the score of the reader in monitoring/sentiment.py
GRAVE = frozenset({"holding", "full", "apology", "update"})


def style(page: Page, type: str, off: frozenset[str], has_empathy: bool) -> Iterator[Finding]:
    if "shouting" not in off:
        yield from shouting(page)
    if "reading" not in off:
        yield from hard(page)
    if "cheerful" not in off and type in GRAVE and not has_empathy:
        yield from cheerful(page)


def shouting(page: Page) -> Iterator[Finding]:
    spans = [found.span() for pattern in (_LOUD, _CAPITALS) for found in pattern.finditer(page.text)]
    single = [found.span() for found in _ONE.finditer(page.text)]
    spans += single[MOST_MARKS:] if len(single) > MOST_MARKS else []
    last = -1
    for start, end in sorted(spans):
        if start >= last:
            last = end
            yield at(page.given, start, end, "shouting", WARNING)


def cheerful(page: Page) -> Iterator[Finding]:
    """The same reader that sorts the feed: what it takes for joy, people in grief will too."""
    negative, _neutral, positive = trained().odds(page.text, cut(page.text))
    if positive - negative > CHEERFUL:
        yield lack(page.given, "cheerful", HINT)


def hard(page: Page) -> Iterator[Finding]:
    if len(page.words.all) < LEAST:
        return
    filipino = language_of(page.text, cut(page.text)) in ("fil", "taglish")
    told = _filipino(page) if filipino else _english(page)
    if told:
        yield replace(lack(page.given, "reading", HINT), suggestion=told)


def grade(words: list[str], sentences: int) -> float:
    """The Flesch-Kincaid grade level, by the formula of Kincaid, Fishburne, Rogers and Chissom (1975):
    0.39 × words per sentence + 11.8 × syllables per word − 15.59."""
    syllables = sum(english_syllables(word) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def english_syllables(word: str) -> int:
    """Groups of vowels, without a silent e at the end: near enough over a whole text."""
    groups = len(_VOWELS.findall(word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1:
        groups -= 1
    return max(groups, 1)


def filipino_measure(words: list[str], sentences: int) -> tuple[float, float]:
    """Words per sentence and syllables per word.

    In Filipino every vowel is a syllable (Komisyon sa Wikang Filipino, Ortograpiyang Pambansa, on the
    pantig), so syllables can be counted exactly. No grade is given as for English: Macahilig ("A
    Content-Based Readability Formula for Filipino Texts", The Normal Lights) found the English formulas
    inadequate for Filipino and no formula of its own in wide use. The two limits are our own judgement,
    so this only hints.
    """
    syllables = sum(max(len(_EACH_VOWEL.findall(word)), 1) for word in words)
    return len(words) / sentences, syllables / len(words)


def _english(page: Page) -> str:
    level = grade(_plain(page), len(page.words.sentences))
    return f"grade:{round(level)}" if level > HARDEST else ""


def _filipino(page: Page) -> str:
    long, wide = filipino_measure(_plain(page), len(page.words.sentences))
    if long > LONGEST_SENTENCE:
        return f"sentence:{round(long)}"
    return "words:" if wide > LONGEST_WORD else ""


def _plain(page: Page) -> list[str]:
    return [word.folded for word in page.words.all]
