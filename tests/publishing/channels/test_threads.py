"""Threads, by https://developers.facebook.com/docs/threads/posts: a container, then its publication."""

import pytest

from responses.statements.limits import threads
from tests.monitoring.sources.provider import Says

from .provider import TEXT, Adapter
from .test_facebook import no

TOKEN = "THQVJYaccessTOKENofTHREADS"


def shown(row):
    return {
        "id": row["id"],
        "text": row["text"],
        "permalink": f"https://www.threads.net/@isla/post/{row['id']}",
        "timestamp": row["at"].strftime("%Y-%m-%dT%H:%M:%S+0000"),
    }


class TestThreads(Adapter):
    kind = "threads"
    secrets = {"access_token": TOKEN}
    publish_at = "/v1.0/me/threads_publish"
    check_at = "/v1.0/me"
    rejection = no(100, message="Param text must be at most 500 characters long.")
    unauthorised = no(190, 401, message="Error validating access token")
    too_often = Says({"error": {"code": 4, "message": "Application request limit reached"}}, 403)
    waits = 3600
    damaged = (*Adapter.damaged, b"{}")

    def serve(self):
        self.containers = {}
        self.provider.on("/v1.0/", self.object)
        self.provider.on(self.check_at, self.me)
        self.provider.on("/v1.0/me/threads", self.threads)

    def me(self, asked):
        return {"id": "1234567890", "username": "isla"} if asked.path == self.check_at else self.object(asked)

    def threads(self, asked):
        assert asked.headers["authorization"] == f"Bearer {TOKEN}"
        if asked.method == "POST":
            assert asked.form["media_type"] == "TEXT"
            container = f"c{len(self.containers)}"
            self.containers[container] = asked.form["text"]
            return {"id": container}
        return {"data": [shown(row) for row in self.provider.newest_first]}

    def publish(self, asked):
        assert asked.host == "graph.threads.net"
        return {"id": self.provider.stand(self.containers[asked.form["creation_id"]])["id"]}

    def object(self, asked):
        row = self.provider.public.get(asked.path.rpartition("/")[2])
        return shown(row) if row else no(100, subcode=33)

    @pytest.mark.parametrize("says", [Says({}, 504), Says(b"<html>"), no(2, 500), Says(b"{}")])
    def test_a_container_that_nobody_sees_is_never_unknown(self, says):
        self.provider.on("/v1.0/me/threads", says)
        error = self.fails()
        assert (error.permanent, error.unknown) == (False, False)
        assert self.sends() == []

    def test_an_address_that_cannot_be_got_does_not_undo_what_is_out(self):
        self.provider.on("/v1.0/7", no(2, 500))
        assert self.send().url == ""
        assert self.standing == [TEXT]


@pytest.mark.parametrize(
    ("text", "count"), [("Ligtas", 6), ("🚢", 4), ("ñ", 1), ("👍🏽 ok", 8 + 3), ("日本", 2)]
)
def test_an_emoji_counts_as_many_as_it_has_bytes(text, count):
    assert threads(text) == count
