"""What of a mail's text was said now: without what it quotes, signs with, and says of its own list."""

import re
from dataclasses import dataclass

from responses.monitoring.sources.cleaning import plain_text, tidy
from responses.monitoring.sources.mail_links import readable

LONGEST_SIGNATURE = 15  # lines
LONGEST = 100_000
SIGNATURE = re.compile(r"-- ?\r?")
WROTE = re.compile(
    r"(?:On|Noong|Am|Le|El)\b.{5,300}(?:wrote|isinulat ni .{1,200}|schrieb .{1,200}|a écrit|escribió) ?:",
    re.S,
)
DATED = re.compile(r"\d{1,2}[:.]\d{2}|\b20\d\d\b|@")
ORIGINAL = re.compile(r"\s*-{2,}\s*(?:Original Message|Orihinal na mensahe)\s*-{2,}\s*", re.I)
FORWARD = re.compile(
    r"\s*(?:-{2,}\s*(?:Forwarded message|Ipinasang mensahe|Original Message)\s*-{2,}|"
    r"Begin forwarded message:|Ipinasang mensahe:)\s*",
    re.I,
)
FIELD = re.compile(
    r"(?:>\s?)?\*?(From|Date|Sent|Subject|To|Cc|Reply-To|Mula kay|Mula sa|Petsa|Paksa|"
    r"Para kay|Kay):\*?\s*(.*)",
    re.I,
)
NAMES = {"mula kay": "from", "mula sa": "from", "petsa": "date", "sent": "date", "paksa": "subject"}
IS_FORWARD = re.compile(r"\s*(?:fwd?|fw|pasa)\s*:", re.I)
PREFIX = re.compile(r"(?:\s*(?:fwd?|fw|re|pasa)\s*:)+\s*", re.I)
LEAVING = re.compile(
    r"unsubscrib|opt.?out|mag-?unsubscribe|list-manage|"
    r"manage (?:your )?(?:e-?mail )?(?:preferences|subscription)|"
    r"update (?:your )?preferences|view (?:this )?(?:e-?mail )?in (?:your |a )?browser",
    re.I,
)
LIST_LINE = re.compile(r"\s*List-(?:Unsubscribe|Help|Archive|Owner)(?:-Post)?:", re.I)
# Where mail programs put what they quote, in HTML.
QUOTED = re.compile(
    r"<blockquote[^>]{0,300}\btype=[\"']?cite|<div[^>]{0,300}\bclass=[\"']?[^\"'>]{0,100}(?:gmail_quote|moz-cite-prefix|yahoo_quoted)|"
    r"<div[^>]{0,300}\bid=[\"']?(?:divRplyFwdMsg|appendonsend)",
    re.I,
)


@dataclass(frozen=True)
class Forwarded:
    """A mail that somebody passed on within their own: their note, who had written it, what and when."""

    note: str
    fields: dict[str, str]
    text: str


def of_markup(markup: str, keeps_quotes: bool) -> str:
    """HTML as text, as a reader sees it: no head, and not what the mail program quotes."""
    markup = readable(markup)
    end = markup.lower().find("</head")
    shown = markup[end:].partition(">")[2] if end >= 0 else markup
    shown = re.sub(r"</t[dh]\b", " </td", shown, flags=re.I)
    quote = None if keeps_quotes else QUOTED.search(shown)
    new = plain_text(shown[: quote.start()], LONGEST) if quote else ""
    return new or plain_text(shown, LONGEST)


def said_now(text: str, *, is_list: bool) -> str:
    """Without quotes, signature and the list's own lines; all of it if nothing else would be left."""
    lines = text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    new = _without_list_lines(_without_signature(_without_quotes(lines)), is_list)
    return tidy("\n".join(new)) or tidy("\n".join(line.lstrip("> ") for line in lines))


def _without_quotes(lines: list[str]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(lines):
        size = _wrote(lines, at)
        if ORIGINAL.fullmatch(lines[at]) or (size and not _is_quoted_next(lines, at + size)):
            break  # all that follows is the mail before
        if size:
            at += size
            continue
        if not lines[at].startswith(">"):
            kept.append(lines[at])
        at += 1
    return kept


def _wrote(lines: list[str], at: int) -> int:
    """How many lines say “On …, somebody wrote:” here."""
    if not lines[at].lstrip().startswith(("On ", "Noong ", "Am ", "Le ", "El ")):
        return 0
    for size in (1, 2, 3):
        words = " ".join(lines[at : at + size]).strip()
        if WROTE.fullmatch(words) and (DATED.search(words) or _is_quoted_next(lines, at + size)):
            return size
    return 0


def _is_quoted_next(lines: list[str], at: int) -> bool:
    return next((line.startswith(">") for line in lines[at : at + 3] if line.strip()), False)


def _without_signature(lines: list[str]) -> list[str]:
    marks = [at for at, line in enumerate(lines) if line in ("-- ", "--\xa0")]
    is_one = marks and len(lines) - marks[-1] <= LONGEST_SIGNATURE + 1
    return lines[: marks[-1]] if is_one else lines


def _without_list_lines(lines: list[str], is_list: bool) -> list[str]:
    """A complaint about a list that cannot be left is no line of the list."""
    return [line for line in lines if not _is_of_list(line, is_list)]


def _is_of_list(line: str, is_list: bool) -> bool:
    if LIST_LINE.match(line):
        return True
    return len(line) < 400 and bool(LEAVING.search(line)) and (is_list or "://" in line)


# --- passed on


def forwarded(text: str, *, is_forward: bool) -> Forwarded | None:
    """What a person forwarded within the text, if a mail program's mark and its fields stand there.

    Some programs mark what they quote in an answer like that, too: then only the subject tells.
    """
    lines = text[:LONGEST].replace("\r\n", "\n").split("\n")
    for at, line in enumerate(lines[:500]):
        if FORWARD.fullmatch(line) and (is_forward or not ORIGINAL.fullmatch(line)):
            fields, end = _fields(lines, at + 1)
            if "from" in fields:
                return Forwarded("\n".join(lines[:at]), fields, "\n".join(_unquoted(lines[end:])))
    return None


def _fields(lines: list[str], at: int) -> tuple[dict[str, str], int]:
    found: dict[str, str] = {}
    while at < len(lines) and len(found) < 12:
        match = FIELD.match(lines[at])
        if match:
            name = match.group(1).lower()
            found.setdefault(NAMES.get(name, name), match.group(2).strip(" *"))
        elif lines[at].strip("> ") or found:
            break
        at += 1
    return found, at


def _unquoted(lines: list[str]) -> list[str]:
    """Without the > before each line, if the whole was put in quotes."""
    spoken = [line for line in lines if line.strip()]
    is_quoted = spoken and all(line.startswith(">") for line in spoken)
    return [line.removeprefix(">").removeprefix(" ") for line in lines] if is_quoted else lines
