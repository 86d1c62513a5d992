"""Reading one address of a stranger's server: safely, politely, and within limits."""

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import requests
from django.utils.translation import gettext as _
from requests_hardened import Config, HTTPSession
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as ReadTimedOut

from responses.monitoring.guarding import GuardedAdapter, Watchdog, check_address, origin
from responses.monitoring.sources.base import SourceError

USER_AGENT = "Tugon/0.1 (+https://tugon.example/bot)"
ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5"
LONGEST_WAIT = 24 * 3600
LONGEST_COMPLAINT = 64 * 1024  # what is read of the answer that comes with a refusal
OPEN_HEADERS = {"accept", "if-none-match", "if-modified-since"}
_CHUNK = 64 * 1024
_REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True)
class Limits:
    bytes: int = 5 * 1024 * 1024  # counted after decompression
    seconds: float = 15.0  # from the first look-up to the last byte
    redirects: int = 3


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Response:
    """What came back. `moved_to` is set when the server says: from now on ask there."""

    status: int
    body: bytes
    content_type: str
    etag: str
    last_modified: str
    url: str
    moved_to: str = ""
    retry_after: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # by name in any case

    @property
    def not_modified(self) -> bool:
        return self.status == 304


def fetch(
    url: str,
    *,
    etag: str = "",
    last_modified: str = "",
    method: str = "",
    headers: Mapping[str, str] | None = None,
    data: Mapping[str, str] | bytes | None = None,
    json: Any = None,
    allow: Collection[str] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> Response:
    """GET `url`, or POST `data` (a form, or bytes as they are) or `json`.

    Whatever goes wrong is a SourceError in plain words.
    `headers` may hold credentials: they go to the origin of `url` and nowhere else, and over https only.
    """
    allowed = {origin(each) for each in allow}
    asked = {"If-None-Match": etag, "If-Modified-Since": last_modified, **(headers or {})}
    call = _Call(
        method or ("GET" if data is None and json is None else "POST"),
        {name: value for name, value in asked.items() if value},
        {"data": data, "json": json},
        limits,
    )
    with Watchdog(limits.seconds) as watchdog, _in_words(watchdog), _session(allowed, watchdog) as session:
        return _follow(session, url.strip(), call, watchdog)


@dataclass(frozen=True)
class _Call:
    method: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    limits: Limits

    @property
    def is_confidential(self) -> bool:
        return self.method != "GET" or any(name.lower() not in OPEN_HEADERS for name in self.headers)

    def elsewhere(self) -> "_Call":
        """The same call to another origin, which gets to see only what is no secret."""
        kept = {name: value for name, value in self.headers.items() if name.lower() in OPEN_HEADERS}
        return replace(self, headers=kept)


class _Session(HTTPSession):
    allow: Collection[str] = ()

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        # We follow redirects ourselves: requests would first read the redirect's whole body, endless or not.
        return None


def _session(allow: Collection[str], watchdog: Watchdog) -> _Session:
    session = _Session(
        Config(
            ip_filter_enable=True,
            ip_filter_allow_loopback_ips=False,
            never_redirect=True,
            default_timeout=(watchdog.seconds, watchdog.seconds),
            user_agent_override=USER_AGENT,
        )
    )
    session.allow = allow
    session.trust_env = False  # neither proxies nor passwords from the environment
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.update({"Accept": ACCEPT, "Accept-Encoding": "gzip, deflate"})
    for scheme in ("http", "https"):
        adapter = GuardedAdapter(is_https_proto=scheme == "https", allow=allow, watchdog=watchdog)
        session.mount(f"{scheme}://", adapter)
    return session


def _follow(session: _Session, url: str, call: _Call, watchdog: Watchdog) -> Response:
    moved_to, permanently = "", True
    for _hop in range(call.limits.redirects + 1):
        check_address(url, session.allow)
        if call.is_confidential and url.startswith("http:") and origin(url) not in session.allow:
            raise SourceError(_("Tugon sends passwords only to addresses with https://."), permanent=True)
        answer = session.request(
            call.method, url, headers=dict(call.headers), stream=True, timeout=watchdog.left, **call.body
        )
        with answer:
            if answer.status_code not in _REDIRECTS:
                return _read(answer, url, moved_to, call.limits)
            permanently = permanently and answer.status_code in (301, 308)
            came_from, url = url, _target(answer, url)
            moved_to = url if permanently else moved_to
        if call.method != "GET":
            # What is sent is meant for the address it was sent to.
            words = _("The server sends Tugon on to another address with what it was sent.")
            raise SourceError(words, status=answer.status_code)
        call = call if origin(url) == origin(came_from) else call.elsewhere()
    raise SourceError(_("This address sends Tugon on from one place to the next without end."))


def _target(answer: requests.Response, url: str) -> str:
    given = answer.headers.get("Location", "")
    location = given.encode("latin-1", "replace").decode("utf-8", "replace").strip()
    if not location:
        raise SourceError(_("The server sends Tugon on, but does not say where."))
    parts = urlsplit(urljoin(url, location))
    # A name and password in the target are not ours to hand on, nor is the place in the page.
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))


