"""What a Bluesky server does wrong, and what Tugon makes of it: unknown, never again, or later."""

import json
import socket
import threading
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from responses.publishing.channels import bluesky as module
from responses.publishing.channels.base import ChannelError, Post
from responses.publishing.channels.bluesky import BlueskyChannel, post_record
from responses.publishing.channels.pinning import pinned

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DID = "did:plc:abcdefghijklmnopqrstuvwx"
SESSION = {"did": DID, "handle": "brand.test", "accessJwt": "a", "refreshJwt": "r"}


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.writing = lambda handler: handler.answer(200, {})
        self.signing_in = lambda handler: handler.answer(200, SESSION)
        self.asked = []
        self.released = threading.Event()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(self.path.rpartition(".")[2])
        if self.path.endswith("createSession"):
            self.server.signing_in(self)
        else:
            self.server.writing(self)

    def do_GET(self):
        self.server.asked.append(self.path)
        self.answer(200, {})

    def answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        """Quiet: a test says what went wrong."""


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(module, "_sessions", {})
    with Server() as started:
        thread = threading.Thread(target=started.serve_forever, args=(0.01,))
        thread.start()
        yield started
        started.released.set()
        started.shutdown()
        thread.join()


def failure(server, seconds=20):
    http = partial(pinned, allow=[server.url], seconds=seconds)
    with pytest.raises(ChannelError) as caught:
        BlueskyChannel(server.url, "brand.test", "secret", http).send(Post("key", NOON, "Hello.", ("en",)))
    return caught.value


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    try:
        while not handler.server.released.is_set():
            handler.wfile.write(b" " * 65536)
    except OSError:
        return


def dripping(handler):
    """One letter of a header now and then: every single wait is short, the whole has no end."""
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not handler.server.released.wait(0.05):
            handler.wfile.write(b"x")
    except OSError:
        return


def hanging_up(handler):
    handler.connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    "writing",
    [
        lambda handler: handler.answer(500, {"error": "InternalServerError"}),
        lambda handler: handler.answer(502, b"bad gateway"),
        lambda handler: handler.answer(504, b""),
        lambda handler: handler.answer(200, b"not json"),
        lambda handler: handler.answer(200, {"unexpected": True}),
        endless,
        dripping,
        hanging_up,
    ],
)
def test_when_it_may_be_out_it_is_unknown_and_sent_once(server, writing):
    server.writing = writing
    error = failure(server, seconds=1)
    assert (error.permanent, error.unknown) == (False, True)
    assert server.asked.count("putRecord") == 1


@pytest.mark.parametrize("status", [400, 403, 404, 413, 307])
def test_a_plain_no_is_permanent(server, status):
    server.writing = lambda handler: handler.answer(
        status, {"error": "InvalidRequest", "message": "no such thing"}, Location="/elsewhere"
    )
    error = failure(server)
    assert (error.permanent, error.unknown) == (True, False)
    assert server.asked == ["createSession", "putRecord"]


def test_too_many_requests_says_when_to_come_back(server):
    server.writing = lambda handler: handler.answer(429, {"error": "RateLimitExceeded"}, Retry_After="90")
    error = failure(server)
    assert (error.permanent, error.unknown, error.retry_after) == (False, False, 90)


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_fault_before_anything_was_sent_is_never_unknown(server, status):
    server.signing_in = lambda handler: handler.answer(status, {"error": "InternalServerError"})
    error = failure(server)
    assert (error.permanent, error.unknown) == (False, False)
    assert server.asked == ["createSession"]


def test_the_password_is_in_no_message(server):
    server.signing_in = lambda handler: handler.answer(401, {"error": "AuthenticationRequired"})
    error = failure(server)
    assert error.permanent
    assert "secret" not in f"{error} {error.__cause__!r}"


@pytest.mark.parametrize("text", ["half a character \ud83d", "x" * 3001])
def test_a_text_no_record_can_hold_is_permanent(text):
    with pytest.raises(ChannelError) as caught:
        post_record(text, NOON, ["en"])
    assert caught.value.permanent
