"""Asking a provider's API in order to publish: what each answer, and each silence, says of the outcome.

All goes through `monitoring.fetching`, which refuses private addresses, endless answers and secrets in the
open. The rule: what may have been carried out is *unknown*; only a clear refusal, or a connection that never
stood, is known to have published nothing.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from responses.monitoring.fetching import Limits, Response, fetch
from responses.monitoring.sources.asking import pause
from responses.monitoring.sources.base import SourceError

from .base import ChannelError

# The longest adapter asks four times within one try, and a try must end well before its lease does.
LIMITS = Limits(bytes=1024 * 1024, seconds=10.0)
LONGEST_REASON = 300
MAYBE_DONE = {408, 425}  # refusals that say nothing of what became of the request


class Gone(ChannelError):
    """Not an error when reading: the provider says, in its own way, that nothing is there."""


Judge = Callable[[SourceError], ChannelError | None]


class Api:
    """One provider, as one channel may ask it.

    `refusals` says in words what a status means that only a person can mend, on the channel and not on the
    text. `judge` reads a provider's own codes first; None leaves it to what HTTP says. `hidden` are the
    secrets, which no message repeats even when the other side does.
    """

    def __init__(
        self,
        provider: str,
        *,
        now: Any,
        headers: Mapping[str, str] | None = None,
        refusals: Mapping[int, Any] | None = None,
        judge: Judge | None = None,
        hidden: tuple[str, ...] = (),
    ):
        self.provider = provider
        self.now = now
        self.headers = dict(headers or {})
        self._refusals = refusals or {}
        self._judge = judge
        self._hidden = tuple(each for each in hidden if each)

    def get(self, url: str, **params: Any) -> Any:
        """The JSON at `url`, or None where nothing is; asking changes nothing, so this is never unknown."""
        given = {name: value for name, value in params.items() if value not in ("", None)}
        whole = f"{url}?{urlencode(given, doseq=True)}" if given else url
        try:
            answer = self._asked(whole, {})
        except SourceError as error:
            meant = self.meaning(error, is_public=False)
            if isinstance(meant, Gone) or (error.status in (404, 410) and not meant.attention):
                return None
            raise meant from None
        return self._json(answer, is_public=False)

    def post(self, url: str, *, is_public: bool = True, **how: Any) -> Any:
        """The JSON that comes back; `is_public` where doing it is what the public sees."""
        return self._json(self.sent(url, is_public=is_public, **how), is_public)

    def sent(self, url: str, *, is_public: bool = True, **how: Any) -> Response:
        """The answer itself, for those who say it in a header or not in JSON."""
        try:
            return self._asked(url, how)
        except SourceError as error:
            raise self.meaning(error, is_public) from None

    def _asked(self, url: str, how: Mapping[str, Any]) -> Response:
        headers = self.headers | how.get("headers", {})
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            words = _("The token holds characters that no token has. Copy it again.")
            raise ChannelError(words, permanent=True, attention=True)
        more = dict(how) | {"headers": headers}
        return fetch(url, allow=settings.TUGON_ALLOWED_ORIGINS, limits=LIMITS, **more)

    def _json(self, answer: Response, is_public: bool) -> Any:
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError):
            raise self.puzzled(is_public) from None

    def puzzled(self, is_public: bool = True) -> ChannelError:
        """For an answer of another shape than documented: it was taken, and nobody knows what for."""
        words = _("The answer is not one that %(provider)s gives.") % {"provider": self.provider}
        return ChannelError(words, unknown=is_public)

    def meaning(self, error: SourceError, is_public: bool) -> ChannelError:
        """What a failed request says of the outcome."""
        if self._judge and (judged := self._judge(error)):
            return judged
        status = error.status or 0
        if status == 429:
            return self._asked_to_wait(error)
        if words := self._refusals.get(status):
            return ChannelError(str(words), permanent=True, attention=True)
        if 300 <= status < 500 and status not in MAYBE_DONE:
            return self.refused(self.reason(error) or f"HTTP {status}")
        if not error.reached:
            return ChannelError(error.message, permanent=error.permanent, attention=error.permanent)
        return ChannelError(self._what_broke(error), unknown=is_public, retry_after=error.retry_after)

    def refused(self, reason: str) -> ChannelError:
        told = {"provider": self.provider, "reason": reason}
        return ChannelError(_("%(provider)s refused: %(reason)s") % told, permanent=True)

    def _asked_to_wait(self, error: SourceError) -> ChannelError:
        wait = error.retry_after if error.retry_after is not None else pause(error.headers, self.now)
        words = _("%(provider)s asks to wait before the next post.") % {"provider": self.provider}
        return ChannelError(words, retry_after=wait)

    def _what_broke(self, error: SourceError) -> str:
        told = {"provider": self.provider, "status": error.status}
        if error.status:
            return _("%(provider)s has a fault (HTTP %(status)s).") % told
        return _("The connection to %(provider)s broke before it answered.") % told

    def reason(self, error: SourceError) -> str:
        """What the provider itself says, shortened, and without what must not be shown."""
        words = " ".join(_said(error.said).split())
        for secret in self._hidden:
            words = words.replace(secret, "…")
        return words[:LONGEST_REASON]


def _said(said: Mapping[str, Any]) -> str:
    """The sentence in an error, wherever this provider puts it."""
    inner = said.get("error")
    inner = inner if isinstance(inner, Mapping) else {}
    places = (
        inner.get("error_user_msg"),
        inner.get("message"),
        said.get("error_description"),
        said.get("detail"),
        said.get("description"),
        said.get("message"),
        said.get("error"),
        said.get("title"),
    )
    return next((each for each in places if isinstance(each, str) and each.strip()), "")
