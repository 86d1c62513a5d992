"""Setting channels up by page and by API: every kind, its secrets never shown, its connection tried."""

import json

import pytest
from django.urls import reverse

from api import keys
from api.scopes import Scope
from responses.core.models import Event
from responses.publishing import choosing
from responses.publishing.channels import asking
from responses.publishing.channels.base import credentials_of
from responses.statements.models import Channel
from tenants import context
from tests.monitoring.sources.provider import Says

from .channels.conftest import provider  # noqa: F401  (a fixture)
from .channels.test_hostile_addresses import TRIALS

BY_KIND = {trial.kind: trial for trial in TRIALS}


def at(name, *args):
    return reverse(f"responses:{name}", args=["isla", *args])


@pytest.fixture(params=sorted(BY_KIND))
def trial(request, provider, monkeypatch):  # noqa: F811
    """A kind's trial, its provider answering."""
    made = BY_KIND[request.param]()
    made.provider, made.patch = provider, monkeypatch
    provider.fresh()
    made.serve()
    provider.on(made.publish_at, made.taken)
    monkeypatch.setattr(asking, "fetch", provider.http)
    return made


def nowhere(text, secrets):
    for name, secret in secrets.items():
        assert secret not in text, name


def test_every_kind_has_its_card(sign_in, db):
    page = sign_in("ramon").get(at("channel_new")).content.decode()
    for kind in choosing.kinds():
        assert at("channel_add", kind) in page
    assert set(choosing.kinds()) >= set(BY_KIND) | {"bluesky"}
    assert sign_in("ramon").get(at("channel_add", "newsroom")).status_code == 404


def test_added_tried_changed_and_marked_on_its_pages(trial, sign_in, brands):
    client = sign_in("ramon")
    typed = {"name": "Ours", **trial.config, **trial.secrets}
    assert client.get(at("channel_add", trial.kind)).status_code == 200
    refused = client.post(at("channel_add", trial.kind), typed | {"name": "Newsroom"})
    assert refused.status_code == 422
    nowhere(refused.content.decode(), trial.secrets)
    assert client.post(at("channel_add", trial.kind), typed).status_code == 303
    with context.inside(brands.isla):
        added = Channel.objects.get(name="Ours")
        assert credentials_of(added.secret) == trial.secrets
        nowhere(json.dumps(added.config), trial.secrets)
    client.post(at("channel_test", added.pk))
    page = client.get(at("channels")).content.decode()
    assert "It works." in page
    nowhere(page + client.get(at("channel", added.pk)).content.decode(), trial.secrets)
    kept = {"name": "Renamed", "is_active": "on", **trial.config}
    assert client.post(at("channel", added.pk), kept).status_code == 303
    trial.provider.on(trial.check_at, trial.unauthorised)
    client.post(at("channel_test", added.pk))
    assert "needs attention" in client.get(at("channels")).content.decode()
    with context.inside(brands.isla):
        added.refresh_from_db()
        assert (added.name, credentials_of(added.secret)) == ("Renamed", trial.secrets)
        assert added.trouble
        told = json.dumps(list(Event.objects.values("kind", "data")), default=str)
        nowhere(told, trial.secrets)
    assert trial.provider.public == {}


def test_by_the_api(trial, client, brands, by, now):
    with context.inside(brands.isla):
        key = keys.issue(name="Tool", scopes=list(Scope), by=by.ramon, now=now)[1]
    auth = {"HTTP_AUTHORIZATION": f"Bearer {key}", "content_type": "application/json"}
    body = {"kind": trial.kind, "name": "Ours", "config": trial.config, "credentials": trial.secrets}
    there = "/api/v1/brands/isla/channels"
    made = client.post(there, body, **auth)
    assert made.status_code == 201, made.content
    assert made.json()["limit"]["most"] >= 280
    wrong = client.post(there, body | {"name": "Two", "credentials": {}}, **auth)
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"].startswith("/credentials/")
    one = f"{there}/{made.json()['id']}"
    checked = client.post(f"{one}/check", {}, **auth)
    assert checked.json()["works"] is True, checked.content
    tag = client.get(one, **auth)["ETag"]
    changed = client.patch(one, {"is_active": False}, HTTP_IF_MATCH=tag, **auth)
    assert (changed.status_code, changed.json()["is_active"]) == (200, False), changed.content
    assert changed.json()["config"].items() >= trial.config.items()
    trial.provider.on(trial.check_at, trial.unauthorised)
    checked = client.post(f"{one}/check", {}, **auth)
    assert checked.json()["works"] is False
    shown = client.get(one, **auth)
    assert shown.json()["trouble"] == checked.json()["detail"]
    nowhere(f"{made.content}{changed.content}{checked.content}{shown.content}", trial.secrets)
    with context.inside(brands.isla):
        assert credentials_of(Channel.objects.get(name="Ours").secret) == trial.secrets


SERVERS = {"mastodon": "server", "wordpress": "site", "webhook": "url", "bluesky": "service"}


@pytest.mark.parametrize(("kind", "field"), SERVERS.items())
def test_a_kept_secret_does_not_follow_to_another_server(kind, field, sign_in, brands, db):
    bluesky = {"service": "https://bsky.social", "handle": "isla.example"}
    config = BY_KIND[kind].config if kind in BY_KIND else bluesky
    secrets = BY_KIND[kind].secrets if kind in BY_KIND else {"password": "abcd"}
    client = sign_in("ramon")
    client.post(at("channel_add", kind), {"name": "Ours", **config, **secrets})
    with context.inside(brands.isla):
        pk = Channel.objects.get(name="Ours").pk
    moved = {"name": "Ours", "is_active": "on", **config, field: "https://mine.example"}
    refused = client.post(at("channel", pk), moved)
    assert refused.status_code == 422
    assert "password anew" in refused.content.decode()
    assert client.post(at("channel", pk), moved | secrets).status_code == 303


def test_a_secret_that_tugon_made_is_shown_once(sign_in, brands, db):
    client = sign_in("ramon")
    added = client.post(at("channel_add", "webhook"), {"name": "W", "url": "https://receiver.example/h"})
    first = client.get(added["Location"]).content.decode()
    assert "whsec_" in first
    with context.inside(brands.isla):
        secret = credentials_of(Channel.objects.get(name="W").secret)["signing_secret"]
    assert secret in first
    assert secret not in client.get(added["Location"]).content.decode()


def test_mastodon_says_how_much_its_server_takes(sign_in, brands, provider, monkeypatch):  # noqa: F811
    trial = BY_KIND["mastodon"]()
    trial.provider = provider
    provider.fresh()
    trial.serve()
    monkeypatch.setattr(asking, "fetch", provider.http)
    client = sign_in("ramon")
    client.post(at("channel_add", "mastodon"), {"name": "M", **trial.config, **trial.secrets})
    with context.inside(brands.isla):
        pk = Channel.objects.get(name="M").pk
    client.post(at("channel_test", pk))
    editor = sign_in("ana").get(reverse("responses:statement_new", args=["isla"])).content.decode()
    assert 'data-limit="640"' in editor
    assert 'data-count="mastodon"' in editor
    provider.on("/api/v2/instance", Says({"configuration": {"statuses": {"max_characters": 500}}}))
    sign_in("ramon").post(at("channel_test", pk))
    with context.inside(brands.isla):
        assert Channel.objects.get(pk=pk).config["limit"] == 500
