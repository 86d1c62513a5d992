"""An HTTP transport bound to one server, whose address is checked and looked up once.

A service address is typed by a person. It must not lead into the network Tugon runs in, not even when the
name answers differently the second time it is asked for, nor by a redirect.
"""

from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.utils.translation import gettext as _

from responses.monitoring.guarding import PORTS, Watchdog, origin, resolve
from responses.monitoring.sources.base import SourceError
from responses.publishing.channels.base import ChannelError

SECONDS = 20.0  # for one request, from the look-up to the last byte
LOOK_UP_SECONDS = 5.0
MOST_BYTES = 1024 * 1024

Http = Callable[[str], httpx.BaseTransport]


def pinned(service_url: str, allow: Collection[str] = (), seconds: float = SECONDS) -> httpx.BaseTransport:
    """A transport to `service_url`: https to a public address, or exactly one of the origins in `allow`."""
    allowed = origin(service_url) in {origin(each) for each in allow}
    _check(service_url, allowed)
    parts = urlsplit(service_url)
    address = _address(parts.hostname or "", parts.port or PORTS[parts.scheme], allowed)
    return PinnedTransport(origin(service_url), address, seconds)


def _check(service_url: str, allowed: bool) -> None:
    parts = urlsplit(service_url)
    if not parts.hostname or parts.scheme not in PORTS or "@" in parts.netloc:
        raise ChannelError(_("The address of the service is not a web address."), permanent=True)
    if not allowed and (parts.scheme != "https" or parts.port not in (None, 443)):
        raise ChannelError(_("The address of the service must begin with https://."), permanent=True)


def _address(host: str, port: int, allowed: bool) -> str:
    if allowed:
        return host  # Somebody who runs Tugon vouches for this server by name.
    try:
        return resolve(host, port, LOOK_UP_SECONDS)
    except SourceError as error:
        raise ChannelError(error.message, permanent=error.permanent) from error


class PinnedTransport(httpx.BaseTransport):
    """Talks to one address, follows nothing, tries once, and ends when its time is up."""

    def __init__(self, allowed_origin: str, address: str, seconds: float):
        self.origin = allowed_origin
        self.address = address
        self.seconds = seconds
        # No connection is kept: the watchdog must see every one of them being made.
        limits = httpx.Limits(max_keepalive_connections=0)
        # trust_env is about SSL_CERT_FILE here; a transport of one's own uses no proxy from the environment.
        self.inner = httpx.HTTPTransport(trust_env=True, retries=0, limits=limits)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if origin(str(request.url)) != self.origin:
            raise httpx.ConnectError("Refused: this transport talks to one server only.")
        with Watchdog(self.seconds) as watchdog:
            return _read(self.inner.handle_request(self._prepared(request, watchdog)))

    def _prepared(self, request: httpx.Request, watchdog: Watchdog) -> httpx.Request:
        name = request.url.host
        request.url = request.url.copy_with(host=self.address)
        request.headers["Accept-Encoding"] = "identity"  # A packed answer could unfold to any size.
        request.extensions = request.extensions | {"sni_hostname": name, "trace": _holder(watchdog)}
        return request

    def close(self) -> None:
        self.inner.close()


def _holder(watchdog: Watchdog) -> Callable[[str, dict[str, Any]], None]:
    def trace(event: str, info: dict[str, Any]) -> None:
        if event == "connection.connect_tcp.complete":
            watchdog.hold(info["return_value"].get_extra_info("socket"))

    return trace


def _read(answer: httpx.Response) -> httpx.Response:
    """The answer with its body read, within the limit, and without a place to go to next."""
    body = bytearray()
    try:
        for chunk in answer.iter_raw():
            body += chunk
            if len(body) > MOST_BYTES:
                raise httpx.ReadError("The answer is too large.")
    finally:
        answer.close()
    dropped = {"location", "content-encoding", "content-length", "transfer-encoding"}
    headers = [(name, value) for name, value in answer.headers.multi_items() if name not in dropped]
    return httpx.Response(answer.status_code, headers=headers, content=bytes(body))
