"""The lists of words.toml, read once."""

import tomllib
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parent / "words.toml"


@lru_cache(maxsize=1)
def _read() -> dict:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def words(name: str) -> frozenset[str]:
    return frozenset(_read()[name].split())


def numbers(name: str) -> dict[str, int]:
    return dict(_read()[name])
