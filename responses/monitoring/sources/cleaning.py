"""What strangers send, made fit to store: plain text, one kind of blank, only web links."""

import hashlib
import html
import re
from urllib.parse import urlsplit

import nh3

LONGEST_TEXT = 20_000
LONGEST_LINE = 500
LONGEST_LINK = 2_000

_BREAKS = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr|/blockquote)\b[^>]{0,200}>", re.I)
_BLANKS = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\s*\n\s*\n\s*")
# Control characters and halves of characters (PostgreSQL takes neither), and marks that turn text around.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def tidy(text: str, longest: int = LONGEST_TEXT) -> str:
    """Plain text as it came, without what cannot be stored or shown."""
    text = _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()[:longest]


def one_line(text: str, longest: int = LONGEST_LINE) -> str:
    return " ".join(tidy(text).split())[:longest]


def plain_text(markup: str, longest: int = LONGEST_TEXT) -> str:
    """HTML reduced to its words; scripts and styles go with all they hold."""
    # Far more markup than text is kept would only cost time.
    broken = _BREAKS.sub("\n", markup[: longest * 20])
    return tidy(html.unescape(nh3.clean(broken, tags=set())), longest)


def web_link(url: str) -> str:
    """The address if a browser may be sent there, else nothing."""
    url = _UNFIT.sub("", url).strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    usable = parts.scheme in ("http", "https") and parts.netloc and len(url) <= LONGEST_LINK
    return url if usable and not re.search(r"\s", url) else ""


def fingerprint(*parts: str) -> str:
    """An identity for what came without one: the same parts give the same name."""
    joined = "\x1f".join(parts).encode("utf-8", "replace")
    return "sha256:" + hashlib.sha256(joined).hexdigest()


def identity(given: str, *parts: str) -> str:
    """The sender's own id when it is usable, else a fingerprint of the parts."""
    given = _UNFIT.sub("", given).strip()
    if not given:
        return fingerprint(*parts)
    return given if len(given) <= 255 else fingerprint(given)
