"""Asking Meta's Graph API, for Facebook pages and Instagram accounts, and what its refusals mean.

The address of a next page holds the token; so we never follow it, and ask with its cursor instead.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from responses.monitoring.sources.asking import Api
from responses.monitoring.sources.base import Item, SourceError
from responses.monitoring.sources.reading import dicts, moment, name, number, part
from responses.monitoring.sources.reading_back import Page, page_of, read_back

FACEBOOK = "https://graph.facebook.com/v24.0"
INSTAGRAM = "https://graph.instagram.com/v24.0"
AN_HOUR = 3600  # over which Meta counts calls
LONGEST_CURSOR = 2_000
MORE_PAGES = 10  # of comments, beyond those that come with their posts, in one reading

Reader = Callable[[dict[str, Any], dict[str, Any]], list[Item]]  # a comment and its post

TOO_OFTEN = {4, 17, 32, 341, 613, 80001, 80002, 80006, 80008}
NO_TOKEN = {102, 190, 463, 467}
NOT_ALLOWED = {3, 10, *range(200, 300)}
NOT_THERE = {100, 803}
FOR_NOW = {1, 2}


class Graph:
    """One token's view."""

    def __init__(self, http: Callable[..., Any], token: str, base: str, now: datetime):
        if not token:
            raise SourceError(_("Give Tugon an access token."), permanent=True)
        self.base, self.now = base, now
        self.api = Api("Meta", http, now, headers={"Authorization": f"Bearer {token}"})

    def ask(self, *path: str, **params: Any) -> dict[str, Any]:
        url = "/".join([self.base, *(quote(each, safe="") for each in path)])
        try:
            found = self.api.get(url, **params)
        except SourceError as error:
            raise refusal(error) from None
        if not isinstance(found, dict):
            raise self.api.puzzled()
        return found


def next_cursor(found: dict[str, Any], *, is_bare: bool = False) -> str:
    """Where the page after this one begins, "" when this is the last.

    A bare list names cursors and no next page: it goes on until a page is empty.
    """
    goes_on = found.get("data") if is_bare else part(found, "paging", "next")
    return name(found, "paging", "cursors", "after", longest=LONGEST_CURSOR) if goes_on else ""


def refusal(error: SourceError) -> SourceError:
    code = number(error.said, "error", "code") or 0
    if code in TOO_OFTEN or error.status == 429:
        wait = error.retry_after or (AN_HOUR if code else None)
        return SourceError(_("Meta asks Tugon to come less often."), retry_after=wait, status=error.status)
    if code in FOR_NOW:
        return SourceError(_("Meta has a fault. Tugon tries again later."), status=error.status)
    message = _mending(code, error.status)
    return SourceError(message, permanent=True, status=error.status) if message else error


def _mending(code: int, status: int | None) -> str:
    """What a person has to do, empty when it may mend itself."""
    if code in NO_TOKEN or (not code and status == 401):
        return _(
            "The access token has expired or was withdrawn. Make a new one at Meta and give it to Tugon."
        )
    if code in NOT_ALLOWED or (not code and status == 403):
        return _("The access token does not allow this. Make one with the permissions Tugon asks for.")
    if code in NOT_THERE:
        return _("Meta knows nothing under this number, or the access token may not see it.")
    return ""


class Comments:
    """The comments under each post. They come with the post, newest first; what did not fit is asked for.

    `known` says of each post how far its comments were read. Under a post that is new since the last reading
    everything is new; when nothing was read before at all, what comes with the posts is enough.
    """

    def __init__(self, meta: Graph, known: dict[str, Any], *, written: str, read: Reader):
        self.meta, self.known, self.written, self.read = meta, known, written, read
        self.is_first_time = not known
        self.heard: dict[str, Any] = {}
        self.left = MORE_PAGES

    def under(self, post: dict[str, Any], **params: Any) -> list[Item]:
        of, began = name(post, "id"), moment(post, self.written)
        known = {key: value for key, value in self.known.get(of, {}).items() if value}
        if not self.is_first_time and began:
            known = {"newest": began.isoformat(), **known}

        def page(cursor: str) -> Page:
            if not cursor:
                return self.paged(part(post, "comments"), post)
            self.left -= 1
            return self.paged(self.meta.ask(of, "comments", after=cursor, **params), post)

        items, self.heard[of] = read_back(page, known, self.meta.now, most_pages=1 + max(self.left, 0))
        return items

    def paged(self, found: Any, post: dict[str, Any]) -> Page:
        return paged(found, self.written, lambda comment: self.read(comment, post))


def paged(
    found: Any, written: str, read: Callable[[dict[str, Any]], list[Item]], *, is_bare: bool = False
) -> Page:
    """A page of Meta's, newest first; `written` is the name its entries' time has."""
    found = found if isinstance(found, dict) else {}
    entries = dicts(found.get("data"))
    items = [item for entry in entries for item in read(entry)]
    return page_of(items, next_cursor(found, is_bare=is_bare), (moment(each, written) for each in entries))
