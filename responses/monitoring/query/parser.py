"""From tokens to nodes. NEAR binds tightest, then NOT, then AND (written or not), then OR.

query  = either end
either = both { "OR" both }
both   = maybe { ["AND"] maybe }
maybe  = { "NOT" } near
near   = one { NEAR one }
one    = term | [ field ] "(" either ")"
"""

from django.utils.translation import gettext as _

from responses.monitoring.query.errors import QueryError
from responses.monitoring.query.fields import field_node
from responses.monitoring.query.lexer import LONGEST, OPERATORS, Token, tokens
from responses.monitoring.query.nodes import And, Near, Node, Not, Or, Phrase, Prefix, Wild, Word

DEEPEST = 40


def parse(query: str, longest: int = LONGEST) -> Node:
    return _Parser(list(tokens(query, longest))).parse()


class _Parser:
    def __init__(self, found: list[Token]):
        self._tokens = found
        self._at = 0
        self._open: list[int] = []
        self._field: Token | None = None  # within `author:( … )`

    @property
    def _token(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._token
        self._at += 1
        return token

    def parse(self) -> Node:
        if self._token.kind == "end":
            raise QueryError(_("The query is empty. A word was expected."), 0)
        node = self._either()
        if self._token.kind == ")":
            raise QueryError(_("This parenthesis closes nothing."), self._token.position)
        return node

    def _either(self) -> Node:
        parts = [self._both()]
        while self._token.kind == "OR":
            self._take()
            parts.append(self._both())
        return _flat(Or, parts)

    def _both(self) -> Node:
        parts = [self._maybe()]
        while self._token.kind in ("AND", "NOT", "term", "field", "("):
            if self._token.kind == "AND":
                self._take()
            parts.append(self._maybe())
        return _flat(And, parts)

    def _maybe(self) -> Node:
        negative = False
        while self._token.kind == "NOT":
            self._take()
            negative = not negative
        node = self._near()
        if not negative:
            return node
        return node.part if isinstance(node, Not) else Not(node)

    def _near(self) -> Node:
        start = self._token.position
        node = self._one()
        while self._token.kind == "NEAR":
            operator = self._take()
            _must_stand_somewhere(node, start)
            start = self._token.position
            right = self._one()
            _must_stand_somewhere(right, start)
            node = Near(node, right, operator.most, operator.ordered)
        return node

    def _one(self) -> Node:
        token = self._token
        if token.kind == "field":
            return self._field_group()
        if token.kind == "(":
            return self._group()
        if token.term is None:
            raise QueryError(self._expected(token), token.position)
        self._take()
        if self._field is None:
            return token.term
        name, _blank, sign = self._field.text.partition(" ")
        return field_node(name, sign, token.text, token.term, token.position)

    def _field_group(self) -> Node:
        token = self._take()
        if self._field is not None:
            raise QueryError(_("A field within a field cannot be. A word was expected."), token.position)
        self._field = token
        node = self._group()
        self._field = None
        return node

    def _group(self) -> Node:
        opened = self._take().position
        self._open.append(opened)
        if len(self._open) > DEEPEST:
            message = _("Parentheses may be at most %(deepest)s deep.") % {"deepest": DEEPEST}
            raise QueryError(message, opened)
        node = self._either()
        if self._token.kind != ")":
            raise QueryError(_("This parenthesis is not closed. A “)” was expected."), opened)
        self._take()
        self._open.pop()
        return node

    def _expected(self, token: Token) -> str:
        if token.kind in OPERATORS:
            message = _(
                "A word, a phrase or “(” was expected before %(found)s. "
                "To search for the word itself, write it in small letters."
            )
            return message % {"found": token.text}
        if token.kind == "end":
            return _("The query ends too early. A word, a phrase or “(” was expected.")
        return _("A word, a phrase or “(” was expected here, not “%(found)s”.") % {"found": token.kind}


def _must_stand_somewhere(node: Node, at: int) -> None:
    """Near can be only what has a place among the words."""
    parts = node.parts if isinstance(node, Or) else (node,)
    if not all(isinstance(part, Word | Prefix | Wild | Phrase | Near) for part in parts):
        message = _(
            "Beside NEAR a word, a phrase or (several OR several) was expected, without AND, NOT or a field."
        )
        raise QueryError(message, at)


def _flat(kind: type[And] | type[Or], parts: list[Node]) -> Node:
    """(a AND b) AND c is a AND b AND c: one node with three parts."""
    if len(parts) == 1:
        return parts[0]
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else [part])
    return kind(tuple(flat))
