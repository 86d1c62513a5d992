"""No adapter can be talked into the network Tugon runs in: not by what a person enters, not by a server.

Every key that an adapter reads from its config is classed here as an address or not; one that is in neither
class fails the first test, so that a new adapter cannot come without its case.
"""

import json
import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from responses.monitoring.asking import Asking
from responses.monitoring.guarding import is_public
from responses.monitoring.source_forms import FORMS
from responses.monitoring.sources.base import SourceError
from responses.monitoring.sources.registry import SOURCES
from tests.monitoring.addresses import HOSTILE, PRIVATE, PUBLIC, Resolver, numbers_only
from tests.monitoring.hostile import Handler, HostileServer, serve

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """A config that works, and which of its keys hold an address; `others` are read too, but hold none.

    `shown` are addresses that Tugon never asks: mentions are linked to them.
    """

    config: dict
    addresses: tuple[str, ...] = ()
    others: tuple[str, ...] = field(default=())
    shown: tuple[str, ...] = ()

    @property
    def keys(self) -> set[str]:
        return {*self.config, *self.addresses, *self.others, *self.shown}


def key_file() -> str:
    """What Google gives away for a service account, with the one address in it pointing inside."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    told = {
        "client_email": "a@b.example",
        "private_key": key.private_bytes(*kind).decode(),
        "private_key_id": "1",
    }
    return json.dumps(told | {"token_uri": "http://169.254.169.254/token"})


CASES = {
    "rss": Case({"url": "https://feeds.example/feed"}, ("url",)),
    "bluesky": Case(
        {"search": "ferry", "service_url": "https://feeds.example"},
        ("service_url",),
        ("account", "mode", "sign_in_as", "app_password", "of", "only"),
    ),
    "mastodon": Case(
        {"server": "https://feeds.example", "mode": "public", "hashtag": "ferry"},
        ("server",),
        ("access_token",),
    ),
    "hackernews": Case({"search": "ferry"}, (), ("only",)),
    "reddit": Case({"search": "ferry", "client_id": "c", "client_secret": "s"}, (), ("subreddit",)),
    "x": Case({"search": "ferry", "bearer_token": "t"}, (), ("reposts",)),
    "youtube": Case({"channel": "UC" + "a" * 22, "api_key": "k"}, (), ("video",)),
    "facebook": Case({"page": "islaferries", "access_token": "t"}),
    "instagram": Case({"account": "1784", "access_token": "t", "login": "facebook"}),
    "google_reviews": Case(
        {"account": "1", "location": "2", "client_id": "c", "client_secret": "s", "refresh_token": "t"},
        shown=("place_url",),
    ),
    "app_store": Case({"app": "284882215", "countries": "ph us"}),
    "play_store": Case({"app": "ph.example.ferries", "service_account": key_file()}),
}
AT_ADDRESSES = [(kind, key) for kind, case in CASES.items() if kind in SOURCES for key in case.addresses]
AT_WORDS = [
    (kind, key)
    for kind, case in CASES.items()
    if kind in SOURCES
    for key in sorted(case.keys - set(case.addresses))
]
# What a word must not be able to do to the address it becomes a part of.
ESCAPES = [
    "http://127.0.0.1/",
    "//127.0.0.1/",
    "@127.0.0.1/",
    ":80@169.254.169.254/",
    ".127.0.0.1",
    "../../../127.0.0.1",
    "127.0.0.1#",
    "127.0.0.1?",
    "\\\\127.0.0.1\\",
    "[::1]",
    "a\r\nHost: 127.0.0.1\r\n\r\n",
    '{"token_uri": "http://169.254.169.254/", "client_email": "a", "private_key": "b"}',
]


class Noting(dict):
    """A config that notes what is read from it."""

    def __init__(self, known, read):
        super().__init__(known)
        self.read = read

    def __getitem__(self, key):
        self.read.add(key)
        return super().__getitem__(key)

    def get(self, key, default=None):
        self.read.add(key)
        return super().get(key, default)

    def __contains__(self, key):
        self.read.add(key)
        return super().__contains__(key)


def fetch(kind, config, seconds=2):
    return SOURCES[kind]().fetch(config, {}, Asking(seconds, now=NOW), NOW)


@pytest.fixture
def resolved(monkeypatch, connected_to):
    """Names lead somewhere public, numbers where they say; the addresses somebody tried to talk to."""
    monkeypatch.setattr(socket, "getaddrinfo", numbers_only)
    return connected_to


@pytest.mark.parametrize("kind", sorted(SOURCES))
def test_every_key_an_adapter_reads_is_classed(kind, resolved):
    assert kind in CASES, f"say in CASES which keys of {kind} hold an address"
    read = set()
    for config in ({}, CASES[kind].config):
        with pytest.raises(SourceError):
            fetch(kind, Noting(config, read))
    form = FORMS[kind]() if kind in FORMS else None
    asked = (
        {name for name in form.fields if name not in ("name", "version", "every_minutes")} if form else set()
    )
    assert (read | asked) - CASES[kind].keys == set()
    looks_so = {
        name
        for name in asked
        if getattr(form.fields[name].widget, "input_type", "") == "url" or name.endswith(("url", "server"))
    }
    assert looks_so <= {*CASES[kind].addresses, *CASES[kind].shown}


@pytest.mark.parametrize("kind", sorted(set(SOURCES) & set(CASES)))
def test_a_public_address_is_asked(kind, resolved):
    """The control: with the config that works the adapter gets as far as the connection."""
    with pytest.raises(SourceError, match="does not answer"):
        fetch(kind, CASES[kind].config)
    assert set(resolved) == {PUBLIC}


@pytest.mark.parametrize(("kind", "key"), AT_ADDRESSES)
def test_no_hostile_address_is_asked(kind, key, resolved):
    assert len(HOSTILE) >= 40
    for url in HOSTILE:
        del resolved[:]
        entered = url or " "
        try:
            with pytest.raises(SourceError):
                fetch(kind, CASES[kind].config | {key: entered})
        except pytest.fail.Exception:
            pytest.fail(f"{kind} takes {url!r}")
        reached = [ip for ip in resolved if not is_public(ip)] if url not in PRIVATE else resolved
        assert not reached, f"{kind} asks {reached} for {url!r}"


@pytest.mark.parametrize(("kind", "key"), AT_ADDRESSES)
def test_a_name_that_changes_its_mind_is_looked_up_once(kind, key, monkeypatch, connected_to):
    for answers in ([["127.0.0.1"]], [[PUBLIC, "10.0.0.1"]], [[PUBLIC], ["127.0.0.1"]]):
        monkeypatch.setattr(socket, "getaddrinfo", Resolver(*answers))
        with pytest.raises(SourceError):
            fetch(kind, CASES[kind].config | {key: "http://feeds.example"})
    assert set(connected_to) <= {PUBLIC}


@pytest.mark.parametrize(("kind", "key"), AT_WORDS)
def test_no_word_becomes_an_address(kind, key, resolved):
    for words in ESCAPES:
        try:
            fetch(kind, CASES[kind].config | {key: words})
        except SourceError:
            continue
    assert all(is_public(ip) for ip in resolved)


class Elsewhere(Handler):
    """Sends whoever asks anything to `target`."""

    def do_GET(self):
        self.server.seen.append((self.path, {}))
        self.close_connection = True
        self.answer(self.server.status, Location=self.server.target)

    do_POST = do_GET


@pytest.fixture
def elsewhere(settings):
    with serve() as server:
        server.RequestHandlerClass = Elsewhere
        settings.TUGON_ALLOWED_ORIGINS = [server.origin]
        yield server


@pytest.mark.parametrize(("kind", "key"), AT_ADDRESSES)
def test_no_redirect_leads_inside(kind, key, elsewhere, hostile: HostileServer):
    targets = [
        *PRIVATE[:12],
        *PRIVATE[16:22],
        *PRIVATE[27:34],
        f"{hostile.origin}/feed",
        "file:///etc/passwd",
    ]
    for number, target in enumerate(targets):
        elsewhere.target, elsewhere.status = target, (301, 302, 303, 307, 308)[number % 5]
        with pytest.raises(SourceError) as caught:
            fetch(kind, CASES[kind].config | {key: elsewhere.origin})
        assert caught.value.permanent, target
    assert len(elsewhere.seen) >= len(targets)
    assert hostile.seen == []
