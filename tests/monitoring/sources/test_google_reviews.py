"""Google reviews, by https://developers.google.com/my-business/reference/rest/v4/accounts.locations.reviews"""

import pytest

from responses.monitoring.sources.google_reviews import original
from tests.monitoring.sources.provider import Adapter, Says

REVIEWS, TOKEN = "/v4/accounts/11/locations/22/reviews", "/token"
ENUM = ["STAR_RATING_UNSPECIFIED", "ONE", "TWO", "THREE", "FOUR", "FIVE"]


def review(number, stars=1, **more):
    at = f"2026-11-22T10:{number % 60:02}:00.123456789Z"
    return {
        "name": f"accounts/11/locations/22/reviews/r{number}",
        "reviewId": f"r{number}",
        "reviewer": {"displayName": "Juan Cruz", "isAnonymous": False},
        "starRating": ENUM[stars],
        "comment": f"Ang tagal {number}",
        "createTime": at,
        "updateTime": at,
    } | more


class TestGoogleReviews(Adapter):
    kind = "google_reviews"
    config = {
        "account": "11",
        "location": "locations/22",
        "client_id": "me.apps",
        "place_url": "https://maps.example/22",
    }
    secrets = {"client_secret": "GOCSPX-hush", "refresh_token": "1//hush"}
    path = REVIEWS
    always = {TOKEN: {"access_token": "ya29.hush", "expires_in": 3599, "token_type": "Bearer"}}

    def page(self, numbers, more):
        found = {"reviews": [review(each) for each in numbers], "averageRating": 1, "totalReviewCount": 9}
        return found | ({"nextPageToken": "t"} if more else {})

    def test_it_is_let_in_by_consent_and_keeps_no_token(self):
        self.provider.on(REVIEWS, self.page([1], more=False))
        fetched = self.fetch()
        asked, then = self.provider.asked
        assert (asked.method, asked.host, asked.path) == ("POST", "oauth2.googleapis.com", "/token")
        assert asked.form == {
            "client_id": "me.apps",
            "client_secret": "GOCSPX-hush",
            "refresh_token": "1//hush",
            "grant_type": "refresh_token",
        }
        assert then.headers["authorization"] == "Bearer ya29.hush"
        assert then.query["orderBy"] == "updateTime desc"
        assert "ya29" not in repr(fetched)

    def test_stars_are_told_with_and_without_words(self):
        silent = review(2, stars=1) | {"comment": ""}
        self.provider.on(REVIEWS, {"reviews": [silent, review(1, stars=4)]})
        bare, told = self.fetch().items
        assert (bare.title, bare.text, bare.raw["rating"]) == ("★☆☆☆☆", "★☆☆☆☆", 1)
        assert (told.title, told.text, told.raw["rating"]) == ("★★★★☆", "Ang tagal 1", 4)

    def test_a_changed_review_says_something_new(self):
        self.provider.on(REVIEWS, {"reviews": [review(1, stars=5)]})
        before = self.fetch()
        changed = review(1, stars=1, updateTime="2026-11-22T11:00:00Z")
        self.provider.on(REVIEWS, {"reviews": [changed]})
        after = self.fetch(before.state).items[0]
        assert after.external_id != before.items[0].external_id
        assert after.thread == before.items[0].thread == "r1"

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ("invalid_grant", "withdrawn"),
            ("invalid_client", "Copy both"),
            ("unauthorized_client", "permissions"),
        ],
    )
    def test_what_a_person_must_mend(self, said, words):
        self.provider.on(TOKEN, Says({"error": said, "error_description": "…"}, 400))
        refused = self.fails()
        assert refused.permanent
        assert words in refused.message

    def test_an_api_that_is_not_switched_on(self):
        details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED"}]
        said = {"code": 403, "status": "PERMISSION_DENIED", "details": details}
        self.provider.on(REVIEWS, Says({"error": said}, 403))
        assert "Switch it on" in self.fails().message

    def test_numbers_are_wanted(self):
        assert self.fails(location="../x").permanent
        assert not self.provider.asked


@pytest.mark.parametrize(
    "comment",
    [
        "Maganda",
        "Maganda\n\n(Translated by Google)\nNice",
        "(Translated by Google) Nice\n\n(Original)\nMaganda",
    ],
)
def test_what_was_written_counts_not_its_translation(comment):
    assert original(comment) == "Maganda"
