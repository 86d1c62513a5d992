"""The written statements the lint is measured on, and how one is read."""

import tomllib
from pathlib import Path

from responses.statements.linting import HINT, MUST, BrandRule, Context, Finding, Text, lint

HERE = Path(__file__).parent


def read(*names: str) -> list[dict]:
    found = []
    for name in names:
        for row in tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))["statement"]:
            found.append({"language": "fil" if name.endswith("_fil") else "en", **row})
    return found


def findings(row: dict) -> list[Finding]:
    """What the lint says of it that is not a mere hint."""
    texts = [Text("newsroom", row["text"].strip())]
    if "short" in row:
        texts.append(Text("bluesky", row["short"].strip(), is_short=True))
    words = tuple(row.get("do_not_say", ()))
    rules = (BrandRule(1, "do_not_say", words, MUST),) if words else ()
    facts = (*row.get("facts", ()), *row.get("more_facts", ()))
    context = Context(facts=facts, messages=tuple(row.get("messages", ())), rules=rules)
    return [one for one in lint(row["type"], row["language"], texts, context) if one.severity != HINT]


def rules_of(row: dict) -> set[str]:
    return {one.rule.partition(":")[0] for one in findings(row)}


def missed(rows) -> list[str]:
    """The faulty ones that are not flagged for the right reason."""
    return [
        f"{row['name']}: {row['wrong']} not in {sorted(rules_of(row))}"
        for row in rows
        if row["wrong"] not in rules_of(row)
    ]


def flagged(rows) -> list[str]:
    """The sound ones that are flagged all the same."""
    return [
        f"{row['name']}: {[(one.rule, one.passage) for one in findings(row)]}"
        for row in rows
        if findings(row)
    ]
