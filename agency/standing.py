"""Pages that stand as files, one folder per host: given out without Django and without a database.

`<root>/common/newsroom/isla/index.html` is a page of the common host,
`<root>/hosts/news.isla.example/index.html` one of a brand's own. Whoever writes them puts a whole file in
the place of the old one, so a reader sees one or the other. A file that was read is kept in memory until it
changes on the disk: each request asks.
"""

import gzip
import hashlib
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache
from os import stat
from os.path import isdir
from pathlib import Path
from threading import Lock
from urllib.parse import parse_qs, unquote

COMMON, HOSTS = "common", "hosts"
KEPT_BYTES = 64 * 2**20  # of pages in memory, as they are and packed
WORTH_PACKING = 600
TYPES = {".html": "text/html; charset=utf-8", ".xml": "application/atom+xml; charset=utf-8"}
PICTURES = {".jpg": "image/jpeg", ".png": "image/png"}  # named by their bytes, packed by themselves
TYPES |= PICTURES
TYPES |= {".json": "application/feed+json; charset=utf-8"}
ASSETS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")
PATH = re.compile(r"/(?:[\w-][\w.-]*/)*(?:[\w-][\w.-]*)?", re.ASCII)
HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
# A cache may keep it for half a minute, may show it for five more while it asks, for a day when we are away.
CACHED = "public, max-age=30, stale-while-revalidate=300, stale-if-error=86400"
FOR_EVER = "public, max-age=31536000, immutable"
Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Entry:
    """One file as it was read."""

    stamp: tuple[int, int, int]  # inode, time, size: another file has another
    body: bytes
    packed: bytes  # empty where packing gains nothing
    headers: Headers
    etag: str
    modified: int
    plain: "Answer"  # made once: many readers are given the same
    squeezed: "Answer"

    @property
    def size(self) -> int:
        return len(self.body) + len(self.packed)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Headers = field(default_factory=list)
    body: bytes = b""


class Standing:
    """The pages below one root."""

    def __init__(self, root: Path, extra: Headers | None = None):
        self.root = root
        self.extra = extra or []
        self.kept: OrderedDict[str, Entry] = OrderedDict()
        self.bytes = 0
        self.lock = Lock()

    def answer(
        self, method: str, host: str, path: str, query: str, headers: Mapping[str, str]
    ) -> Answer | None:
        """The page, or 304; None when no file stands there. Names of headers in small letters."""
        if method not in {"GET", "HEAD"}:
            return None
        place = self.place_of(host, path, query)
        entry = self.entry(place) if place else None
        if entry is None:
            return None
        if is_known(entry, headers):
            about = entry.headers + self.extra
            return Answer(304, [(name, value) for name, value in about if name != "content-type"])
        found = entry.squeezed if "gzip" in headers.get("accept-encoding", "") else entry.plain
        return replace(found, body=b"") if method == "HEAD" else found

    def missing(self, method, host, path, query, headers) -> Answer | None:
        """The words of the nearest newsroom for an address where nothing stands."""
        steps = path.split("/")
        for end in range(len(steps) - 1, 0, -1):
            found = self.answer(method, host, "/".join(steps[:end]) + "/missing.html", "", headers)
            if found is not None:
                kept = [pair for pair in found.headers if pair[0] not in {"etag", "last-modified"}]
                return Answer(404, kept, found.body)
        return None

    def place_of(self, host: str, path: str, query: str) -> str | None:
        """Which file an address means."""
        name = file_of(path, query)
        if name is None:
            return None
        own = f"{self.root}/{HOSTS}/{known_host}" if (known_host := host_of(host)) else ""
        return f"{own}/{name}" if own and isdir(own) else f"{self.root}/{COMMON}/{name}"  # noqa: PTH112 - see entry

    def entry(self, place: str) -> Entry | None:
        try:
            told = stat(place)  # noqa: PTH116 - asked thousands of times a second, and Path is slow
        except OSError:
            return None
        stamp = (told.st_ino, told.st_mtime_ns, told.st_size)
        entry = self.kept.get(place)
        if entry is not None and entry.stamp == stamp:
            return entry
        try:
            body = Path(place).read_bytes()
        except OSError:
            return None
        return self.keep(place, read(Path(place), body, stamp, self.extra))

    def keep(self, place: str, entry: Entry) -> Entry:
        with self.lock:
            old = self.kept.pop(place, None)
            self.bytes += entry.size - (old.size if old else 0)
            self.kept[place] = entry
            while self.bytes > KEPT_BYTES and len(self.kept) > 1:
                _place, oldest = self.kept.popitem(last=False)
                self.bytes -= oldest.size
        return entry


