"""An answer that does not end: opened as safely as any other, read line by line until one side stops."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from django.utils.translation import gettext as _

from .fetching import _REDIRECTS, _in_words, _read, _session
from .fetching import DEFAULT_LIMITS as ORDINARY
from .guarding import Watchdog, check_address, origin
from .sources.base import SourceError

LONGEST = 6 * 3600  # seconds one answer may last; then it is asked for anew
SILENCE = 60  # seconds without a byte: the other side sends a heartbeat more often
LONGEST_LINE = 512 * 1024
_CHUNK = 16 * 1024


class Pouring:
    """The lines of one answer. `end()` may be called by anybody, at any time."""

    def __init__(self, watchdog: Watchdog, chunks: Iterator[bytes]):
        self._watchdog, self._chunks = watchdog, chunks
        self.too_long = 0  # lines that were left out

    def end(self) -> None:
        self._watchdog.bite()

    def __iter__(self) -> Iterator[str]:
        """Line by line; one that is too long is left out, and counted."""
        held, skipping = b"", False
        for chunk in self._chunks:
            *lines, held = (held + chunk).split(b"\n")
            for line in lines:
                if not skipping:
                    yield line.rstrip(b"\r").decode("utf-8", "replace")
                skipping = False
            if len(held) > LONGEST_LINE:
                self.too_long += not skipping
                held, skipping = b"", True


@contextmanager
def pour(
    url: str, *, headers: Mapping[str, str], allow: Collection[str], silence: float = SILENCE
) -> Iterator[Pouring]:
    """GET `url` and read for as long as it comes. Whatever goes wrong is a SourceError in plain words.

    No redirect is followed: what is sent is meant for this address. Credentials go over https only.
    """
    allowed = {origin(each) for each in allow}
    check_address(url, allowed)
    if headers and url.startswith("http:") and origin(url) not in allowed:
        raise SourceError(_("Tugon sends passwords only to addresses with https://."), permanent=True)
    with Watchdog(LONGEST) as watchdog, _in_words(watchdog), _session(allowed, watchdog) as session:
        asked = {"Accept": "text/event-stream", "Accept-Encoding": "identity", **headers}
        answer = session.get(url, headers=asked, stream=True, timeout=(ORDINARY.seconds, silence))
        with answer:
            if answer.status_code in _REDIRECTS:
                raise SourceError(_("The server sends Tugon on to another address."))
            if answer.status_code != 200:
                _read(answer, url, "", ORDINARY)
                raise SourceError(_("The server gave an answer Tugon cannot use."))
            yield Pouring(watchdog, iter(lambda: answer.raw.read1(_CHUNK), b""))
