"""Facebook, by https://developers.facebook.com/docs/graph-api/reference/page/feed/ and …/object/comments"""

import pytest

from tests.monitoring.sources.provider import Adapter, Says

PAGE = "1900"
FEED, TAGGED = f"/v24.0/{PAGE}/feed", f"/v24.0/{PAGE}/tagged"


def comment(name, minute, writer="77", **more):
    return {
        "id": name,
        "message": f"Bakit ganun {name}",
        "created_time": f"2026-11-22T10:{minute % 60:02}:00+0000",
        "from": {"id": writer, "name": "Juan Cruz"},
        "permalink_url": f"https://www.facebook.com/{name}",
        "like_count": 2,
    } | more


def post(number, writer="77", **more):
    return comment(f"{PAGE}_{number}", number, writer, attachments={"data": [{"media_type": "photo"}]}) | more


def error(status, code):
    return Says({"error": {"message": "…", "type": "OAuthException", "code": code}}, status)


class TestFacebook(Adapter):
    kind = "facebook"
    config = {"page": PAGE}
    secrets = {"access_token": "EAAhush"}
    path = FEED
    always = {TAGGED: {"data": []}}

    def page(self, numbers, more):
        cursors = {"cursors": {"before": "b", "after": "a"}} | ({"next": "https://x.example"} if more else {})
        return {"data": [post(each) for each in numbers], "paging": cursors}

    def test_visitors_comments_and_tags_are_read_and_what_the_page_says_is_not(self):
        answers = {"data": [comment("c2", 9, parent={"id": "c1"}), comment("c1", 8), comment("c0", 7, PAGE)]}
        self.provider.on(FEED, {"data": [post(5, writer=PAGE, comments=answers), post(4)]})
        self.provider.on(TAGGED, {"data": [comment("88_1", 3, "88")]})
        found = {item.external_id: item for item in self.fetch().items}
        assert set(found) == {"c2", "c1", f"{PAGE}_4", "88_1"}
        assert (found["c2"].reply_to, found["c2"].thread) == ("c1", f"{PAGE}_5")
        assert found["c1"].reply_to == f"{PAGE}_5"
        assert found[f"{PAGE}_4"].media == ("image",)
        assert self.provider.asked[0].headers["authorization"] == "Bearer EAAhush"

    def test_comments_that_did_not_fit_are_asked_for(self):
        self.provider.on(FEED, self.page([1], more=False))
        state = self.fetch().state
        following = {"cursors": {"after": "more"}, "next": "https://x.example"}
        first = {"data": [comment("c3", 30)], "paging": following}
        self.provider.on(FEED, {"data": [post(20, comments=first)]})
        rest = {"data": [comment("c2", 28), comment("c1", 25)]}
        self.provider.on(f"/v24.0/{PAGE}_20/comments", rest)
        fetched = self.fetch(state)
        assert {"c1", "c2", "c3"} <= {item.external_id for item in fetched.items}
        assert self.provider.asked[-2].query["after"] == "more"
        self.provider.asked.clear()
        self.fetch(fetched.state)
        assert [asked.path for asked in self.provider.asked] == [FEED, f"/v24.0/{PAGE}_20/comments", TAGGED]

    @pytest.mark.parametrize(("status", "code"), [(403, 4), (400, 17), (400, 32), (400, 613), (400, 80001)])
    def test_too_many_calls_wait_an_hour(self, status, code):
        self.provider.on(FEED, error(status, code))
        refused = self.fails()
        assert (refused.permanent, refused.retry_after) == (False, 3600)

    @pytest.mark.parametrize(
        ("code", "words"),
        [(190, "expired"), (10, "permissions"), (200, "permissions"), (100, "knows nothing")],
    )
    def test_what_a_person_must_mend(self, code, words):
        self.provider.on(FEED, error(400, code))
        refused = self.fails()
        assert refused.permanent
        assert words in refused.message

    def test_a_fault_of_metas_passes(self):
        self.provider.on(FEED, error(500, 2))
        assert not self.fails().permanent

    @pytest.mark.parametrize("wrong", [{"page": "a/b"}, {"access_token": ""}])
    def test_what_cannot_be_asked_is_refused(self, wrong):
        assert self.fails(**wrong).permanent
        assert not self.provider.asked
