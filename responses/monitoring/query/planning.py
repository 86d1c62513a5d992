"""A query taken apart for the index: what to look it up by, and what is left to test then.

A *key* is a string that holds for a post or not: a word "sunog", a beginning "sun*", a pattern "w?rd", two
words side by side "walang kwenta", a word elsewhere "author:juan", a flag "lang:fil". Most of a query is
keys, and sets of strings are quick.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from responses.monitoring.query.anchors import Anchor, cost, is_common, is_simple, necessary
from responses.monitoring.query.evaluating import matches
from responses.monitoring.query.near import is_loose, is_near
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
    Wild,
    Word,
)
from responses.monitoring.query.words import Words

Keys = set[str]
Quick = Callable[[Keys], bool]
Slow = Callable[[Keys, Words], bool]
MOST_PLANS = 16
MOST_PAIRS = 32


@dataclass(slots=True)
class Plan:
    """Look up by each pair (or each single key, where `second` is empty); then test."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    quick: Quick | None
    slow: Slow | None


def key_of(anchor: Node) -> str:
    """Only of what is simple."""
    match anchor:
        case Prefix(text):
            return f"{text}*"
        case Phrase(parts):
            return " ".join(map(key_of, parts))
        case In(place, term):
            return f"{place}:{key_of(term)}"
        case Word(text) | Wild(text) | Flag(text):
            return text
    raise TypeError(f"{anchor} is not simple")


def plans(node: Node, uses: Mapping[str, int]) -> list[Plan]:
    """One plan for each side of an OR, so that each is looked up by what is rarest in it.

    `uses`: how many rules ask for a key. What few ask for is mostly a name, and names are rare in posts.
    """
    node = pushed_down(node, True)
    sides = _sides(node)
    return [_plan(side, uses) for side in sides] if len(sides) <= MOST_PLANS else [_plan(node, uses)]


def simple_nodes(node: Node) -> list[Anchor]:
    """All the simple terms a plan may ask for, wherever in the query."""
    match node:
        case Not(part):
            return simple_nodes(part)
        case And(parts) | Or(parts):
            return [found for part in parts for found in simple_nodes(part)]
    return [node] if is_simple(node) else [anchor for group in necessary(node) for anchor in group]


def pushed_down(node: Node, wanted: bool) -> Node:
    """The same, with NOT only before terms, and no AND within an AND."""
    match node:
        case Not(part):
            return pushed_down(part, not wanted)
        case And(parts) | Or(parts):
            kind = And if isinstance(node, And) == wanted else Or
            flat: list[Node] = []
            for part in (pushed_down(part, wanted) for part in parts):
                flat.extend(part.parts if isinstance(part, kind) else [part])
            return kind(tuple(flat))
    return node if wanted else Not(node)


def _sides(node: Node) -> list[Node]:
    if not isinstance(node, Or):
        return [node]
    simple = tuple(part for part in node.parts if is_simple(part))
    others = [part for part in node.parts if not is_simple(part)]
    return ([Or(simple)] if simple else []) + others


def _plan(node: Node, uses: Mapping[str, int]) -> Plan:
    parts = node.parts if isinstance(node, And) else (node,)
    groups, hints, excluded, rest = [], [], [], []
    for part in parts:
        if group := _group(part):
            groups.append(group)
        elif isinstance(part, Not) and is_simple(part.part):
            excluded.append(key_of(part.part))
        else:
            hints += necessary(part)
            rest.append(part)
    order = sorted({*groups, *hints}, key=lambda group: _weight(group, uses))
    by = [order[0]]
    by += [group for group in order[1:] if len(group) * len(order[0]) <= MOST_PAIRS][:1]
    left = [frozenset(map(key_of, group)) for group in order if group not in by]
    keys = [tuple(sorted(map(key_of, group))) for group in by] + [()]
    return Plan(keys[0], keys[1], _quick(left, frozenset(excluded)), _slow(rest))


def _weight(group: frozenset[Anchor], uses: Mapping[str, int]) -> tuple:
    """The smaller, the rarer. A beginning is met more often than the rules that ask for it would suggest."""
    common = sum(map(is_common, group))
    asked = sum(
        uses.get(key_of(anchor), 0) * (20 if isinstance(anchor, Prefix | Wild) else 1) for anchor in group
    )
    return common, asked, cost(group), len(group)


def _group(part: Node) -> frozenset[Anchor] | None:
    """What is exactly one of several keys."""
    if is_simple(part):
        return frozenset([part])
    simple = [one for one in part.parts if is_simple(one)] if isinstance(part, Or) else []
    return frozenset(simple) if isinstance(part, Or) and len(simple) == len(part.parts) else None


def _quick(groups: list[frozenset[str]], excluded: frozenset[str]) -> Quick | None:
    singles = frozenset[str]().union(*(group for group in groups if len(group) == 1))
    several = tuple(group.isdisjoint for group in groups if len(group) > 1)
    if several:
        return lambda keys: (
            excluded.isdisjoint(keys) and singles <= keys and not any(misses(keys) for misses in several)
        )
    if singles and excluded:
        return lambda keys: singles <= keys and excluded.isdisjoint(keys)
    if singles:
        return singles.issubset
    return excluded.isdisjoint if excluded else None


def _slow(rest: list[Node]) -> Slow | None:
    if not rest:
        return None
    # What is looked up by, or tested before, are all the words that must be there: only places are left.
    tests = [_stands(part) if isinstance(part, Near | Loose) else test_of(part) for part in rest]
    return tests[0] if len(tests) == 1 else lambda keys, words: all(test(keys, words) for test in tests)


def _stands(node: Near | Loose) -> Slow:
    if isinstance(node, Near):
        return lambda keys, words: is_near(node, words)
    return lambda keys, words: is_loose(node, words)


def test_of(node: Node) -> Slow:
    """The node compiled: keys where they say it, the plain evaluator where they do not."""
    if is_simple(node):
        key = key_of(node)
        return lambda keys, words: key in keys
    if group := _group(node):
        misses = frozenset(map(key_of, group)).isdisjoint
        return lambda keys, words: not misses(keys)
    match node:
        case Not(part):
            inner = test_of(part)
            return lambda keys, words: not inner(keys, words)
        case And(parts):
            tests = [test_of(part) for part in parts]
            return lambda keys, words: all(test(keys, words) for test in tests)
        case Or(parts):
            tests = [test_of(part) for part in parts]
            return lambda keys, words: any(test(keys, words) for test in tests)
    return _in_place(node)


def _in_place(node: Node) -> Slow:
    """What depends on where words stand: looked at only when all the words are there."""
    needed = [frozenset(map(key_of, group)).isdisjoint for group in necessary(node)]
    return lambda keys, words: not any(misses(keys) for misses in needed) and matches(node, words)
