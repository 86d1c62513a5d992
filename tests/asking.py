"""A process of the product that runs what a test asks of it, one piece of code after another.

A shell per question would pay for Django's start each time. `Shell` is the test's end; run as a program,
this is the other.
"""

import contextlib
import io
import json
import os
import select
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 300


class Shell:
    """`ask(code)` returns what the code printed. The process begins with the first question."""

    def __init__(self, environment: Callable[[], dict[str, str]]):
        self.environment = environment
        self.process: subprocess.Popen[str] | None = None

    def ask(self, code: str) -> str:
        """What the code prints; RuntimeError with its traceback when it fails."""
        self.process = self.process or self.begin()
        there, back = self.process.stdin, self.process.stdout
        assert there and back
        there.write(json.dumps(code) + "\n")
        there.flush()
        if not select.select([back], [], [], SECONDS)[0]:
            raise RuntimeError(f"no answer within {SECONDS} s to:\n{code}")
        answer = json.loads(back.readline() or '{"said": "", "failed": "the shell has ended"}')
        if answer["failed"]:
            raise RuntimeError(answer["said"] + answer["failed"])
        return str(answer["said"])

    def begin(self) -> subprocess.Popen[str]:
        words = [sys.executable, "-m", "tests.asking"]
        return subprocess.Popen(
            words, cwd=ROOT, env=self.environment(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __enter__(self) -> "Shell":
        return self

    def __exit__(self, *error: object) -> None:
        if self.process:
            self.process.kill()
            self.process.communicate()


def answer() -> None:
    """Read questions until nobody asks any more."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.settings.dev")
    django.setup()
    from django.db import connection

    from tenants import context

    for line in sys.stdin:
        said, failed = io.StringIO(), ""
        try:
            with contextlib.redirect_stdout(said):
                exec(json.loads(line), {})
        except Exception:
            failed = traceback.format_exc()
        context.leave()
        connection.close()  # each question as a process of its own would ask it
        print(json.dumps({"said": said.getvalue(), "failed": failed}), flush=True)


if __name__ == "__main__":
    answer()
