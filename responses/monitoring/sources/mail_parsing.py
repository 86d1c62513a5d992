"""One raw e-mail message taken apart. It may be as broken or as hostile as it likes: nothing here raises."""

import logging
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.policy import EmailPolicy
from typing import Any

from responses.monitoring.sources.cleaning import one_line

log = logging.getLogger(__name__)
DEEPEST = 20  # parts within parts; each level costs a look at every line
LONGEST_HEADER = 8_000
MOST_WORDS = 1024 * 1024  # bytes of text looked at, far more than a mention keeps
PLAIN, HTML = "text/plain", "text/html"
# Of what Python knows as character sets, these are none a letter is written in, and some take for ever.
NOT_CHARSETS = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "us_ascii", "ascii"}
SHIFTING = ("iso_2022", "utf_7", "utf7", "utf_16", "utf16", "utf_32", "utf32", "hz")  # look like ASCII


class TooDeepError(Exception):
    """More levels than anybody's mail program makes."""


class Part(EmailMessage):
    """A message, or a part of one, that knows how deep it lies."""

    depth = 0

    def attach(self, payload: Any) -> None:
        payload.depth = self.depth + 1
        if payload.depth > DEEPEST:
            raise TooDeepError
        super().attach(payload)


class Patient(EmailPolicy):
    """The default policy, for strangers' headers: endless ones are cut, raw letters and nonsense are read."""

    def header_source_parse(self, sourcelines: Any) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, decoded(value[:LONGEST_HEADER].encode("ascii", "surrogateescape"), "")

    def header_fetch_parse(self, name: str, value: str) -> Any:
        try:
            return super().header_fetch_parse(name, value)
        except Exception:  # the parser of structured headers has holes, and strangers find them
            return one_line(value)


POLICY = Patient(message_factory=Part)


@dataclass
class Body:
    """What a message says, as (kind, text) in its order; what is attached to it."""

    words: list[tuple[str, str]] = field(default_factory=list)
    mails: list[Part] = field(default_factory=list)
    attachments: int = 0

    def has(self, kind: str) -> bool:
        return any(each == kind and text.strip() for each, text in self.words)


def parse(raw: bytes) -> Part:
    """The message; of one that cannot be taken apart the headers alone."""
    for parser in (BytesParser, BytesHeaderParser):
        try:
            return parser(policy=POLICY).parsebytes(raw)  # type: ignore[arg-type, return-value]
        except Exception as error:  # too deep, or the parser's own mistake
            log.info("%s gave up on a mail: %r", parser.__name__, error)
    return Part(policy=POLICY)


def header(part: Part, name: str) -> str:
    return one_line(str(part.get(name, "")))


def people(part: Part, name: str) -> list[tuple[str, str]]:
    """(name, address in small letters) of everybody a header names, however often it stands there."""
    found = []
    for value in part.get_all(name, []):
        for person in getattr(value, "addresses", ()):
            found.append((one_line(person.display_name, 150), one_line(person.addr_spec, 254).lower()))
    return [(called, address.strip("<>")) for called, address in found if called or address.strip("<>")]


def body(part: Part, wanted: str = PLAIN) -> Body:
    """Its words; where the same is said in several ways, in the wanted one."""
    found = Body()
    found.words = _words(part, wanted, found)
    return found


def _words(part: Part, wanted: str, found: Body) -> list[tuple[str, str]]:
    kind = part.get_content_type()
    inner = part.get_payload() if part.is_multipart() else []
    parts = [each for each in inner if isinstance(each, Part)]  # type: ignore[union-attr]
    if kind in ("message/rfc822", "message/global"):
        found.mails += parts
        return []
    if kind == "multipart/alternative":
        return _chosen([_words(each, wanted, found) for each in parts], wanted)
    if kind.startswith("multipart/"):
        return [piece for each in parts for piece in _words(each, wanted, found)]
    if kind in (PLAIN, HTML) and not _is_file(part):
        return [(kind, _text(part))]
    found.attachments += 1
    return []


def _chosen(ways: list[list[tuple[str, str]]], wanted: str) -> list[tuple[str, str]]:
    speaking = [way for way in ways if any(text.strip() for _kind, text in way)]
    return next((way for way in speaking if way[0][0] == wanted), speaking[0] if speaking else [])


def _is_file(part: Part) -> bool:
    try:
        return part.get_content_disposition() == "attachment" or bool(part.get_filename())
    except Exception:  # a header that makes no sense
        return False


def _text(part: Part) -> str:
    try:
        raw = part.get_payload(decode=True)
        charset = str(part.get_content_charset() or "")
    except Exception:  # an encoding that makes no sense
        raw, charset = str(part.get_payload()).encode("utf-8", "replace"), ""
    return decoded(raw[:MOST_WORDS], charset) if isinstance(raw, bytes) else ""


def decoded(raw: bytes, charset: str) -> str:
    """In the charset it names, if that is one; what does not fit becomes �. Many name one and write UTF-8."""
    charset = charset.lower().replace("-", "_")
    if charset in NOT_CHARSETS:
        charset = ""
    for name, errors in (("" if charset.startswith(SHIFTING) else "utf_8", "strict"), (charset, "replace")):
        try:
            return raw.decode(name, errors)
        except Exception:  # noqa: S112  # not written so, or no such charset, or none of text
            continue
    return raw.decode("cp1252", "replace")
