"""Running the demo: the story's feed and the practice server here, web server and worker beside it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from .feed import Story, StoryServer
from .practice import PracticeServer
from .staging import PASSWORD

START_SECONDS = 60
STOP_SECONDS = 30  # the worker's supervisor grants its cluster 25


class CannotStart(Exception):
    """The demo cannot run, in words for the person at the terminal."""


def require_free(port: int, home: Path) -> None:
    """Refuse a port or a data folder that is in use, and say by whom as far as we know."""
    note = home / "running.json"
    if note.exists():
        running = json.loads(note.read_text())
        if alive(running["pid"]) and running["pid"] != os.getpid():
            raise CannotStart(
                f"Tugon already runs on {home}: "
                f"http://localhost:{running['port']} (process {running['pid']}).\n"
                "Stop it with Ctrl-C there, or start a second copy: "
                f"PORT={port + 1} TUGON_HOME=.tugon2 make demo"
            )
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CannotStart(
                f"Port {port} is in use, perhaps by another Tugon. "
                f"Choose another one: PORT={port + 1} make demo"
            ) from error


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class Stage:
    """The outside world of the demo: kept in TUGON_HOME so that it is the same after a restart."""

    def __init__(self, home: Path, days: int = 30):
        self.home, self.file = home, home / "story.json"
        kept = json.loads(self.file.read_text()) if self.file.exists() else {}
        began_at = datetime.fromisoformat(kept["began_at"]) if kept else datetime.now(UTC)
        self.story = Story(began_at, days=kept.get("days", days))
        self.feed = on_port(lambda port: StoryServer(self.story, port), kept.get("feed", 0))
        self.practice = on_port(
            lambda port: PracticeServer(home / "practice.json", PASSWORD, port), kept.get("practice", 0)
        )

    def keep(self) -> None:
        kept = {
            "began_at": self.story.began_at.isoformat(),
            "days": self.story.days,
            "feed": self.feed.port,
            "practice": self.practice.port,
        }
        self.file.write_text(json.dumps(kept))

    @property
    def origins(self) -> list[str]:
        return [f"http://127.0.0.1:{self.feed.port}", self.practice.url]

    def __enter__(self):
        self.feed.start()
        self.practice.start()
        return self

    def __exit__(self, *_):
        self.feed.stop()
        self.practice.stop()


def on_port(make, port: int):
    """The server on the port it had before: the brands' sources and channels name it."""
    try:
        return make(port)
    except OSError as error:
        raise CannotStart(
            f"Port {port}, which this demo's feed has used, is taken. Begin anew: manage.py demo --reset"
        ) from error


@contextmanager
def processes(port: int, home: Path, environment: dict[str, str]):
    """Web server and worker, each in a process group of its own; both are ended on the way out."""
    environment = {
        **environment,
        "DJANGO_SETTINGS_MODULE": "agency.settings.dev",
        "TUGON_ADDRESS": f"http://localhost:{port}",
    }
    log = (home / "server.log").open("ab")
    web = [sys.executable, "-m", "gunicorn", "agency.wsgi", "--bind", f"127.0.0.1:{port}"]
    web += ["--workers", "2", "--threads", "4", "--log-level", "warning", "--timeout", "60"]
    web += ["--config", "python:tenants.tethering"]
    work = [sys.executable, "manage.py", "work", "--tethered"]
    started = [begin(words, environment, log) for words in (web, work)]
    try:
        yield started
    finally:
        for process in started:
            process.terminate()
        for process in started:
            end(process)
        log.close()


def begin(words, environment: dict[str, str], log):
    """A child ends when the other end of its standard input closes: also when we are killed."""
    return subprocess.Popen(
        words, cwd=Path(settings.BASE_DIR), env=environment,
        stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True,
    )  # fmt: skip


def end(process) -> None:
    """Wait for a process that was asked to stop; then insist."""
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(url: str, process, log: Path) -> None:
    """Until the page answers; a server that ended meanwhile is said so."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise CannotStart(f"The web server ended at once; {log} says why.")
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310  (our own address)
            return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise CannotStart(f"No answer from {url} within {START_SECONDS} s; see {log}.")
