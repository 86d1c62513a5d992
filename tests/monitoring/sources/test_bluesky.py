"""Bluesky, by its lexicons: https://docs.bsky.app/docs/category/http-reference"""

import itertools
import json
from datetime import timedelta

import pytest

from tests.monitoring.sources.provider import NOW, Adapter, Says

ME = "did:plc:abcdefghijklmnopqrstuvwx"
ANA = "did:plc:zyxwvutsrqponmlkjihgfedc"
SEARCH = "/xrpc/app.bsky.feed.searchPosts"
FEED = "/xrpc/app.bsky.feed.getAuthorFeed"
THREAD = "/xrpc/app.bsky.feed.getPostThread"
TOLD = "/xrpc/app.bsky.notification.listNotifications"
SESSION = "/xrpc/com.atproto.server.createSession"
WHO = "/xrpc/com.atproto.identity.resolveHandle"
PROFILES = "/xrpc/app.bsky.actor.getProfiles"
PASSWORD = "abcd-efgh-ijkl-mnop"
ACCESS = "eyJ0eXAiOiJhdCtqd3QifQ.access"


def uri(number, did=ANA):
    return f"at://{did}/app.bsky.feed.post/3k{number}"


def post(number, did=ANA, replies=0, **record):
    written = {
        "$type": "app.bsky.feed.post",
        "text": f"Naantala ang byahe {number}",
        "createdAt": f"2026-11-22T10:{number % 60:02}:00.000Z",
        "langs": ["fil-PH"],
    } | record
    return {
        "uri": uri(number, did),
        "cid": f"bafy{number}",
        "author": {"did": did, "handle": "ana.example.com", "displayName": "Ana"},
        "record": written,
        "replyCount": replies,
        "likeCount": 1,
        "indexedAt": f"2026-11-22T10:{number % 60:02}:01.000Z",
    }


def session(asked):
    assert asked.json == {"identifier": "isla.example.com", "password": PASSWORD}
    return {"accessJwt": ACCESS, "refreshJwt": "refresh", "handle": "isla.example.com", "did": ME}


class Bluesky(Adapter):
    kind = "bluesky"

    def reset(self, at):
        return {"RateLimit-Reset": str(int(at.timestamp())), "RateLimit-Remaining": "0"}


class TestSearch(Bluesky):
    config = {"mode": "search", "search": "ferry"}
    path = SEARCH

    def page(self, numbers, more):
        return {"posts": [post(number) for number in numbers], **({"cursor": "c"} if more else {})}

    def test_a_post_becomes_an_item(self):
        reply = {"root": {"uri": uri(1), "cid": "x"}, "parent": {"uri": uri(2), "cid": "y"}}
        images = {"$type": "app.bsky.embed.images", "images": []}
        embed = {"$type": "app.bsky.embed.recordWithMedia", "media": images, "record": {}}
        found = post(3, reply=reply, embed=embed)
        found["author"]["verification"] = {"verifiedStatus": "valid"}
        self.provider.on(self.path, {"posts": [found]})
        [item] = self.fetch().items
        assert (item.external_id, item.reply_to, item.thread) == (uri(3), uri(2), uri(1))
        assert (item.author, item.language, item.verified) == ("ana.example.com", "fil", True)
        assert (item.media, item.reach) == (("image",), None)
        assert item.url == f"https://bsky.app/profile/{ANA}/post/3k3"

    def test_the_reach_of_new_authors_is_asked_once(self):
        profile = {"did": ANA, "followersCount": 4321, "verification": {"verifiedStatus": "none"}}
        self.provider.on(PROFILES, {"profiles": [profile]})
        self.provider.on(self.path, self.page([2, 1], more=False))
        fetched = self.fetch()
        assert [(item.reach, item.verified) for item in fetched.items] == [(4321, False)] * 2
        self.fetch(fetched.state)
        assert sum(asked.path == PROFILES for asked in self.provider.asked) == 1

    def test_a_flood_between_two_readings_is_heard_to_its_end(self):
        """600 new posts, and one more before each further reading; cursors are places in the list."""
        there = list(range(1, 11))

        def served(asked):
            first = int(asked.query.get("cursor", 0))
            shown = there[::-1][first : first + 50]
            cursor = {"cursor": str(first + 50)} if there[first + 50 :] else {}
            return {"posts": [dated(number) for number in shown], **cursor}

        def dated(number):
            at = (NOW - timedelta(hours=1) + timedelta(seconds=number)).isoformat()
            # Whatever time the author's program writes: a page of it ends no reading.
            return post(number, createdAt=at if number % 7 else "2999-01-01T00:00:00Z") | {"indexedAt": at}

        self.provider.on(self.path, served)
        fetched = self.fetch()
        heard = {item.external_id for item in fetched.items}
        there += range(11, 611)
        for _reading in range(4):
            fetched = self.fetch(json.loads(json.dumps(fetched.state)))
            heard |= {item.external_id for item in fetched.items}
            there.append(there[-1] + 1)
        assert heard == {uri(number) for number in there[:-1]}
        assert "gaps" not in fetched.state["read"]
        self.provider.asked.clear()
        self.fetch(fetched.state)
        assert sum(asked.path == self.path for asked in self.provider.asked) == 1, "nothing is left to read"

    @pytest.mark.parametrize("status", [401, 403])
    def test_a_server_that_lets_only_those_search_who_sign_in(self, status):
        self.provider.on(self.path, Says({"error": "AuthMissing"}, status))
        assert "app password" in self.fails().message


