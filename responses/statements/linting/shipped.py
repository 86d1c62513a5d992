"""The rules that ship with Tugon, read from rules.toml once."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .phrases import Phrases

FILE = Path(__file__).parent / "rules.toml"
# Rules that are worked out rather than looked up; severity, and the types they are for when not for all.
WORKED_OUT = {
    "gap": "must",
    "victim_name": "must",
    "number": "warning",
    "variants": "warning",
    "key_message": "warning",
    "languages": "warning",
    "version": "warning",
    "shouting": "warning",
    "link": "warning",
    "cheerful": "hint",
    "reading": "hint",
}


@dataclass(frozen=True)
class Rule:
    name: str
    about: str  # need, avoid
    severity: str
    types: frozenset[str]
    phrases: Phrases
    unless: Phrases
    also: frozenset[str]
    where: str  # a finder that must be in the same sentence
    needs: str  # another need that fulfils this one too
    must_in: frozenset[str]  # types in which it is serious

    def is_for(self, type: str) -> bool:
        return not self.types or type in self.types

    def severity_in(self, type: str) -> str:
        return "must" if type in self.must_in else self.severity


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: _rule(name, row) for name, row in read.items()}


def _rule(name: str, row: dict) -> Rule:
    return Rule(
        name,
        row["about"],
        row["severity"],
        frozenset(row.get("types", ())),
        Phrases([*row.get("en", ()), *row.get("fil", ())]),
        Phrases(row.get("unless", ())),
        frozenset(row.get("also", ())),
        row.get("with", ""),
        row.get("needs", ""),
        frozenset(row.get("must_in", ())),
    )


def names() -> list[str]:
    """Every rule that ships, those of the file first."""
    return [*rules(), *WORKED_OUT]
