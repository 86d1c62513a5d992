"""Reddit, by https://www.reddit.com/dev/api: application-only tokens, listings, rate-limit headers."""

import base64
import json

import pytest

from tests.monitoring.sources.provider import Adapter, Says

TOKEN = "/api/v1/access_token"
SECRETS = {"client_secret": "gko_LXELoV07ZBNUXrvWZfzE3aI"}
ACCESS = "J1qK1c18UUGJFAzz9xnH56584l4"
NUMBER = 3_000_000_000  # ids are numbers in base 36


def base36(number):
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return (base36(number // 36) if number >= 36 else "") + digits[number % 36]


def link(number, **fields):
    code = base36(NUMBER + number)
    return {
        "kind": "t3",
        "data": {
            "id": code,
            "name": f"t3_{code}",
            "subreddit": "Philippines",
            "subreddit_subscribers": 2_500_000,
            "title": f"Ferry three hours late {number}",
            "selftext": "Ang tagal &amp; walang balita",
            "author": "juan",
            "created_utc": 1_795_000_000.0 + number,
            "permalink": f"/r/Philippines/comments/{code}/ferry/",
            "url": f"https://www.reddit.com/r/Philippines/comments/{code}/ferry/",
            "num_comments": 4,
            "is_video": False,
        }
        | fields,
    }


def comment(number, **fields):
    code = base36(NUMBER + number)
    return {
        "kind": "t1",
        "data": {
            "id": code,
            "name": f"t1_{code}",
            "subreddit": "Philippines",
            "body": f"Ganyan din sa amin {number}",
            "author": "maria",
            "created_utc": 1_795_000_000.0 + number,
            "permalink": f"/r/Philippines/comments/1abcd/ferry/{code}/",
            "link_id": "t3_1abcd",
            "parent_id": "t1_1abce",
        }
        | fields,
    }


def listing(things, more=False):
    return {"kind": "Listing", "data": {"after": "t3_more" if more else None, "children": things}}


def token(asked):
    assert asked.form == {"grant_type": "client_credentials"}
    basic = base64.b64encode(f"abc:{SECRETS['client_secret']}".encode()).decode()
    assert asked.headers["authorization"] == f"Basic {basic}"
    return {"access_token": ACCESS, "token_type": "bearer", "expires_in": 86400, "scope": "*"}


class Reddit(Adapter):
    kind = "reddit"
    secrets = SECRETS
    always = {TOKEN: token}

    def reset(self, at):
        return {"X-Ratelimit-Used": "100", "X-Ratelimit-Remaining": "0.0", "X-Ratelimit-Reset": "600"}


class TestSearch(Reddit):
    config = {"search": "ferry", "client_id": "abc"}
    path = "/search"

    def page(self, numbers, more):
        return listing([link(number) for number in numbers], more)

    def test_a_post_becomes_an_item(self):
        self.provider.on(
            self.path, listing([link(1, is_video=True), link(2, post_hint="image", selftext="")])
        )
        second, first = self.fetch().items
        assert first.title == "Ferry three hours late 1"
        assert (first.author, first.author_url) == ("juan", "https://www.reddit.com/user/juan")
        assert first.url.startswith("https://www.reddit.com/r/Philippines/comments/")
        assert (first.media, second.media) == (("video",), ("image",))
        assert second.text == second.title, "a link alone says what its title says"
        assert (first.reply_to, first.thread, first.reach) == ("", "", None)
        assert first.raw["subscribers"] == 2_500_000

    def test_asks_as_an_application(self):
        self.provider.on(self.path, self.page([1], more=False))
        self.fetch(self.fetch().state)
        tokens = [asked for asked in self.provider.asked if asked.path == TOKEN]
        assert [(asked.method, asked.host) for asked in tokens] == [("POST", "www.reddit.com")]
        asked = self.provider.asked[-1]
        assert (asked.host, asked.query["sort"], asked.query["q"]) == ("oauth.reddit.com", "new", "ferry")
        assert asked.headers["authorization"] == f"Bearer {ACCESS}"

    def test_a_search_within_a_subreddit(self):
        self.provider.on("/r/Philippines/search", self.page([1], more=False))
        assert self.fetch(subreddit="/r/Philippines").items
        assert self.provider.asked[-1].query["restrict_sr"] == "1"

    def test_a_token_that_has_run_out_is_renewed(self):
        answers = [Says({"message": "Unauthorized", "error": 401}, 401), self.page([1], more=False)]
        self.provider.on(self.path, lambda asked: answers.pop(0))
        assert self.fetch().items
        assert sum(asked.path == TOKEN for asked in self.provider.asked) == 2

    @pytest.mark.parametrize(
        "answer", [Says({"error": 401}, 401), Says({"error": "unsupported_grant_type"}), Says({}, 403)]
    )
    def test_an_application_that_is_not_taken(self, answer):
        self.provider.on(TOKEN, answer)
        error = self.fails()
        assert error.permanent
        assert "application" in error.message

    def test_asks_no_more_once_reddits_patience_is_at_its_end(self):
        self.provider.on(self.path, self.page([1], more=False))
        state = self.fetch().state
        self.provider.asked.clear()
        self.provider.on(self.path, Says(self.page([5, 4], more=True), 200, {"X-Ratelimit-Remaining": "0.0"}))
        assert len(self.fetch(state).items) == 2
        assert len(self.provider.asked) == 1

    def test_a_flood_between_two_readings_is_heard_to_its_end(self):
        """900 new posts; what is named `after` is the place to go on from, whatever came since."""
        there = list(range(1, 11))
        spent = []

        def served(asked):
            after = asked.query.get("after", "")
            below = int(after.removeprefix("t3_"), 36) - NUMBER if after else 10_000
            left = [number for number in reversed(there) if number < below]
            found = listing([link(number) for number in left[:100]])
            found["data"]["after"] = f"t3_{base36(NUMBER + left[99])}" if left[100:] else None
            return Says(found, 200, {"X-Ratelimit-Remaining": "0.0"} if spent else {})

        self.provider.on(self.path, served)
        fetched = self.fetch()
        heard = {item.external_id for item in fetched.items}
        there += range(11, 911)
        for _reading in range(4):
            fetched = self.fetch(json.loads(json.dumps(fetched.state)))
            heard |= {item.external_id for item in fetched.items}
            there.append(there[-1] + 1)
            spent = [] if spent else [True]
        assert heard == {f"t3_{base36(NUMBER + number)}" for number in there[:-1]}
        assert "gaps" not in fetched.state["listings"][self.path]

    @pytest.mark.parametrize("given", [{"search": " "}, {"client_id": ""}, {"client_secret": ""}])
    def test_what_is_missing_is_permanent(self, given):
        assert self.fails(**given).permanent


class TestSubreddit(Reddit):
    """New posts and new comments are two listings, each with its own newest."""

    config = {"subreddit": "Philippines", "client_id": "abc"}
    path = "/r/Philippines/comments"
    always = {TOKEN: token, "/r/Philippines/new": listing([])}

    def page(self, numbers, more):
        return listing([comment(number) for number in numbers], more)

    def test_posts_and_comments_with_their_thread(self):
        self.provider.on("/r/Philippines/new", listing([link(1)]))
        self.provider.on(self.path, listing([comment(2), comment(3, body="[deleted]"), {"kind": "more"}]))
        said, told = self.fetch().items
        assert (said.reply_to, said.thread) == ("t1_1abce", "t3_1abcd")
        assert told.external_id.startswith("t3_")
        assert said.author == "maria"

    def test_somebody_who_left_is_nobody(self):
        self.provider.on(self.path, listing([comment(2, author="[deleted]")]))
        [item] = self.fetch().items
        assert (item.author, item.author_url) == ("", "")

    def test_a_subreddit_that_is_not_there_is_named(self):
        elsewhere = f"{self.provider.origin}/oauth.reddit.com/subreddits/search?q=Philippines"
        self.provider.on("/subreddits/search", listing([]))
        self.provider.on("/r/Philippines/new", Says(b"", 302, {"Location": elsewhere}))
        error = self.fails()
        assert error.permanent
        assert "no such subreddit" in error.message