class SignedIn(Bluesky):
    config = {"mode": "mentions", "account": "@isla.example.com"}
    secrets = {"app_password": PASSWORD}
    always = {SESSION: session}
    path = TOLD
    permanent = ()
    reason = "mention"

    def page(self, numbers, more):
        rows = [post(number) | {"reason": self.reason, "isRead": False} for number in numbers]
        return {"notifications": rows, **({"cursor": "c"} if more else {})}


class TestMentionsSignedIn(SignedIn):
    def test_signs_in_once_and_asks_as_the_account(self):
        self.provider.on(self.path, self.page([1], more=False))
        self.fetch(self.fetch().state)
        signed, first, *_ = self.provider.asked
        assert (signed.method, signed.host) == ("POST", "bsky.social")
        assert first.headers["authorization"] == f"Bearer {ACCESS}"
        assert sum(asked.path == SESSION for asked in self.provider.asked) == 1

    def test_likes_and_follows_are_no_mentions(self):
        rows = [post(n) | {"reason": reason} for n, reason in enumerate(["like", "quote", "follow", "reply"])]
        self.provider.on(self.path, {"notifications": rows})
        assert [item.external_id for item in self.fetch().items] == [uri(1)]

    @pytest.mark.parametrize("error", ["ExpiredToken", "InvalidToken"])
    def test_signs_in_anew_when_the_token_has_run_out(self, error):
        answers = [Says({"error": error, "message": "Token has expired"}, 400), self.page([1], more=False)]
        self.provider.on(self.path, lambda asked: answers.pop(0))
        assert len(self.fetch().items) == 1
        assert sum(asked.path == SESSION for asked in self.provider.asked) == 2

    @pytest.mark.parametrize(
        ("error", "words"),
        [("AuthenticationRequired", "does not accept"), ("AuthFactorTokenRequired", "second factor")],
    )
    def test_a_password_that_is_not_taken(self, error, words):
        self.provider.on(SESSION, Says({"error": error, "message": "no"}, 401))
        failure = self.fails()
        assert failure.permanent
        assert words in failure.message

    def test_a_sign_in_limited_for_today(self):
        self.provider.on(SESSION, Says({"error": "RateLimitExceeded"}, 429, {"RateLimit-Reset": "99"}))
        failure = self.fails()
        assert (failure.permanent, failure.retry_after) == (False, 99)

    @pytest.mark.parametrize("answer", [{}, {"accessJwt": 5}, [], "x", {"accessJwt": "tók en\n"}])
    def test_a_sign_in_that_makes_no_sense(self, answer):
        self.provider.on(SESSION, Says(answer))
        self.fails()

    def test_a_password_needs_an_account(self):
        assert self.fails(mode="search", account="", search="ferry").permanent


