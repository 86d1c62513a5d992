"""YouTube, by https://developers.google.com/youtube/v3/docs/commentThreads/list and …/docs/errors"""

import pytest

from responses.monitoring.sources import youtube
from tests.monitoring.sources.provider import Adapter, Says

THREADS, ANSWERS = "/youtube/v3/commentThreads", "/youtube/v3/comments"
VIDEO = "dQw4w9WgXcQ"


def comment(name, number, parent=""):
    said = {
        "channelId": "UC" + "a" * 22,
        "videoId": VIDEO,
        "textDisplay": f"Ang tagal ng byahe {number}",
        "textOriginal": f"Ang tagal ng byahe {number}",
        "authorDisplayName": "@juan",
        "authorChannelUrl": "http://www.youtube.com/@juan",
        "likeCount": 3,
        "publishedAt": f"2026-11-22T10:{number % 60:02}:00Z",
    }
    return {"kind": "youtube#comment", "id": name, "snippet": said | ({"parentId": parent} if parent else {})}


def thread(number, answers=0, inline=0):
    name = f"Ug{number}"
    given = [comment(f"{name}.{each}", number, name) for each in range(inline)]
    snippet = {"videoId": VIDEO, "topLevelComment": comment(name, number), "totalReplyCount": answers}
    return {"id": name, "snippet": snippet} | ({"replies": {"comments": given}} if given else {})


def error(status, reason):
    said = {"code": status, "message": "…", "errors": [{"domain": "youtube.api", "reason": reason}]}
    return Says({"error": said}, status)


class TestYouTube(Adapter):
    kind = "youtube"
    config = {"video": VIDEO}
    secrets = {"api_key": "AIza-hush"}
    path = THREADS

    def page(self, numbers, more):
        return {"items": [thread(each) for each in numbers], **({"nextPageToken": "CDIQ"} if more else {})}

    def test_it_asks_as_documented(self):
        self.provider.on(THREADS, self.page([1], more=False))
        item = self.fetch().items[0]
        asked = self.provider.asked[0]
        assert asked.headers["x-goog-api-key"] == "AIza-hush"
        assert (asked.query["videoId"], asked.query["order"], asked.query["maxResults"]) == (
            VIDEO,
            "time",
            "100",
        )
        assert item.url == f"https://www.youtube.com/watch?v={VIDEO}&lc=Ug1"
        self.fetch(video="", channel="UC" + "a" * 22)
        assert self.provider.asked[-1].query["allThreadsRelatedToChannelId"] == "UC" + "a" * 22

    def test_answers_that_do_not_come_with_their_comment_are_asked_for_when_they_grow(self):
        self.provider.on(THREADS, {"items": [thread(1, answers=7, inline=5), thread(2, answers=2, inline=2)]})
        every = [comment(f"Ug1.{each}", 1, "Ug1") for each in range(7)]
        self.provider.on(ANSWERS, {"items": every})
        fetched = self.fetch()
        assert len(fetched.items) == 2 + 7 + 2
        assert {item.reply_to for item in fetched.items if item.thread == "Ug1"} == {"", "Ug1"}
        self.fetch(fetched.state)
        assert [asked.query.get("parentId") for asked in self.provider.asked] == [None, "Ug1", None]

    @pytest.mark.parametrize(
        ("status", "reason", "words"),
        [
            (403, "commentsDisabled", "switched off for this video"),
            (404, "videoNotFound", "no such video"),
            (400, "keyInvalid", "does not accept this API key"),
            (403, "accessNotConfigured", "Switch it on"),
        ],
    )
    def test_what_a_person_must_mend(self, status, reason, words):
        self.provider.on(THREADS, error(status, reason))
        refused = self.fails()
        assert refused.permanent
        assert words in refused.message

    def test_a_quota_used_up_waits_for_googles_midnight(self):
        self.provider.on(THREADS, error(403, "quotaExceeded"))
        refused = self.fails()
        # NOW is four in the morning in California.
        assert (refused.permanent, refused.retry_after) == (False, 20 * 3600 + 60)

    @pytest.mark.parametrize("wrong", [{"video": "../x"}, {"video": "", "channel": "@juan"}])
    def test_what_is_no_id_is_refused(self, wrong):
        assert self.fails(**wrong).permanent
        assert not self.provider.asked

    def test_a_flood_is_caught_up_with_in_the_next_readings(self, monkeypatch):
        self.provider.on(THREADS, self.page([1], more=False))
        state = self.fetch().state
        monkeypatch.setattr(youtube, "PAGE_SIZE", 1)
        newest = [50]

        def served(asked):
            at = newest[0] - int(asked.query.get("pageToken", "0"))
            following = {"nextPageToken": str(newest[0] - at + 1)} if at > 1 else {}
            return {"items": [thread(at)], **following}

        self.provider.on(THREADS, served)
        found = set()
        for _reading in range(18):
            fetched = self.fetch(state)
            state = fetched.state
            found |= {item.external_id for item in fetched.items}
        assert found == {f"Ug{number}" for number in range(1, 51)}
        assert "gaps" not in state
