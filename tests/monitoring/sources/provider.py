"""What every adapter is put through, before a server that answers as its provider's documentation says.

Inherit from `Adapter`, say how the adapter is set up and what its provider's pages look like, and it is
tried: success, nothing there, paging, refusals, a server's wish for a pause, faults, what is no answer,
damaged answers, slowness; and that its credentials show up nowhere. What only that adapter does gets tests of
its own:

    class TestYouTube(Adapter):
        kind = "youtube"
        config = {"video": "abc"}
        secrets = {"api_key": "hush-hush"}
        path = "/youtube/v3/commentThreads"

        def page(self, numbers, more):
            return {"items": [comment(n) for n in numbers], **({"nextPageToken": "t"} if more else {})}
"""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import pytest

from responses.monitoring.fetching import Limits, Response, fetch
from responses.monitoring.sources.base import Fetched, Item, SourceError
from responses.monitoring.sources.cleaning import web_link
from responses.monitoring.sources.registry import SOURCES

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ODD = (None, "", "x\x00\u202ey", "javascript:x", -5, 10**30, 1.5e308, [], {}, [[]], [{}], {"a": {}}, True)
PAGE = b"<!DOCTYPE html><html><body>Down for maintenance</body></html>"


@dataclass(frozen=True)
class Asked:
    """One request, as it arrived; names of headers in lower case."""

    method: str
    host: str
    path: str
    query: dict[str, str]
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Says:
    """One answer. What is neither bytes nor text goes out as JSON."""

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    is_slow: bool = False

    @property
    def sent(self) -> tuple[bytes, dict[str, str]]:
        if isinstance(self.body, bytes | str):
            body = self.body.encode() if isinstance(self.body, str) else self.body
            return body, {"Content-Type": "text/html"} | self.headers
        return json.dumps(self.body).encode(), {"Content-Type": "application/json"} | self.headers


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Provider"

    def log_message(self, *args: object) -> None:
        """Silence."""

    def do_GET(self) -> None:
        self.close_connection = True
        # The host an adapter meant stands first in the path: see Provider.http.
        _, host, rest = self.path.split("/", 2)
        url = urlsplit("/" + rest)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Asked(
            self.command,
            host,
            unquote(url.path),
            dict(parse_qsl(url.query, keep_blank_values=True)),
            {name.lower(): value for name, value in self.headers.items()},
            body,
        )
        self.answer(self.server.answer(asked))

    do_POST = do_GET

    def answer(self, says: Says) -> None:
        body, headers = says.sent
        self.send_response(says.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if says.is_slow:
            self.server.closing.wait(5)
        self.wfile.write(body)


Route = Callable[[Asked], Any]


class Provider(ThreadingHTTPServer):
    """A server on loopback standing in for all the hosts an adapter asks."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.origin = f"http://127.0.0.1:{self.server_port}"
        self.closing = threading.Event()
        self.fresh()

    def fresh(self) -> None:
        self.routes: dict[str, Route] = {}
        self.asked: list[Asked] = []
        self.closing.set()
        self.closing = threading.Event()

    def on(self, path: str, answer: Any) -> None:
        """What begins with `path` is answered by `answer`, or by what it returns when called."""
        self.routes[path] = answer if callable(answer) else lambda asked: answer

    def answer(self, asked: Asked) -> Says:
        self.asked.append(asked)
        for path in sorted(self.routes, key=len, reverse=True):
            if asked.path.startswith(path):
                found = self.routes[path](asked)
                return found if isinstance(found, Says) else Says(found)
        return Says({"error": "Not found"}, 404)

    def http(self, url: str, **given: Any) -> Response:
        """The real `fetch`, led here instead of to the host in `url`."""
        parts = urlsplit(url)
        here = f"{self.origin}/{parts.netloc}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else "")
        return fetch(here, **{**given, "allow": [self.origin]})

    def direct(self, url: str, **given: Any) -> Response:
        """As `http`, without a socket between: for the many damaged answers."""
        parts, data, sent = urlsplit(url), given.get("data"), given.get("json")
        body = json.dumps(sent) if sent is not None else urlencode(data or {})
        asked = Asked(
            "POST" if body else "GET",
            parts.netloc,
            unquote(parts.path),
            dict(parse_qsl(parts.query)),
            {name.lower(): value for name, value in given.get("headers", {}).items()},
            body.encode(),
        )
        says = self.answer(asked)
        answer, headers = says.sent
        if says.status >= 400:
            raise SourceError("refused", status=says.status)
        return Response(says.status, answer, headers["Content-Type"], "", "", url, headers=headers)

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader that hangs up is no error here."""


def served() -> Iterator[Provider]:
    """For a fixture: one server for all tests of a run."""
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.fresh()
    server.shutdown()
    server.server_close()
    thread.join()


class Adapter:
    """The trial. Say the first five; the rest where the provider differs from most."""

    kind = ""
    config: dict[str, Any] = {}
    secrets: dict[str, str] = {}
    path = ""  # where its pages are asked for

    def page(self, numbers: list[int], more: bool) -> Any:
        """The provider's answer with the posts of these numbers, the higher the newer; are there `more`?"""
        raise NotImplementedError

    always: dict[str, Any] = {}  # other paths with their answers: where a token is got, who an account is
    permanent = (401, 403)  # refusals that only a person can mend
    per_post = 1  # how many items one post makes, where a post is asked for in several places
    most_requests = 25  # no reading asks more often
    key_in_address = False  # whether the provider takes its key in the query and nowhere else

    def reset(self, at: datetime) -> dict[str, str]:
        """The provider's own headers that say when its patience is back."""
        return {}

    # -- how it is asked ---------------------------------------------------------------------------------

    @pytest.fixture(autouse=True)
    def _at(self, provider: Provider) -> None:
        self.provider = provider
        provider.fresh()
        for path, answer in self.always.items():
            provider.on(path, answer)

    def fetch(self, state: dict | None = None, http: Any = None, **config: Any) -> Fetched:
        given = {**self.config, **self.secrets, **config}
        return SOURCES[self.kind]().fetch(given, state or {}, http or self.provider.http, NOW)

    def fails(self, **given: Any) -> SourceError:
        """The error of a reading, which says something and gives no secret away."""
        with pytest.raises(SourceError) as caught:
            self.fetch(**given)
        assert caught.value.message.strip()
        self.gives_nothing_away(f"{caught.value!r} {caught.value.message}")
        return caught.value

    def gives_nothing_away(self, text: str) -> None:
        for name, secret in self.secrets.items():
            assert secret not in text, f"{name} can be read in: {text[:300]}"

    def pages(self, *pages: list[int]) -> Callable[[Asked], Any]:
        """Answers with these pages, one a request, then with empty ones."""
        left = [self.page(numbers, more=number < len(pages)) for number, numbers in enumerate(pages, 1)]
        return lambda asked: left.pop(0) if left else self.page([], more=False)

    # -- the trial ---------------------------------------------------------------------------------------

    def test_what_is_there_is_read(self) -> None:
        self.provider.on(self.path, self.page([2, 1], more=False))
        fetched = self.fetch()
        assert len(fetched.items) == 2 * self.per_post
        assert len({item.external_id for item in fetched.items}) == len(fetched.items)
        for item in fetched.items:
            is_sound(item)
            assert item.url, "every one of these posts has an address"
            assert item.published_at, "every one of these posts has a time"
            assert item.text or item.title
        times = [item.published_at for item in fetched.items]
        assert times == sorted(times, reverse=True), "newest first"
        self.gives_nothing_away(json.dumps(fetched.state))
        self.gives_nothing_away(repr(fetched.items))

    def test_no_secret_stands_in_an_address(self) -> None:
        self.provider.on(self.path, self.page([1], more=False))
        self.fetch()
        for asked in self.provider.asked:
            self.gives_nothing_away(asked.path if self.key_in_address else f"{asked.path} {asked.query}")

    def test_nothing_there_is_no_error(self) -> None:
        self.provider.on(self.path, self.page([], more=False))
        fetched = self.fetch()
        assert fetched.items == []
        assert self.fetch(fetched.state).items == []

    def test_what_came_since_is_read_over_several_pages(self) -> None:
        self.provider.on(self.path, self.page([1], more=False))
        known = self.fetch()
        self.provider.on(self.path, self.pages([5, 4], [3, 2], [1]))
        state = json.loads(json.dumps(known.state))
        found = {item.external_id for item in self.fetch(state).items}
        assert len(found - {item.external_id for item in known.items}) == 4 * self.per_post

    def test_a_provider_that_always_has_more_is_not_asked_for_ever(self) -> None:
        self.provider.on(self.path, self.page([1], more=False))
        state = self.fetch().state
        self.provider.asked.clear()
        numbers = iter(range(10_000, 0, -1))
        self.provider.on(self.path, lambda asked: self.page([next(numbers), next(numbers)], more=True))
        assert self.fetch(state).items
        assert len(self.provider.asked) <= self.most_requests

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 500, 502, 503])
    def test_a_refusal_is_told_in_words(self, status: int, caplog: pytest.LogCaptureFixture) -> None:
        self.provider.on(self.path, Says({"error": "no", "message": "no"}, status))
        error = self.fails()
        assert error.status == status
        if status >= 500:
            assert not error.permanent, "a fault passes"
        if status in (401, 403):
            assert error.permanent == (status in self.permanent)
        self.gives_nothing_away(caplog.text)

    def test_the_pause_a_server_asks_for_is_kept(self) -> None:
        self.provider.on(self.path, Says({"error": "slow down"}, 429, {"Retry-After": "77"}))
        error = self.fails()
        assert (error.permanent, error.retry_after) == (False, 77)

    def test_the_pause_is_read_from_the_providers_own_headers(self) -> None:
        headers = self.reset(NOW + timedelta(seconds=600))
        self.provider.on(self.path, Says({"error": "slow down"}, 429, headers))
        error = self.fails()
        assert (error.permanent, error.retry_after) == (False, 600 if headers else None)

    @pytest.mark.parametrize("body", [b"", b"\xff\xfe", PAGE, b"null", b"5", b'"text"', b'{"data": '])
    def test_what_is_no_answer_is_told_in_words(self, body: bytes) -> None:
        self.provider.on(self.path, Says(body))
        assert not self.fails().permanent, "it may be well again in an hour"

    def test_a_damaged_post_does_no_harm(self) -> None:
        whole = self.page([1], more=False)
        for damaged in damages(whole):
            self.provider.on(self.path, lambda asked, damaged=damaged: Says(damaged))
            try:
                fetched = self.fetch(http=self.provider.direct)
            except SourceError:
                continue
            for item in fetched.items:
                is_sound(item)
            json.dumps(fetched.state)

    def test_a_slow_provider_is_left(self) -> None:
        self.provider.on(self.path, Says({}, is_slow=True))
        error = self.fails(http=partial(self.provider.http, limits=Limits(seconds=0.3)))
        assert "longer" in error.message
        assert not error.permanent


