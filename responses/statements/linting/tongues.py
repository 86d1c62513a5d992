"""Whether two languages of one text say the same: what one names, dates or counts and the other does not.

Meaning is for people to compare. Compared here is what must read alike in any language: numbers, hours,
days, numbers to call, addresses and names. See `drift` for the variants of one language.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from .findings import WARNING, Context, Finding, Text, at, lack
from .lexicon import words
from .moments import Moment
from .numbers import EMAIL
from .page import Page
from .tokens import fold
from .wording import worded

FEW = 3  # spelled out, so few are seldom a count: "one of us", "dalawang salita lang"
STEM = 4  # letters by which a name is the same when a language bends it
_MONTHS = {
    "jan": 1, "ene": 1, "feb": 2, "peb": 2, "mar": 3, "apr": 4, "abr": 4, "may": 5, "jun": 6, "hun": 6,
    "jul": 7, "hul": 7, "aug": 8, "ago": 8, "sep": 9, "set": 9, "oct": 10, "okt": 10, "nov": 11, "nob": 11,
    "dec": 12, "dis": 12,
}  # fmt: skip
_MONTH = rf"(?P<{{}}>(?:{'|'.join(_MONTHS)})[a-z]*)"
_DATE = re.compile(
    rf"\b(?:(?:ika-)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+|ng\s+)?{_MONTH.format('after')}"
    rf"|{_MONTH.format('before')}\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.]\d))",
    re.I,
)
_WEEKDAYS = {
    "monday": 1, "lunes": 1, "tuesday": 2, "martes": 2, "wednesday": 3, "miyerkules": 3, "miyerkoles": 3,
    "thursday": 4, "huwebes": 4, "friday": 5, "biyernes": 5, "saturday": 6, "sabado": 6, "sunday": 7,
    "linggo": 7,
}  # fmt: skip
_HOURS = {
    "una": 1, "uno": 1, "dos": 2, "tres": 3, "kuwatro": 4, "kwatro": 4, "singko": 5, "sais": 6, "siyete": 7,
    "otso": 8, "nuwebe": 9, "diyes": 10, "onse": 11, "dose": 12,
}  # fmt: skip
_ALAS = re.compile(rf"\b(?:ala|alas)[- ](?P<hour>{'|'.join(_HOURS)})\b(?P<half>\s+y\s+medya)?", re.I)
_TEEN = re.compile(r"\blabing-?\s?(?P<ones>isa|dalawa|tatlo|apat|lima|anim|pito|walo|siyam)", re.I)
_ONES = {
    "isa": 1, "dalawa": 2, "tatlo": 3, "apat": 4, "lima": 5, "anim": 6, "pito": 7, "walo": 8, "siyam": 9,
}  # fmt: skip
_NAME = re.compile(r"[A-ZÑ][\w’'-]*(?:\s+(?:(?:de|del|dela|delos|la|los|san|santa)\s+)?[A-ZÑ][\w’'-]*)*")
_OPENING = re.compile(r"[“‘«\"(]$|:\s*$")  # what stands before a sentence within another
_NO_NAMES = words("no_names")


@dataclass(frozen=True)
class Pair:
    """One channel's text in two languages, with their names for the reader."""

    one: Text
    other: Text
    name: str
    other_name: str

    @property
    def turned(self) -> "Pair":
        return Pair(self.other, self.one, self.other_name, self.name)


@dataclass(frozen=True)
class Told:
    """Something a text says that the other language must say too, in a form that is alike in both."""

    start: int
    end: int
    what: object


def compare(pairs: Iterable[Pair], context: Context) -> list[Finding]:
    """In the words of the language that is active; the place is in the text that says more."""
    found = [
        finding for pair in pairs for one in (pair, pair.turned) for finding in of_pair(one, context.off)
    ]
    return [worded(finding, context) for finding in found]


def of_pair(pair: Pair, off: frozenset[str]) -> Iterator[Finding]:
    """What the first text says and the second does not."""
    if not pair.one.text.strip():
        return
    if not pair.other.text.strip():
        if "version" not in off:
            yield empty(pair)
        return
    if "languages" in off:
        return
    mine, theirs = Page(pair.one), Page(pair.other)
    for told in sorted(untold(mine, theirs), key=lambda each: each.start):
        said = {"said": pair.one.text[told.start : told.end], "one": pair.name, "other": pair.other_name}
        reason = _("The %(one)s says “%(said)s”, the %(other)s does not.") % said
        yield replace(at(pair.one, told.start, told.end, "languages", WARNING), reason=reason)


def empty(pair: Pair) -> Finding:
    """About the text that is lacking, and bound to the one that is there."""
    said = {"one": pair.name, "other": pair.other_name}
    reason = _("The %(one)s has a text here, the %(other)s has none.") % said
    return replace(lack(pair.other, "version", WARNING), about=pair.one.text, reason=reason)


