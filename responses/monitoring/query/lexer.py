"""From characters to tokens. Each token remembers where it stood, for the error message."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from responses.monitoring.query.errors import QueryError
from responses.monitoring.query.fields import FIELD, field_node
from responses.monitoring.query.nodes import Loose, Node, Part, Phrase, Prefix, Raw, Wild, Word
from responses.monitoring.query.words import EMOJI, cut, fold

LONGEST = 4096
SHORTEST = 2  # letters beside a * or ?
FARTHEST = 100  # words between two that are near
OPERATORS = ("AND", "OR", "NOT", "NEAR")
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»"}
_BLANK = re.compile(r"\s+")
_RAW = re.compile(r"[^\s()\"“”„«»{}]+")
_NEAR = re.compile(r"(O?)NEAR(?:/(\d{0,6})(f?))?(?![\w/])")
_TILDE = re.compile(r"~(\d{0,6})")
_PIECE = re.compile(rf"(?<!\w)[#@][\w?]+|[\w?]+|{EMOJI}")


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # "AND" "OR" "NOT" "NEAR" "(" ")" "field" "term" "end"
    position: int
    text: str = ""  # as written, without quotation marks; of a field its name
    term: Node | None = None
    most: int = 0  # of NEAR
    ordered: bool = False


def tokens(query: str, longest: int = LONGEST) -> Iterator[Token]:
    if len(query) > longest:
        message = _("A query may have at most %(most)s characters.") % {"most": longest}
        raise QueryError(message, longest)
    at = 0
    while at < len(query):
        blank = _BLANK.match(query, at)
        if blank:
            at = blank.end()
            continue
        token, at = _next(query, at)
        yield token
    yield Token("end", len(query))


def _next(query: str, at: int) -> tuple[Token, int]:
    char = query[at]
    if char in "()":
        return Token(char, at, char), at + 1
    if near := _NEAR.match(query, at):
        return _near(near)
    if field := FIELD.match(query, at):
        return _field(query, field)
    if char in _QUOTES or char in "{}":
        return _value(query, at)
    word, end = _word(query, at)
    if word in OPERATORS:
        return Token(word, at, word), end
    if "~" in word and word[word.find("~") + 1 :].isdigit():
        message = _('The ~ may stand only after a phrase, as in "walang kwenta"~5.')
        raise QueryError(message, at + word.find("~"))
    return Token("term", at, word, _term(word, at)), end


def _value(query: str, at: int) -> tuple[Token, int]:
    """A phrase, something raw or a word."""
    if query[at] in _QUOTES:
        return _quoted(query, at)
    if query[at] in "{}":
        return _raw(query, at)
    word, end = _word(query, at)
    return Token("term", at, word, _term(word, at)), end


def _word(query: str, at: int) -> tuple[str, int]:
    raw = _RAW.match(query, at)
    if raw is None:
        raise QueryError(_("This quotation mark closes a phrase that was never opened."), at)
    return raw.group(), raw.end()


def _near(found: re.Match[str]) -> tuple[Token, int]:
    at = found.start()
    if not found[2]:
        message = _("After NEAR the most words between was expected, as in NEAR/5.")
        raise QueryError(message, found.end())
    ordered = bool(found[1] or found[3])
    most = _bounded(found[2], found.start(2))
    return Token("NEAR", at, found.group(), most=most, ordered=ordered), found.end()


def _bounded(number: str, at: int) -> int:
    if int(number) > FARTHEST:
        raise QueryError(_("At most %(most)s words may lie between.") % {"most": FARTHEST}, at)
    return int(number)


def _field(query: str, found: re.Match[str]) -> tuple[Token, int]:
    name, sign = (found[1] or found[3]).lower(), found[2] or found[4] or ""
    at, end = found.span()
    if query[end : end + 1] == "(" and name != "saved":
        return Token("field", at, f"{name} {sign}"), end
    if end == len(query) or query[end].isspace() or query[end] == ")":
        message = _("After %(field)s something to look for was expected, with no blank between.")
        raise QueryError(message % {"field": found.group()}, end)
    if query[end] in _QUOTES or query[end] in "{}":
        value, end_of_value = _value(query, end)
        told = query[end:end_of_value] if name == "saved" else value.text  # a name has no quotation marks
        return Token("term", at, value.text, field_node(name, sign, told, value.term, end)), end_of_value
    word, end_of_value = _word(query, end)
    term = _term(word, end) if cut(word) else None
    return Token("term", at, word, field_node(name, sign, word, term, end)), end_of_value


def _quoted(query: str, at: int) -> tuple[Token, int]:
    closing = _QUOTES[query[at]]
    ends = {closing, '"'}
    end = next((i for i in range(at + 1, len(query)) if query[i] in ends), -1)
    if end < 0:
        raise QueryError(_("This phrase is not closed. A second quotation mark was expected."), at)
    inside = query[at + 1 : end]
    parts = [
        part for word in re.finditer(r"\S+", inside) for part in _parts(word.group(), at + 1 + word.start())
    ]
    if not parts:
        raise QueryError(_("Between the quotation marks at least one word was expected."), at)
    tilde = _TILDE.match(query, end + 1)
    if tilde is None:
        return Token("term", at, inside, _join(parts)), end + 1
    return Token("term", at, inside, _loose(parts, tilde)), tilde.end()


def _loose(parts: list[Part], tilde: re.Match[str]) -> Loose:
    if not tilde[1]:
        message = _('After ~ the most words between was expected, as in "walang kwenta"~5.')
        raise QueryError(message, tilde.end())
    if len(parts) < 2:
        raise QueryError(_("The ~ needs a phrase of at least two words."), tilde.start())
    return Loose(tuple(parts), _bounded(tilde[1], tilde.start(1)))


def _raw(query: str, at: int) -> tuple[Token, int]:
    if query[at] == "}":
        raise QueryError(_("This brace closes nothing."), at)
    end = query.find("}", at)
    if end < 0:
        raise QueryError(_("This brace is not closed. A “}” was expected."), at)
    inside = " ".join(unicodedata.normalize("NFC", query[at + 1 : end]).split())
    if not cut(inside):
        raise QueryError(_("Between the braces at least one word was expected."), at)
    return Token("term", at, inside, Raw(inside)), end + 1


def _term(word: str, at: int) -> Node:
    if word[0] in "-!" and cut(word):
        raise QueryError(_("To leave a word out, write NOT before it."), at)
    parts = _parts(word, at)
    if not parts:
        message = _("A word was expected here, but “%(found)s” holds no letter and no digit.")
        raise QueryError(message % {"found": word[:20]}, at)
    return _join(parts)


def _parts(raw: str, at: int) -> list[Part]:
    """Usually one; "na-hack" is two words side by side, as it is in a text."""
    star = raw.find("*")
    if star < 0:
        return [_part(word, raw, at) for word in _pieces(raw)]
    if raw[star:].strip("*.,;:!?"):
        raise QueryError(_("The * may stand only at the end of a word, as in sun*."), at + star)
    words = _pieces(raw[:star])
    if not words or not _ends_in_word(raw[:star]) or _letters(words[-1]) < SHORTEST:
        raise _too_short("*", at + star)
    last = _part(words[-1], raw, at)
    open_end = Wild(f"{last.text}*") if isinstance(last, Wild) else Prefix(last.text)
    return [*(_part(word, raw, at) for word in words[:-1]), open_end]


def _pieces(raw: str) -> list[str]:
    return [piece for piece in _PIECE.findall(fold(raw)) if piece.strip("#@?")] if "?" in raw else cut(raw)


def _part(word: str, raw: str, at: int) -> Word | Wild:
    if "?" not in word:
        return Word(word)
    if word.lstrip("#@").startswith("?"):
        raise QueryError(_("The ? may not stand at the beginning of a word."), at + raw.find("?"))
    if _letters(word) < SHORTEST:
        raise _too_short("?", at + raw.find("?"))
    return Wild(word)


def _letters(word: str) -> int:
    return len(word.lstrip("#@").replace("?", ""))


def _too_short(sign: str, at: int) -> QueryError:
    message = _("At least %(least)s letters were expected before the %(sign)s.")
    return QueryError(message % {"least": SHORTEST, "sign": sign}, at)


def _ends_in_word(text: str) -> bool:
    last = fold(text[-1:])
    return bool(last) and (last[-1].isalnum() or last[-1] in "_?")


def _join(parts: list[Part]) -> Part | Phrase:
    return parts[0] if len(parts) == 1 else Phrase(tuple(parts))
