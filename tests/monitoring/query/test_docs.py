"""The page about the query language tells the truth."""

import re
from pathlib import Path

import pytest

from responses.monitoring.query import QueryError, caret, compile_query

PAGE = (Path(__file__).parents[3] / "docs" / "query-language.md").read_text()
_CELL = re.compile(r"`([^`]+)`")
LEFT = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `")]
RIGHT = [line.split("|")[2] for line in PAGE.partition("## Examples")[2].splitlines() if line.endswith("` |")]
_FIELD = re.compile(r"`(\w+:[^`\s:]+[^`]*)`")  # `author:"Juan dela Cruz"` within what a line explains
NAMED = _FIELD.findall(PAGE.partition("### What is known")[2].partition("## Examples")[0])
EXAMPLES = NAMED + [query for cell in LEFT + RIGHT for query in _CELL.findall(cell)]


def test_there_are_examples():
    assert len(LEFT) >= 10
    assert len(RIGHT) >= 14
    assert len(NAMED) >= 12


@pytest.mark.parametrize("query", EXAMPLES)
def test_every_example_is_understood(query):
    assert compile_query(query, {"our-ships": "amihan OR habagat"}).anchors


def test_the_shown_mistake_is_the_real_one():
    query = "ferry AND OR sunog"
    with pytest.raises(QueryError) as caught:
        compile_query(query)
    assert f"{caret(query, caught.value.position)}\n{caught.value.message}" in PAGE


@pytest.mark.parametrize("refused", ["NOT ferry", "fire OR NOT ferry"])
def test_what_the_page_calls_refused_is_refused(refused):
    assert f"`{refused}`" in PAGE
    with pytest.raises(QueryError):
        compile_query(refused)
