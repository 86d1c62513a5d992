import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.monitoring.hostile import HostileServer, serve


@pytest.fixture
def hostile() -> Iterator[HostileServer]:
    with serve() as server:
        yield server


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def connected_to(monkeypatch) -> list[str]:
    """The addresses somebody tried to talk to; nobody gets through."""
    seen: list[str] = []

    def connect(self, address):
        # The resolver itself may connect to a name server, and the database is no stranger.
        if isinstance(address, tuple) and address[1] in (80, 443):
            seen.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    return seen
