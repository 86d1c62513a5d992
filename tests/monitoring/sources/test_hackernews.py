"""Hacker News, by the documentation of its search: https://hn.algolia.com/api"""

from datetime import UTC, datetime

import pytest

from tests.monitoring.sources.provider import NOW, Adapter, Says

FIRST = int(NOW.timestamp()) - 86_400


def story(number, **fields):
    return {
        "objectID": str(number),
        "created_at": "2026-11-22T12:00:00.000Z",
        "created_at_i": FIRST + number,
        "title": f"Ferry company answers {number}",
        "url": "https://news.example/ferry",
        "author": "pg",
        "points": 57,
        "num_comments": 2,
        "story_text": None,
        "story_id": number,
        "_tags": ["story", "author_pg", f"story_{number}"],
    } | fields


def comment(number, **fields):
    return {
        "objectID": str(number),
        "created_at": "2026-11-22T12:00:00.000Z",
        "created_at_i": FIRST + number,
        "author": "tptacek",
        "comment_text": "Three hours <i>late</i>.<p>Again &amp; again.",
        "story_id": 10,
        "story_title": "Ferry company answers",
        "story_url": "https://news.example/ferry",
        "parent_id": 11,
        "_tags": ["comment", "author_tptacek", "story_10"],
    } | fields


class TestHackerNews(Adapter):
    kind = "hackernews"
    config = {"search": "ferry"}
    path = "/api/v1/search_by_date"
    permanent = ()

    def page(self, numbers, more):
        hits = [story(number) for number in numbers]
        return {"hits": hits, "page": 0, "nbHits": 900, "nbPages": 9 if more else 1, "hitsPerPage": 100}

    def test_stories_and_comments_with_their_thread(self):
        self.provider.on(self.path, self.page([], more=False) | {"hits": [comment(12), story(10)]})
        said, told = self.fetch().items
        assert (said.external_id, said.reply_to, said.thread) == ("12", "11", "10")
        assert said.text == "Three hours late.\nAgain & again."
        assert said.url == "https://news.ycombinator.com/item?id=12"
        assert said.author_url == "https://news.ycombinator.com/user?id=tptacek"
        assert said.raw["story"] == "Ferry company answers"
        assert (told.title, told.reply_to, told.thread) == ("Ferry company answers 10", "", "")
        assert told.raw["link"] == "https://news.example/ferry"
        assert told.published_at == datetime.fromtimestamp(FIRST + 10, UTC)

    def test_asks_for_what_came_since_with_time_for_late_entries(self):
        self.provider.on(self.path, self.page([2000], more=False))
        state = self.fetch(only="comment").state
        self.fetch(state, only="comment")
        first, second = (asked.query for asked in self.provider.asked)
        assert (first["query"], first["tags"]) == ("ferry", "comment")
        assert "numericFilters" not in first
        assert second["numericFilters"] == f"created_at_i>={FIRST + 2000 - 900}"

    def test_another_search_begins_anew(self):
        self.provider.on(self.path, self.page([2000], more=False))
        state = self.fetch().state
        self.fetch(state, search="boat")
        assert "numericFilters" not in self.provider.asked[-1].query

    def test_nothing_to_search_for_is_permanent(self):
        assert self.fails(search=" ").permanent

    @pytest.mark.parametrize("hits", [None, "text", [None, 5, "x", {}]])
    def test_hits_of_another_shape(self, hits):
        self.provider.on(self.path, Says({"hits": hits, "nbPages": 1}))
        assert self.fetch().items == []
