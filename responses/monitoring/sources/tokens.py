"""Short-lived tokens got with a person's credentials: kept in memory, never stored.

Signing in is limited (Bluesky: a few hundred times a day), so a process keeps what it got until it runs out.
A token is found again only by the very credentials it was got with, so brands never share one unknowingly.
"""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

EARLY = timedelta(seconds=60)  # a token about to run out is not worth a try
MOST = 1000


@dataclass(frozen=True)
class Token:
    """What opens the door until `ends_at`, and whose it is when the provider says."""

    value: str
    ends_at: datetime
    owner: str = ""

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.value}"}


_kept: dict[str, Token] = {}
_lock = threading.Lock()


def key_of(*credentials: str) -> str:
    return hashlib.sha256("\x1f".join(credentials).encode()).hexdigest()


def token(key: str, now: datetime, obtain: Callable[[], Token]) -> Token:
    """The kept token, or a new one."""
    with _lock:
        kept = _kept.get(key)
    if kept and now < kept.ends_at - EARLY:
        return kept
    got = obtain()
    with _lock:
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = got
    return got


def forget(key: str) -> None:
    """The provider no longer takes it."""
    with _lock:
        _kept.pop(key, None)


def forget_all() -> None:
    with _lock:
        _kept.clear()
