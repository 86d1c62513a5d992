"""Google Play, by https://developers.google.com/android-publisher/api-ref/rest/v3/reviews"""

import base64
import json
from functools import cache

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.monitoring.sources.provider import NOW, Adapter, Says

APP = "ph.isla.ferries"
REVIEWS, TOKEN = f"/androidpublisher/v3/applications/{APP}/reviews", "/token"


@cache
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def key_file():
    pem = key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    account = {"type": "service_account", "client_email": "reader@isla.example", "private_key_id": "k1"}
    return json.dumps(account | {"private_key": pem.decode()})


def review(number, stars=2, text=None, language="fil_PH"):
    said = {
        "text": text or f"Laging bumabagsak {number}",
        "lastModified": {"seconds": str(1_795_341_600 + number), "nanos": 5},
        "starRating": stars,
        "reviewerLanguage": language,
        "appVersionName": "3.1",
        "thumbsUpCount": 4,
    }
    answer = {"developerComment": {"text": "Salamat po", "lastModified": {"seconds": "1795341999"}}}
    return {"reviewId": f"gp:{number}", "authorName": "Ana", "comments": [{"userComment": said}, answer]}


def unpacked(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


class TestPlayStore(Adapter):
    kind = "play_store"
    config = {"app": APP}
    path = REVIEWS
    always = {TOKEN: {"access_token": "ya29.hush", "expires_in": 3599}}

    @property
    def secrets(self):
        return {"service_account": key_file()}

    def page(self, numbers, more):
        found = {"reviews": [review(each) for each in numbers]}
        return found | ({"tokenPagination": {"nextPageToken": "t"}} if more else {})

    def test_it_is_let_in_by_a_signed_statement(self):
        self.provider.on(REVIEWS, self.page([1], more=False))
        self.fetch()
        asked, then = self.provider.asked
        assert asked.form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        head, claims, signature = asked.form["assertion"].split(".")
        assert unpacked(head) == {"alg": "RS256", "typ": "JWT", "kid": "k1"}
        at = int(NOW.timestamp())
        assert unpacked(claims) == {
            "iss": "reader@isla.example",
            "scope": "https://www.googleapis.com/auth/androidpublisher",
            "aud": "https://oauth2.googleapis.com/token",
            "iat": at,
            "exp": at + 3600,
        }
        raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        key().public_key().verify(raw, f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
        assert then.headers["authorization"] == "Bearer ya29.hush"

    def test_what_the_reviewer_says_is_read_with_stars_and_title(self):
        self.provider.on(REVIEWS, {"reviews": [review(1, 2, "Sayang\tLaging bumabagsak")]})
        (item,) = self.fetch().items
        assert (item.title, item.text, item.language) == ("★★☆☆☆ Sayang", "Laging bumabagsak", "fil")
        assert item.raw == {"rating": 2, "version": "3.1", "likes": 4}
        assert item.thread == "gp:1"

    @pytest.mark.parametrize("wrong", ["", "{}", '{"client_email": "a", "private_key": "-----BEGIN"}', "[1]"])
    def test_a_key_that_is_none_is_refused_without_being_shown(self, wrong):
        refused = self.fails(service_account=wrong)
        assert refused.permanent
        assert "JSON key of a service account" in refused.message
        assert not self.provider.asked

    def test_no_permission_in_the_console(self):
        self.provider.on(REVIEWS, Says({"error": {"code": 403, "status": "PERMISSION_DENIED"}}, 403))
        assert "allowed to do" in self.fails().message

    def test_too_often(self):
        self.provider.on(REVIEWS, Says({"error": {"code": 429, "status": "RESOURCE_EXHAUSTED"}}, 429))
        assert self.fails().retry_after == 900
        assert self.fails(app="no package").permanent
