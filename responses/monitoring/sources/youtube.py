"""YouTube: what is written under one video, or under everything of one channel.

`config` is {"video": id} or {"channel": id} and {"api_key"}. A reading costs one unit of the key's quota for
each hundred comments, and one for each comment whose answers have grown.
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
from responses.monitoring.sources.cleaning import web_link
from responses.monitoring.sources.reading import dicts, moment, name, number, part, sorted_out, text
from responses.monitoring.sources.reading_back import MOST_PAGES, Page, page_of, read_back

API = "https://www.googleapis.com/youtube/v3"
WEB = "https://www.youtube.com"
PAGE_SIZE = 100
MOST_THREADS = 10  # whose further answers are read at one go
MOST_REMEMBERED = 300
WRITTEN = ("snippet", "publishedAt")


@register
class YouTube:
    kind = "youtube"

    def fetch(
        self,
        config: dict[str, Any],
        state: dict[str, Any],
        http: Callable[..., Any],
        now: datetime | None = None,
    ) -> Fetched:
        asked, now = of_what(config), now or timezone.now()
        known = state if state.get("of") == asked else {}
        headers = {"X-Goog-Api-Key": name(config, "api_key")}
        reading = _Reading(google.Google(http, now, headers, _refusals()), asked, known.get("answers", {}))
        items, remembered = read_back(reading.page, known, now)
        items = sorted_out(items + reading.further_answers(), now)
        return Fetched(items, {"of": asked, **remembered, "answers": reading.remembered()})


def of_what(config: dict[str, Any]) -> dict[str, str]:
    """The filter to ask with: a video's id has 11 letters, a channel's begins with UC."""
    video, channel = name(config, "video"), name(config, "channel")
    if re.fullmatch(r"[\w-]{11}", video, re.A):
        return {"videoId": video}
    if re.fullmatch(r"UC[\w-]{22}", channel, re.A):
        return {"allThreadsRelatedToChannelId": channel}
    raise SourceError(_("Give a video, or a channel by its id that begins with UC."), permanent=True)


class _Reading:
    """One reading: it notes how many answers each comment has, and whose are not all read yet."""

    def __init__(self, api: google.Google, of: dict[str, str], known: dict[str, int]):
        self.api, self.of, self.known = api, of, known
        self.counted: dict[str, int] = {}
        self.unread: dict[str, tuple[str, int]] = {}  # comment → its video, how many answers it has

    def page(self, cursor: str) -> Page:
        found = self.ask("commentThreads", part="snippet,replies", order="time", **self.of, pageToken=cursor)
        threads = dicts(found.get("items"))
        items = [item for thread in threads for item in self.thread(thread)]
        times = (moment(thread, "snippet", "topLevelComment", *WRITTEN) for thread in threads)
        return page_of(items, google.next_page(found, "nextPageToken"), times)

    def thread(self, thread: dict[str, Any]) -> list[Item]:
        top = part(thread, "snippet", "topLevelComment")
        video, of = name(thread, "snippet", "videoId", longest=40), name(top, "id")
        inline = dicts(part(thread, "replies", "comments"))
        total = number(thread, "snippet", "totalReplyCount") or 0
        if total > len(inline) and total != self.known.get(of):
            self.unread[of] = video, total
        else:
            self.counted[of] = total
        return self.items(dicts([top, *inline]), video, of)

    def further_answers(self) -> list[Item]:
        """The answers that do not come with their comment. What is too much for one reading waits."""
        found: list[Item] = []
        for of, (video, total) in list(self.unread.items())[:MOST_THREADS]:
            found += self.items(self.answers(of), video, of)
            self.counted[of] = total
        return found

    def answers(self, of: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor = ""
        for _page in range(MOST_PAGES):
            page = self.ask("comments", part="snippet", parentId=of, pageToken=cursor)
            found += dicts(page.get("items"))
            cursor = google.next_page(page, "nextPageToken")
            if not cursor:
                break
        return found

    def remembered(self) -> dict[str, int]:
        """Of the newest comments first: an old one is forgotten when there are too many."""
        older = {of: total for of, total in self.known.items() if of not in self.counted}
        return dict([*self.counted.items(), *older.items()][:MOST_REMEMBERED])

    def ask(self, what: str, **params: Any) -> dict[str, Any]:
        return self.api.ask(f"{API}/{what}", textFormat="plainText", maxResults=PAGE_SIZE, **params)

    def items(self, comments: list[dict[str, Any]], video: str, thread: str) -> list[Item]:
        channel = self.of.get("allThreadsRelatedToChannelId", "")
        return [_item(each, f"/channel/{channel}", video, thread) for each in comments if name(each, "id")]


def _item(comment: dict[str, Any], channel: str, video: str, thread: str) -> Item:
    of, said = name(comment, "id"), part(comment, "snippet")
    place = f"/watch?{urlencode({'v': video, 'lc': of})}" if video else channel
    return Item(
        external_id=of,
        url=web_link(WEB + place),
        author=name(said, "authorDisplayName", longest=200),
        author_url=web_link(name(said, "authorChannelUrl", longest=2000)),
        text=text(said, "textOriginal") or text(said, "textDisplay"),
        published_at=moment(comment, *WRITTEN),
        reply_to=name(said, "parentId"),
        thread=thread,
        raw={"video": video, "likes": number(said, "likeCount")},
    )


def _refusals() -> dict[str, str]:
    return {
        "commentsDisabled": _("Comments are switched off for this video."),
        "videoNotFound": _("There is no such video, or it is private."),
        "channelNotFound": _("There is no such channel."),
    }
