"""Google reviews of one of the brand's places, from its Business Profile.

`config` is {"account", "location"}: the numbers of both, {"client_id"} and the secret {"client_secret",
"refresh_token"} of a person's consent to https://www.googleapis.com/auth/business.manage. Reviews have no
address of their own: {"place_url"}, where the place is on Google Maps, stands for it.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from responses.monitoring.sources import google
from responses.monitoring.sources.base import Fetched, Item, SourceError, register
from responses.monitoring.sources.cleaning import tidy, web_link
from responses.monitoring.sources.reading import dicts, moment, name, sorted_out, text
from responses.monitoring.sources.reading_back import Page, page_of, read_back
from responses.monitoring.sources.stars import rated, rating_of, stars

API = "https://mybusiness.googleapis.com/v4"
PAGE_SIZE = 50
# Google puts its translation beside the words that were written.
_TRANSLATED_FIRST = re.compile(r"\A\s*\(Translated by Google\).*?\n\s*\(Original\)\s*", re.S)
_TRANSLATED_LAST = re.compile(r"\s*\n\s*\(Translated by Google\).*\Z", re.S)


@register
class GoogleReviews:
    kind = "google_reviews"

    def fetch(
        self,
        config: dict[str, Any],
        state: dict[str, Any],
        http: Callable[..., Any],
        now: datetime | None = None,
    ) -> Fetched:
        place, now = place_of(config), now or timezone.now()
        known = state if state.get("place") == place else {}
        client, secret, refresh = (
            name(config, each, longest=google.TOKEN_LENGTH)
            for each in ("client_id", "client_secret", "refresh_token")
        )
        token = google.by_refresh_token(http, client=client, secret=secret, token=refresh, now=now)
        api = google.Google(http, now, {"Authorization": f"Bearer {token}"})
        place_url = web_link(name(config, "place_url", longest=2000))

        def page(cursor: str) -> Page:
            asked = {"pageSize": PAGE_SIZE, "orderBy": "updateTime desc", "pageToken": cursor}
            found = api.ask(f"{API}/{place}/reviews", **asked)
            reviews, more = dicts(found.get("reviews")), google.next_page(found, "nextPageToken")
            items = (_item(review, place_url) for review in reviews)
            return page_of(items, more, (moment(review, "updateTime") for review in reviews))

        items, remembered = read_back(page, known, now)
        return Fetched(sorted_out(items, now), {"place": place, **remembered})


def place_of(config: dict[str, Any]) -> str:
    """“accounts/1/locations/2”, from the numbers alone or as Google writes them."""
    account, location = (name(config, each).rpartition("/")[2] for each in ("account", "location"))
    if not all(re.fullmatch(r"[0-9]{1,30}", each) for each in (account, location)):
        raise SourceError(_("Give the numbers of the account and of the location."), permanent=True)
    return f"accounts/{account}/locations/{location}"


def _item(review: dict[str, Any], place_url: str) -> Item | None:
    number, rating = name(review, "reviewId", longest=200), rating_of(review.get("starRating"))
    written, changed = moment(review, "createTime"), moment(review, "updateTime")
    said = original(text(review, "comment"))
    if not number:
        return None
    # A review that was changed says something new, and belongs to what it said at first.
    is_changed = written and changed and written != changed
    return Item(
        external_id=f"{number}@{changed:%Y%m%dT%H%M%S%f}" if is_changed else number,
        thread=number,
        url=place_url,
        author=name(review, "reviewer", "displayName", longest=200),
        title=rated(rating),
        text=said or stars(rating),
        published_at=changed or written,
        raw={"rating": rating},
    )


def original(comment: str) -> str:
    """What was written, without Google's translation of it."""
    return tidy(_TRANSLATED_LAST.sub("", _TRANSLATED_FIRST.sub("", comment)))
