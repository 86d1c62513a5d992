"""Google Play reviews of one of the brand's apps.

`config` is {"app": its package name} and {"service_account"}, the JSON key of an account that may see reviews
in the Play Console. Google gives the reviews of the last week that hold words, and keeps ratings without.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from responses.monitoring.sources import google
from responses.monitoring.sources.base import Fetched, Item, SourceError, register
from responses.monitoring.sources.cleaning import one_line
from responses.monitoring.sources.reading import dicts, moment, name, number, part, sorted_out, text
from responses.monitoring.sources.reading_back import Page, page_of, read_back
from responses.monitoring.sources.stars import rated, rating_of

API = "https://androidpublisher.googleapis.com/androidpublisher/v3"
WEB = "https://play.google.com/store/apps/details"
SCOPE = "https://www.googleapis.com/auth/androidpublisher"
PAGE_SIZE = 100


@register
class PlayStore:
    kind = "play_store"

    def fetch(
        self,
        config: dict[str, Any],
        state: dict[str, Any],
        http: Callable[..., Any],
        now: datetime | None = None,
    ) -> Fetched:
        app, now = name(config, "app"), now or timezone.now()
        if not re.fullmatch(r"[A-Za-z]\w*(\.[A-Za-z]\w*)+", app, re.A):
            raise SourceError(_("Give the app's package name, like com.example.app."), permanent=True)
        known = state if state.get("app") == app else {}
        token = google.by_service_account(http, str(config.get("service_account", "")), SCOPE, now)
        api = google.Google(http, now, {"Authorization": f"Bearer {token}"})

        def page(cursor: str) -> Page:
            found = api.ask(f"{API}/applications/{app}/reviews", maxResults=PAGE_SIZE, token=cursor)
            reviews = dicts(found.get("reviews"))
            more = google.next_page(found, "tokenPagination", "nextPageToken")
            times = (_changed_at(_said(review)) for review in reviews)
            return page_of((_item(review, app) for review in reviews), more, times)

        items, remembered = read_back(page, known, now)
        return Fetched(sorted_out(items, now), {"app": app, **remembered})


def _said(review: dict[str, Any]) -> dict[str, Any]:
    """What the reviewer says; what the developer answers is the brand's own."""
    said = (part(each, "userComment") for each in dicts(review.get("comments")))
    return next((each for each in said if isinstance(each, dict)), {})


def _changed_at(said: dict[str, Any]) -> datetime | None:
    """Google writes the seconds since 1970 as text, as it does with all long numbers."""
    seconds = name(said, "lastModified", "seconds", longest=12)
    return moment({"at": int(seconds)}, "at") if seconds.isascii() and seconds.isdigit() else None


def _item(review: dict[str, Any], app: str) -> Item | None:
    of, said = name(review, "reviewId", longest=200), _said(review)
    # Some reviews hold a title, a tab, and the text.
    heading, _tab, body = str(said.get("text", "")).rpartition("\t")
    rating, changed = rating_of(said.get("starRating")), _changed_at(said)
    if not of:
        return None
    return Item(
        # Who changes a review keeps its number: what it says now is told apart from what it said.
        external_id=f"{of}@{changed:%Y%m%dT%H%M%S}" if changed else of,
        thread=of,
        url=f"{WEB}?{urlencode({'id': app, 'reviewId': of})}",
        author=name(review, "authorName", longest=200),
        title=rated(rating, one_line(heading, 480)),
        text=text({"said": body}, "said") or one_line(heading),
        published_at=changed,
        language=name(said, "reviewerLanguage", longest=8).replace("-", "_").partition("_")[0].lower(),
        raw={
            "rating": rating,
            "version": name(said, "appVersionName", longest=40),
            "likes": number(said, "thumbsUpCount"),
        },
    )
