"""A Jetstream on loopback, speaking as its documentation says: frames in order, a cursor that replays."""

import json
import threading
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve

START = 1_764_000_000_000_000  # microseconds


class Jetstream:
    """`.post(text)` writes a post, `.asked` are the addresses connected to, `.cut()` drops everybody."""

    def __init__(self):
        self.frames: list[tuple[int, str]] = []
        self.asked: list[dict] = []
        self.changed = threading.Condition()
        self.time_us, self.cuts = START, 0
        self.connected = 0
        self.url = ""

    def post(self, text, did="did:plc:juan", **more):
        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-11-23T05:00:00Z", **more}
        commit = {"operation": "create", "record": record, "cid": "bafy", "rev": "3l"}
        return self.commit(did, **commit)

    def commit(self, did="did:plc:juan", **commit):
        rkey = f"k{len(self.frames)}"
        whole = {"collection": "app.bsky.feed.post", "rkey": rkey, **commit}
        self.say(kind="commit", did=did, commit=whole)
        return f"at://{did}/app.bsky.feed.post/{whole['rkey']}"

    def say(self, **frame):
        self.time_us += 1_000_000
        self.send(json.dumps({"time_us": self.time_us, **frame}))

    def send(self, frame):
        with self.changed:
            self.frames.append((self.time_us, frame))
            self.changed.notify_all()

    def cut(self):
        with self.changed:
            self.cuts += 1
            self.changed.notify_all()

    def handle(self, socket):
        asked = {name: values[0] for name, values in parse_qs(urlsplit(socket.request.path).query).items()}
        since, cuts = int(asked.get("cursor", 0)), self.cuts
        at = 0 if "cursor" in asked else len(self.frames)
        self.asked.append(asked)
        self.connected += 1
        try:
            while self.cuts == cuts:
                for time_us, frame in self.frames[at:]:
                    if time_us >= since:
                        socket.send(frame)
                    at += 1
                with self.changed:
                    self.changed.wait_for(
                        lambda at=at: self.cuts != cuts or len(self.frames) > at, timeout=0.2
                    )
                socket.ping()
        except ConnectionClosed:
            pass
        finally:
            self.connected -= 1


@contextmanager
def jetstream():
    made = Jetstream()
    with serve(made.handle, "127.0.0.1", 0) as server:
        made.url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/subscribe"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield made
        made.cut()
        server.shutdown()
