"""X, by https://docs.x.com/x-api: recent search, expansions, problems, rate-limit headers."""

import pytest

from tests.monitoring.sources.provider import Adapter, Says

TOKEN = "AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0%2BuSeid"
FIRST = 1_990_000_000_000_000_000


def post(number, **fields):
    return {
        "id": str(FIRST + number),
        "text": f"Naantala ang byahe {number}",
        "created_at": f"2026-11-22T10:{number % 60:02}:00.000Z",
        "author_id": "2244994945",
        "conversation_id": str(FIRST + number),
        "edit_history_tweet_ids": [str(FIRST + number)],
        "lang": "tl",
        "public_metrics": {"retweet_count": 5, "reply_count": 2, "like_count": 42, "quote_count": 1},
    } | fields


INCLUDES = {
    "users": [
        {
            "id": "2244994945",
            "name": "Ana",
            "username": "ana_reyes",
            "verified": True,
            "public_metrics": {"followers_count": 583_423, "following_count": 1, "tweet_count": 9},
        }
    ],
    "media": [{"media_key": "3_1", "type": "photo"}, {"media_key": "7_2", "type": "animated_gif"}],
    "places": [{"id": "01a9a39529b27f36", "country_code": "PH", "full_name": "Manila"}],
    "tweets": [{"id": "77", "text": "The whole post, not cut"}],
}


def answer(posts, **meta):
    found = {"data": posts, "includes": INCLUDES} if posts else {}
    return found | {"meta": {"result_count": len(posts)} | meta}


class TestX(Adapter):
    kind = "x"
    config = {"search": "ferry OR barko"}
    secrets = {"bearer_token": TOKEN}
    path = "/2/tweets/search/recent"

    def page(self, numbers, more):
        return answer(
            [post(number) for number in numbers], **({"next_token": "b26v89c19zqg8o"} if more else {})
        )

    def reset(self, at):
        return {"x-rate-limit-limit": "450", "x-rate-limit-remaining": "0",
                "x-rate-limit-reset": str(int(at.timestamp()))}  # fmt: skip

    def test_a_post_becomes_an_item(self):
        given = post(
            1,
            conversation_id="70",
            referenced_tweets=[{"type": "replied_to", "id": "71"}, {"type": "quoted", "id": "72"}],
            attachments={"media_keys": ["3_1", "7_2", "gone"]},
            geo={"place_id": "01a9a39529b27f36"},
            note_tweet={"text": "The long one"},
        )
        self.provider.on(self.path, answer([given, post(2, lang="qme", author_id="0")]))
        other, item = self.fetch().items
        assert item.url == f"https://x.com/ana_reyes/status/{FIRST + 1}"
        assert (item.author, item.author_url) == ("ana_reyes", "https://x.com/ana_reyes")
        assert (item.reach, item.verified, item.country, item.language) == (583_423, True, "ph", "tl")
        assert (item.reply_to, item.thread, item.text) == ("71", "70", "The long one")
        assert item.media == ("image", "video")
        assert (other.author, other.reach, other.verified, other.language) == ("", None, None, "")
        assert other.url == f"https://x.com/i/status/{FIRST + 2}"
        assert other.thread == "", "it begins its own"

    def test_a_repost_has_the_whole_text(self):
        given = post(1, text="RT @ana: The wh…", referenced_tweets=[{"type": "retweeted", "id": "77"}])
        self.provider.on(self.path, answer([given]))
        [item] = self.fetch(reposts=True).items
        assert item.text == "The whole post, not cut"
        assert self.provider.asked[0].query["query"] == "ferry OR barko"

    def test_asks_for_what_came_since_without_reposts(self):
        self.provider.on(self.path, self.page([1], more=False))
        self.fetch(self.fetch().state)
        first, second = self.provider.asked
        assert first.query["query"] == "(ferry OR barko) -is:retweet"
        assert (first.query.get("since_id"), second.query["since_id"]) == (None, str(FIRST + 1))
        assert second.headers["authorization"] == f"Bearer {TOKEN}"
        assert "referenced_tweets.id" in second.query["expansions"]

    def test_what_is_too_much_for_one_reading_is_read_the_next_time(self):
        """A flood: each page full of two, the newest first, between since_id and until_id."""
        there = list(range(1, 31))

        def flood(asked):
            since = int(asked.query.get("since_id", 0)) - FIRST
            until = int(asked.query.get("until_id", FIRST + 1000)) - FIRST
            below = int(asked.query.get("next_token", 1000))
            wanted = [n for n in sorted(there, reverse=True) if since < n < min(until, below)]
            return answer(
                [post(n) for n in wanted[:2]], **({"next_token": str(wanted[1])} if wanted[2:] else {})
            )

        self.provider.on(self.path, self.page([1], more=False))
        fetched = self.fetch()
        heard = {item.external_id for item in fetched.items}
        self.provider.on(self.path, flood)
        for _reading in range(3):
            fetched = self.fetch(fetched.state)
            heard |= {item.external_id for item in fetched.items}
            there.append(max(there) + 1)
        assert heard == {str(FIRST + n) for n in there[:-1]}
        assert fetched.state["gap"] == {}

    def test_what_is_known_has_left_the_seven_days(self):
        self.provider.on(self.path, self.page([1], more=False))
        state = self.fetch().state
        problem = {
            "errors": [{"message": "'since_id' must be a tweet id created after [2026-11-16T12:00Z]."}],
            "title": "Invalid Request",
        }
        self.provider.on(
            self.path,
            lambda asked: Says(problem, 400) if "since_id" in asked.query else self.page([9], more=False),
        )
        assert self.fetch(state).state["newest"] == str(FIRST + 9)

    def test_a_search_that_x_does_not_understand(self):
        problem = {"title": "Invalid Request", "errors": [{"message": "missing EOF at '('"}]}
        self.provider.on(self.path, Says(problem, 400))
        error = self.fails()
        assert error.permanent
        assert "missing EOF at '('" in error.message

    def test_the_month_is_used_up(self):
        problem = {"type": "https://api.twitter.com/2/problems/usage-capped", "period": "Monthly"}
        self.provider.on(self.path, Says(problem, 429))
        error = self.fails()
        assert (error.permanent, error.retry_after) == (False, 86_400)
        assert "monthly" in error.message

    @pytest.mark.parametrize("given", [{"search": ""}, {"bearer_token": ""}])
    def test_what_is_missing_is_permanent(self, given):
        assert self.fails(**given).permanent
