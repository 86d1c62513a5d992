"""A text as words with their places and the sentences they stand in."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property, lru_cache

from .lexicon import words

LONGEST = 20_000  # letters that are read: more than any channel takes
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_TITLES = words("titles")


@dataclass(frozen=True)
class Word:
    text: str
    folded: str
    start: int
    end: int
    sentence: int


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """Small letters without accents, one kind of apostrophe."""
    parts = unicodedata.normalize("NFKD", word.lower().replace("’", "'"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


class Words:
    """The words of a text, and by number the sentences."""

    def __init__(self, text: str):
        self.source = text
        self.all: list[Word] = []
        sentence, before = 0, None
        for found in _WORD.finditer(text[:LONGEST]):
            if before is not None and _ends(
                text[before.end() : found.start()], before.group(), found.group()
            ):
                sentence += 1
            folded = fold(found.group())
            self.all.append(Word(found.group(), folded, found.start(), found.end(), sentence))
            before = found

    @cached_property
    def sentences(self) -> list[list[Word]]:
        found: dict[int, list[Word]] = {}
        for word in self.all:
            found.setdefault(word.sentence, []).append(word)
        return list(found.values())

    @cached_property
    def folded(self) -> list[str]:
        return [word.folded for word in self.all]

    @cached_property
    def starts(self) -> list[int]:
        return [word.start for word in self.all]

    def index_at(self, place: int) -> int:
        """The number of the last word that begins at a letter's place or before it; 0 when there is none."""
        return max(bisect_right(self.starts, place) - 1, 0)

    def sentence_at(self, place: int) -> int:
        """The sentence in which a letter's place lies; that of the nearest word before it."""
        return self.all[self.index_at(place)].sentence if self.all else 0

    def in_sentence(self, number: int) -> list[Word]:
        return self.sentences[number] if self.all else []


def _ends(between: str, before: str, after: str) -> bool:
    """Whether a sentence ends between two words. "5 p.m. today" goes on, "Mr. Tan" and "Gng. Cruz" too."""
    if "\n" in between or "!" in between or "?" in between or "…" in between:
        return True
    if "." not in between or fold(before) in _TITLES:
        return False
    return " " in between and (after[0].isupper() or after[0].isdigit())
