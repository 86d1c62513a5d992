"""Added and changed as people and programs do: tried before they are saved, secrets never shown again."""

import json

import pytest

from api import keys
from api.scopes import Scope
from responses.monitoring import asking, listening
from responses.monitoring.models import Mention, Source
from tenants import context
from tests.monitoring.sources import test_bluesky, test_hackernews, test_mastodon, test_reddit, test_x
from tests.monitoring.sources.provider import Says

PAGES = "/b/isla/sources/"
# Kind, what is typed, where it is asked, what comes back, the secret.
KINDS = {
    "bluesky": (
        {"mode": "mentions", "account": "isla.example.com", "app_password": test_bluesky.PASSWORD},
        test_bluesky.TestMentionsSignedIn,
        "Naantala ang byahe 1",
    ),
    "mastodon": (
        {"server": "mastodon.example", "mode": "mentions", "access_token": test_mastodon.TOKEN},
        test_mastodon.TestMentions,
        "Tatlong oras na delay 1",
    ),
    "reddit": (
        {"search": "ferry", "client_id": "abc", **test_reddit.SECRETS},
        test_reddit.TestSearch,
        "Ferry three hours late 1",
    ),
    "hackernews": (
        {"search": "ferry", "only": "story"},
        test_hackernews.TestHackerNews,
        "Ferry company answers 1",
    ),
    "x": ({"search": "ferry", "bearer_token": test_x.TOKEN}, test_x.TestX, "Naantala ang byahe 1"),
}


@pytest.fixture(params=KINDS)
def given(request, provider, monkeypatch, db):
    """(kind, what is typed, its secrets, what a page of it shows), with the provider answering."""
    typed, trial, shows = KINDS[request.param]
    provider.fresh()
    for path, answer in trial.always.items():
        provider.on(path, answer)
    provider.on(trial.path, trial().page([1], more=False))
    monkeypatch.setattr(asking, "fetch", provider.http)
    secrets = {name: typed[name] for name in trial.secrets}
    return request.param, {"name": "Ours", "every_minutes": "5"} | typed, secrets, shows


def test_added_tried_and_changed_on_its_page(given, sign_in, brands):
    kind, typed, secrets, shows = given
    desk = sign_in("lea")
    tried = desk.post(f"{PAGES}add/{kind}/", {**typed, "try": "1"}).content.decode()
    assert shows in tried
    with context.inside(brands.isla):
        assert not Source.objects.exists()
        assert not Mention.objects.exists()
    saved = desk.post(f"{PAGES}add/{kind}/", typed)
    assert saved.status_code == 303
    shown = desk.get(saved["Location"]).content.decode()
    without = {name: value for name, value in typed.items() if name not in secrets}
    changed = desk.post(saved["Location"], {**without, "name": "Renamed"})
    assert changed.status_code == 303, "an empty secret keeps the one that is there"
    tried_again = desk.post(saved["Location"], {**without, "try": "1"}).content.decode()
    assert shows in tried_again
    with context.inside(brands.isla):
        source = Source.objects.get()
        assert source.name == "Renamed"
        assert (json.loads(source.secret) if secrets else {}) == secrets
        assert not set(secrets) & set(source.config)
    for name, secret in secrets.items():
        assert all(secret not in page for page in (tried, shown, tried_again)), name


def test_a_new_secret_takes_the_place_of_the_old(given, sign_in, brands):
    kind, typed, secrets, _shows = given
    desk = sign_in("lea")
    where = desk.post(f"{PAGES}add/{kind}/", typed)["Location"]
    desk.post(where, {**typed, **dict.fromkeys(secrets, "a-new-one")})
    with context.inside(brands.isla):
        source = Source.objects.get()
        assert (json.loads(source.secret) if secrets else {}) == dict.fromkeys(secrets, "a-new-one")


def test_read_and_stored_with_what_the_provider_tells(given, sign_in, brands, now):
    kind, typed, _secrets, shows = given
    sign_in("lea").post(f"{PAGES}add/{kind}/", typed)
    with context.inside(brands.isla):
        source = Source.objects.get()
        assert listening.read(source, now=source.due_at).ingested.new == 1
        mention = Mention.objects.get()
    assert shows in (mention.text, mention.title) or shows in mention.text
    assert mention.url.startswith("https://")


def test_by_the_api(given, client, brands, by, now):
    kind, typed, secrets, _shows = given
    with context.inside(brands.isla):
        key = keys.issue(name="Tool", scopes=list(Scope), by=by.ramon, now=now)[1]
    auth = {"HTTP_AUTHORIZATION": f"Bearer {key}"}
    config = {name: value for name, value in typed.items() if name not in (*secrets, "name", "every_minutes")}
    body = {"kind": kind, "name": "Ours", "config": config, "credentials": secrets}
    made = client.post("/api/v1/brands/isla/sources", body, content_type="application/json", **auth)
    assert made.status_code == 201, made.content
    assert made.json()["config"] == config
    change = {"name": "Renamed"}
    there = f"/api/v1/brands/isla/sources/{made.json()['id']}"
    changed = client.patch(there, change, content_type="application/json", HTTP_IF_MATCH=made["ETag"], **auth)
    assert changed.status_code == 200, changed.content
    for name, secret in secrets.items():
        assert secret not in made.content.decode() + changed.content.decode(), name
    with context.inside(brands.isla):
        source = Source.objects.get()
        assert (json.loads(source.secret) if secrets else {}) == secrets


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("bluesky", {"mode": "replies"}, "Say which account."),
        ("bluesky", {"search": "ferry", "app_password": "x"}, "Say which account the app password"),
        ("mastodon", {"server": "a.example", "mode": "hashtag"}, "Say which hashtag"),
        ("mastodon", {"server": "a.example", "mode": "mentions"}, "only with an access token"),
        ("reddit", {"client_id": "a", "client_secret": "b"}, "Say what to search for, or which subreddit"),
    ],
)
def test_what_is_missing_is_said_before_saving(kind, typed, words, sign_in, db):
    answer = sign_in("lea").post(f"{PAGES}add/{kind}/", {"name": "Ours", "every_minutes": "5", **typed})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_refusal_while_trying_is_shown_in_words(given, provider, sign_in):
    kind, typed, secrets, _shows = given
    provider.on(KINDS[kind][1].path, Says({"error": "no"}, 401))
    page = sign_in("lea").post(f"{PAGES}add/{kind}/", {**typed, "try": "1"}).content.decode()
    assert 'value="Ours"' in page
    assert all(secret not in page for secret in secrets.values())


@pytest.mark.parametrize(("kind", "address"), [("mastodon", "server"), ("bluesky", "service_url")])
def test_a_kept_secret_does_not_follow_to_another_server(kind, address, sign_in, brands):
    desk = sign_in("lea")
    typed, trial, _shows = KINDS[kind]
    typed = {"name": "Ours", "every_minutes": "5", **typed}
    where = desk.post(f"{PAGES}add/{kind}/", typed)["Location"]
    moved = {**typed, address: "https://mine.example"}
    without = {name: value for name, value in moved.items() if name not in trial.secrets}
    for deed in ({}, {"try": "1"}):
        refused = desk.post(where, without | deed)
        assert refused.status_code == 422
        assert "was given for another server" in refused.content.decode()
    assert desk.post(where, moved).status_code == 303
