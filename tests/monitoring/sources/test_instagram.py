"""Instagram, by https://developers.facebook.com/docs/instagram-platform/reference (tags, media, comments)"""

import pytest

from tests.monitoring.sources.provider import Adapter, Says

ACCOUNT = "1784"
TAGS, MEDIA, SELF = f"/v24.0/{ACCOUNT}/tags", f"/v24.0/{ACCOUNT}/media", f"/v24.0/{ACCOUNT}"


def said(name, minute, **more):
    when = {"timestamp": f"2026-11-22T10:{minute % 60:02}:00+0000", "username": "juan.cruz", "like_count": 1}
    return {"id": name, **when, **more}


def tag(number):
    place = f"https://www.instagram.com/p/{number}/"
    return said(f"m{number}", number, caption=f"Grabe {number}", media_type="VIDEO", permalink=place)


class TestInstagram(Adapter):
    kind = "instagram"
    config = {"account": ACCOUNT}
    secrets = {"access_token": "EAAhush"}
    path = TAGS
    always = {SELF: {"id": ACCOUNT, "username": "islaferries"}, MEDIA: {"data": []}}

    def page(self, numbers, more):
        # Tags name cursors and no next page.
        return {"data": [tag(each) for each in numbers], "paging": {"cursors": {"before": "b", "after": "a"}}}

    def test_comments_under_own_posts_with_their_answers(self):
        answers = {
            "data": [said("r1", 9, text="Oo nga"), said("r2", 9, text="Sorry", username="islaferries")]
        }
        comments = {"data": [said("c1", 8, text="Late na naman", replies=answers)]}
        place = {"permalink": "https://www.instagram.com/p/own/"}
        self.provider.on(TAGS, {"data": []})
        self.provider.on(MEDIA, {"data": [said("m1", 1, comments=comments) | place]})
        found = {item.external_id: item for item in self.fetch().items}
        assert set(found) == {"c1", "r1"}
        assert (found["r1"].reply_to, found["r1"].thread, found["c1"].reply_to) == ("c1", "m1", "m1")
        assert found["c1"].url == "https://www.instagram.com/p/own/"
        assert found["c1"].author_url == "https://www.instagram.com/juan.cruz/"

    def test_the_door_where_the_token_was_made(self):
        self.provider.on(TAGS, self.page([1], more=False))
        self.fetch()
        self.fetch(login="instagram")
        assert {asked.host for asked in self.provider.asked[:3]} == {"graph.facebook.com"}
        assert {asked.host for asked in self.provider.asked[3:]} == {"graph.instagram.com"}

    def test_an_expired_token_and_a_name_for_a_number(self):
        self.provider.on(SELF, Says({"error": {"code": 190, "error_subcode": 463}}, 400))
        assert "expired" in self.fails().message
        assert self.fails(account="islaferries").permanent

    @pytest.mark.parametrize("code", [4, 17, 32, 80002])
    def test_too_many_calls_wait_an_hour(self, code):
        self.provider.on(TAGS, Says({"error": {"code": code}}, 400))
        assert self.fails().retry_after == 3600
