"""Servers of other projects, started once per run. Where one cannot run, the summary says so loudly."""

import os
from collections.abc import Iterator

import pytest

from tenants import embedded
from tests.left_out import leave_out

from .bluesky.install import Unavailable, node_program
from .bluesky.server import BlueskyServer


@pytest.fixture(scope="session")
def bluesky(request: pytest.FixtureRequest) -> Iterator[BlueskyServer]:
    """A real Bluesky server. In CI, where Node is there, one that does not start is a failure."""
    try:
        node_program()
        server = BlueskyServer(embedded.home()).__enter__()
    except Unavailable as reason:
        if os.environ.get("CI") == "true" and _has_node():
            raise
        leave_out(request.config, "real Bluesky server", str(reason))
    try:
        yield server
    finally:
        server.stop()


def _has_node() -> bool:
    try:
        node_program()
    except Unavailable:
        return False
    return True
