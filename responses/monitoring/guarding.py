"""Which addresses Tugon may talk to, and for how long.

A person types an address, a stranger's server answers with another one: neither may lead Tugon into the
network it runs in. `requests-hardened` pins the connection to an address it has checked; this module decides
earlier and more strictly (every answer of the resolver counts, not only the first), and ends a conversation
when time is up.
"""

import ipaddress
import socket
import threading
import time
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.utils.translation import gettext as _
from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from requests_hardened.ip_filter import EXTRA_BLOCKED_NET_RANGES
from requests_hardened.ip_filter_adapter import IPFilterAdapter

from responses.monitoring.sources.base import SourceError

PORTS = {"http": 80, "https": 443}
# What IANA calls global but still reaches inside: an IPv4 address hides in each of these.
_TUNNELS = [
    ipaddress.ip_network(net) for net in ("::/96", "2001::/32", "2002::/16", "64:ff9b::/32", "fec0::/10")
]
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: str) -> bool:
    """Whether a resolved address is one that anybody on the internet could reach."""
    ip: _Address = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    return not any(ip.version == net.version and ip in net for net in (*_TUNNELS, *EXTRA_BLOCKED_NET_RANGES))


def origin(url: str) -> str:
    """`https://example.com:8443/feed` → `https://example.com:8443`, the port always named."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}:{parts.port or PORTS.get(parts.scheme, 0)}"


def check_address(url: str, allow: Collection[str]) -> None:
    """Refuse what no resolver is needed for: the scheme, the port, a name and password in the address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise SourceError(_("This is not a web address."), permanent=True) from None
    if parts.scheme not in PORTS:
        message = _("Tugon reads only addresses that begin with http:// or https://.")
        raise SourceError(message, permanent=True)
    if not parts.hostname:
        raise SourceError(_("This is not a web address."), permanent=True)
    if "@" in parts.netloc:
        raise SourceError(_("This address holds a user name or password. Take it out."), permanent=True)
    if port not in (None, 80, 443) and origin(url) not in allow:
        message = _("Tugon reads only from ports 80 and 443, not %(port)s.")
        raise SourceError(message % {"port": port}, permanent=True)


def resolve(host: str, port: int, seconds: float) -> str:
    """The address to talk to. One private address among several refuses them all."""
    addresses = _look_up(host, port, seconds)
    if not all(is_public(address) for address in addresses):
        raise _private()
    return addresses[0]


def _private() -> SourceError:
    message = _("This address leads to a private network, so Tugon does not read it.")
    return SourceError(message, permanent=True)


def _look_up(host: str, port: int, seconds: float) -> list[str]:
    # The system's resolver cannot be given a time limit, so it works in a thread of its own.
    found: list[str] = []

    def work() -> None:
        try:
            found.extend(str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            return

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(max(seconds, 0))
    answers = list(found)
    if not answers:
        raise SourceError(_("There is no server called %(host)s.") % {"host": host})
    return answers


class Watchdog:
    """Ends every connection it holds when time is up, however slowly the other side drips."""

    def __init__(self, seconds: float):
        self.seconds = seconds
        self.fired = False
        self.reached = False  # a connection stood at some moment
        self._ends = time.monotonic() + seconds
        self._held: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self.bite)
        self._timer.daemon = True

    def __enter__(self) -> "Watchdog":
        self._timer.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._timer.cancel()
        with self._lock:
            while self._held:
                self._held.pop().close()

    @property
    def left(self) -> float:
        return max(self._ends - time.monotonic(), 0.01)

    def hold(self, sock: socket.socket) -> None:
        # A duplicate handle: TLS takes the original one away, and shutting down either ends the conversation.
        self.reached = True
        with self._lock:
            self._held.append(sock.dup())
        if self.fired:
            self.bite()

    def bite(self) -> None:
        """Time is up, or nobody wants to hear more."""
        self.fired = True
        with self._lock:
            for sock in self._held:
                try:
                    sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # It has ended already.


class _Watched:
    watchdog: Watchdog

    def _new_conn(self) -> socket.socket:
        sock: socket.socket = super()._new_conn()  # type: ignore[misc]
        self.watchdog.hold(sock)
        return sock


class GuardedAdapter(IPFilterAdapter):
    """Every connection, redirects included, passes here: checked, resolved once, pinned, watched."""

    def __init__(self, *, is_https_proto: bool, allow: Collection[str], watchdog: Watchdog):
        super().__init__(is_https_proto=is_https_proto)
        self._allow = allow
        self._watchdog = watchdog

    def build_connection_pool_key_attributes(
        self, request: PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        url = request.url or ""
        check_address(url, self._allow)
        if origin(url) in self._allow:
            return HTTPAdapter.build_connection_pool_key_attributes(self, request, verify, cert)
        return self._pinned(request, verify, cert)

    def _pinned(self, request: PreparedRequest, verify: Any, cert: Any) -> Any:
        # The parent gets the address in place of the name, so it checks it too but asks no resolver again:
        # between two questions the answer could change.
        parts = urlsplit(request.url or "")
        name = parts.hostname or ""
        ip = resolve(name, parts.port or PORTS[parts.scheme], self._watchdog.left)
        pinned = request.copy()
        literal = f"[{ip}]" if ":" in ip else ip
        pinned.url = urlunsplit(parts._replace(netloc=f"{literal}:{parts.port}" if parts.port else literal))
        try:
            host_params, pool_kwargs = super().build_connection_pool_key_attributes(pinned, verify, cert)
        except RequestException:
            raise _private() from None
        request.headers["Host"] = parts.netloc
        if parts.scheme == "https":
            pool_kwargs |= {"assert_hostname": name, "server_hostname": name}
        return host_params, pool_kwargs

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        pool = super().get_connection_with_tls_context(*args, **kwargs)
        if not issubclass(pool.ConnectionCls, _Watched):
            pool.ConnectionCls = type("Watched", (_Watched, pool.ConnectionCls), {"watchdog": self._watchdog})
        return pool
