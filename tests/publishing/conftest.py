"""A channel that says whatever the test wants, and remembers everything that was sent to it."""

from dataclasses import dataclass, field

import pytest

from responses.publishing.channels.base import CHANNELS, ChannelError, Known, ReadBack, Sent
from responses.statements import limits


@dataclass
class FakeWorld:
    """The outside: `says` is what the next sends meet, `public` is what stands there by key."""

    says: list = field(default_factory=list)
    public: dict = field(default_factory=dict)
    calls: list = field(default_factory=list)
    reads: object = None  # a ChannelError to raise when read
    repeatable: bool = False
    readable: bool = True
    before_answer: object = None  # called after the post stands and before the sender hears of it

    def send(self, key, text):
        self.calls.append(key)
        said = self.says.pop(0) if self.says else None
        if not isinstance(said, ChannelError) or said.unknown:
            self.public.setdefault(key, []).append(text)
        if self.before_answer:
            self.before_answer()
        if isinstance(said, BaseException):
            raise said
        return Sent(key, f"https://fake.example/{key}")

    def read(self, key):
        if self.reads:
            raise self.reads
        texts = self.public.get(key)
        return ReadBack(texts[0], external_id=key, url=f"https://fake.example/{key}") if texts else None


def adapter_of(world):
    class FakeChannel:
        kind = "fake"
        repeatable = property(lambda self: world.repeatable)
        readable = property(lambda self: world.readable)

        @classmethod
        def opened(cls, config, secrets, *, now):
            return cls()

        def check(self):
            return Known("fake")

        def send(self, post):
            return world.send(post.key, post.text)

        def read_back(self, post, external_id=""):
            return world.read(external_id or post.key)

    return FakeChannel


@pytest.fixture
def outside(monkeypatch):
    world = FakeWorld()
    monkeypatch.setitem(CHANNELS, "fake", adapter_of(world))
    monkeypatch.setitem(limits.LIMITS, "fake", limits.Limit(1000))
    return world
