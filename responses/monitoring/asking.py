"""What an adapter asks with during one reading: `http(url, …)`, within a time, and not what is known."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from . import sharing
from .fetching import DEFAULT_LIMITS, Response, fetch
from .guarding import check_address, origin
from .sources.base import SourceError


class Asking:
    """All questions of one reading together get `seconds`.

    `since`: answers that others got after that moment will do. None where the reading has a credential: then
    nothing is shared, in neither direction. `heard_at` is how old the oldest answer used is.
    """

    def __init__(self, seconds: float, *, now: datetime, since: datetime | None = None):
        self.seconds, self.now, self.since = seconds, now, since
        self.heard_at = now
        self._ends = time.monotonic() + seconds

    def __call__(self, url: str, **how: Any) -> Response:
        left = self._ends - time.monotonic()
        if left <= 0:
            message = _("The server took longer than %(seconds)s seconds.")
            raise SourceError(message % {"seconds": self.seconds})
        limits = replace(DEFAULT_LIMITS, seconds=min(left, DEFAULT_LIMITS.seconds))
        http = partial(fetch, allow=settings.TUGON_ALLOWED_ORIGINS, limits=limits)
        if self.since is None or not sharing.is_open(how):
            return http(url, **how)
        return self._shared(url.strip(), how, http, self.since)

    def _shared(self, url: str, how: Mapping[str, Any], http: Any, since: datetime) -> Response:
        # What will never be asked is not kept either.
        check_address(url, {origin(each) for each in settings.TUGON_ALLOWED_ORIGINS})
        answer, at = sharing.ask(sharing.Wish(url, since, self.now, **how), http)
        self.heard_at = min(self.heard_at, at)
        return answer
