"""How many: the numbers of a text in digits and in words, what they count, and numbers to call."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from .lexicon import numbers, words
from .moments import moments
from .tokens import Words

EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"“”]{2,2000}"
    r"|\b[\w-]{2,60}(?:\.[\w-]{2,60}){0,3}\.(?:com|ph|org|net|gov|example)(?:/[^\s<>\"“”]{0,2000})?\b/?",
    re.I,
)
PHONE = re.compile(
    r"(?<![\d.,])(?:\+?\d{1,3}[ -])?(?:\(0?\d{1,3}\)[ -]?)?\d{3,4}(?:[ -]\d{3,4}){1,3}(?!\d)"
    r"|(?<!\d)09\d{9}(?!\d)|\b1-?800(?:-\d+)+"
)
SHORT_PHONE = re.compile(
    r"\b(?:hotline|call|dial|tumawag|tawag(?:an)?|telepono|local|trunkline)\W{1,3}"
    r"(?:sa\s|at\s|us at\s)?(\d{3,5})\b",
    re.I,
)
_DIGITS = re.compile(r"(?<![\w.,-])[₱$P]?\s?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![\d:]|,\d)", re.I)
_MAGNITUDE = numbers("magnitudes")
_MONEY = re.compile(r"[₱$]|\bP(?=\d)|\bPHP", re.I)
_SMALL = numbers("numbers")
# What is counted when it matters whether it is confirmed: people, what they lost, money.
COUNTED = words("counted")
HARM = words("harm")
FEW = 3  # two groups, three branches: so few are seldom a claim, unless they are hurt


@dataclass(frozen=True)
class Number:
    start: int
    end: int
    value: float
    counts: bool = False  # people, what they lost, money: what must be confirmed
    is_harm: bool = False  # of the dead, the hurt, the missing


@dataclass(frozen=True)
class Found:
    numbers: tuple[Number, ...]
    phones: tuple[tuple[int, int, str], ...]


def read(words: Words) -> Found:
    """What is counted in the text; times, dates, addresses and numbers to call are no counts."""
    text = words.source
    phones = tuple(_phones(text))
    taken = [(one.start, one.end) for one in moments(text)]
    taken += [(start, end) for start, end, _digits in phones]
    taken += [found.span() for pattern in (EMAIL, LINK) for found in pattern.finditer(text)]
    free = [one for one in (*_digits(text), *_spelled(words)) if not _inside(one, taken)]
    return Found(tuple(_told(one, words) for one in sorted(free, key=lambda one: one.start)), phones)


def _phones(text: str) -> Iterator[tuple[int, int, str]]:
    for found in PHONE.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        if 7 <= len(digits) <= 14:
            yield *found.span(), digits
    for found in SHORT_PHONE.finditer(text):
        yield *found.span(1), found.group(1)


def _digits(text: str) -> Iterator[Number]:
    for found in _DIGITS.finditer(text):
        value = float(found[1].replace(",", "") + (found[2] or ""))
        after = re.match(r"\s?([A-Za-z]+)", text[found.end() : found.end() + 12])
        times = _MAGNITUDE.get(after[1].lower(), 1) if after else 1
        is_year = 1900 <= value <= 2100 and "," not in found[1] and not _MONEY.search(found.group())
        if not is_year:
            yield Number(found.start(), found.end(), value * times, bool(_MONEY.search(found.group())))


def _spelled(words: Words) -> Iterator[Number]:
    number = 0
    while number < len(words.all):
        word = words.all[number]
        value = _SMALL.get(word.folded)
        end = word.end
        if value is not None:
            following = words.all[number + 1] if number + 1 < len(words.all) else None
            ones = _SMALL.get(following.folded, 0) if following else 0
            if following and 20 <= value < 100 and 0 < ones < 10 and following.start - end <= 1:
                value, end, number = value + ones, following.end, number + 1
            yield Number(word.start, end, float(value))
        number += 1


def _inside(one: Number, taken) -> bool:
    return any(start < one.end and one.start < end for start, end in taken)


def _told(one: Number, words: Words) -> Number:
    """With what it counts: the words after it, and for harm the sentence's next ones."""
    following = bisect_left(words.starts, one.end)
    after = {word.folded for word in words.all[following : following + 3]}
    is_share = words.source[one.end : one.end + 2].strip().startswith("%")
    counts = one.counts or is_share or bool(COUNTED & after)
    sentence = words.sentence_at(one.start)
    near = {word.folded for word in words.all[following : following + 6] if word.sentence == sentence}
    is_harm = counts and bool(HARM & near) and not _is_a_name(one, words)
    is_claim = is_harm or one.counts or is_share or one.value > FEW
    return Number(one.start, one.end, one.value, counts and is_claim and not _is_a_name(one, words), is_harm)


def _is_a_name(one: Number, words: Words) -> bool:
    """Grade 6, Cinema 3: a number that belongs to the capitalised word right before it."""
    place = bisect_left(words.starts, one.start) - 1
    if place < 1:
        return False
    before, earlier = words.all[place], words.all[place - 1]
    is_next = words.source[before.end : one.start] == " "
    return is_next and before.text[0].isupper() and earlier.sentence == before.sentence
