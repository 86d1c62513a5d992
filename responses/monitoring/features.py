"""What the model sees of a text: its words, pairs of words, and the letters words are made of.

A word's share is worked out once and kept (words repeat, texts do not), which is what makes reading fast.
"""

import re
from zlib import crc32

from responses.monitoring.query.words import fold

BUCKETS = 1 << 18  # features are hashed into so many
LONGEST = 3_000  # letters of a text that are read
FIRST, LAST = 3, 4  # words and signs that are the beginning and the end of a text
SHORT, LONG = 2, 5  # letters in a piece of a word
_TOKEN = re.compile(
    r"https?://\S+|www\.\S+|[@#]?\w+(?:['’-]\w+)*"
    r"|[:;=][-'o^]?[()\[\]dpo3/|\\*]+(?!\w)|<3+|[!?]+|\.\.+|[.,;\n]|[^\w\s\"'()\-/&:\ufe0f\u200d]"
)
_DRAWN_OUT = re.compile(r"(.)\1{2,}")


def cut(text: str) -> list[str]:
    """The words and signs of a text: "Hindi GOOOOD!!! :(" → hindi, good, !!, :("""
    return [plain(token) for token in _TOKEN.findall(text[:LONGEST].lower())]


def plain(token: str) -> str:
    if token in _PLAIN:
        return _PLAIN[token]
    if token.startswith(("http", "www.")):
        return "<url>"
    if token[0] == "@":
        return "<at>"
    if len(_PLAIN) > 50_000:
        _PLAIN.clear()
    word = _DRAWN_OUT.sub(r"\1\1", fold(token))
    _PLAIN[token] = word = re.sub(r"(?<=\w)['’-](?=\w)", "", word) or token
    return word


_PLAIN: dict[str, str] = {}


def letters(word: str) -> list[int]:
    """Pieces of a word of two to five bytes, its beginning and end marked."""
    if len(word) < 2 or word[0] == "<":
        return []
    raw = f"<{word[:40]}>".encode("utf-8", "replace")
    size = len(raw)
    return [
        crc32(raw[start:end]) % BUCKETS
        for start in range(size - SHORT + 1)
        for end in range(start + SHORT, min(start + LONG, size) + 1)
    ]


def word_bucket(word: str) -> int:
    return crc32(word.encode("utf-8", "replace"), 1) % BUCKETS


def edges(words: list[str]) -> set[str]:
    """The words at the beginning and at the end, marked: what people say there is their point."""
    return {*map("^ ".__add__, words[:FIRST]), *map("$ ".__add__, words[-LAST:])}


def edge_bucket(edge: str) -> int:
    return crc32(edge.encode("utf-8", "replace"), 3) % BUCKETS


def pair_bucket(pair: str) -> int:
    return crc32(pair.encode("utf-8", "replace"), 2) % BUCKETS


def pairs(words: list[str]) -> list[str]:
    return [f"{one} {other}" for one, other in zip(["^", *words], [*words, "$"], strict=True)]
