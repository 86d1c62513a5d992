"""Words, phrases and wildcards, the only patterns of a rule: no regular expression is taken from people.

sorry            the word                     apolog*      words that begin so
our/my fault     one of two words             no comment   words that follow each other
paumanhin ... kung     with up to four words between, in the same sentence; `*` alone is any one word
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from .tokens import Words, fold

REACH = 4  # words that `...` may stand for
LONGEST = 120  # letters of a phrase
MOST = 100  # ways one phrase may be spelt with its alternatives
STARS = 2  # wildcards in one word
_GAP = "..."
_ELEMENT = re.compile(r"(?:[^\W_]|['’*?])+")


class BadPhrase(ValueError):
    """A phrase that cannot be used; `code` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Phrase:
    elements: tuple[str, ...]  # folded words, wildcards, gaps
    source: str

    def at(self, words: Words, first: int) -> int | None:
        """The last word of the phrase when it begins at word `first`, else None."""
        return _match(words, self.elements, 0, first, words.all[first].sentence)


def _match(words: Words, elements, at: int, place: int, sentence: int) -> int | None:
    if at == len(elements):
        return place - 1
    if elements[at] == _GAP:
        for skipped in range(REACH + 1):
            if (end := _match(words, elements, at + 1, place + skipped, sentence)) is not None:
                return end
        return None
    if place >= len(words.all) or words.all[place].sentence != sentence:
        return None
    if not fits(elements[at], words.all[place].folded):
        return None
    return _match(words, elements, at + 1, place + 1, sentence)


def fits(element: str, word: str) -> bool:
    if "*" not in element and "?" not in element:
        return element == word
    return len(word) <= 60 and _compiled(element).fullmatch(word) is not None


@lru_cache(maxsize=5_000)
def _compiled(element: str) -> re.Pattern:
    """Our own translation of at most two wildcards: it cannot be made to run long."""
    return re.compile("".join({"*": r".*", "?": "."}.get(letter, re.escape(letter)) for letter in element))


def compiled(source: str) -> list[Phrase]:
    """The phrase in every way its alternatives allow. Raises BadPhrase."""
    source = " ".join(source.split())
    if not source:
        raise BadPhrase("empty")
    if len(source) > LONGEST:
        raise BadPhrase("long")
    ways = [_ways(part) for part in source.replace("…", _GAP).split(" ")]
    total = 1
    for way in ways:
        total *= len(way)
    if total > MOST:
        raise BadPhrase("many")
    return [Phrase(_checked(sum(chosen, ())), source) for chosen in product(*ways)]


def _ways(part: str) -> list[tuple[str, ...]]:
    if part == _GAP:
        return [(_GAP,)]
    found = []
    for way in part.split("/"):
        elements = tuple(fold(each) for each in _ELEMENT.findall(way.replace("-", " ")))
        if not elements:
            raise BadPhrase("sign")
        found.append(elements)
    return found


def _checked(elements: tuple[str, ...]) -> tuple[str, ...]:
    if elements[0] == _GAP or elements[-1] == _GAP:
        raise BadPhrase("gap")
    if elements.count(_GAP) > 2:
        raise BadPhrase("gaps")
    for number, element in enumerate(elements):
        if element.count("*") > STARS or (not element.strip("*?") and (number == 0 or element != "*")):
            raise BadPhrase("wild")
    return elements


@dataclass(frozen=True)
class Hit:
    start: int
    end: int
    sentence: int
    phrase: Phrase


@lru_cache(maxsize=512)
def phrases(sources: tuple[str, ...]) -> "Phrases":
    """The same lists come again with every letter that is typed."""
    return Phrases(sources)


class Phrases:
    """Many phrases, found in one walk over the words of a text."""

    def __init__(self, sources: Iterable[str]):
        self.exact: dict[str, list[Phrase]] = {}
        self.begun: dict[str, list[Phrase]] = {}
        self.open: list[Phrase] = []
        for source in sources:
            for phrase in compiled(source):
                self._add(phrase)

    def _add(self, phrase: Phrase) -> None:
        first = phrase.elements[0]
        if "*" not in first and "?" not in first:
            self.exact.setdefault(first, []).append(phrase)
        elif first[0] in "*?":
            self.open.append(phrase)
        else:
            self.begun.setdefault(first[0], []).append(phrase)

    def find(self, words: Words) -> Iterator[Hit]:
        """Each place once, with the longest phrase that begins there."""
        for number, word in enumerate(words.all):
            candidates = (
                *self.exact.get(word.folded, ()),
                *self.begun.get(word.folded[0], ()),
                *self.open,
            )
            ends = [(end, phrase) for phrase in candidates if (end := phrase.at(words, number)) is not None]
            if ends:
                end, phrase = max(ends, key=lambda found: found[0])
                yield Hit(word.start, words.all[end].end, word.sentence, phrase)

    def stands_in(self, words: Words) -> bool:
        return next(self.find(words), None) is not None

    def sentences(self, words: Words) -> set[int]:
        return {hit.sentence for hit in self.find(words)}
