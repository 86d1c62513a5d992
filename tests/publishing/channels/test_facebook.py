"""A Facebook page, by https://developers.facebook.com/docs/pages-api/posts and its guide to errors."""

import pytest

from responses.publishing import channel_forms
from tests.monitoring.sources.provider import Says

from .provider import TEXT, Adapter

TOKEN = "EAAGm0PX4ZCpsBAKZCZC7zZBZC4pageTOKEN"
PAGE = "1234567890"


def no(code, status=400, subcode=None, message="No."):
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1"}
    return Says({"error": error | ({"error_subcode": subcode} if subcode else {})}, status)


def shown(row):
    return {
        "id": row["id"],
        "message": row["text"],
        "permalink_url": f"https://www.facebook.com/{PAGE}/posts/{row['id']}",
        "created_time": row["at"].strftime("%Y-%m-%dT%H:%M:%S+0000"),
    }


class TestFacebook(Adapter):
    kind = "facebook"
    config = {"page": PAGE}
    secrets = {"access_token": TOKEN}
    publish_at = f"/v24.0/{PAGE}/feed"
    check_at = f"/v24.0/{PAGE}"
    rejection = no(100, message="(#100) Param message is too long")
    unauthorised = no(190, subcode=463, message="Error validating access token")
    too_often = Says({"error": {"code": 32, "message": "Page request limit reached"}}, 400)
    waits = 3600
    damaged = (*Adapter.damaged, b"{}")

    def serve(self):
        self.provider.on("/v24.0/", self.object)
        self.provider.on(self.check_at, self.page)
        self.provider.on(f"/v24.0/{PAGE}/published_posts", self.posts)

    def page(self, asked):
        return self.object(asked) if asked.path != self.check_at else {"id": PAGE, "name": "Isla Ferries"}

    def publish(self, asked):
        assert asked.host == "graph.facebook.com"
        assert asked.headers["authorization"] == f"Bearer {TOKEN}"
        row = self.provider.stand(asked.form["message"])
        row["id"] = f"{PAGE}_{row['id']}"
        return {"id": row["id"]}

    def object(self, asked):
        found = asked.path.rpartition("/")[2]
        rows = [row for row in self.provider.public.values() if row["id"] == found]
        return shown(rows[0]) if rows else no(100, subcode=33, message="Unsupported get request.")

    def posts(self, asked):
        since = int(asked.query["since"])
        rows = [row for row in self.provider.newest_first if row["at"].timestamp() >= since]
        return {"data": [shown(row) for row in rows]}

    def test_asks_as_documented(self):
        sent = self.send()
        [asked] = self.sends()
        assert asked.form == {"message": TEXT}
        assert sent.url == f"https://www.facebook.com/{PAGE}_7001"

    @pytest.mark.parametrize("code", [1, 2])
    def test_a_fault_of_metas_is_unknown(self, code):
        self.says(no(code, 500))
        error = self.fails()
        assert (error.permanent, error.unknown) == (False, True)

    @pytest.mark.parametrize("code", [10, 200, 283])
    def test_a_permission_that_is_missing_needs_a_person(self, code):
        self.says(no(code, 403))
        assert self.fails().attention

    def test_blocked_for_its_content_is_a_refusal_in_metas_words(self):
        self.says(no(368, message="The action attempted has been deemed abusive"))
        error = self.fails()
        assert (error.permanent, error.attention) == (True, False)
        assert "deemed abusive" in error.message

    def test_said_before_ours_is_found_or_it_is_refused(self):
        self.says(no(506, message="Duplicate status message"))
        assert self.fails().permanent
        self.provider.stand(TEXT)
        assert self.send().external_id == "7001"
        self.provider.on(f"/v24.0/{PAGE}/published_posts", no(2, 500))
        assert self.fails().unknown

    def test_a_page_that_is_not_there_is_told(self):
        self.provider.on(self.check_at, no(100, subcode=33))
        assert not self.fails(lambda adapter: adapter.check()).unknown


@pytest.mark.parametrize("page", ["islaferries", "../1234567890", "12", "1234567890/feed"])
def test_a_page_is_a_number(page):
    form = channel_forms.FORMS["facebook"]({"name": "Page", "page": page, "access_token": TOKEN})
    assert "page" in form.errors
