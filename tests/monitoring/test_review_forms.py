"""Sources of comments and reviews, set up through the page: tried, saved, changed, and no secret shown."""

import pytest

from responses.monitoring import asking, listening, sourcing
from responses.monitoring.models import Mention, Source
from tenants import context
from tests.monitoring.sources.provider import Provider, served
from tests.monitoring.sources.test_play_store import key_file
from tests.monitoring.sources.test_youtube import THREADS, VIDEO, thread

SOURCES = "/b/isla/sources/"
HUSH = "AIza-hush-hush"
YOUTUBE = {"name": "Komento", "video": f"https://youtu.be/{VIDEO}?si=x", "api_key": HUSH, "every_minutes": 15}
GOOGLE = {
    "account": "accounts/11",
    "location": "22",
    "client_id": "me",
    "refresh_token": HUSH,
    "client_secret": HUSH,
}


IG = {"account": "17", "login": "instagram"}
APPLE = "https://apps.apple.com/ph/app/isla/id123"
PLAY = "https://play.google.com/store/apps/details?id=com.isla.app"


@pytest.fixture(scope="module")
def youtube():
    yield from served()


@pytest.fixture
def online(youtube: Provider, monkeypatch):
    """The adapters ask our server in place of the providers'."""
    youtube.fresh()
    monkeypatch.setattr(asking, "fetch", youtube.http)
    return youtube


def test_tried_saved_read_and_changed_and_the_key_is_never_shown(online, sign_in, brands, now):
    online.on(THREADS, {"items": [thread(1), thread(2)]})
    desk = sign_in("lea")
    tried = desk.post(f"{SOURCES}add/youtube/", {**YOUTUBE, "try": "1"}).content.decode()
    assert "Ang tagal ng byahe 2" in tried
    assert HUSH not in tried
    there = desk.post(f"{SOURCES}add/youtube/", YOUTUBE)["Location"]
    with context.inside(brands.isla):
        source = Source.objects.get()
        assert (source.config, sourcing.credentials_of(source)) == ({"video": VIDEO}, {"api_key": HUSH})
        assert listening.read(source, now=now).ingested.new == 2
        assert Mention.objects.filter(url__contains=f"v={VIDEO}").count() == 2
    changed = {**YOUTUBE, "name": "Iba", "api_key": ""}
    assert desk.post(there, changed).status_code == 303
    with context.inside(brands.isla):
        assert sourcing.credentials_of(Source.objects.get()) == {"api_key": HUSH}
    page = desk.get(there).content.decode()
    assert "Iba" in page
    assert HUSH not in page


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("youtube", {"video": "https://example.com/x", "api_key": "k"}, "no video of YouTube"),
        ("youtube", {"channel": "@isla", "api_key": "k"}, "no channel id"),
        ("youtube", {"api_key": "k"}, "either a video or a channel"),
        ("facebook", {"page": "a b", "access_token": "t"}, "Use only the number"),
        ("instagram", {"account": "isla", "access_token": "t"}, "not its name"),
        ("google_reviews", {**GOOGLE, "location": "here"}, "Give the numbers"),
        ("google_reviews", {**GOOGLE, "place_url": "javascript:1"}, "not a web address"),
        ("app_store", {"app": "isla", "countries": "ph"}, "digits after"),
        ("app_store", {"app": "123", "countries": "phl"}, "not a country of two letters"),
        ("play_store", {"app": "isla", "service_account": "{}"}, "package name"),
        (
            "play_store",
            {"app": "com.isla.app", "service_account": '{"a": 1}'},
            "JSON key of a service account",
        ),
    ],
)
def test_what_cannot_work_is_refused_beside_its_field(kind, typed, words, sign_in, brands):
    answer = sign_in("lea").post(f"{SOURCES}add/{kind}/", {"name": "N", "every_minutes": 5, **typed})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with context.inside(brands.isla):
        assert not Source.objects.exists()


@pytest.mark.parametrize(
    ("kind", "typed", "config"),
    [
        ("facebook", {"page": "isla.ferries", "access_token": HUSH}, {"page": "isla.ferries"}),
        ("instagram", IG | {"access_token": HUSH}, IG),
        ("google_reviews", GOOGLE, {"account": "accounts/11", "location": "22", "client_id": "me"}),
        ("app_store", {"app": APPLE, "countries": "ph us"}, {"app": "123", "countries": "ph us"}),
        ("play_store", {"app": PLAY, "service_account": key_file()}, {"app": "com.isla.app"}),
    ],
)
def test_addresses_as_people_copy_them_are_understood(kind, typed, config, sign_in, brands):
    desk = sign_in("lea")
    there = desk.post(f"{SOURCES}add/{kind}/", {"name": "N", "every_minutes": 5, **typed})["Location"]
    with context.inside(brands.isla):
        source = Source.objects.get()
        assert source.config == config
        hidden = list(sourcing.credentials_of(source).values())
    page = desk.get(there).content.decode()
    assert not any(secret in page for secret in hidden)
