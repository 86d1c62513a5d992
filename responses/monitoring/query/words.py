"""Texts and queries are cut into words in the same way, so that what is asked can be found."""

import re
import unicodedata
from functools import cached_property
from itertools import pairwise

from responses.monitoring.query.post import Post

# Flags are two signs; a skin tone is no word of its own, so that a hand is found in every colour.
EMOJI = (
    "[\U0001f1e6-\U0001f1ff]{2}|"
    "[\u231a-\u23ff\u2600-\u27bf\u2b05-\u2b55\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff]"
)
# A mark belongs to its word only at the word's beginning: "#sunog" is a hashtag, "C#" and "a@b.ph" are not.
WORD = re.compile(rf"(?<!\w)[#@]\w+|\w+|{EMOJI}")
BREAK = "\n"  # stands between title and text: nothing is side by side across it
_PLAIN = re.compile(r"\w+", re.ASCII)


def fold(text: str) -> str:
    """Capitals and accents do not matter: "Niño" → "nino"."""
    if text.isascii():
        return text.lower()
    # Folding case may bring accents forth and the other way round, hence twice.
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(char for char in spread if not unicodedata.combining(char))


def cut(text: str) -> list[str]:
    if text.isascii() and "#" not in text and "@" not in text:
        return _PLAIN.findall(text.lower())
    return WORD.findall(fold(text))


class Words:
    """A post as the evaluator sees it: its words in order, a hashtag or name with its mark."""

    def __init__(self, text: str, title: str = "", post: Post | None = None):
        self.post = post
        self._text = text
        self.marked = [*cut(title), BREAK, *cut(text)] if title else cut(text)
        both = title + text
        if both.isascii() and "#" not in both and "@" not in both:
            self.bare = self.marked
            self.all = frozenset(self.marked)
        else:
            self.bare = [word[1:] if word[0] in "#@" else word for word in self.marked]
            self.all = frozenset(self.marked).union(self.bare)  # `sunog` finds "#sunog" too

    @cached_property
    def where(self) -> dict[str, list[int]]:
        """At which places a word stands, with and without mark."""
        found: dict[str, list[int]] = {}
        for at, (marked, bare) in enumerate(zip(self.marked, self.bare, strict=True)):
            if marked in found:
                found[marked].append(at)
            else:
                found[marked] = [at]
            if bare is not marked:
                found.setdefault(bare, []).append(at)
        return found

    def pairs(self) -> set[str]:
        """Every two words that stand side by side, spelt "na hack"."""
        found = set(map(" ".join, pairwise(self.marked)))
        if self.bare is not self.marked:
            both = [{marked, bare} for marked, bare in zip(self.marked, self.bare, strict=True)]
            found.update(f"{a} {b}" for left, right in pairwise(both) for a in left for b in right)
        return found

    @cached_property
    def flags(self) -> frozenset[str]:
        return self.post.flags if self.post else frozenset()

    @cached_property
    def raw(self) -> str:
        """As it was written, an accent always in one piece with its letter."""
        written = f"{self.post.title}\n{self.post.text}" if self.post else self._text
        return unicodedata.normalize("NFC", written)

    @cached_property
    def _places(self) -> dict[str, "Words"]:
        return {}

    def place(self, name: str) -> "Words":
        """The words of the author, the title or the address."""
        if name not in self._places:
            self._places[name] = Words(getattr(self.post, name) if self.post else "")
        return self._places[name]


def read(what: str | Post) -> Words:
    return Words(what) if isinstance(what, str) else Words(what.text, what.title, what)
