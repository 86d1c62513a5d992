"""Where in a text somebody's words belong. Pure; places count characters (code points), as Python does.

A text changes under its comments. A quote that is still there exactly once is found; one that is there
several times is the one whose neighbours are the same, else the nearest; one that is gone has no place.
"""

from dataclasses import dataclass

import regex

NEIGHBOURS = 24  # letters on each side that tell one occurrence from another
SENTENCE = regex.compile(r"[^\n]*?(?:[.!?…]+[\"'”’)\]]*(?=\s|$)|(?=\n|$))")


@dataclass(frozen=True)
class Place:
    start: int
    end: int
    is_sure: bool = True  # exactly these words and no other occurrence of them

    def of(self, text: str) -> str:
        return text[self.start : self.end]


def find(old: str, start: int, end: int, new: str) -> Place | None:
    """Where `old[start:end]` stands in `new`; None when those words are not there any more."""
    quote = old[start:end]
    if old == new:
        return Place(start, end)
    found = occurrences(quote, new)
    if not found:
        return None
    kin = (
        found
        if len(found) == 1
        else [at for at in found if around(new, at, quote) == around(old, start, quote)]
    )
    at = kin[0] if len(kin) == 1 else min(found, key=lambda at: abs(at - start))
    return Place(at, at + len(quote), is_sure=len(kin) == 1)


def occurrences(quote: str, text: str) -> list[int]:
    """Where the quote begins, one after the other without overlap."""
    found, at = [], text.find(quote)
    while at >= 0:
        found.append(at)
        at = text.find(quote, at + len(quote))
    return found


def around(text: str, at: int, quote: str) -> tuple[str, str]:
    end = at + len(quote)
    return text[max(0, at - NEIGHBOURS) : at], text[end : end + NEIGHBOURS]


def sentences(text: str) -> list[Place]:
    """The sentences of a text, for those who choose instead of selecting."""
    found = []
    for match in SENTENCE.finditer(text):
        words = match[0].strip()
        if words:
            start = match.start() + match[0].index(words)
            found.append(Place(start, start + len(words)))
    return found


def pieces(text: str, places: dict) -> list[tuple[str, tuple]]:
    """The text cut at the ends of places, each piece with the names of the places it lies in."""
    cuts = sorted({0, len(text), *(end for place in places.values() for end in (place.start, place.end))})
    return [
        (text[a:b], tuple(name for name, place in places.items() if place.start <= a and b <= place.end))
        for a, b in zip(cuts, cuts[1:], strict=False)
        if a < b
    ]
