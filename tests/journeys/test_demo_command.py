"""The command of `make demo`: it starts, answers, refuses a second copy, stops cleanly and keeps its data."""

import os
import queue
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from tests.stack import ROOT, free_port

pytestmark = pytest.mark.slow

START_SECONDS = 480  # nothing is said about a busy machine's speed; the first start stages the story
STOP_SECONDS = 90


class Demo:
    """One `manage.py demo` at a terminal: what it says, what it started, and Ctrl-C."""

    def __init__(self, home: Path, port: int):
        self.home, self.port, self.said = home, port, ""
        self.lines: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, "-u", "manage.py", "demo", "--days", "2"],
            cwd=ROOT, env=environment(home, port), text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def until(self, words: str, seconds: float) -> str:
        """All it said up to the line with these words."""
        deadline = time.monotonic() + seconds
        while words not in self.said:
            line = self.lines.get(timeout=max(0.1, deadline - time.monotonic()))
            assert line is not None, f"It ended before it said {words!r}:\n{self.said}"
            self.said += line
        return self.said

    def ended(self, seconds: float) -> tuple[int, str]:
        code = self.process.wait(seconds)
        while (line := self.lines.get(timeout=5)) is not None:
            self.said += line
        return code, self.said

    def interrupt(self) -> None:
        """What a terminal does on Ctrl-C: the signal goes to its whole foreground group."""
        os.killpg(self.process.pid, signal.SIGINT)

    def family(self) -> set[int]:
        """It, all that it started, and the database server that came with it."""
        children = descendants(self.process.pid)
        postmaster = self.home / "postgres" / "postmaster.pid"
        return children | {int(postmaster.read_text().split()[0])}

    def kill(self) -> None:
        if self.process.poll() is None:
            for pid in self.family() | {self.process.pid}:
                end_now(pid)
            self.process.wait(10)


def environment(home: Path, port: int) -> dict[str, str]:
    """A user's: no database of their own, nothing of the tests'."""
    without = ("DATABASE_URL", "TUGON_EMBEDDED", "DJANGO_SETTINGS_MODULE", "TUGON_ALLOWED_ORIGINS")
    kept = {name: value for name, value in os.environ.items() if name not in without}
    return kept | {"TUGON_HOME": str(home), "PORT": str(port), "PYTHONWARNINGS": "ignore"}


def descendants(pid: int) -> set[int]:
    listed = subprocess.run(["ps", "-axo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = [tuple(map(int, row.split())) for row in listed.splitlines()]
    found = {pid}
    while more := {child for child, parent in parents if parent in found} - found:
        found |= more
    return found


def end_now(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def is_alive(pid: int) -> bool:
    """A zombie that nobody has reaped yet counts as ended."""
    shown = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(shown.stdout.strip()) and not shown.stdout.strip().startswith("Z")


def none_left(pids: set[int], seconds: float = STOP_SECONDS) -> set[int]:
    """Those of the processes still alive after a while; empty is what we want."""
    deadline = time.monotonic() + seconds
    while (left := {pid for pid in pids if is_alive(pid)}) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def get(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://localhost:{port}{path}", timeout=60) as answer:
        return answer.read().decode()


@pytest.fixture
def home():
    with tempfile.TemporaryDirectory(prefix="tugon-demo-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # run as root, the database server is another account
        yield Path(folder)


@pytest.fixture
def start(home):
    running: list[Demo] = []

    def begin(port: int) -> Demo:
        running.append(Demo(home, port))
        return running[-1]

    yield begin
    for demo in running:
        demo.kill()


def test_it_starts_refuses_a_second_copy_stops_starts_again_with_its_data_and_dies_whole(home, start):
    port = free_port()
    demo = start(port)
    said = demo.until("Ctrl-C stops Tugon.", START_SECONDS)
    assert f"http://localhost:{port}/" in said
    assert "lea@habi.example" in said and "tugon-demo" in said
    assert "Lea Reyes" in get(port, "/accounts/login/")
    newsroom = get(port, "/newsroom/isla/")
    assert "Isla Ferries" in newsroom

    code, words = start(port).ended(STOP_SECONDS)
    assert code == 1
    assert "already runs" in words and f"http://localhost:{port}" in words and "Traceback" not in words

    family = demo.family()
    assert len(family) > 5, "web server, worker and database are expected in the family"
    demo.interrupt()
    code, words = demo.ended(STOP_SECONDS)
    assert code == 0 and "Tugon has stopped" in words and "Traceback" not in words
    assert none_left(family) == set()

    again = start(port)
    said = again.until("Ctrl-C stops Tugon.", START_SECONDS)
    assert "Setting the stage" not in said
    assert titles(get(port, "/newsroom/isla/")) == titles(newsroom) != []
    family = again.family()
    end_now(again.process.pid)
    assert none_left(family) == set(), "also kill -9 of the command alone ends all, the database too"


def test_a_first_start_cut_short_is_begun_anew(start):
    port = free_port()
    demo = start(port)
    demo.until("Isla Ferries: a month of mentions", START_SECONDS)
    demo.interrupt()
    assert demo.ended(STOP_SECONDS)[0] == 0
    said = start(port).until("Ctrl-C stops Tugon.", START_SECONDS)
    assert "The first start was cut short." in said
    assert len(titles(get(port, "/newsroom/isla/"))) == 2


def titles(page: str) -> list[str]:
    return re.findall(r"<h2[^>]*>(.*?)</h2>", page, re.DOTALL)


def test_a_port_in_use_is_said_so(start):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, words = start(port).ended(STOP_SECONDS)
    assert code == 1
    assert f"Port {port} is in use" in words and f"PORT={port + 1}" in words and "Traceback" not in words