def untold(mine: Page, theirs: Page) -> Iterator[Told]:
    """Each thing once, where it is said first."""
    for read, holds in KINDS:
        known = [told.what for told in read(theirs)]
        seen: list[object] = []
        for told in read(mine):
            if told.what not in seen and not holds(told.what, known, theirs):
                seen.append(told.what)
                yield told


def is_among(what, known, _theirs) -> bool:
    return what in known


# --- what a text says


def counted(page: Page) -> Iterator[Told]:
    """Numbers that count; one that belongs to a day or an hour is told there."""
    teens = [Told(*found.span(), 10 + _ONES[found["ones"].lower()]) for found in _TEEN.finditer(page.text)]
    yield from teens
    taken = [(one.start, one.end) for one in (*teens, *dated(page), *timed(page))]
    for number in page.found.numbers:
        digits = page.text[number.start : number.end].strip("₱$ ").isdigit()
        inside = any(start <= number.start < end for start, end in taken)
        if not inside and (number.value > FEW or (digits and number.value > 1)):
            yield Told(number.start, number.end, number.value)


def is_counted(value, known, theirs: Page) -> bool:
    """Small ones may be spelled out in the other language."""
    return value in known or value in {number.value for number in theirs.found.numbers}


def timed(page: Page) -> Iterator[Told]:
    """The noon of “12:40 ng tanghali” belongs to the hour before it."""
    end = -2
    for one in sorted((*page.moments, *spelled_hours(page.text)), key=lambda each: each.start):
        if one.minutes and one.start > end + 1:
            yield Told(one.start, one.end, one.minutes)
        end = one.end


def spelled_hours(text: str) -> Iterator[Moment]:
    """Alas-dos: of which half of the day it is, the words around it tell a reader."""
    for found in _ALAS.finditer(text):
        minutes = _HOURS[found["hour"].lower()] % 12 * 60 + (30 if found["half"] else 0)
        yield Moment(*found.span(), frozenset({minutes, minutes + 12 * 60}))


def is_timed(minutes, known, _theirs) -> bool:
    """12:40 may be either half of the day."""
    return any(minutes & other for other in known)


def dated(page: Page) -> Iterator[Told]:
    for found in _DATE.finditer(page.text):
        month = _MONTHS[(found["after"] or found["before"])[:3].lower()]
        yield Told(*found.span(), (month, int(found["day"] or found["day2"])))
    for word in page.words.all:
        if word.folded in _WEEKDAYS and word.text[0].isupper():
            yield Told(word.start, word.end, _WEEKDAYS[word.folded])


def called(page: Page) -> Iterator[Told]:
    """A short one that only begins a longer one is that one."""
    whole = [(start, end) for start, end, digits in page.found.phones if len(digits) > 5]
    for start, end, digits in page.found.phones:
        if len(digits) > 5 or not any(begin <= start < over for begin, over in whole):
            yield Told(start, end, digits[-7:])


def addressed(page: Page) -> Iterator[Told]:
    for start, end, address in page.links:
        yield Told(start, end, address.partition("://")[2].rstrip("/").lower() or address.lower())
    for found in EMAIL.finditer(page.text):
        yield Told(*found.span(), found.group().lower())


def named(page: Page) -> Iterator[Told]:
    """Words with a capital inside a sentence; the word that begins one may be any."""
    firsts = {sentence[0].start for sentence in page.words.sentences}
    skipped = [(told.start, told.end) for told in (*dated(page), *addressed(page), *timed(page))]
    for found in _NAME.finditer(page.text):
        parts = list(re.finditer(r"[\w’'-]+", found.group()))
        starts = [found.start() + part.start() for part in parts]
        own = [
            (start, part.group())
            for start, part in zip(starts, parts, strict=True)
            if start not in firsts
            and not _OPENING.search(page.text[max(start - 3, 0) : start])
            and is_name(part.group())
        ]
        if own and not any(begin <= own[0][0] < end for begin, end in skipped):
            yield Told(own[0][0], found.end(), tuple(fold(word) for _start, word in own))


def is_name(word: str) -> bool:
    return len(word) > 1 and word[0].isupper() and fold(word) not in _NO_NAMES


def is_named(name, _known, theirs: Page) -> bool:
    """Told when any part of it is there: offices are translated, and their places and people are not."""
    stems = {word.folded[:STEM] for word in theirs.words.all} | set(theirs.words.folded)
    parts = [part for word in name for part in re.split(r"[-’']", word) if part]
    return any(part[:STEM] in stems for part in parts)


Reader = Callable[[Page], Iterator[Told]]
Holder = Callable[[object, list, Page], bool]
KINDS: tuple[tuple[Reader, Holder], ...] = (
    (counted, is_counted),
    (timed, is_timed),
    (dated, is_among),
    (called, is_among),
    (addressed, is_among),
    (named, is_named),
)
