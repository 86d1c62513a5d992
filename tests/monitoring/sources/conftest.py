from collections.abc import Iterator

import pytest

from responses.monitoring.sources import tokens
from tests.monitoring.sources.provider import Provider, served


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    yield from served()


@pytest.fixture(autouse=True)
def _nobody_is_signed_in() -> Iterator[None]:
    tokens.forget_all()
    yield
    tokens.forget_all()
