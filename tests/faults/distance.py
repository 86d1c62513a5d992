"""A small proxy between the product and its PostgreSQL, so that a test can take the database away.

While `away`, open connections are cut in the middle of whatever they do and new ones are turned off.
"""

import os
import socket
import threading
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit


class Distance:
    """`with Distance(database_url) as it: it.url` leads to the same database as long as it is not away."""

    def __init__(self, database_url: str):
        self.parts = urlsplit(database_url)
        self.lines: set[socket.socket] = set()
        self.lock = threading.Lock()
        self.present = True

    def __enter__(self) -> "Distance":
        self.door = socket.create_server(("127.0.0.1", 0))
        port = self.door.getsockname()[1]
        person = (self.parts.netloc.rpartition("@")[0] or self.parts.username or "postgres") + "@"
        self.url = f"{self.parts.scheme}://{person}127.0.0.1:{port}{self.parts.path}?sslmode=disable"
        threading.Thread(target=self.receive, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.door.close()
        self.leave()

    def leave(self) -> None:
        """From now on the database is away."""
        with self.lock:
            self.present = False
            for line in self.lines:
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)
            self.lines.clear()

    def return_(self) -> None:
        with self.lock:
            self.present = True

    def receive(self) -> None:
        while True:
            try:
                near, _address = self.door.accept()
            except OSError:
                return
            threading.Thread(target=self.connect, args=(near,), daemon=True).start()

    def connect(self, near: socket.socket) -> None:
        with near:
            with self.lock:
                if not self.present:
                    return
                far = self.reach()
                self.lines |= {near, far}
            with far:
                back = threading.Thread(target=carry, args=(far, near), daemon=True)
                back.start()
                carry(near, far)
                back.join()
            with self.lock:
                self.lines -= {near, far}

    def reach(self) -> socket.socket:
        """A connection to the real server, which listens on a port or on a socket in a folder."""
        folder = parse_qs(self.parts.query).get("host", [""])[0] or os.environ.get("PGHOST", "")
        if not folder.startswith("/"):
            return socket.create_connection((self.parts.hostname or "127.0.0.1", self.parts.port or 5432))
        far = socket.socket(socket.AF_UNIX)
        far.connect(f"{folder}/.s.PGSQL.{self.parts.port or 5432}")
        return far


def carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    for line in (source, target):
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
