"""Anchors: simple terms of which at least one must hold for every post a query matches.

They let an index look at a post's words once and try only the few queries that can match it at all.
"""

from itertools import pairwise
from typing import TypeGuard

from responses.monitoring.query.evaluating import words_of
from responses.monitoring.query.nodes import (
    And,
    Flag,
    In,
    Loose,
    Near,
    Node,
    Not,
    Or,
    Part,
    Phrase,
    Prefix,
    Raw,
    Reach,
    Wild,
    Word,
)

Anchor = Word | Prefix | Wild | Phrase | Flag | In  # of phrases only two words side by side
Group = frozenset[Anchor]
# So frequent in English, Filipino or Taglish that nearly every text would be tried.
_COMMON = """
    a an and are as at be but by for from has have i in is it me my not of on or our so that the their they
    this to was we were with you your ako ang ano at ay ba di din ito ka kami kay ko kung lang may mga mo na
    naman namin ng ni nila nya niya o pa para po rin sa si siya sila yan yun yung http https www com
"""
COMMON = frozenset(_COMMON.split())
_BROAD = ("lang:", "source:", "country:", "sentiment:", "verified:", "has:", "reach:")


def anchors(node: Node) -> Group | None:
    """None when a post may match of which nothing in the query holds."""
    return min(necessary(node), key=cost, default=None)


def necessary(node: Node, wanted: bool = True) -> list[Group]:
    """Groups of each of which something must hold. `wanted` is False below a NOT."""
    match node:
        case Not(part):
            return necessary(part, not wanted)
        case And(parts) | Or(parts):
            found = [necessary(part, wanted) for part in parts]
            # Unwanted, the two change places: NOT (a OR b) is NOT a AND NOT b.
            return sum(found, []) if isinstance(node, And) == wanted else _either(found)
    return _of_term(node) if wanted else []


def _either(found: list[list[Group]]) -> list[Group]:
    return [frozenset().union(*(min(groups, key=cost) for groups in found))] if all(found) else []


def _of_term(node: Node) -> list[Group]:
    match node:
        case Phrase(parts):
            return [frozenset([pair]) for pair in pairs(parts)]
        case Loose(parts):
            return [frozenset([part]) for part in parts]
        case In(place, term):
            return [frozenset(In(place, part) for part in group) for group in _of_term(term)]
        case Raw(text):
            return [frozenset([Word(word)]) for word in words_of(text)]
        case Near(left, right):
            return necessary(left) + necessary(right)
        case Reach():
            return [frozenset([Flag("reach:")])]
    return [frozenset([node])] if is_simple(node) else []


def pairs(parts: tuple[Part, ...]) -> list[Phrase | Part]:
    """Two plain words side by side are an anchor of their own, and a rare one."""
    plain = [Phrase(pair) for pair in pairwise(parts) if is_pair(Phrase(pair))]
    covered = {part for pair in plain for part in pair.parts}
    return plain + [part for part in parts if part not in covered]


def is_simple(node: Node) -> TypeGuard[Anchor]:
    """Whether it holds or not without asking where in the text."""
    if isinstance(node, In):
        return is_simple(node.term)
    return isinstance(node, Word | Prefix | Wild | Flag) or is_pair(node)


def is_pair(node: Node) -> bool:
    if not isinstance(node, Phrase) or len(node.parts) != 2:
        return False
    return all(isinstance(part, Word) for part in node.parts)


def cost(group: Group) -> float:
    return sum(frequency(anchor) for anchor in group)


def is_common(anchor: Anchor) -> bool:
    return frequency(anchor) >= 100


def frequency(anchor: Anchor) -> float:
    """A guess at how often it is met: long words are rare, beginnings of words are not."""
    match anchor:
        case Flag(text):
            return 100.0 if text.startswith(_BROAD) else 0.1
        case Phrase(parts):
            return min(map(frequency, parts)) / 10
        case In(place, term):
            inner = frequency(term) if is_simple(term) else 1.0
            return inner / 10 if place == "author" else inner
        case Prefix(text):
            return 3.0 * 0.75 ** len(text)
        case Wild(text):
            return 5.0 * 0.75 ** len(text.replace("?", ""))
    return 100.0 if anchor.text in COMMON else 0.75 ** len(anchor.text)
