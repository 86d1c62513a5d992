"""Marking in a text the words it was found by, so that an eye finds them too."""

from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from .query import QueryError, compile_query
from .query.words import WORD, fold

LONGEST = 600


@lru_cache(maxsize=1000)
def terms_of(query: str) -> tuple[str, ...]:
    """What a rule's query looks for: "sunog", "sun*", "na hack"."""
    try:
        return compile_query(query).terms
    except QueryError:
        return ()


def typed_terms(words: str) -> tuple[str, ...]:
    """What a person searched for, without what they ruled out."""
    return tuple(fold(word).strip('"') for word in words.split() if not word.startswith("-") and word != "or")


def marked(text: str, terms, longest: int | None = None) -> SafeString:
    """The text escaped, with <mark> around what the terms found, cut at a blank when it is too long."""
    text = cut(text, longest) if longest else text
    out, end = [], 0
    for start, stop in spans(text, terms):
        out += [escape(text[end:start]), "<mark>", escape(text[start:stop]), "</mark>"]
        end = stop
    return mark_safe("".join(map(str, [*out, escape(text[end:])])))


def cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest].rsplit(None, 1)[0] + " …"


def spans(text: str, terms):
    """Where the terms stand, from left to right, never one within another."""
    words = [(found.start(), found.end(), bare(found.group())) for found in WORD.finditer(text)]
    wanted = [tuple(bare(part) for part in term.split()) for term in terms if term.strip()]
    at = 0
    while at < len(words):
        longest = max((len(parts) for parts in wanted if stands(parts, words, at)), default=0)
        if longest:
            yield words[at][0], words[at + longest - 1][1]
        at += longest or 1


def bare(word: str) -> str:
    """Folded, and without the mark of a hashtag or a name, which a query may leave out."""
    return fold(word).lstrip("#@")


def stands(parts, words, at) -> bool:
    here = words[at : at + len(parts)]
    return len(here) == len(parts) and all(
        word.startswith(part[:-1]) if part.endswith("*") else word == part
        for part, (_start, _end, word) in zip(parts, here, strict=True)
    )


def dressed(mentions, words, longest=LONGEST):
    """Mentions with their text marked by what was searched and by the rules that matched."""
    typed = typed_terms(words)
    for each in mentions:
        rules = [match.rule for match in each.matched]
        terms = {*typed, *(term for rule in rules for term in terms_of(rule.query))}
        each.rules = rules
        each.shown_title = marked(each.title, terms) if each.title != each.text else ""
        each.shown_text = marked(each.text, terms, longest)
    return mentions
