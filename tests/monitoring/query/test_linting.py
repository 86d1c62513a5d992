"""Advice while a query is written, and the command that tries one on texts."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from responses.monitoring.query import lint

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("query", "position", "words"),
    [
        ("ferry or sunog", 6, "write OR"),
        ("ferry and sunog", 6, "write AND"),
        ("ferry near/5 sunog", 6, "write NEAR/5"),
        ("ferry sunog OR usok", 12, "AND binds before OR"),
        ("ferry OR sunog AND usok", 6, "AND binds before OR"),
        ("(aa (bb OR cc dd))", 8, "AND binds before OR"),
        ("ferry NOT NOT drill", 6, "NOT twice"),
        ("ferry NOT (NOT drill)", 6, "NOT twice"),
        ("ferry x", 6, "single letter"),
        ("ferry OR ang", 9, "nearly every mention"),
        ("sentiment:negative", 0, "nearly every mention"),
        ("ferry autor:juan", 6, "“autor:” is no field"),
        ("anong ferry ba? NOT nasaan?", 20, "does not ask"),
    ],
)
def test_what_was_probably_not_meant_is_said(query, position, words):
    assert any(advice.position == position and words in advice.words for advice in lint(query)), lint(query)


@pytest.mark.parametrize(
    "query",
    [
        "(ferry OR barko) (sunog OR usok) NOT (drill OR pagsasanay)",
        '"and or not" OR ferry',
        "ferry AND sunog AND NOT drill",
        "#x OR https://t.co/x",
        "ang ferry",
        "not closed (",
    ],
)
def test_what_is_well_written_is_left_alone(query):
    assert lint(query) == []


def run(*words, text=""):
    command = [sys.executable, "manage.py", "match_query", *words]
    return subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, timeout=120)


def test_the_command_prints_the_lines_that_match():
    done = run("sun?g NEAR/2 ferry", text="Ferry na SUNOG\nferry\nsúnog sa ferry!\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Ferry na SUNOG\nsúnog sa ferry!\n", "")


def test_the_command_points_at_a_mistake_and_ends_with_two():
    done = run("ferry AND OR sunog", text="ferry\n")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("ferry AND OR sunog\n          ^\nA word, a phrase")


def test_the_command_lints():
    said = io.StringIO()
    call_command("match_query", "ferry or sunog", "--lint", stdout=said)
    assert said.getvalue().startswith("ferry or sunog\n      ^\n“or” in small letters")
