"""Whether a query holds for a post, said plainly. The index must answer the same, only sooner."""

import operator
import re
from functools import lru_cache

from responses.monitoring.query.near import has_phrase, is_loose, is_near, is_wild
from responses.monitoring.query.nodes import (
    And,
    Flag,
    In,
    Loose,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Raw,
    Reach,
    Wild,
    Word,
)
from responses.monitoring.query.words import Words, cut

SIGNS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


def matches(node: Node, words: Words) -> bool:
    match node:
        case Word(text):
            return text in words.all
        case And(parts):
            return all(matches(part, words) for part in parts)
        case Or(parts):
            return any(matches(part, words) for part in parts)
        case Not(part):
            return not matches(part, words)
        case Prefix(text):
            return any(word.startswith(text) for word in words.all)
        case Wild(text):
            return any(is_wild(text, word) for word in words.all)
        case Phrase(parts):
            return has_phrase(parts, words)
        case Loose():
            return is_loose(node, words)
        case Near():
            return is_near(node, words)
        case In(place, term):
            return matches(term, words.place(place))
        case Flag(text):
            return text in words.flags
        case Raw(text):
            return is_raw(text, words)
        case Reach(sign, number):
            return is_reach(sign, number, words)


def is_reach(sign: str, number: int, words: Words) -> bool:
    reach = words.post.reach if words.post else None
    return reach is not None and SIGNS[sign](reach, number)


def is_raw(text: str, words: Words) -> bool:
    return words_of(text) <= words.all and _pattern(text).search(words.raw) is not None


@lru_cache(maxsize=20_000)
def words_of(text: str) -> frozenset[str]:
    return frozenset(word.lstrip("#@") for word in cut(text))


@lru_cache(maxsize=20_000)
def _pattern(text: str) -> re.Pattern[str]:
    """The very characters, not as a part of a longer word; a blank may be several."""
    before = r"(?<!\w)" if text[0].isalnum() else ""
    after = r"(?!\w)" if text[-1].isalnum() else ""
    return re.compile(before + r"\s+".join(map(re.escape, text.split())) + after)
