"""A process that forks children to be killed. Forking spares each new start the seconds of importing.

The child side is a module run with `python -m`, whose main calls `serve(deed)`; the test's side is `Forker`.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

ROOT = Path(__file__).resolve().parents[1]


def serve(deed) -> None:
    """“go” on the standard input forks a child that does the deed. The next line kills it with -9, if it

    still lives, or waits for it; then how it ended is printed. A child nobody has asked after keeps its
    pid, so nobody else is hit.
    """
    say("ready")
    while sys.stdin.readline():
        child = os.fork()
        if child == 0:
            deed()
            os._exit(0)
        if sys.stdin.readline().strip() == "kill":
            os.kill(child, signal.SIGKILL)
        _pid, status = os.waitpid(child, 0)
        say("killed" if os.WIFSIGNALED(status) else f"ended {os.waitstatus_to_exitcode(status)}")


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def database_url() -> str:
    """Of the database this test runs in, for a process of its own."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path="/" + connection.settings_dict["NAME"]))


def environment(**more: str) -> dict[str, str]:
    """Of a process that works on this test's database."""
    own = {"DJANGO_SETTINGS_MODULE": "agency.settings.test", "DATABASE_URL": database_url()}
    return os.environ | own | more


class Forker:
    """The forking process, in a group of its own."""

    def __init__(self, module: str, *words: str, **more: str):
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, *words],
            cwd=ROOT,
            env=environment(**more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def __enter__(self):
        assert self.process.stdout.readline().strip() == "ready"
        return self

    def __exit__(self, *error):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def tell(self, word: str) -> None:
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def go(self) -> None:
        self.tell("go")

    def kill(self) -> bool:
        """Whether it was still at it."""
        return self._ending("kill")

    def finish(self) -> None:
        """Let it come to its end."""
        assert not self._ending("wait")

    def _ending(self, word: str) -> bool:
        self.tell(word)
        ended = self.process.stdout.readline().strip()
        assert ended in {"killed", "ended 0"}, ended
        return ended == "killed"
