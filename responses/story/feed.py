"""The story as a real feed over HTTP, so that the path itself produces what is on screen."""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import takewhile
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from responses.story.cast import BRANDS
from responses.story.crisis import crisis, label_complaint, live, login_failures
from responses.story.ordinary import ordinary
from responses.story.post import Post

NEWEST = 2000  # items a feed holds
NAMES = {brand.slug: brand.name for brand in BRANDS}


@dataclass
class Story:
    """Everything said about every brand, told from the moment the demo began."""

    began_at: datetime
    seed: int = 2026
    days: int = 30  # of ordinary mentions before it
    statement_at: datetime | None = None  # set it when the brand has spoken, and the storm calms down

    def posts(self, brand_slug: str, now: datetime) -> list[Post]:
        """Newest first, up to `now`."""
        told = [*ordinary(brand_slug, now, self.days, self.seed), *self._day(brand_slug, now)]
        told = [post for post in told if post.published_at <= now]
        return sorted(told, key=lambda post: (post.published_at, post.guid), reverse=True)[:NEWEST]

    def _day(self, brand_slug: str, now: datetime) -> list[Post]:
        if brand_slug == "isla":
            storm = live(self.began_at, self.statement_at, self.seed)
            return [*crisis(self.began_at, self.seed), *takewhile(lambda p: p.published_at <= now, storm)]
        if brand_slug == "luzon":
            return login_failures(self.began_at, self.seed)
        return label_complaint(self.began_at, self.seed) if brand_slug == "ising" else []


def rss(brand_slug: str, posts: list[Post], base_url: str) -> bytes:
    """RSS 2.0, in the order given."""
    name = escape(NAMES[brand_slug])
    page = f"{base_url}/{brand_slug}.xml"
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">'
        f"<channel><title>Mentions of {name}</title><link>{escape(page)}</link>"
        f"<description>What people say about {name}. An invented story.</description>"
        f'<atom:link href={quoteattr(page)} rel="self" type="application/rss+xml"/>\n'
    )
    return (head + "".join(map(_item, posts)) + "</channel></rss>\n").encode()


def _item(post: Post) -> str:
    # As on real networks a post has no title, an article has one.
    title = f"<title>{escape(post.title)}</title>" if post.title else ""
    return (
        f"<item>{title}<link>{escape(post.url)}</link>"
        f"<description>{escape(escape(post.text))}</description>"  # RSS descriptions are escaped HTML
        f'<guid isPermaLink="false">{escape(post.guid)}</guid>'
        f"<pubDate>{format_datetime(post.published_at.astimezone(UTC), usegmt=True)}</pubDate>"
        f"<dc:creator>{escape(post.author)}</dc:creator><dc:language>{post.lang}</dc:language></item>\n"
    )


def utc_now() -> datetime:
    return datetime.now(UTC)


class StoryServer:
    """Serves /<brand>.xml on loopback; port 0 takes a free one."""

    def __init__(self, story: Story, port: int = 0, clock: Callable[[], datetime] = utc_now):
        self.story, self.clock = story, clock
        self._http = _Server(("127.0.0.1", port), _Handler)
        self._http.feeds = self
        self._thread = threading.Thread(target=self._http.serve_forever, name="story", daemon=True)

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def url_for(self, slug: str) -> str:
        return f"{self.base_url}/{slug}.xml"

    def start(self) -> "StoryServer":
        self._thread.start()
        return self

    def stop(self) -> None:
        if self._thread.is_alive():
            self._http.shutdown()
            self._thread.join()
        self._http.server_close()

    def __enter__(self) -> "StoryServer":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def serve(port: int, story: Story) -> StoryServer:
    return StoryServer(story, port).start()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    feeds: StoryServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:  # the name http.server asks for
        slug = urlsplit(self.path).path.removeprefix("/").removesuffix(".xml")
        if slug not in NAMES:
            self._answer(HTTPStatus.NOT_FOUND, {"Content-Type": "text/plain"}, b"No such feed.\n")
            return
        feeds = self.server.feeds
        posts = feeds.story.posts(slug, feeds.clock())
        marks = _marks(posts)
        if self._is_known(marks):
            self._answer(HTTPStatus.NOT_MODIFIED, marks, None)
            return
        body = rss(slug, posts, feeds.base_url)
        self._answer(HTTPStatus.OK, marks | {"Content-Type": "application/rss+xml; charset=utf-8"}, body)

    do_HEAD = do_GET

    def _is_known(self, marks: dict[str, str]) -> bool:
        if tag := self.headers.get("If-None-Match"):  # wins over the date, which knows no parts of a second
            return marks["ETag"] in [part.strip().removeprefix("W/") for part in tag.split(",")]
        return _not_after(marks["Last-Modified"], self.headers.get("If-Modified-Since"))

    def _answer(self, status: HTTPStatus, headers: dict[str, str], body: bytes | None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if body is not None and self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the demo's terminal belongs to the demo."""


def _marks(posts: list[Post]) -> dict[str, str]:
    digest = hashlib.sha256("\n".join(post.guid for post in posts).encode()).hexdigest()[:20]
    newest = posts[0].published_at.astimezone(UTC)
    return {"ETag": f'"{digest}"', "Last-Modified": format_datetime(newest, usegmt=True)}


def _not_after(modified: str, known: str | None) -> bool:
    try:
        return known is not None and parsedate_to_datetime(modified) <= parsedate_to_datetime(known)
    except (TypeError, ValueError):  # a date we cannot read is no date: send the feed
        return False
