"""A practice server that speaks the few calls of Bluesky's protocol that Tugon's channel makes.

It lets the demo publish over real HTTP with nothing leaving the machine: posts are kept in a file and shown
as a page. It checks the app password, the record key and the 300 graphemes as the real one does.
"""

import json
import threading
from base64 import b32encode
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import regex

LIMIT = 300
RAW_SHA256 = bytes([1, 0x55, 0x12, 0x20])  # as a CID begins that names plain bytes
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Practice Bluesky</title>
<h1>Practice server</h1><p>What Tugon's demo has posted. Nothing here left this machine.</p>{posts}</html>"""


def shown(record) -> str:
    """One post on the page."""
    images = [
        f'<img src="/blob/{escape(each["image"]["ref"]["$link"])}" alt="{escape(each["alt"])}" height="240">'
        for each in pictures_of(record)
    ]
    return f"<p>{escape(record.get('text', ''))}</p>{''.join(images)}<hr>"


def pictures_of(record) -> list[dict]:
    return record.get("embed", {}).get("images", [])


class PracticeServer:
    """`with PracticeServer(file, password, port)`: serves on 127.0.0.1; port 0 takes a free one."""

    def __init__(self, kept_in: Path, password: str, port: int = 0):
        self.kept_in, self.password = kept_in, password
        self.lock = threading.Lock()
        self.records = json.loads(kept_in.read_text()) if kept_in.exists() else {}
        self.http = _Server(("127.0.0.1", port), _Handler)
        self.http.practice = self
        self.thread = threading.Thread(target=self.http.serve_forever, daemon=True)

    @property
    def port(self) -> int:
        return self.http.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        self.thread.start()
        return self

    def stop(self):
        self.http.shutdown()
        self.http.server_close()

    def put(self, repo, rkey, record):
        """Write a record under its key: the same again is a no-op, another one is refused (None)."""
        with self.lock:
            if self.records.setdefault(f"{repo}/{rkey}", record) != record:
                return None
            self.kept_in.write_text(json.dumps(self.records))
        return self.named(repo, rkey, record)

    def keep(self, data: bytes, kind: str):
        """A picture, under the name that its bytes give it."""
        name = b32encode(RAW_SHA256 + sha256(data).digest()).decode().lower().rstrip("=")
        folder = self.kept_in.with_suffix(".blobs")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"b{name}").write_bytes(data)
        return {"$type": "blob", "ref": {"$link": f"b{name}"}, "mimeType": kind, "size": len(data)}

    def kept(self, name: str) -> bytes | None:
        file = self.kept_in.with_suffix(".blobs") / name
        return file.read_bytes() if name.isalnum() and file.is_file() else None

    def named(self, repo, rkey, record):
        cid = "bafyrei" + sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:52]
        return {"uri": f"at://{repo}/app.bsky.feed.post/{rkey}", "cid": cid, "value": record}


class _Server(ThreadingHTTPServer):
    practice: PracticeServer


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        call = urlsplit(self.path).path.removeprefix("/xrpc/")
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if call == "com.atproto.repo.uploadBlob" and self.signed_in():
            return self.answer(200, {"blob": self.practice.keep(sent, self.headers.get("Content-Type", ""))})
        body = json.loads(sent or b"{}")
        if call == "com.atproto.server.createSession":
            return self.session(body)
        if call == "com.atproto.repo.putRecord" and self.signed_in():
            return self.record(body)
        return self.answer(404, {"error": "MethodNotImplemented", "message": call})

    def do_GET(self):
        parts = urlsplit(self.path)
        if parts.path == "/xrpc/com.atproto.repo.getRecord":
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            return self.found(asked.get("repo", ""), asked.get("rkey", ""))
        if parts.path.startswith("/blob/") and (data := self.practice.kept(parts.path[6:])):
            return self.answer(200, data, "image/png" if data.startswith(b"\x89PNG") else "image/jpeg")
        posts = "".join(map(shown, self.practice.records.values()))
        return self.answer(200, PAGE.format(posts=posts).encode(), "text/html; charset=utf-8")

    @property
    def practice(self):
        return self.server.practice

    def session(self, body):
        if body.get("password") != self.practice.password:
            return self.answer(401, {"error": "AuthenticationRequired", "message": "Invalid password"})
        handle = body.get("identifier", "")
        did = "did:plc:" + sha256(handle.encode()).hexdigest()[:24]
        return self.answer(
            200,
            {"did": did, "handle": handle, "accessJwt": did, "refreshJwt": did, "active": True},
        )

    def signed_in(self):
        return self.headers.get("Authorization", "").startswith("Bearer did:plc:")

    def record(self, body):
        record = body["record"]
        if len(regex.findall(r"\X", record.get("text", ""))) > LIMIT:
            return self.answer(
                400, {"error": "InvalidRequest", "message": "text must not be longer than 300"}
            )
        names = [each["image"]["ref"]["$link"] for each in pictures_of(record)]
        if any(self.practice.kept(name) is None for name in names):
            return self.answer(400, {"error": "BlobNotFound", "message": "Could not find blob"})
        written = self.practice.put(body["repo"], body["rkey"], record)
        return self.answer(200, written) if written else self.answer(400, {"error": "InvalidSwap"})

    def found(self, repo, rkey):
        record = self.practice.records.get(f"{repo}/{rkey}")
        if record is None:
            return self.answer(400, {"error": "RecordNotFound", "message": "no such record"})
        return self.answer(200, self.practice.named(repo, rkey, record))

    def answer(self, status, body, kind="application/json"):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format, *args):
        """Quiet: the demo's terminal is for people."""
