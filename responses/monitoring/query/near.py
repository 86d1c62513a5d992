"""Where words stand, and which stand near each other."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from responses.monitoring.query.nodes import Loose, Near, Node, Or, Part, Phrase, Prefix, Wild, Word
from responses.monitoring.query.words import BREAK, Words

Span = tuple[int, int]  # first and last word


def is_wild(pattern: str, word: str) -> bool:
    """`w?r*`: each ? is exactly one letter, a * at the end any number of them."""
    body = pattern.removesuffix("*")
    if len(word) < len(body) or (len(word) > len(body) and body == pattern):
        return False
    return all(char in ("?", letter) for char, letter in zip(body, word, strict=False))


def is_part(part: Part, word: str) -> bool:
    match part:
        case Word(text):
            return word == text
        case Prefix(text):
            return word.startswith(text)
        case Wild(text):
            return is_wild(text, word)


def stands(part: Part, words: Words, at: int) -> bool:
    return is_part(part, words.marked[at]) or is_part(part, words.bare[at])


def places(part: Part, words: Words) -> Sequence[int]:
    """Where it stands, from left to right."""
    if isinstance(part, Word):
        return words.where.get(part.text, ())
    return [at for at in range(len(words.marked)) if stands(part, words, at)]


def has_phrase(parts: tuple[Part, ...], words: Words) -> bool:
    return next(_runs(parts, words), None) is not None


def _runs(parts: tuple[Part, ...], words: Words) -> Iterator[Span]:
    most = len(words.marked) - len(parts)
    for at in places(parts[0], words):
        if at <= most and all(stands(part, words, at + i) for i, part in enumerate(parts)):
            yield at, at + len(parts) - 1


def spans(node: Node, words: Words) -> set[Span]:
    """Every place where it stands."""
    match node:
        case Phrase(parts):
            return set(_runs(parts, words))
        case Or(parts):
            return set().union(*(spans(part, words) for part in parts))
        case Near():
            return _near(node, words)
        case Word() | Prefix() | Wild():
            return {(at, at) for at in places(node, words)}
    raise TypeError(f"{node} stands nowhere")


def is_near(node: Near, words: Words) -> bool:
    left, right = _points(node.left, words), _points(node.right, words)
    if left is None or right is None or BREAK in words.all:
        return bool(_near(node, words))
    reach = node.most + 1
    if node.ordered:
        return any(0 < after - before <= reach for before in left for after in right)
    return any(0 < abs(after - before) <= reach for before in left for after in right)


def _points(node: Node, words: Words) -> Sequence[int] | None:
    """The places of a plain word, or of one of several: the usual sides of NEAR. None for anything else."""
    where = words.where
    if isinstance(node, Word):
        return _few(where.get(node.text, ()))
    if not isinstance(node, Or):
        return None
    found: list[int] = []
    for part in node.parts:
        if not isinstance(part, Word):
            return None
        found += where.get(part.text, ())
    return _few(found)


def _few(places: Sequence[int]) -> Sequence[int] | None:
    """Every place is held against every other; of many, that is not quick any more."""
    return places if len(places) <= 16 else None


def _near(node: Near, words: Words) -> set[Span]:
    left = sorted(spans(node.left, words))
    right = sorted(spans(node.right, words)) if left else []
    found = set(_following(left, right, node.most))
    if not node.ordered:
        found.update(_following(right, left, node.most))
    return _unbroken(found, words)


def _following(left: list[Span], right: list[Span], most: int) -> Iterator[Span]:
    """A span of `left`, at most so many words, a span of `right`."""
    for first, end in left:
        for at in range(bisect_left(right, (end + 1, 0)), len(right)):
            start, last = right[at]
            if start > end + most + 1:
                break
            yield first, last


def _unbroken(found: set[Span], words: Words) -> set[Span]:
    if BREAK not in words.all:
        return found
    at = words.where[BREAK][0]
    return {(first, last) for first, last in found if not first < at < last}


def is_loose(node: Loose, words: Words) -> bool:
    """Whether some stretch of the text is short enough and holds every part at a word of its own."""
    found = [places(part, words) for part in node.parts]
    if not all(found):
        return False
    length = len(node.parts) + node.most
    broken = words.where.get(BREAK, (-1,))[0]
    for start in sorted(set().union(*found)):
        end = start + length if not start < broken else min(broken, start + length)
        if _each_its_own([[at for at in each if start <= at < end] for each in found]):
            return True
    return False


def _each_its_own(found: list[list[int]]) -> bool:
    """Whether every part can have a place that no other part has (augmenting paths)."""
    taken: dict[int, int] = {}

    def settle(part: int, tried: set[int]) -> bool:
        for at in found[part]:
            if at not in tried:
                tried.add(at)
                if at not in taken or settle(taken[at], tried):
                    taken[at] = part
                    return True
        return False

    return all(settle(part, set()) for part in range(len(found)))
