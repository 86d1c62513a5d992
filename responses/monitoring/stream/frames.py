"""What the two streams of Bluesky say, read into posts. Both are documented at docs.bsky.app and atproto.com.

A frame says how far the stream has come with it; most frames are no posts.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from atproto_core.car import CAR
from atproto_core.cbor import decode_dag_multi
from atproto_core.cid import CID

from responses.monitoring.sources.base import Item
from responses.monitoring.sources.bluesky_posts import item_of
from responses.monitoring.sources.reading import dicts

COLLECTION = "app.bsky.feed.post"
FIREHOSE = "com.atproto.sync.subscribeRepos"
OVERLAP = timedelta(seconds=5)  # Jetstream advises to begin again a little before where one was


class Damaged(Exception):
    """A frame that cannot be read: left out, the stream goes on."""


class Ended(Exception):
    """The server said why it sends no more. `forget`: our place in the stream means nothing to it."""

    def __init__(self, message: str, forget: bool = False):
        super().__init__(message)
        self.forget = forget


@dataclass(frozen=True)
class Heard:
    """The posts of a frame, and the place after it; "" when it says none."""

    items: tuple[Item, ...] = ()
    place: str = ""
    missed: bool = False  # the server keeps less of the past than we asked for


class Stream(Protocol):
    def address(self, place: str) -> str: ...

    def read(self, frame: str | bytes) -> Heard: ...


def stream_at(url: str) -> Stream:
    """The kind of stream an address is of."""
    return Firehose(url) if urlsplit(url).path.endswith(FIREHOSE) else Jetstream(url)


def asked(url: str, **params: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(params)}"


class Jetstream:
    """JSON, only what was asked for. The place is the server's time in microseconds."""

    def __init__(self, url: str):
        self.url = asked(url, wantedCollections=COLLECTION)

    def address(self, place: str) -> str:
        before = int(place) - OVERLAP // timedelta(microseconds=1) if place.isdigit() else 0
        return asked(self.url, cursor=str(before)) if before > 0 else self.url

    def read(self, frame: str | bytes) -> Heard:
        try:
            said = json.loads(frame)
        except (ValueError, RecursionError) as error:  # anybody may have posted what lies too deep
            raise Damaged(str(error)) from error
        if not isinstance(said, dict):
            raise Damaged("not an object")
        at, commit = said.get("time_us"), said.get("commit")
        place = str(at) if isinstance(at, int) and at > 0 else ""
        if said.get("kind") != "commit" or not isinstance(commit, dict):
            return Heard(place=place)
        if commit.get("operation") not in ("create", "update") or commit.get("collection") != COLLECTION:
            return Heard(place=place)
        uri = f"at://{said.get('did')}/{COLLECTION}/{commit.get('rkey')}"
        item = item_of({"uri": uri, "cid": commit.get("cid")}, commit.get("record"), "")
        return Heard((item,) if item else (), place)


class Firehose:
    """The stream of a PDS or relay: two CBOR values a frame, the records in a CAR. The place is `seq`."""

    def __init__(self, url: str):
        self.url = url

    def address(self, place: str) -> str:
        return asked(self.url, cursor=place) if place.isdigit() else self.url

    def read(self, frame: str | bytes) -> Heard:
        header, body = self._parts(frame)
        if header.get("op") == -1:
            name = str(body.get("error", ""))
            raise Ended(f"{name}: {body.get('message', '')}", forget=name == "FutureCursor")
        if header.get("t") == "#info":
            return Heard(missed=body.get("name") == "OutdatedCursor")
        seq = body.get("seq")
        place = str(seq) if isinstance(seq, int) else ""
        return Heard(self._items(body) if header.get("t") == "#commit" else (), place)

    def _parts(self, frame: str | bytes) -> tuple[dict[str, Any], dict[str, Any]]:
        try:
            header, body = decode_dag_multi(frame if isinstance(frame, bytes) else frame.encode())
        except Exception as error:  # what the decoder raises is not documented
            raise Damaged(str(error)) from error
        if not isinstance(header, dict) or not isinstance(body, dict):
            raise Damaged("not two objects")
        return header, body

    def _items(self, commit: dict[str, Any]) -> tuple[Item, ...]:
        written = [
            (str(op["path"]), op.get("cid"))
            for op in dicts(commit.get("ops"))
            if op.get("action") in ("create", "update") and str(op.get("path")).startswith(f"{COLLECTION}/")
        ]
        if not written:
            return ()
        try:
            blocks = CAR.from_bytes(commit["blocks"]).blocks
            records = [(path, blocks.get(CID.from_decoded_bytes(cid))) for path, cid in written]
        except Exception as error:  # as above
            raise Damaged(str(error)) from error
        found = (
            item_of({"uri": f"at://{commit.get('repo')}/{path}"}, record, "") for path, record in records
        )
        return tuple(item for item in found if item)
