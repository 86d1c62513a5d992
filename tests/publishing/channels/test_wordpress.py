"""WordPress, by https://developer.wordpress.org/rest-api/reference/posts/: a draft, then its publication."""

import base64

import pytest

from responses.publishing import channel_forms
from responses.publishing.channels.wordpress import slug_for
from tests.monitoring.sources.provider import Says

from .provider import TEXT, Adapter

PASSWORD = "abcd EFGH 1234 ijkl MNOP 6789"
POSTS = "/wp-json/wp/v2/posts"


def no(code, status):
    return Says({"code": code, "message": "No.", "data": {"status": status}}, status)


class TestWordPress(Adapter):
    kind = "wordpress"
    config = {"site": "https://isla.example", "user": "tugon"}
    secrets = {"password": PASSWORD}
    publish_at = POSTS
    check_at = "/wp-json/wp/v2/users/me"
    repeatable = True
    rejection = no("rest_invalid_param", 400)
    unauthorised = no("incorrect_password", 401)
    damaged = (*Adapter.damaged, b"{}", b'{"id": 7001, "status": "draft"}')

    def serve(self):
        self.may, self.posts = True, {}
        self.provider.on(self.check_at, self.me)

    def me(self, asked):
        known = base64.b64encode(f"tugon:{PASSWORD}".encode()).decode()
        assert asked.headers["authorization"] == f"Basic {known}"
        return {"id": 3, "name": "Tugon", "capabilities": {"publish_posts": self.may}}

    def taken(self, asked):
        found = asked.path.removeprefix(POSTS).strip("/")
        if asked.method == "POST":
            return self.publish(asked) if found else self.draft(asked.json)
        if not found:
            assert "draft" in asked.query["status"]
            return [self.shown(row) for row in self.posts.values() if row["slug"] == asked.query["slug"]]
        row = self.posts.get(found)
        if row is None or (row["status"] == "publish" and found not in self.provider.public):
            return no("rest_post_invalid_id", 404)
        return self.shown(row)

    def draft(self, said):
        assert said["status"] == "draft"
        found = str(5000 + len(self.posts))
        self.posts[found] = {**said, "id": found}
        return Says(self.shown(self.posts[found]), 201)

    def publish(self, asked):
        row = self.posts[asked.path.rpartition("/")[2]]
        assert asked.json == {"status": "publish"}
        if row["status"] != "publish":
            stands = self.provider.stand(row["content"])
            self.provider.public = {row["id"]: stands | {"text": row["content"]}}
            row["status"] = "publish"
        return self.shown(row)

    def shown(self, row):
        stands = self.provider.public.get(row["id"], {"text": row["content"]})
        return {
            "id": int(row["id"]),
            "status": row["status"],
            "slug": row["slug"],
            "link": f"https://isla.example/{row['slug']}/",
            "content": {"raw": stands["text"], "rendered": stands["text"]},
        }

    def says(self, answer):
        """Only what publishes meets it: the draft before does no harm."""

        def met(asked):
            if asked.method == "POST" and asked.path != POSTS:
                return answer(asked) if callable(answer) else answer
            return self.taken(asked)

        self.provider.on(POSTS, met)

    def commits_and(self, says):
        def answer(asked):
            self.publish(asked)
            return says

        self.says(answer)

    def sends(self):
        return [asked for asked in super().sends() if asked.path != POSTS]

    def as_read(self, stands):
        from responses.monitoring.sources.cleaning import plain_text

        return plain_text(stands)

    def test_asks_as_documented(self):
        sent = self.send("Ligtas <b>ang</b> lahat.\n\nSalamat.")
        [draft, _published] = [asked for asked in self.provider.asked if asked.method == "POST"]
        assert draft.json == {
            "title": "Ferry service suspended",
            "content": "<p>Ligtas &lt;b&gt;ang&lt;/b&gt; lahat.</p><p>Salamat.</p>",
            "slug": "ferry-service-suspended-8a4e5bd23c0b",
            "status": "draft",
        }
        assert sent.url == "https://isla.example/ferry-service-suspended-8a4e5bd23c0b/"

    def test_sent_twice_there_is_one_post(self):
        assert self.send() == self.send()
        assert len(self.posts) == 1

    def test_a_draft_that_a_dead_sender_left_is_the_one_that_is_published(self):
        for _sender in range(2):
            self.draft({"title": "T", "content": TEXT, "slug": slug_for(self.post()), "status": "draft"})
        assert self.send().external_id == "5000"
        assert [row["status"] for row in self.posts.values()] == ["publish", "draft"]

    @pytest.mark.parametrize("says", [Says({}, 504), Says(b"<html>")])
    def test_a_draft_that_nobody_sees_is_never_unknown(self, says):
        self.provider.on(POSTS, lambda asked: says if asked.method == "POST" else [])
        error = self.fails()
        assert (error.permanent, error.unknown) == (False, False)

    def test_in_the_bin_it_is_gone(self):
        sent = self.send()
        self.posts[sent.external_id]["status"] = "trash"
        self.provider.public.clear()
        assert self.adapter().read_back(self.post(), sent.external_id) is None

    def test_a_user_who_may_not_publish_is_found_out_before(self):
        self.may = False
        assert self.fails(lambda adapter: adapter.check()).attention

    def test_a_site_without_the_interface_is_told(self):
        self.provider.on(POSTS, no("rest_no_route", 404))
        error = self.fails()
        assert (error.permanent, error.attention) == (True, True)
        assert "no WordPress" in error.message


@pytest.mark.parametrize(
    "site", ["http://isla.example", "https://a:b@isla.example", "ftp://isla.example", "//x"]
)
def test_an_address_that_is_none_is_told_at_its_field(site):
    form = channel_forms.FORMS["wordpress"]({"name": "S", "site": site, "user": "u", "password": "p"})
    assert "site" in form.errors
