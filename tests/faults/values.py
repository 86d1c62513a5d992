"""What an attacker or a clumsy person sends where a word, a number or a date was asked for."""

import os
import random
from urllib.parse import quote

from tests.seeds import chosen_seed

WORDS = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "x\udfff",
    "\u202eevil\u202c",
    "\u200b\u200d\ufeff",
    "😀" * 60,
    "🧑‍🚒",
    "x" * 10_000,
    "ñ" * 4097,
    "e\u0301" * 500,
    "a\r\nb",
    "\x1b[31m",
    "\x85\u2028",
    "<script>alert(1)</script>",
    "{{ 7|add:7 }}",
    "%s%(x)s%",
    "'; DROP TABLE responses_event; --",
    "../../../etc/passwd",
    "\\",
    "(((((",
    "(" * 3000,
    'a"b',
    "NOT",
    "a AND",
    "*",
    "None",
    "null",
    "[]",
    "{}",
    "true",
    "on",
    "=cmd()",
    "@",
    "a@b",
    "a@b.c" * 60,
    "x@" + "y" * 300 + ".example",
    "ｆｕｌｌ",
    "ǆ",
    "İstanbul",
    "‎",
    "\ufffe",
]
NUMBERS = [
    "-1",
    "0",
    "00",
    "+1",
    "1.5",
    "1e5",
    "1e309",
    "NaN",
    "inf",
    "-0",
    "٣",
    "²",
    "①",
    "1_000",
    " 7 ",
    "0x10",
    str(2**15),
    str(2**31 - 1),
    str(2**31),
    str(-(2**31) - 1),
    str(2**63 - 1),
    str(2**63),
    str(2**200),
    "9" * 5000,
]
TIMES = [
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "2026-13-45",
    "10000-01-01",
    "0001-01-01T00:00:00Z",
    "24:00",
    "9999-12-31T23:59:59.999999Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "now",
    "garbage",
]
ADDRESSES = [
    "http://",
    "http://[::1",
    "http://[::1]/",
    "https://\x00/",
    "http://169.254.169.254/latest",
    "file:///etc/passwd",
    "http://127.0.0.1:1/",
    "//evil.example",
    "http://a:b@[fe80::1%25eth0]/",
    "http://127.0.0.1:99999/",
    "gopher://x/",
    "javascript:alert(1)",
    "http://\u202e.example/",
    "http://" + "a" * 300 + ".example/",
    "http://xn--a/",
    "http://...",
    "http://127.0.0.1:/" + "a" * 5000,
    "http://127.0.0.1\\@evil.example/",
]
EVERYTHING = WORDS + NUMBERS + TIMES + ADDRESSES
RAW = [b"\xff\xfe", b"\xed\xa0\x80", b"%", b"%zz", b"\xc0\x80", b"+" * 50]  # no text at all
DEEP: list = [[]]
for _ in range(200):
    DEEP = [DEEP]
JSON = [*WORDS, None, True, False, 0, -1, 2**31, 2**63, 2**200, 1.5, -1e300, [], [None], {}, {"a": []}, DEEP]
TIMES_OVER = 20 if os.environ.get("TUGON_SOAK") else 1


def dice(name: str) -> tuple[random.Random, str]:
    """A seeded random of its own per test, and the words that let anybody repeat what it did."""
    seed = chosen_seed()
    return random.Random(f"{seed} {name}"), f"repeat with TUGON_SEED={seed}"  # noqa: S311  (nothing secret)


def wire(pairs) -> bytes:
    """Names and values as a form sends them, also what is no proper text."""
    return b"&".join(spell(name) + b"=" + spell(value) for name, value in pairs)


def spell(value) -> bytes:
    if isinstance(value, bytes):
        return value if value in RAW else quote(value).encode()
    return quote(str(value).encode("utf-8", "surrogatepass"), safe="").encode()
