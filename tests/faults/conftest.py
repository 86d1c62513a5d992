"""Isla with one of everything, people at their browsers, and no way out of this computer."""

import socket

import pytest
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client

from responses.statements.models import Channel
from tenants import context
from tests.isolation.conftest import address, world  # noqa: F401  (fixtures)
from tests.monitoring.conftest import hostile  # noqa: F401  (a fixture)

PRIVATE = "10.0.0.1"  # a number needs no name server; that nobody calls it is what is tested
HERE = {"localhost", "127.0.0.1", "::1"}


@pytest.fixture(autouse=True)
def _no_way_out(monkeypatch):
    """No test asks a name server or a stranger's machine, whatever address it typed."""
    look_up = socket.getaddrinfo

    def here_only(host, *args, **kwargs):
        if host in HERE or host == PRIVATE:
            return look_up(host, *args, **kwargs)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", here_only)


class Prober:
    """Sends requests, each undone afterwards, and notes every answer of 500 and more with its cause."""

    def __init__(self):
        self.broken: dict[str, str] = {}
        self.sent = 0
        self.error = ""
        got_request_exception.connect(self.note)

    def note(self, **_kwargs):
        import traceback

        self.error = traceback.format_exc(limit=-4)

    def __call__(self, client, method, path, body=b"", content_type="", **headers):
        self.error, self.sent = "", self.sent + 1
        cookies = client.cookies.copy()
        with transaction.atomic():
            answer = client.generic(method, path, body, content_type or "application/octet-stream", **headers)
            transaction.set_rollback(True)
        client.cookies = cookies  # whoever pressed “Sign out” is in again
        if answer.status_code >= 500:
            kind = self.error.strip().splitlines()[-1][:100] if self.error else ""
            said = f"{method} {path[:150]} {body[:300]!r} {headers}: {answer.status_code}\n{self.error}"
            self.broken.setdefault(f"{method} {path.partition('?')[0][:80]} {kind}", said)
        return answer

    def verdict(self, how: str):
        assert not self.broken, f"{len(self.broken)} broke; {how}\n\n" + "\n\n".join(self.broken.values())


@pytest.fixture
def probe(world):  # noqa: F811
    with context.inside(world.brand):  # as the page would have made it, and nobody answers there
        Channel.objects.update(config={"service": "http://127.0.0.1:1", "handle": "isla.example"})
    prober = Prober()
    yield prober
    got_request_exception.disconnect(prober.note)


@pytest.fixture
def visitors(world, people):  # noqa: F811
    """A client for each kind of person who has forms: the desk, the client, the director, nobody."""

    def signed_in(person=None):
        client = Client(raise_request_exception=False)
        if person:
            client.force_login(person)
        return client

    return {
        "desk": signed_in(people.ramon),
        "writer": signed_in(people.ana),
        "lead": signed_in(people.lea),
        "portal": signed_in(people.marta),
        "agency": signed_in(people.tess),
        "nobody": signed_in(),
    }
