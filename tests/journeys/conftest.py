"""One running product and one real Chromium for all journeys."""

import pytest

from tests.stack import Stack, free_port

from .visiting import Visitors

STRANGER = f"http://127.0.0.1:{free_port()}"  # where a test may serve what a stranger's server would


@pytest.fixture(scope="session")
def stack():
    with Stack(allow=(STRANGER,)) as running:
        yield running


@pytest.fixture
def visitors(browser, stack):
    """visitors.sign_in("lea") → a page; at the end no page may have broken or been refused by the CSP."""
    with Visitors(browser, stack) as group:
        yield group
