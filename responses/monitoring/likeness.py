"""What makes two texts one story: the same words, the same link, or nearly the same words in the same order.

A text's fingerprint is a handful of numbers: one of its whole wording, one of each link, and the smallest
hashes of its runs of three words (Broder, "On the resemblance and containment of documents", 1997). Texts
that share a number are compared, by how much of the shorter one's pairs of words the longer one holds: a copy
that was cut short is still a copy.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from urllib.parse import parse_qsl, urlencode, urlsplit

from .query.words import cut

READ = 60  # words of a text that are looked at: what was shared stands at its head
WHOLE, NEAR = 4, 7  # a text of fewer words is nobody's: no story is made of "sana all" or "down ba app"
SMALLEST = 8  # hashes kept of a text
LIKE = 0.65  # of the shorter text's pairs
LIKE_SHORT, SHORT = 0.8, 14  # a text of fewer words needs more
LINKS = 3
_LINK = re.compile(r"https?://[^\s<>\"']+")
_SHARED = re.compile(
    r"^\s*(?:RT|MT|via|repost(?:ed)?|share(?:d)?)\b[\s:]*(?:from\s+)?@\S+\s*:?", re.IGNORECASE
)
_NAME = re.compile(r"(?<!\w)@[\w.]+")
_CUT_SHORT = re.compile(r"\S*(?:…|\.\.\.)\s*$")
_TRACKS = re.compile(r"utm_|fbclid|gclid|igshid|mc_|ref$|ref_|source$|si$")


@dataclass(frozen=True)
class Print:
    """What is kept of a text: `whole` and `links` tell for sure, `near` is only a reason to compare."""

    whole: int | None
    links: tuple[int, ...]
    near: tuple[int, ...]
    pairs: frozenset[tuple[str, str]]

    @property
    def keys(self) -> tuple[int, ...]:
        return *((self.whole,) if self.whole is not None else ()), *self.links, *self.near

    @property
    def sure(self) -> tuple[int, ...]:
        return *((self.whole,) if self.whole is not None else ()), *self.links


def print_of(text: str, title: str = "", url: str = "") -> Print:
    """A reprint may have a title of its own, so the title counts only where there is little else."""
    words = words_of(text)
    if len(words) < 2 * NEAR and title and title != text:
        words = [*words_of(title), *words]
    near = sorted({_number(" ".join(run)) for run in zip(words, words[1:], words[2:], strict=False)})
    return Print(
        _number("=" + " ".join(words)) if len(words) >= WHOLE else None,
        tuple(dict.fromkeys(_number(link) for link in links_of(text, url)))[:LINKS],
        tuple(near[:SMALLEST]) if len(words) >= NEAR else (),
        frozenset(pairwise(words)),
    )


def words_of(text: str) -> list[str]:
    """Without what sharing adds: "RT @x:", links, names, the stump of a last word."""
    text = _CUT_SHORT.sub("", _LINK.sub(" ", text))
    while (bare := _SHARED.sub("", text)) != text:
        text = bare
    return cut(_NAME.sub(" ", text))[:READ]


def alike(one: Print, other: Print) -> bool:
    """Nearly the same words in nearly the same order."""
    shorter = min(len(one.pairs), len(other.pairs))
    if shorter < NEAR - 1:
        return False
    common = len(one.pairs & other.pairs) / shorter
    return common >= (LIKE_SHORT if shorter < SHORT else LIKE)


def links_of(text: str, url: str = "") -> Iterable[str]:
    """Addresses of one thing: not a site's front page, and without what only tells who shared it."""
    for link in [url, *_LINK.findall(text)]:
        try:
            parts = urlsplit(link.rstrip(".,;:!?)…"))
            host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
            query = [pair for pair in parse_qsl(parts.query) if not _TRACKS.match(pair[0])]
        except ValueError:
            continue
        path = parts.path.rstrip("/")
        if host and (path or query):
            yield f"//{host}{path}?{urlencode(sorted(query))}"


def _number(words: str) -> int:
    return int.from_bytes(blake2b(words.encode("utf-8", "replace"), digest_size=8).digest(), signed=True)
