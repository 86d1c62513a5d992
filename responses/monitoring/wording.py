"""What a text is about: its words and the pairs that stand together, without those that say nothing."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from .query.words import WORD, fold

FILE = Path(__file__).parent / "model" / "stopwords.txt"
LONGEST = 2_000  # letters of a text that are read: an article says early what it is about
_LINK = re.compile(r"https?://\S+|www\.\S+")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
# Between these no two words belong together.
_PIECE = re.compile(r"[.,;:!?()\[\]\"“”\n…]+")


def _read() -> frozenset[str]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


STOP_WORDS = _read()


def terms(text: str, spelt: dict[str, Counter] | None = None) -> set[str]:
    """The words and pairs of a text, folded: "Na-delay ang Banko Luzon" → na delay, delay, banko luzon …

    `spelt` gathers how each is written, so that "DTI" can be shown as people write it.
    """
    found: set[str] = set()
    for piece in _PIECE.split(_LINK.sub("\n", text[:LONGEST])):
        before = ""
        for written in WORD.findall(_APOSTROPHE.sub("", piece)):
            word = fold(written)
            if not tells(word):
                before = ""
                continue
            _note(found, spelt, word, written)
            if before and written[0] not in "#@":
                _note(found, spelt, f"{fold(before)} {word}", f"{before} {written}")
            before = "" if written[0] in "#@" else written  # a mark makes a name of one word
    return found


def _note(found, spelt, term, written) -> None:
    found.add(term)
    if spelt is not None:
        spelt.setdefault(term, Counter())[written] += 1


def tells(word: str) -> bool:
    bare = word.lstrip("#@")
    return len(bare) > 2 and not bare.isdigit() and bare not in STOP_WORDS and bare[0].isalnum()


def as_written(term: str, spelt: dict[str, Counter]) -> str:
    """How a term is spelt most often; capitals win a tie, so that names look like names."""
    ways = spelt.get(term)
    if not ways:
        return term
    most = max(ways.values())
    return min(way for way, count in ways.items() if count == most)


def texts_of(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Title and text, once when they are the same."""
    for title, text in rows:
        yield f"{title}\n{text}" if title and not text.startswith(title) else text
