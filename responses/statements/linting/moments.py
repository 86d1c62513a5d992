"""When: the times, dates and days in a text, in English and Filipino, and which of them are the same."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

DAY = 24 * 60
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|"
    "enero|pebrero|marso|abril|mayo|hunyo|hulyo|agosto|setyembre|oktubre|nobyembre|disyembre|"
    "ene|peb|hun|hul|ago|set|okt|nob|dis"
)
_DAYS = (
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow|yesterday|tonight|"
    "this morning|this afternoon|this evening|last night|"
    "lunes|martes|miyerkules|miyerkoles|huwebes|biyernes|sabado|linggo|"
    "ngayong araw|kahapon|bukas|mamaya|mamayang|"
    "kagabi|kanina|kaninang|ngayong umaga|ngayong hapon|ngayong gabi"
)
_AM = r"a\.?m\.?\b|n\.?u\.?\b|ng umaga|ng madaling[- ]araw|in the morning"
_PM = r"p\.?m\.?\b|n\.?[hg]\.?\b|ng hapon|ng gabi|ng tanghali|in the (?:afternoon|evening)|at night"
_HALF = rf"(?:(?P<am>{_AM})|(?P<pm>{_PM}))"
_CLOCK = re.compile(
    rf"\b(?P<alas>alas?[- ])?(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?(?:\s*{_HALF})?"
    r"(?!\d|[.,]\d)",
    re.I,
)
_NAMED = re.compile(r"\b(?P<noon>noon|tanghali|midday)\b|\b(?P<midnight>midnight|hatinggabi)\b", re.I)
_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+|ng\s+)?(?:{_MONTHS})\b\.?(?:,?\s+\d{{4}})?"
    rf"|(?:{_MONTHS})\b\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}})?)",
    re.I,
)
_WORDS = re.compile(rf"\b(?:{_DAYS})\b", re.I)
_SPAN = r"(?:minutes?|hours?|days?|oras|minuto|araw)"
_OTHER = re.compile(
    r"\b(?:half past \w+|(?:next|this|last) (?:week|month|year)"
    rf"|\d+\s*{_SPAN} (?:ago|from now|ang nakalipas)|(?:within|in|sa loob ng) (?:the )?\w+ {_SPAN})\b",
    re.I,
)


@dataclass(frozen=True)
class Moment:
    start: int
    end: int
    minutes: frozenset[int] = frozenset()  # of the day, every one it may mean; empty for a day

    def agrees(self, other: "Moment") -> bool:
        return bool(self.minutes & other.minutes)


def moments(text: str) -> list[Moment]:
    """All of them, without those inside another."""
    found = sorted(_all(text), key=lambda one: (one.start, -one.end))
    kept: list[Moment] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _all(text: str) -> Iterator[Moment]:
    for pattern in (_DATE, _WORDS, _OTHER):
        for found in pattern.finditer(text):
            yield Moment(found.start(), found.end())
    for found in _NAMED.finditer(text):
        yield Moment(found.start(), found.end(), frozenset({12 * 60 if found["noon"] else 0}))
    for found in _CLOCK.finditer(text):
        if is_clock(found):
            yield Moment(found.start(), found.end(), minutes_of(found))


def is_clock(found: re.Match) -> bool:
    """A bare number is no time: it needs "alas", a half of the day, or minutes after a colon."""
    return bool(found["alas"] or found["am"] or found["pm"] or (found["minute"] and ":" in found.group()))


def minutes_of(found: re.Match) -> frozenset[int]:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["am"]:
        return frozenset({hour % 12 * 60 + minute})
    if found["pm"]:
        return frozenset({(hour % 12 + 12) * 60 + minute})
    first = hour * 60 + minute
    return frozenset({first % DAY, (first + DAY // 2) % DAY} if hour <= 12 else {first})
