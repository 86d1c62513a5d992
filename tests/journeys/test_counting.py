"""The counter beside the text counts as the house does, letter for letter, in a real browser."""

import random
from pathlib import Path

import pytest
from django.conf import settings

from responses.statements.limits import COUNTS
from tests.seeds import chosen_seed

pytestmark = pytest.mark.browser

TEXTS = [
    "",
    "Ligtas po ang lahat — ñ é ü …",
    "cafe\u0301 日本語 ᜋᜓᜎ",
    "👩‍👩‍👧 🇵🇭🇵🇭 👍🏽 1️⃣ © ❤ ❤️ ☎",
    "https://isla.example/a?b=1&c=ñ#d, isla.com. isla.com.ph/news dti.gov.ph ok.So v1.2 juan@isla.com",
    "@coast@guard.example, @isla and a@b @x@y.z (https://isla.example/x)",
    "line one\r\nline two\n\n  spaces   ",
]
PIECES = [
    "a", "ñ", "日", "👩‍👩‍👧", "🇵🇭", "👍🏽", "1️⃣", "e\u0301", ".", ",", " ", "\n", "@isla", "#x",
    "@a@b.example", "https://isla.example/x", "http://a.co", "isla.com", "x.ph", "isla.com.ph/n",
    "(", ")", "”", "’", "-", "_", "/",
]  # fmt: skip


def texts():
    seed = chosen_seed()
    print(f"seed {seed}")
    dice = random.Random(seed)
    yield from TEXTS
    for _turn in range(400):
        yield "".join(dice.choice(PIECES) for _piece in range(dice.randint(1, 40)))


def test_it_counts_as_the_house_does(browser):
    page = browser.new_page()
    try:
        page.add_script_tag(path=Path(settings.BASE_DIR, "agency/static/agency/counting.js"))
        said = [(text, how) for text in texts() for how in COUNTS]
        counted = page.evaluate("said => said.map(([text, how]) => tugonCount(text, how))", said)
    finally:
        page.close()
    wrong = [
        (text, how, number, COUNTS[how](text.replace("\r\n", "\n")))
        for (text, how), number in zip(said, counted, strict=True)
        if number != COUNTS[how](text.replace("\r\n", "\n"))
    ]
    assert wrong[:5] == []
