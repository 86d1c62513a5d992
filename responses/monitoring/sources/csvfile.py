"""Mentions from a CSV file a person uploads. Good rows are kept; each bad one is reported by its line."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from django.utils.translation import gettext as _

from responses.monitoring.sources.base import Item, SourceError
from responses.monitoring.sources.cleaning import identity, one_line, tidy, web_link
from responses.monitoring.sources.dating import OLDEST

LARGEST = 5 * 1024 * 1024
MOST_ROWS = 10_000
MOST_PROBLEMS = 200
# What people call the columns, in English and Filipino; the first name is ours.
COLUMNS = {
    "text": "text, message, content, post, body, comment, mention, review, "
    "teksto, mensahe, nilalaman, komento, puna, sinabi",
    "url": "url, link, address, permalink, kawing, tirahan",
    "author": "author, name, user, username, handle, from, may-akda, may akda, awtor, pangalan, sumulat",
    "title": "title, headline, subject, pamagat, titulo",
    "published_at": "published_at, published at, published, date, time, datetime, created_at, created at, "
    "posted at, timestamp, petsa, oras, petsa at oras, inilathala",
    "language": "language, lang, wika",
    "external_id": "external_id, external id, id, uid, post id, numero",
}
_NAMES = {name.strip(): column for column, names in COLUMNS.items() for name in names.split(",")}


@dataclass(frozen=True)
class Problem:
    line: int
    message: str


@dataclass(frozen=True)
class Parsed:
    items: list[Item]
    problems: list[Problem]


def parse(data: bytes, now: datetime, *, zone: tzinfo = UTC) -> Parsed:
    """`zone` is where the dates were written that name no zone of their own."""
    text = _decode(data)
    rows = _rows(text)
    line, header = next(rows, (1, []))
    columns = _columns([str(name) for name in header] if isinstance(header, list) else [])
    items: dict[str, tuple[int, Item]] = {}
    problems: list[Problem] = []
    for count, (line, row) in enumerate(rows, start=1):
        if count > MOST_ROWS:
            message = _("Only the first %(most)s rows were read.") % {"most": f"{MOST_ROWS:,}"}
            problems.append(Problem(line, message))
            break
        try:
            item = _item(_values(row, columns), now, zone)
            _refuse_repeat(items, item)
            items[item.external_id] = (line, item)
        except SourceError as error:
            problems.append(Problem(line, error.message))
    return Parsed([item for _line, item in items.values()], _bounded(problems))


def _decode(data: bytes) -> str:
    if len(data) > LARGEST:
        raise SourceError(_("The file is larger than 5 MB. Split it into smaller files."))
    if not data.strip():
        raise SourceError(_("The file is empty."))
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        message = _("This is a spreadsheet, not a CSV file. Save it as “CSV UTF-8” and upload that file.")
        raise SourceError(message)
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    message = _("Tugon cannot read the letters of this file. Save it as “CSV UTF-8” and upload it again.")
    raise SourceError(message)


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    # Without a mark, every second byte of Latin text in UTF-16 is zero.
    if b"\x00" in data[:200]:
        return ("utf-16-le",) if data[1:2] == b"\x00" else ("utf-16-be",)
    return ("utf-8-sig", "cp1252")


def _rows(text: str) -> Iterator[tuple[int, list[str] | SourceError]]:
    """Rows that are not blank, each with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            message = _("A quotation mark is not closed, or a cell is too long. The row was left out.")
            yield line, SourceError(message)
            continue
        if any(cell.strip() for cell in row):
            yield line, row


def _delimiter(text: str) -> str:
    head = text.lstrip().split("\n", 1)[0]
    return max(",;\t|", key=head.count)


def _columns(header: list[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for position, name in enumerate(header):
        column = _NAMES.get(" ".join(name.strip().strip("\ufeff").lower().split()))
        if column:
            columns.setdefault(column, position)
    if "text" not in columns:
        found = ", ".join(f"“{one_line(name, 40)}”" for name in header[:20]) or "–"
        raise SourceError(
            _(
                "The first line must name the columns, and one of them must be “text”. Found: %(found)s. "
                "Expected: text, and if you have them url, author, title, published_at, language, "
                "external_id."
            )
            % {"found": found}
        )
    return columns


def _values(row: list[str] | SourceError, columns: dict[str, int]) -> dict[str, str]:
    if isinstance(row, SourceError):
        raise row
    return {column: row[at].strip() if at < len(row) else "" for column, at in columns.items()}


def _item(values: dict[str, str], now: datetime, zone: tzinfo) -> Item:
    text, url = tidy(values["text"]), values.get("url", "")
    if not text:
        raise SourceError(_("The text is empty."))
    if url and not web_link(url):
        raise SourceError(_("“%(url)s” is not a web address.") % {"url": one_line(url, 80)})
    published_at = _moment(values.get("published_at", ""), now, zone)
    author = one_line(values.get("author", ""), 200)
    given, date = values.get("external_id", ""), values.get("published_at", "")
    return Item(
        external_id=identity(given, url, author, date, text),
        url=url,
        author=author,
        title=one_line(values.get("title", "")),
        text=text,
        published_at=published_at,
        language=one_line(values.get("language", ""), 10).lower(),
    )


def _moment(value: str, now: datetime, zone: tzinfo) -> datetime | None:
    if not value:
        return None
    try:
        at = datetime.fromisoformat(value)
        at = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        at = datetime.min.replace(tzinfo=UTC)
    if at < OLDEST:  # a person can mend it: it is not said to be of today
        message = _("“%(value)s” is not a date Tugon knows. Write it like 2026-11-23 14:05.")
        raise SourceError(message % {"value": one_line(value, 40)})
    if at > now + timedelta(days=1):
        raise SourceError(_("The date %(value)s lies in the future.") % {"value": one_line(value, 40)})
    return min(at, now)


def _refuse_repeat(items: dict[str, tuple[int, Item]], item: Item) -> None:
    if item.external_id in items:
        raise SourceError(_("This repeats line %(line)s.") % {"line": items[item.external_id][0]})


def _bounded(problems: list[Problem]) -> list[Problem]:
    if len(problems) <= MOST_PROBLEMS:
        return problems
    more = _("There are %(count)s more problems like these.") % {"count": len(problems) - MOST_PROBLEMS}
    return [*problems[:MOST_PROBLEMS], Problem(problems[MOST_PROBLEMS].line, more)]
