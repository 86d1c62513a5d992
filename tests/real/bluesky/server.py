"""A real Bluesky server (PDS) on loopback, in a process group of its own, for as long as a test run lasts."""

import contextlib
import json
import os
import queue
import signal
import socket
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atproto_client.client.raw import ClientRaw
from atproto_client.request import Request

from .install import HERE, Unavailable, installed, node_program

START_SECONDS = 90
STOP_SECONDS = 10


@dataclass(frozen=True)
class Account:
    did: str
    handle: str
    password: str
    session: Any

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.session.access_jwt}"}


class BlueskyServer:
    """`with BlueskyServer(home) as server:` and `server.url` answers."""

    def __init__(self, home: Path):
        self.home = home
        self.url = ""
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> "BlueskyServer":
        folder = installed(self.home)
        self.data = tempfile.TemporaryDirectory(prefix="tugon-bluesky-", ignore_cleanup_errors=True)
        self.process = self._start(folder)
        try:
            self.url = self._wait_for_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def client(self) -> ClientRaw:
        return ClientRaw(base_url=self.url, request=Request(timeout=20))

    def create_account(self, handle: str, password: str = "correct-horse-battery") -> Account:
        """A new account; `handle` without a dot becomes `handle.test`, as this server names its people."""
        full = handle if "." in handle else f"{handle}.test"
        asked = {"handle": full, "email": f"{full}@example.com", "password": password}
        session = self.client().com.atproto.server.create_account(asked)
        return Account(did=session.did, handle=full, password=password, session=session)

    def stop(self) -> None:
        """Stops the whole group; safe to call twice."""
        if self.process is not None:
            _end_group(self.process)
            self.data.cleanup()

    def pause(self) -> None:
        """Takes connections, answers nothing: what a hanging server looks like from outside."""
        os.killpg(self._running().pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.killpg(self._running().pid, signal.SIGCONT)

    def _running(self) -> subprocess.Popen[str]:
        if self.process is None:
            raise RuntimeError("The server was not started.")
        return self.process

    def _start(self, folder: Path) -> subprocess.Popen[str]:
        pds_port, plc_port = _free_ports(2)
        # Modules are looked up beside the script, so the script is run from where they are installed.
        script = folder / "run.mjs"
        script.write_text((HERE / "run.mjs").read_text())
        return subprocess.Popen(
            [node_program(), "--dns-result-order=ipv4first", str(script), str(pds_port), str(plc_port)],
            cwd=folder,
            env=os.environ | {"LOG_ENABLED": "false", "TMPDIR": self.data.name},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def _wait_for_ready(self) -> str:
        lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=_copy_lines, args=(self._running(), lines), daemon=True).start()
        said: list[str] = []
        try:
            while (line := lines.get(timeout=START_SECONDS)) is not None:
                if url := _ready_url(line):
                    return url
                said.append(line)
        except queue.Empty:
            raise Unavailable(f"the server was not ready after {START_SECONDS} s") from None
        raise Unavailable("the server ended while starting:\n" + "".join(said[-12:]))


def _copy_lines(process: subprocess.Popen[str], lines: "queue.Queue[str | None]") -> None:
    """Reads to the end, also when nobody listens any more: a full pipe would stop the server."""
    for line in process.stdout or ():
        lines.put(line)
    lines.put(None)


def _ready_url(line: str) -> str:
    with contextlib.suppress(ValueError, AttributeError):
        return str(json.loads(line).get("url", ""))
    return ""


def _free_ports(count: int) -> list[int]:
    """Held open together, so that they differ from each other."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _end_group(process: subprocess.Popen[str]) -> None:
    for sign in (signal.SIGCONT, signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        if sign == signal.SIGCONT:
            continue
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
            return