def _read(answer: requests.Response, url: str, moved_to: str, limits: Limits) -> Response:
    retry_after = parse_retry_after(answer.headers.get("Retry-After", ""), datetime.now(UTC))
    if answer.status_code != 304 and not 200 <= answer.status_code < 300:
        raise _refusal(answer, retry_after)
    return Response(
        status=answer.status_code,
        body=b"" if answer.status_code == 304 else _body(answer, limits),
        content_type=answer.headers.get("Content-Type", ""),
        etag=answer.headers.get("ETag", ""),
        last_modified=answer.headers.get("Last-Modified", ""),
        url=url,
        moved_to=moved_to,
        retry_after=retry_after,
        headers=answer.headers,
    )


def _body(answer: requests.Response, limits: Limits) -> bytes:
    body = bytearray()
    for chunk in answer.raw.stream(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > limits.bytes:
            message = _("The answer is larger than %(size)s MB, so Tugon stopped reading.")
            raise SourceError(message % {"size": round(limits.bytes / 1024**2, 1)}, is_large=True)
    return bytes(body)


def parse_retry_after(value: str, now: datetime) -> int | None:
    """Seconds to wait, from either form of the header; never more than a day, None when it says nothing."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(int(value[:9]), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return int(min(max((until - now).total_seconds(), 0), LONGEST_WAIT))


def _complaint(answer: requests.Response) -> dict[str, Any]:
    """What an API says about a refusal, when it says it in JSON and few words."""
    if "json" not in answer.headers.get("Content-Type", ""):
        return {}
    try:
        found = json.loads(answer.raw.read(LONGEST_COMPLAINT, decode_content=True))
    except (ValueError, HTTPError, OSError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _refusal(answer: requests.Response, retry_after: int | None) -> SourceError:
    status = answer.status_code
    messages = {
        401: _("The server asks for a password at this address."),
        403: _("The server does not let Tugon read this address."),
        404: _("There is nothing at this address."),
        410: _("This address is gone for good."),
        429: _("The server asks Tugon to come less often."),
        503: _("The server is busy. Tugon tries again later."),
    }
    other = _("The server gave an answer Tugon cannot use.")
    if status >= 500:
        other = _("The server has a fault.")
    text = _("%(sentence)s (HTTP %(status)s)") % {"sentence": messages.get(status, other), "status": status}
    return SourceError(
        text,
        permanent=status == 410,
        retry_after=retry_after,
        status=status,
        headers=answer.headers,
        said=_complaint(answer),
    )


@contextmanager
def _in_words(watchdog: Watchdog) -> Iterator[None]:
    """Turns every failure of the network below into one sentence. A cut connection may look like success."""
    too_slow = _("The server took longer than %(seconds)s seconds.") % {"seconds": round(watchdog.seconds)}
    try:
        yield
        if watchdog.fired:
            raise SourceError(too_slow)
    except SourceError as error:
        raise _reached(SourceError(too_slow) if watchdog.fired else error, watchdog) from None
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        told = SourceError(too_slow) if watchdog.fired else _explain(error, too_slow)
        raise _reached(told, watchdog) from error


def _reached(error: SourceError, watchdog: Watchdog) -> SourceError:
    error.reached = watchdog.reached
    return error


def _explain(error: Exception, too_slow: str) -> SourceError:
    kinds = requests.exceptions
    if isinstance(error, (kinds.Timeout, ReadTimedOut)):
        return SourceError(too_slow)
    if isinstance(error, kinds.SSLError):
        return SourceError(_("The server's certificate is not valid for this address."))
    if isinstance(error, kinds.ConnectionError):
        return SourceError(_("The server does not answer."))
    if isinstance(error, (kinds.InvalidURL, kinds.MissingSchema, kinds.InvalidSchema)):
        return SourceError(_("This is not a web address."), permanent=True)
    return SourceError(_("The server sent a damaged answer."))
