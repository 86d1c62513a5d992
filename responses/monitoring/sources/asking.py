"""Asking a provider's API for JSON: its refusals in the user's words, its wishes for a pause respected."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from responses.monitoring.sources.base import SourceError

LONGEST_PAUSE = 24 * 3600
# X, Mastodon and Reddit, Bluesky. What they write there differs: see `pause`.
_RESETS = ("x-rate-limit-reset", "x-ratelimit-reset", "ratelimit-reset")
_REMAINING = ("x-rate-limit-remaining", "x-ratelimit-remaining", "ratelimit-remaining")
_YEAR_2001 = 1_000_000_000  # a smaller number is seconds to wait, a larger one a moment


class Api:
    """One provider, as one source may ask it.

    `refusals` says in words what a status means that only a person can mend.
    """

    def __init__(
        self,
        provider: str,
        http: Callable[..., Any],
        now: datetime,
        *,
        headers: Mapping[str, str] | None = None,
        refusals: Mapping[int, Any] | None = None,
    ):
        self.provider = provider
        self.now = now
        self.at = ""  # where the last answer came from, after redirects
        self.is_spent = False  # the provider said that its patience is at an end for now
        self._http = http
        self.headers = dict(headers or {})
        self._refusals = refusals or {}

    def get(self, url: str, **params: Any) -> Any:
        """The JSON at `url`; of `params` those that are something."""
        given = {name: value for name, value in params.items() if value not in ("", None)}
        return self._asked(f"{url}?{urlencode(given, doseq=True)}" if given else url)

    def post(self, url: str, **body: Any) -> Any:
        """The JSON that comes back for a form (`data=`) or an object (`json=`)."""
        return self._asked(url, **body)

    def _asked(self, url: str, **body: Any) -> Any:
        headers = {"headers": self.headers} if self.headers else {}
        if not all(value.isascii() and value.isprintable() for value in self.headers.values()):
            raise SourceError(
                _("The token holds characters that no token has. Copy it again."), permanent=True
            )
        try:
            answer = self._http(url, **headers, **body)
        except SourceError as error:
            raise self._in_words(error) from None
        self.at = getattr(answer, "url", url)
        self.is_spent = is_spent(getattr(answer, "headers", {}))
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError):
            raise self.puzzled() from None

    def puzzled(self) -> SourceError:
        """The error for an answer of another shape than documented."""
        return SourceError(_("The answer is not one that %(provider)s gives.") % {"provider": self.provider})

    def _in_words(self, error: SourceError) -> SourceError:
        waits = error.status in (429, 503) and error.retry_after is None
        words = self._refusals.get(error.status or 0)
        return SourceError(
            str(words or error.message),
            permanent=bool(words) or error.permanent,
            retry_after=pause(error.headers, self.now) if waits else error.retry_after,
            status=error.status,
            headers=error.headers,
            said=error.said,
        )


def pause(headers: Mapping[str, str], now: datetime) -> int | None:
    """Seconds until the provider's patience is back, by its own header; None when it does not say."""
    value = next((headers[name].strip() for name in _RESETS if headers.get(name)), "")
    try:
        number = float(value)
    except ValueError:
        until = _moment(value)
        number = (until - now).total_seconds() if until else -1
    else:
        number = number - now.timestamp() if number > _YEAR_2001 else number
    return round(min(number, LONGEST_PAUSE)) if number >= 0 else None


def is_spent(headers: Mapping[str, str]) -> bool:
    """Whether the provider says that nothing is left to ask until its clock starts anew."""
    value = next((headers[name] for name in _REMAINING if headers.get(name)), "")
    try:
        return float(value) < 1
    except ValueError:
        return False


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
