"""One public post of the story, and how texts on disk become posts."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

TEXTS = Path(__file__).parent / "texts"
MANILA = ZoneInfo("Asia/Manila")


@dataclass(frozen=True, slots=True)
class Post:
    guid: str
    published_at: datetime
    author: str
    author_url: str
    title: str  # empty for a post, the headline for an article
    text: str
    url: str
    lang: str  # "en" or "fil"; Taglish counts as "fil"


@cache
def texts(name: str) -> dict[str, Any]:
    with (TEXTS / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def lines(block: str) -> list[str]:
    return [line for line in block.splitlines() if line.strip()]


def cells(block: str) -> list[list[str]]:
    """Rows of `a | b | c`, as the text files write them."""
    return [[cell.strip() for cell in line.split("|")] for line in lines(block)]


class Slots(dict[str, str]):
    """Draws a word the first time a {slot} is named in a text, and keeps it to the end of that text."""

    def __init__(self, rng: Random, choices: dict[str, list[str]]):
        super().__init__()
        self.rng, self.choices = rng, choices

    def __missing__(self, key: str) -> str:
        self[key] = self.rng.choice(self.choices[key])
        return self[key]


def handle(rng: Random) -> str:
    common = texts("common")
    first, last = rng.choice(common["first"].split()), rng.choice(common["last"].split())
    return first + last if last[0] in "_0123456789" else f"{first}_{last}"


def social(guid: str, at: datetime, author: str, text: str, lang: str) -> Post:
    page = f"https://kwento.example/@{author}"
    return Post(guid, at, author, page, "", text, f"{page}/{guid}", lang)


def article(guid: str, at: datetime, outlet: str, title: str, text: str, lang: str) -> Post:
    site = f"https://{slug(outlet)}.example"
    return Post(guid, at, outlet, site, title, text, f"{site}/{guid}", lang)


def slug(name: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())
