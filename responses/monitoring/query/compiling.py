"""From the text of a query to something that answers yes or no."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from django.utils.translation import gettext as _

from responses.monitoring.query.anchors import Anchor, anchors, is_common
from responses.monitoring.query.errors import QueryError
from responses.monitoring.query.evaluating import matches
from responses.monitoring.query.expanding import LONGEST_EXPANDED, expand, first_saved
from responses.monitoring.query.nodes import (
    And,
    In,
    Loose,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Raw,
    Term,
    Wild,
    Word,
)
from responses.monitoring.query.parser import parse
from responses.monitoring.query.post import Post
from responses.monitoring.query.words import Words, fold, read


@dataclass(frozen=True)
class Query:
    """A query that was understood."""

    source: str
    node: Node

    def matches(self, post: str | Post) -> bool:
        return matches(self.node, read(post))

    def matches_tokens(self, words: Words) -> bool:
        return matches(self.node, words)

    @cached_property
    def anchors(self) -> frozenset[Anchor]:
        return anchors(self.node) or frozenset()

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """What to highlight in a text it matched, folded: "sunog", "sun*", "na hack"."""
        written = (text for term in _wanted(self.node, True) for text in _written(term))
        return tuple(dict.fromkeys(written))

    @property
    def too_common(self) -> bool:
        """Whether it will be tried against nearly every post: worth a warning."""
        return any(is_common(anchor) for anchor in self.anchors)


def compile_query(text: str, saved: Mapping[str, str] = MappingProxyType({})) -> Query:
    """Raises QueryError. A purely negative query is refused: it would match the whole world.

    `saved`: the queries that `saved:name` stands for, by name.
    """
    written = parse(text)
    whole = expand(text, saved)
    return _with_something(Query(whole, written if whole == text else _put_together(text, whole)))


def compile_expanded(text: str) -> Query:
    """The same of a text with its saved queries written out, which may be longer than people write."""
    return _with_something(Query(text, parse(text, LONGEST_EXPANDED)))


def _with_something(query: Query) -> Query:
    if not query.anchors:
        raise QueryError(_purely_negative(), 0)
    return query


def _put_together(text: str, whole: str) -> Node:
    """A saved query may not fit where it is used, beside NEAR for one: the mistake is shown at its name."""
    try:
        return parse(whole, LONGEST_EXPANDED)
    except QueryError as error:
        raise QueryError(error.message, first_saved(text)) from error


def _purely_negative() -> str:
    return _(
        "This would match every mention without those words. Say first what to look for, "
        "as in: ferry NOT schedule. Each side of an OR needs such a word."
    )


def _wanted(node: Node, wanted: bool) -> list[Term]:
    match node:
        case Not(part):
            return _wanted(part, not wanted)
        case And(parts) | Or(parts):
            return [term for part in parts for term in _wanted(part, wanted)]
        case Near(left, right):
            return _wanted(left, wanted) + _wanted(right, wanted)
    return [node] if wanted else []


def _written(term: Node) -> list[str]:
    match term:
        case Word(text) | Wild(text):
            return [text]
        case Prefix(text):
            return [f"{text}*"]
        case Phrase(parts):
            return [" ".join(_written(part)[0] for part in parts)]
        case Loose(parts):
            return [_written(part)[0] for part in parts]
        case Raw(text):
            return [fold(text)]
        case In("title", inner):
            return _written(inner)
    return []  # what is known of a post stands nowhere in it
