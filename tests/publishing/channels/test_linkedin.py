"""A LinkedIn page, by https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api."""

import pytest

from responses.publishing.channels.linkedin import escaped, unescaped
from tests.monitoring.sources.provider import Says

from .provider import TEXT, Adapter

TOKEN = "AQXdSP_W41_UPs5ioT_t8HESyODB4FqbkJ8LrV_5mff4gPODzOYR"
AUTHOR = "urn:li:organization:5515715"


def shown(row):
    return {
        "id": row["id"],
        "author": AUTHOR,
        "commentary": escaped(row["text"]),
        "createdAt": int(row["at"].timestamp() * 1000),
        "lifecycleState": "PUBLISHED",
    }


class TestLinkedIn(Adapter):
    kind = "linkedin"
    config = {"organization": "5515715"}
    secrets = {"access_token": TOKEN}
    publish_at = check_at = "/rest/posts"
    rejection = Says({"status": 422, "message": "commentary is too long"}, 422)
    unauthorised = Says({"status": 401, "code": "EXPIRED_ACCESS_TOKEN", "message": "expired"}, 401)
    too_often = Says({"status": 429, "message": "Resource level throttle limit reached"}, 429)
    waits = None
    damaged = (b"", b"{}")  # the id stands in a header, the body is empty

    def publish(self, asked):
        assert asked.host == "api.linkedin.com"
        row = self.provider.stand(unescaped(asked.json["commentary"]))
        del self.provider.public[row["id"]]
        row["id"] = f"urn:li:share:{row['id']}"
        self.provider.public[row["id"]] = row
        return Says(b"", 201, {"x-restli-id": row["id"]})

    def taken(self, asked):
        assert asked.headers["linkedin-version"] == "202604"
        assert asked.headers["x-restli-protocol-version"] == "2.0.0"
        assert asked.headers["authorization"] == f"Bearer {TOKEN}"
        if asked.method == "POST":
            return self.publish(asked)
        if asked.path == "/rest/posts":
            assert asked.query["author"] == AUTHOR
            rows = [shown(row) for row in self.provider.newest_first]
            return {"elements": rows[: int(asked.query["count"])], "paging": {"start": 0}}
        row = self.provider.public.get(asked.path.rpartition("/")[2])
        return shown(row) if row else Says({"status": 404, "message": "Not found"}, 404)

    def test_asks_as_documented(self):
        sent = self.send("Ligtas (lahat) #LigtasNaBiyahe # 1")
        [asked] = self.sends()
        assert asked.json == {
            "author": AUTHOR,
            "commentary": r"Ligtas \(lahat\) #LigtasNaBiyahe \# 1",
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }
        assert sent.url == f"https://www.linkedin.com/feed/update/{sent.external_id}"

    @pytest.mark.parametrize("status", [403, 426])
    def test_what_a_person_must_mend(self, status):
        self.says(Says({"status": status, "message": "no"}, status))
        assert self.fails().attention

    def duplicate(self, of):
        told = {"status": 422, "message": f"Content is a duplicate of {of}"}
        whole = self.taken
        self.says(lambda asked: Says(told, 422) if asked.method == "POST" else whole(asked))

    def test_said_before_and_it_is_ours(self):
        first = self.send()
        self.duplicate(first.external_id)
        assert self.send() == first

    def test_said_before_by_another_or_long_ago_is_a_refusal(self):
        first = self.send()
        self.duplicate(first.external_id)
        others = frozenset({first.external_id})
        assert self.fails(lambda adapter: adapter.send(self.post(others=others))).permanent
        [row] = self.provider.public.values()
        row["at"] = row["at"].replace(year=2020)
        error = self.fails()
        assert (error.permanent, error.unknown) == (True, False)

    def test_a_hashtag_comes_back_as_one(self):
        assert unescaped(r"Ligtas {hashtag|\#|LigtasNaBiyahe} \(lahat\)") == "Ligtas #LigtasNaBiyahe (lahat)"
        assert (
            unescaped(escaped(TEXT + r"\ | {a} @b [c] *d* _e_ ~f~ <g>"))
            == TEXT + r"\ | {a} @b [c] *d* _e_ ~f~ <g>"
        )
