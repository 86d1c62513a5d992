"""`saved:name`: a query of the brand's, written once, put in the place of its name."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from responses.monitoring.query.errors import QueryError
from responses.monitoring.query.lexer import LONGEST, Token, tokens
from responses.monitoring.query.nodes import Word

LONGEST_EXPANDED = 16 * LONGEST
DEEPEST = 5  # saved queries within saved queries
MARK = "saved:"


def names_in(query: str) -> list[str]:
    """The saved queries a query asks for, in its order. Raises QueryError."""
    return [token.text for token in _saved(query)]


def expand(query: str, saved: Mapping[str, str]) -> str:
    """The query with each saved one written out in parentheses. Raises QueryError at an unknown name."""
    return _expanded(query, saved, ()) if MARK in query.lower() else query


def first_saved(query: str) -> int:
    """Where the first of them stands."""
    return next((token.position for token in _saved(query)), 0)


def _expanded(query: str, saved: Mapping[str, str], within: tuple[str, ...]) -> str:
    done, whole = 0, []
    for token in _saved(query):
        name, at = token.text, token.position
        whole += [query[done:at], f"({_looked_up(name, at, saved, within)})"]
        done = at + len(MARK) + len(name)
    text = "".join([*whole, query[done:]])
    if len(text) > LONGEST_EXPANDED:
        message = _("With its saved queries written out it has more than %(most)s characters.")
        raise QueryError(message % {"most": LONGEST_EXPANDED}, first_saved(query))
    return text


def _looked_up(name: str, at: int, saved: Mapping[str, str], within: tuple[str, ...]) -> str:
    if name not in saved:
        raise QueryError(_("There is no saved query called “%(name)s”.") % {"name": name}, at)
    if name in within:
        raise QueryError(_("The saved query “%(name)s” would hold itself.") % {"name": name}, at)
    if len(within) >= DEEPEST:
        message = _("Saved queries may hold one another at most %(deepest)s deep.") % {"deepest": DEEPEST}
        raise QueryError(message, at)
    try:
        return _expanded(saved[name], saved, (*within, name))
    except QueryError as error:
        raise QueryError(error.message, at) from error


def _saved(query: str) -> Iterator[Token]:
    for token in tokens(query, LONGEST_EXPANDED):
        if token.kind == "term" and isinstance(token.term, Word) and token.term.text.startswith(MARK):
            yield token
