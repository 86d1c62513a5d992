"""App Store reviews: the public list Apple gives of each app and country.

`config` is {"app": its number, "countries": two letters each, with blanks between}. Apple shows the newest
500 of a country, 50 a page, and says of an app that is not there the same as of one without reviews.
"""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from responses.monitoring.sources.base import Fetched, Item, SourceError, register
from responses.monitoring.sources.cleaning import fingerprint, identity, one_line, web_link
from responses.monitoring.sources.reading import dicts, moment, name, part, sorted_out, text
from responses.monitoring.sources.reading_back import LAST_TIME, Page, page_of, read_back
from responses.monitoring.sources.stars import rated, rating_of

STORE = "https://itunes.apple.com"
LAST_PAGE = 10
MOST_COUNTRIES = 5
PAGES_EACH = 4
UNCHANGED = 304


@register
class AppStore:
    kind = "app_store"

    def fetch(
        self,
        config: dict[str, Any],
        state: dict[str, Any],
        http: Callable[..., Any],
        now: datetime | None = None,
    ) -> Fetched:
        now = now or timezone.now()
        app, countries = entered(config)
        known = state if state.get("app") == app else {}
        items: list[Item] = []
        remembered: dict[str, Any] = {"app": app}
        for country in countries:
            found, remembered[country] = _Store(app, country, known.get(country, {}), http).read(now)
            items += found
        return Fetched(sorted_out(items, now), remembered)


def entered(config: dict[str, Any]) -> tuple[str, list[str]]:
    app = name(config, "app")
    countries = name(config, "countries").lower().replace(",", " ").split()
    if not re.fullmatch(r"[0-9]{1,15}", app):
        raise SourceError(_("Give the app's number, the digits after “id” in its address."), permanent=True)
    if not 0 < len(countries) <= MOST_COUNTRIES:
        message = _("Name one to %(most)s countries.") % {"most": MOST_COUNTRIES}
        raise SourceError(message, permanent=True)
    for country in countries:
        if not re.fullmatch(r"[a-z]{2}", country):
            message = _("“%(given)s” is not a country of two letters, like ph or us.")
            raise SourceError(message % {"given": one_line(country, 40)}, permanent=True)
    return app, list(dict.fromkeys(countries))


class _Store:
    """The reviews of one country."""

    def __init__(self, app: str, country: str, known: dict[str, Any], http: Callable[..., Any]):
        self.app, self.country, self.known, self.http = app, country, known, http
        self.tags = {each: known.get(each, "") for each in ("etag", "last_modified")}

    def read(self, now: datetime) -> tuple[list[Item], dict[str, Any]]:
        last_time = {each: self.known[each] for each in LAST_TIME if each in self.known}
        items, remembered = read_back(self.page, last_time, now, PAGES_EACH)
        return items, remembered | {each: tag for each, tag in self.tags.items() if tag}

    def page(self, cursor: str) -> Page:
        number = int(cursor or 1)
        url = f"{STORE}/{self.country}/rss/customerreviews/page={number}/id={self.app}/sortby=mostrecent/json"
        try:
            answer = self.http(url, **(self.tags if number == 1 else {}))
        except SourceError as error:
            raise self.refused(error) from None
        if answer.status == UNCHANGED:
            return Page([], "", [])
        if number == 1:
            self.tags = {"etag": answer.etag, "last_modified": answer.last_modified}
        reviews = [each for each in _entries(answer.body) if rating_of(_label(each, "im:rating"))]
        more = str(number + 1) if reviews and number < LAST_PAGE else ""
        return page_of(map(self.item, reviews), more, (moment(each, "updated", "label") for each in reviews))

    def refused(self, error: SourceError) -> SourceError:
        if error.status not in (400, 404):
            return error
        message = _("The App Store of “%(country)s” does not know this app, or there is no such country.")
        return SourceError(message % {"country": self.country}, status=error.status)

    def item(self, review: dict[str, Any]) -> Item:
        rating, heading = rating_of(_label(review, "im:rating")), _label(review, "title")[:480]
        said, author = text(review, "content", "label") or heading, _label(review, "author", "name")
        number = identity(_label(review, "id"), self.country, author, said)[:180]
        return Item(
            # Who changes a review keeps its number: what it says now is told apart from what it said.
            external_id=f"{number}@{fingerprint(str(rating), heading, said)[-16:]}",
            thread=number,
            url=web_link(name(review, "link", "attributes", "href", longest=2000)),
            author=author[:200],
            author_url=web_link(_label(review, "author", "uri")),
            title=rated(rating, heading),
            text=said,
            published_at=moment(review, "updated", "label"),
            country=self.country,
            raw={"rating": rating, "version": _label(review, "im:version")[:40]},
        )


def _entries(body: bytes) -> list[dict[str, Any]]:
    """A list, one review alone, or nothing; older answers put the app itself first, which has no rating."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(part(found, "feed"), dict):
        raise SourceError(_("The answer is not one that %(provider)s gives.") % {"provider": "App Store"})
    entry = part(found, "feed", "entry")
    return dicts([entry] if isinstance(entry, dict) else entry)


def _label(found: dict[str, Any], *path: str) -> str:
    return name(found, *path, "label", longest=500)
