"""A Mastodon server on loopback that streams as its documentation says: events, heartbeats, refusals."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Server:
    """`.write(text)` posts, `.refuse(status)` what the next connections meet, `.cut()` drops everybody."""

    def __init__(self):
        self.rows: list[dict] = []
        self.sent: list[str] = []  # what every open stream is sent, in order
        self.asked: list[tuple[str, dict, str]] = []  # path, query, token
        self.refusals: list[tuple[int, dict]] = []
        self.changed = threading.Condition()
        self.cuts = self.open = 0
        self.ended = False

    def write(self, text, **fields):
        number = len(self.rows) + 1
        row = {
            "id": str(number),
            "created_at": f"2026-11-25T05:00:{number % 60:02}.000Z",
            "visibility": "public",
            "uri": f"{self.url}/users/ana/statuses/{number}",
            "url": f"{self.url}/@ana/{number}",
            "language": "tl",
            "content": f"<p>{text}</p>",
            "account": {"acct": "ana", "url": f"{self.url}/@ana", "followers_count": 12},
            "reblog": None,
            "media_attachments": [],
        } | fields
        self.rows.append(row)
        return row

    def say(self, text, **fields):
        """Post, and have every open stream hear it."""
        self.send(event("update", self.write(text, **fields)))

    def send(self, raw: str):
        with self.changed:
            self.sent.append(raw)
            self.changed.notify_all()

    def news(self, cuts, at):
        return self.cuts != cuts or len(self.sent) > at

    def cut(self):
        with self.changed:
            self.cuts += 1
            self.changed.notify_all()


def event(name, payload) -> str:
    return f"event: {name}\ndata: {json.dumps(payload)}\n\n"


def handler_of(server: Server):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args):
            """Silence."""

        def do_GET(self):
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            token = self.headers.get("Authorization", "")
            server.asked.append((parts.path, query, token))
            if parts.path.startswith("/api/v1/streaming/"):
                return self.stream()
            if parts.path.startswith("/api/v1/timelines/"):
                after = int(query.get("min_id") or 0)
                rows = [row for row in server.rows if int(row["id"]) > after][: int(query["limit"])]
                return self.whole(200, rows[::-1])
            return self.whole(404, {"error": "Record not found"})

        def whole(self, status, answer, headers=()):
            body = json.dumps(answer).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **dict(headers)}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def stream(self):
            if server.refusals:
                status, headers = server.refusals.pop(0)
                return self.whole(status, {"error": "no"}, headers)
            at, cuts = len(server.sent), server.cuts
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            server.open += 1
            try:
                self.chunk(":)\n")
                while server.cuts == cuts and not server.ended:
                    with server.changed:
                        server.changed.wait_for(
                            lambda at=at: server.cuts != cuts or len(server.sent) > at, 0.2
                        )
                    for raw in server.sent[at:]:
                        self.chunk(raw)
                        at += 1
                    self.chunk(":thump\n")
            except OSError:
                pass
            finally:
                server.open -= 1
                self.close_connection = True

        def chunk(self, text):
            raw = text.encode()
            self.wfile.write(f"{len(raw):x}\r\n".encode() + raw + b"\r\n")
            self.wfile.flush()

    return Handler


@contextmanager
def mastodon():
    made = Server()
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(made))
    httpd.daemon_threads = True
    made.url = f"http://127.0.0.1:{httpd.server_address[1]}"
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.ended = True
        made.cut()
        httpd.shutdown()
        httpd.server_close()
