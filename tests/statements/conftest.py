"""Pages and deeds in one test."""

import pytest

from tests.agreeing import agree, seat, someone  # noqa: F401
from tests.staying import StayingClient


@pytest.fixture
def client(db):
    return StayingClient()
