"""No channel can be talked into the network Tugon runs in: not by what a person enters, not by a server."""

import json
import socket

import pytest

from responses.monitoring.guarding import is_public
from responses.publishing.channel_forms import FORMS, Server
from responses.publishing.channels.base import ChannelError, Post
from responses.publishing.sending import adapter
from responses.statements.models import Channel
from tests.monitoring.addresses import HOSTILE, PRIVATE, PUBLIC, Resolver, numbers_only
from tests.monitoring.conftest import connected_to  # noqa: F401  (a fixture)
from tests.monitoring.hostile import HostileServer, serve
from tests.monitoring.test_hostile_addresses import Elsewhere
from tests.publishing.channels.provider import NOW
from tests.publishing.channels.test_facebook import TestFacebook
from tests.publishing.channels.test_linkedin import TestLinkedIn
from tests.publishing.channels.test_mastodon import TestMastodon
from tests.publishing.channels.test_slack import HOOK, TestIncomingWebhook
from tests.publishing.channels.test_telegram import TestTelegram
from tests.publishing.channels.test_threads import TestThreads
from tests.publishing.channels.test_webhook import TestWebhook
from tests.publishing.channels.test_wordpress import TestWordPress
from tests.publishing.channels.test_x import TestX

TRIALS = [
    TestFacebook, TestIncomingWebhook, TestLinkedIn, TestMastodon, TestTelegram, TestThreads, TestWebhook,
    TestWordPress, TestX,
]  # fmt: skip
for trial in TRIALS:  # they are tried in their own files
    globals().pop(trial.__name__)
BY_KIND = {trial.kind: (trial.config, trial.secrets) for trial in TRIALS}
ADDRESSES = {"mastodon": "server", "wordpress": "site", "webhook": "url"}
POST = Post("8a4e5bd2-3c0b-4a35-9d0d-0d8f3f4f1c11", NOW, "Hello.", ("en",), "Title")


def speaker(kind, secrets=None, **config):
    known, hidden = BY_KIND[kind]
    channel = Channel(kind=kind, config={**known, **config})
    channel.secret = json.dumps(hidden | (secrets or {}))
    return adapter(channel, now=NOW)


def deeds(one):
    """Everything that talks."""
    yield one.check
    yield lambda: one.send(POST)
    if one.readable:
        yield lambda: one.read_back(POST)
        yield lambda: one.read_back(POST, "7001")


@pytest.fixture
def resolved(monkeypatch, connected_to):  # noqa: F811
    monkeypatch.setattr(socket, "getaddrinfo", numbers_only)
    return connected_to


def test_every_address_that_a_form_asks_for_is_tried_here():
    asked = {
        kind: name
        for kind, form in FORMS.items()
        for name, field in form.base_fields.items()
        if isinstance(field, Server)
    }
    assert asked == ADDRESSES | {"bluesky": "service"}, (
        "Bluesky's is tried in tests/monitoring/test_pinning.py"
    )


@pytest.mark.parametrize("kind", sorted(BY_KIND))
def test_a_public_address_is_asked(kind, resolved):
    """The control: with settings that work the adapter gets as far as the connection, and no further."""
    for deed in deeds(speaker(kind)):
        with pytest.raises(ChannelError) as caught:
            deed()
        assert not caught.value.unknown, "nothing was sent"
    assert set(resolved) == {PUBLIC}


@pytest.mark.parametrize(("kind", "key"), ADDRESSES.items())
def test_no_hostile_address_is_asked(kind, key, resolved):
    for url in HOSTILE:
        del resolved[:]
        for deed in deeds(speaker(kind, **{key: url})):
            with pytest.raises(ChannelError) as caught:
                deed()
            assert not caught.value.unknown, url
        reached = [ip for ip in resolved if not is_public(ip)] if url not in PRIVATE else resolved
        assert not reached, f"{kind} asks {reached} for {url!r}"


@pytest.mark.parametrize(
    "url", [*PRIVATE, HOOK.replace("https://", "https://evil@"), HOOK.replace("hooks.", "")]
)
def test_a_webhook_of_slack_leads_to_slack(url, resolved):
    for deed in deeds(speaker("slack", {"webhook_url": url}, channel_id="")):
        with pytest.raises(ChannelError):
            deed()
    assert resolved == []


@pytest.mark.parametrize(("kind", "key"), ADDRESSES.items())
def test_a_name_that_changes_its_mind_is_looked_up_once(kind, key, monkeypatch, connected_to):  # noqa: F811
    for answers in ([["127.0.0.1"]], [[PUBLIC, "10.0.0.1"]], [[PUBLIC], ["127.0.0.1"]]):
        monkeypatch.setattr(socket, "getaddrinfo", Resolver(*answers))
        with pytest.raises(ChannelError):
            speaker(kind, **{key: "https://feeds.example"}).send(POST)
    assert set(connected_to) <= {PUBLIC}


@pytest.mark.parametrize("kind", sorted(BY_KIND))
def test_no_word_becomes_an_address(kind, resolved):
    words = [
        "http://127.0.0.1/",
        "//127.0.0.1/",
        "@127.0.0.1/",
        "../../../127.0.0.1",
        ":80@127.0.0.1/",
        "a\r\nHost: b",
    ]
    config, secrets = BY_KIND[kind]
    for word in words:
        for key in set(config) - set(ADDRESSES.values()):
            try_all(speaker(kind, **{key: word}))
        for key in set(secrets) - {"webhook_url"}:
            try_all(speaker(kind, {key: word}))
    assert all(is_public(ip) for ip in resolved)


def try_all(one):
    for deed in deeds(one):
        with pytest.raises(ChannelError):
            deed()


@pytest.mark.parametrize(("kind", "key"), ADDRESSES.items())
def test_no_redirect_leads_inside(kind, key, settings):
    with serve() as inside, serve() as server:
        server.RequestHandlerClass = Elsewhere
        settings.TUGON_ALLOWED_ORIGINS = [server.origin]
        for number, target in enumerate([*PRIVATE[:12], f"{inside.origin}/feed", "file:///etc/passwd"]):
            server.target, server.status = target, (301, 302, 303, 307, 308)[number % 5]
            for deed in deeds(speaker(kind, **{key: server.origin})):
                with pytest.raises(ChannelError):
                    deed()
        assert isinstance(inside, HostileServer)
        assert inside.seen == []
