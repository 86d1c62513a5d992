from collections.abc import Iterator

import pytest

from tests.publishing.channels.provider import ChannelProvider, served


@pytest.fixture(scope="session")
def provider() -> Iterator[ChannelProvider]:
    yield from served()