class TestRepliesSignedIn(SignedIn):
    config = {"mode": "replies", "account": "isla.example.com"}
    test_a_damaged_post_does_no_harm = None  # the same pages as above
    reason = "reply"


class TestSearchSignedIn(TestSearch):
    config = {"mode": "search", "search": "ferry", "sign_in_as": "isla.example.com"}
    test_a_damaged_post_does_no_harm = None  # the same pages as above
    secrets = {"app_password": PASSWORD}
    always = {SESSION: session}


class TestMentions(TestSearch):
    """Without signing in a search finds them."""

    config = {"mode": "mentions", "account": "isla.example.com"}
    test_a_damaged_post_does_no_harm = None  # the same pages as above

    def test_asks_for_posts_that_mention_the_account(self):
        self.provider.on(self.path, self.page([], more=False))
        self.fetch()
        query = self.provider.asked[0].query
        assert (query["mentions"], query["q"]) == ("isla.example.com", "@isla.example.com")


class TestAccount(Bluesky):
    config = {"account": "isla.example.com"}
    always = {WHO: {"did": ANA}}
    path = FEED
    permanent = ()

    def page(self, numbers, more):
        feed = [{"post": post(number)} for number in numbers]
        return {"feed": feed, **({"cursor": "c"} if more else {})}


class TestReplies(Bluesky):
    """Without signing in the threads below the account's newest posts are read, when they have grown."""

    config = {"mode": "replies", "account": "isla.example.com"}
    path = THREAD
    permanent = ()

    @pytest.fixture(autouse=True)
    def _growing(self, _at):
        counts = itertools.count(1)
        self.provider.on(WHO, {"did": ME})
        self.provider.on(FEED, lambda asked: self.feed(next(counts)))

    def feed(self, replies):
        return {"feed": [{"post": post(number, ME, replies)} for number in (103, 102, 101)]}

    def page(self, numbers, more):
        first, *rest = [*numbers, None]
        below = [{"$type": "app.bsky.feed.defs#threadViewPost", "post": post(n)} for n in rest if n]
        above = [{"post": post(first), "replies": below}] if first else []
        return {"thread": {"post": post(103, ME), "replies": above}}

    def test_the_accounts_own_words_are_left_out(self):
        answers = [{"post": post(5, ME), "replies": [{"post": post(6)}, {"notFound": True, "uri": uri(7)}]}]
        self.provider.on(self.path, {"thread": {"post": post(101, ME), "replies": answers}})
        assert [item.external_id for item in self.fetch().items] == [uri(6)]

    def test_only_threads_that_have_grown_are_read(self):
        self.provider.on(FEED, self.feed(2))
        self.provider.on(self.path, self.page([1], more=False))
        state = self.fetch().state
        self.provider.asked.clear()
        self.fetch(state)
        assert [asked.path for asked in self.provider.asked] == [FEED]

    def test_what_is_too_much_for_one_reading_waits_for_the_next(self):
        self.provider.on(FEED, {"feed": [{"post": post(100 + n, ME, 1)} for n in range(15)]})
        self.provider.on(self.path, self.page([1], more=False))
        state = self.fetch().state
        assert sum(asked.path == THREAD for asked in self.provider.asked) == 10
        self.fetch(state)
        assert len({asked.query["uri"] for asked in self.provider.asked if asked.path == THREAD}) == 15

    def test_a_post_taken_down_meanwhile(self):
        self.provider.on(self.path, Says({"error": "NotFound", "message": "Post not found"}, 400))
        assert self.fetch().items == []
