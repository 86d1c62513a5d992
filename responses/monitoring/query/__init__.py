"""The language rules are written in. Described for people in docs/query-language.md.

text ─ lexer ─▶ tokens ─ parser ─▶ nodes (immutable) ─ evaluating ─▶ yes or no
                                                     └ planning ──▶ how the index looks it up
"""

from responses.monitoring.query.compiling import Query, compile_expanded, compile_query
from responses.monitoring.query.errors import QueryError, caret
from responses.monitoring.query.evaluating import matches
from responses.monitoring.query.expanding import expand, names_in
from responses.monitoring.query.linting import Advice, lint
from responses.monitoring.query.post import Post, post_of
from responses.monitoring.query.words import Words, read

__all__ = [
    "Advice",
    "Post",
    "Query",
    "QueryError",
    "Words",
    "caret",
    "compile_expanded",
    "compile_query",
    "expand",
    "lint",
    "matches",
    "names_in",
    "post_of",
    "read",
]