@lru_cache(maxsize=4096)
def host_of(host: str) -> str:
    """The folder's name for a host as a request names it; empty when it is no name of a host."""
    name = host.lower().partition(":")[0].rstrip(".")
    return name if HOST.fullmatch(name) else ""


@lru_cache(maxsize=4096)
def file_of(path: str, query: str) -> str | None:
    """The file's name below the folder of its host; `?page=2` of a list stands beside it."""
    path = unquote(path)
    if not PATH.fullmatch(path):
        return None
    if not path.endswith("/"):
        return path[1:] if not query and Path(path).suffix in TYPES else None
    page = parse_qs(query, max_num_fields=20).get("page", ["1"])[0] if query else "1"
    if not page.isdecimal() or len(page) > 5:
        return None
    return path[1:] + ("index.html" if int(page) == 1 else f"page-{int(page)}.html")


def read(place: Path, body: bytes, stamp, extra: Headers) -> Entry:
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    is_picture = place.suffix in PICTURES
    packed = gzip.compress(body, 6, mtime=0) if len(body) > WORTH_PACKING and not is_picture else b""
    modified = stamp[1] // 10**9
    headers = [
        ("content-type", (TYPES | ASSETS).get(place.suffix, "application/octet-stream")),
        ("etag", etag),
        ("last-modified", formatdate(modified, usegmt=True)),
        ("cache-control", FOR_EVER if is_picture else CACHED),
        ("vary", "Accept-Encoding"),
    ]
    plain = whole(headers + extra, body)
    squeezed = whole([*headers, *extra, ("content-encoding", "gzip")], packed) if packed else plain
    return Entry(stamp, body, packed, headers, etag, modified, plain, squeezed)


def whole(headers: Headers, body: bytes) -> Answer:
    return Answer(200, [*headers, ("content-length", str(len(body)))], body)


def is_known(entry: Entry, headers: Mapping[str, str]) -> bool:
    """Whether the reader has it already. The tag decides where one is given (RFC 9110, 13.1.3)."""
    if tags := headers.get("if-none-match"):
        return tags.strip() == "*" or entry.etag in {
            tag.strip().removeprefix("W/") for tag in tags.split(",")
        }
    if since := headers.get("if-modified-since"):
        try:
            return entry.modified <= int(parsedate_to_datetime(since).timestamp())
        except (TypeError, ValueError, OverflowError):
            return False
    return False


def static(assets: Standing, method: str, path: str, headers: Mapping[str, str]) -> Answer | None:
    """A stylesheet or icon below /static/. What has its hash in its name never changes."""
    relative = path.removeprefix("/static/")
    if method not in {"GET", "HEAD"} or not PATH.fullmatch("/" + relative):
        return None
    entry = assets.entry(f"{assets.root}/{relative}")
    if entry is None:
        return None
    age = FOR_EVER if HASHED.search(relative) else CACHED
    about = [(name, age if name == "cache-control" else value) for name, value in entry.headers]
    about += assets.extra
    if is_known(entry, headers):
        return Answer(304, about)
    about.append(("content-length", str(len(entry.body))))
    return Answer(200, about, b"" if method == "HEAD" else entry.body)