def is_sound(item: Item) -> None:
    """Whatever a provider sends: what comes out can be stored and shown."""
    kinds = {each.name: each.type for each in fields(Item)}
    for name in [name for name, kind in kinds.items() if kind is str]:
        assert isinstance(getattr(item, name), str), name
    assert 0 < len(item.external_id) <= 255
    for link in (item.url, item.author_url):
        assert link == web_link(link)
    assert item.published_at is None or item.published_at.tzinfo
    assert item.published_at is None or item.published_at <= NOW, "nothing is from the future"
    assert item.reach is None or (type(item.reach) is int and 0 <= item.reach < 2**63)
    assert item.verified in (None, True, False)
    assert set(item.media) <= {"image", "video"}
    assert len(item.language) <= 8
    assert len(item.country) in (0, 2)
    assert len(item.author) <= 200
    assert max(len(item.reply_to), len(item.thread)) <= 255
    assert "\x00" not in repr(item)
    json.dumps(item.raw)


def damages(whole: Any) -> Iterator[Any]:
    """`whole` again and again, each time with one value in it replaced by something nobody expects."""
    for odd in ODD:
        yield from _replaced(whole, odd)


def _replaced(whole: Any, odd: Any) -> Iterator[Any]:
    if isinstance(whole, dict):
        for key, value in whole.items():
            yield {**whole, key: odd}
            yield {each: kept for each, kept in whole.items() if each != key}
            yield from ({**whole, key: other} for other in _replaced(value, odd))
    elif isinstance(whole, list):
        for place, value in enumerate(whole):
            yield [*whole[:place], odd, *whole[place + 1 :]]
            yield from ([*whole[:place], other, *whole[place + 1 :]] for other in _replaced(value, odd))
