"""X, by https://docs.x.com/x-api/posts/create-post: OAuth 1.0a, one try, the own timeline."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest

from responses.publishing.channels.oauth1 import authorization
from responses.statements.weighing import weight
from tests.monitoring.sources.provider import Says

from .provider import NOW, TEXT, Adapter, iso

KEYS = {
    "api_key": "xvz1evFS4wEEPTGEFPHBog",
    "api_secret": "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
    "access_token": "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
    "access_token_secret": "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
}
PROBLEM = "https://api.x.com/2/problems"
DUPLICATE = Says(
    {
        "detail": "You are not allowed to create a Tweet with duplicate content.",
        "type": "about:blank",
        "title": "Forbidden",
        "status": 403,
    },
    403,
)
LINK = re.compile(r"https?://\S+[\w/=]")


def tweet(row):
    """As X gives it back: links shortened, three characters as entities."""
    text, urls = html.escape(row["text"], quote=False), []
    for number, found in enumerate(LINK.findall(row["text"])):
        short = f"https://t.co/abc{number}"
        text = text.replace(html.escape(found, quote=False), short)
        urls.append({"url": short, "expanded_url": found, "display_url": "isla.example"})
    entities = {"entities": {"urls": urls}} if urls else {}
    return {"id": row["id"], "text": text, "created_at": iso(row["at"]), **entities}


class TestX(Adapter):
    kind = "x"
    secrets = KEYS
    publish_at = "/2/tweets"
    check_at = "/2/users/me"
    rejection = Says({"title": "Invalid Request", "detail": "Your text is too long.", "status": 400}, 400)
    unauthorised = Says({"title": "Unauthorized", "type": "about:blank", "status": 401}, 401)
    too_often = Says(
        {"title": "Too Many Requests", "status": 429},
        429,
        {"x-rate-limit-reset": str(int((NOW + timedelta(seconds=77)).timestamp()))},
    )
    damaged = (*Adapter.damaged, b"{}", b'{"data": {}}')

    def serve(self):
        me = {"data": {"id": "2244994945", "name": "Isla", "username": "islaferries"}}
        self.provider.on(self.check_at, me)
        self.provider.on("/2/users/2244994945/tweets", self.timeline)

    def publish(self, asked):
        assert asked.host == "api.x.com"
        assert asked.headers["authorization"].startswith('OAuth oauth_consumer_key="xvz1')
        row = self.provider.stand(asked.json["text"])
        return Says({"data": {"id": row["id"], "text": tweet(row)["text"]}}, 201)

    def taken(self, asked):
        if asked.method == "POST":
            return self.publish(asked)
        row = self.provider.public.get(asked.path.rpartition("/")[2])
        if row is None:
            return {"errors": [{"title": "Not Found Error", "type": f"{PROBLEM}/resource-not-found"}]}
        return {"data": tweet(row)}

    def timeline(self, asked):
        since = datetime.fromisoformat(asked.query["start_time"])
        rows = [tweet(row) for row in self.provider.newest_first if row["at"] >= since]
        return {"data": rows, "meta": {"result_count": len(rows)}} if rows else {"meta": {"result_count": 0}}

    def test_asks_as_documented(self):
        sent = self.send("Ligtas & maayos.")
        [asked] = self.sends()
        assert asked.json == {"text": "Ligtas & maayos."}
        assert sent.url == f"https://x.com/i/web/status/{sent.external_id}"

    def test_said_before_and_ours_is_found(self):
        """After an unknown outcome a person has it sent again: X refuses, since it is out."""
        self.provider.stand(TEXT)
        self.says(DUPLICATE)
        assert self.send().external_id == "7001"

    def test_said_before_by_another_publication_is_a_refusal(self):
        self.provider.stand(TEXT)
        self.says(DUPLICATE)
        error = self.fails(lambda adapter: adapter.send(self.post(others=frozenset({"7001"}))))
        assert (error.permanent, error.unknown) == (True, False)
        assert "same before" in error.message

    def test_said_before_and_not_to_be_looked_for_is_unknown(self):
        self.says(DUPLICATE)
        self.provider.on("/2/users/2244994945/tweets", Says({"title": "fault"}, 503))
        assert self.fails().unknown

    @pytest.mark.parametrize("status", [402, 403])
    def test_an_app_that_may_not_post_needs_a_person(self, status):
        told = {"type": f"{PROBLEM}/oauth1-permissions", "title": "Forbidden", "detail": "Not permitted."}
        self.says(Says(told, status))
        assert self.fails().attention

    def test_a_link_without_its_scheme_is_the_same_text(self):
        self.commits_and(Says(b"", 504))
        text = "Balita: isla.example/news & iba pa"
        self.fails(lambda adapter: adapter.send(self.post(text)))
        [row] = self.provider.public.values()
        row["text"] = text.replace("isla.example", "http://isla.example")
        assert self.adapter().read_back(self.post(text)).text == text

    def test_a_long_post_is_read_whole(self):
        sent = self.send()
        self.says({"data": {"id": sent.external_id, "text": "Ligtas…", "note_tweet": {"text": TEXT}}})
        assert self.adapter().read_back(self.post(), sent.external_id).text == TEXT


def test_the_signature_is_the_one_of_xs_own_example():
    """https://docs.x.com/fundamentals/authentication/oauth-1-0a/creating-a-signature"""
    query = {
        "include_entities": "true",
        "status": "Hello Ladies + Gentlemen, a signed OAuth request!",
    }
    header = authorization(
        "post",
        "https://api.twitter.com/1/statuses/update.json",
        query,
        KEYS,
        datetime.fromtimestamp(1318622958, UTC),
        "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
    )
    assert 'oauth_signature="tnnArxj06cWHq44gCs1OSKk%2FjLY%3D"' in header


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Ligtas po ang lahat", 19),
        ("ñ é ü", 5),
        ("cafe\u0301", 4),
        ("日本語", 6),
        ("ᜋᜓᜎ", 6),
        ("👩‍👩‍👧", 2),
        ("🇵🇭🇵🇭", 4),
        ("👍🏽", 2),
        ("1️⃣", 2),
        ("— … “ ”", 8),
        ("https://isla.example/" + "a" * 300, 23),
        ("see https://a.co now", 4 + 23 + 4),
        ("isla.com", 23),
        ("isla.com.ph/news is up.", 23 + 7),
        ("dti.gov.ph", 23),
        ("ok.So at 5.30 p.m. v1.2", 23),
        ("juan@isla.com", 13),
        ("isla.com.", 24),
        ("(https://isla.example/a)", 25),
    ],
)
def test_it_weighs_as_x_says(text, count):
    assert weight(text) == count
