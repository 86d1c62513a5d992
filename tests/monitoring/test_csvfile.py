"""A file from anybody's spreadsheet: what is good is kept, what is not is named by its line."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from responses.monitoring.sources.base import SourceError
from responses.monitoring.sources.csvfile import LARGEST, MOST_PROBLEMS, MOST_ROWS, parse

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
GOOD = "text,url,author,published_at\nSunog sa pier ng Niño,https://x.example/1,Ana,2026-11-23 10:00\n"


def test_a_plain_file():
    parsed = parse(GOOD.encode(), NOW)
    (item,) = parsed.items
    assert parsed.problems == []
    assert (item.text, item.url, item.author) == ("Sunog sa pier ng Niño", "https://x.example/1", "Ana")
    assert item.published_at == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert item.external_id == parse(GOOD.encode(), NOW).items[0].external_id


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings(encoding):
    assert parse(GOOD.encode(encoding), NOW).items[0].text == "Sunog sa pier ng Niño"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter, ending):
    data = GOOD.replace(",", delimiter).replace("\n", ending).encode()
    assert len(parse(data, NOW).items) == 1


@pytest.mark.parametrize(
    "header",
    [
        "Text,Link,Author,Date",
        "TEKSTO,Kawing,May-akda,Petsa",
        "  mensahe , URL ,pangalan,petsa at oras",
        "Komento,address,user,oras",
    ],
)
def test_headers_in_english_and_filipino(header):
    (item,) = parse(GOOD.replace("text,url,author,published_at", header).encode(), NOW).items
    assert (item.url, item.author, item.published_at.hour) == ("https://x.example/1", "Ana", 10)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x81\x8d", "letters of this file"),
        (b"a\x81\x8d\x00b", "letters of this file"),
        (b"foo,bar\n1,2\n", "Found: “foo”, “bar”. Expected: text"),
        (b"x" * (LARGEST + 1), "larger than 5 MB"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data, words):
    with pytest.raises(SourceError, match=words):
        parse(data, NOW)


def test_each_bad_row_is_named_by_its_line_and_the_good_ones_are_kept():
    data = (
        "text,url,published_at\n"
        "good one,,\n"
        ",,\n"
        '"two\nlines",,2026-11-22\n'
        "bad link,javascript:alert(1),\n"
        "bad date,,23/11/2026\n"
        "future,,2030-01-01\n"
        ",https://x.example,\n"
        "good one,,\n"
        "short row\n"
    )
    parsed = parse(data.encode(), NOW)
    assert [item.text for item in parsed.items] == ["good one", "two\nlines", "short row"]
    found = {problem.line: problem.message for problem in parsed.problems}
    assert sorted(found) == [6, 7, 8, 9, 10]
    assert "not a web address" in found[6]
    assert "2026-11-23 14:05" in found[7]
    assert "in the future" in found[8]
    assert "text is empty" in found[9]
    assert "repeats line 2" in found[10]


def test_a_quotation_mark_left_open():
    parsed = parse(b'text\ngood\n"never closed\nmore\n', NOW)
    assert [item.text for item in parsed.items] == ["good"]
    assert [(problem.line, "not closed" in problem.message) for problem in parsed.problems] == [(3, True)]


def test_dates_without_a_zone_are_read_in_the_brands():
    (item,) = parse(GOOD.encode(), NOW, zone=ZoneInfo("Asia/Manila")).items
    assert item.published_at == datetime(2026, 11, 23, 2, tzinfo=UTC)


def test_rows_and_problems_are_bounded():
    parsed = parse(("text\n" + "".join(f"row {n}\n" for n in range(MOST_ROWS + 5))).encode(), NOW)
    assert len(parsed.items) == MOST_ROWS
    assert parsed.problems[-1].line == MOST_ROWS + 2
    many = parse(("text,url\n" + "x,bad\n" * 1000).encode(), NOW)
    assert len(many.problems) == MOST_PROBLEMS + 1
    assert "800 more" in many.problems[-1].message
