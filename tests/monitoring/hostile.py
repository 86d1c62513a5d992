"""A server on loopback that does everything a stranger's server may do wrong."""

import gzip
import itertools
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

FEED = b"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Balita</title><link>http://example.com/</link>
<item><guid>a-1</guid><title>Ferry delay &amp; anger</title><link>http://example.com/a1</link>
<pubDate>Mon, 23 Nov 2026 02:00:00 GMT</pubDate>
<description>&lt;p&gt;Three hours &lt;b&gt;late&lt;/b&gt;&lt;/p&gt;
&lt;script&gt;alert(1)&lt;/script&gt;</description></item>
<item><guid>a-2</guid><title>Second</title><link>javascript:alert(1)</link>
<pubDate>Tue, 24 Nov 2026 02:00:00 GMT</pubDate><description>Later</description></item>
</channel></rss>"""


def bomb() -> Iterator[bytes]:
    """5 GB of zeros, gzipped as they are sent: 5 MB on the wire, never more than a piece in memory."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1024 * 1024)
    for _ in range(5 * 1024):
        if piece := packer.compress(zeros):
            yield piece
    yield packer.flush()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "HostileServer"

    def log_message(self, *args: object) -> None:
        """Silence."""

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.do_GET()

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))
        self.close_connection = True
        name, _, rest = unquote(self.path[1:]).partition("/")
        with suppress(OSError):  # the reader hangs up on us: that is what is tested
            getattr(self, f"send_{name.partition('?')[0]}")(rest)

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def endless(self, pieces: Iterator[bytes], status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        for piece in pieces:
            self.wfile.write(piece)
            self.server.sent += len(piece)

    def send_feed(self, _rest: str) -> None:
        if self.headers.get("If-None-Match") == '"v1"':
            return self.answer(304, ETag='"v1"')
        date = "Mon, 23 Nov 2026 02:00:00 GMT"
        return self.answer(200, FEED, ETag='"v1"', Last_Modified=date, Content_Type="application/rss+xml")

    def send_slow(self, rest: str) -> None:
        """A feed after so many seconds."""
        self.server.reached.set()
        self.server.closing.wait(min(float(rest), self.server.patience))
        self.answer(200, FEED)

    def send_html(self, _rest: str) -> None:
        link = b'<link rel="alternate" type="application/rss+xml" href="/feed">'
        self.answer(
            200, b"<!DOCTYPE html><html><head>" + link + b"</head><body>Hi</body></html>", Set_Cookie="a=1"
        )

    def send_status(self, rest: str) -> None:
        self.answer(int(rest), b"no", Retry_After="120")

    def send_complaint(self, rest: str) -> None:
        body = b'{"error": "rate_limited"}' if rest == "short" else b'{"error": "' + b"x" * 99_999
        self.answer(429, body, Content_Type="application/json; charset=utf-8", X_Reset="7")

    def send_gzip(self, _rest: str) -> None:
        self.answer(200, gzip.compress(FEED), Content_Encoding="gzip")

    def send_bomb(self, _rest: str) -> None:
        self.endless(bomb(), Content_Encoding="gzip")

    def send_endless(self, _rest: str) -> None:
        self.endless(itertools.repeat(b"x" * 65536))

    def send_endlessredirect(self, _rest: str) -> None:
        self.endless(itertools.repeat(b"x" * 65536), 302, Location="/feed")

    def send_drip(self, _rest: str) -> None:
        self.endless(self.slowly())

    def send_headerdrip(self, _rest: str) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Drip: ")
        for piece in self.slowly():
            self.wfile.write(piece)

    def slowly(self) -> Iterator[bytes]:
        # Long enough to be caught by any limit, not so long that a missing limit hangs the suite.
        for _ in range(200):
            if self.server.closing.wait(0.05):
                return
            yield b"x"

    def send_cut(self, _rest: str) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "10000")
        self.end_headers()
        self.wfile.write(FEED[:300])

    def send_notgzip(self, _rest: str) -> None:
        self.answer(200, b"this is not gzip at all", Content_Encoding="gzip")

    def send_garbage(self, _rest: str) -> None:
        self.wfile.write(b"\x00\xff garbage\r\n\r\n")

    def send_to(self, rest: str) -> None:
        status, _, target = rest.partition("/")
        self.answer(int(status), Location=target)

    def send_cookie(self, _rest: str) -> None:
        self.answer(302, Location="/feed", Set_Cookie="session=1; Path=/")

    def send_loop(self, _rest: str) -> None:
        self.answer(302, Location="/loop")

    def send_nowhere(self, _rest: str) -> None:
        self.answer(302)


class HostileServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.bodies: list[bytes] = []
        self.sent = 0
        self.closing = threading.Event()
        self.reached = threading.Event()
        self.patience = 60.0
        self.origin = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader that hangs up is no error here."""


@contextmanager
def serve(make: Callable[[], HostileServer] = HostileServer) -> Iterator[HostileServer]:
    server = make()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
