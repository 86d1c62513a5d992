"""What is understood but probably not meant: advice while a query is written, never a refusal."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.translation import gettext as _

from responses.monitoring.query.anchors import COMMON
from responses.monitoring.query.compiling import compile_query
from responses.monitoring.query.errors import QueryError
from responses.monitoring.query.lexer import Token, tokens
from responses.monitoring.query.nodes import Wild, Word

_SPELT = re.compile(r"and|or|not|o?near(/\d+f?)?")
_FIELD_LIKE = re.compile(r"([A-Za-z]{2,12}):(?!//)\S")
_STARTS = ("term", "field", "(", "NOT")


@dataclass(frozen=True, order=True)
class Advice:
    """At which character (counted from 0), and what to do about it."""

    position: int
    words: str


def lint(query: str, saved: Mapping[str, str] = MappingProxyType({})) -> list[Advice]:
    """In the order of the query. Nothing for one that is not understood: its mistake is shown already."""
    try:
        understood = compile_query(query, saved)
    except QueryError:
        return []
    found = list(tokens(query))
    advice = {*_of_words(found), *_of_not(found), *_of_or(found)}
    if understood.too_common:
        advice.add(_of_common(found))
    return sorted(advice)


def _of_words(found: list[Token]) -> Iterator[Advice]:
    for token in found:
        if token.kind != "term":
            continue
        if _SPELT.fullmatch(token.text):
            yield Advice(token.position, _spelt(token.text))
        elif isinstance(token.term, Word) and len(token.term.text) == 1 and token.term.text.isalnum():
            yield Advice(token.position, _("A single letter stands in many texts that mean something else."))
        elif like := _FIELD_LIKE.match(token.text):
            message = _("“%(name)s:” is no field, so this looks for the words side by side.")
            yield Advice(token.position, message % {"name": like[1]})
        elif isinstance(token.term, Wild) and token.text.endswith("?"):
            yield Advice(token.position, _("The ? stands for exactly one letter here, it does not ask."))


def _spelt(word: str) -> str:
    message = _("“%(word)s” in small letters is looked for as a word. As an operator, write %(operator)s.")
    return message % {"word": word, "operator": word.upper()}


def _of_not(found: list[Token]) -> Iterator[Advice]:
    for at, token in enumerate(found):
        after = [next_token.kind for next_token in found[at + 1 : at + 3]]
        if token.kind == "NOT" and (after[:1] == ["NOT"] or after == ["(", "NOT"]):
            yield Advice(token.position, _("NOT twice is the same as none. Write what you do want."))


def _of_or(found: list[Token]) -> Iterator[Advice]:
    """OR and AND (written or not) side by side within the same parentheses."""
    levels: list[dict[str, int]] = [{}]
    before = ""
    for token in found:
        if token.kind == "OR":
            levels[-1].setdefault("OR", token.position)
        elif token.kind == "AND" or (token.kind in _STARTS and before in ("term", ")")):
            levels[-1].setdefault("AND", token.position)
        if token.kind == "(":
            levels.append({})
        elif token.kind in (")", "end"):
            level = levels.pop()
            if len(level) == 2:
                yield Advice(
                    level["OR"], _("AND binds before OR. Put parentheses around what belongs together.")
                )
        before = token.kind


def _of_common(found: list[Token]) -> Advice:
    common = (token.position for token in found if isinstance(token.term, Word) and token.term.text in COMMON)
    words = _("This alone holds for nearly every mention. Add a word that says what it is about.")
    return Advice(next(common, 0), words)
