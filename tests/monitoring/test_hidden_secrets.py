"""A credential goes to its provider and nowhere else: no page, answer, log, event, error or row holds it."""

import logging

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django_q.models import OrmQ

from api import keys
from api.scopes import Scope
from responses.monitoring import listening, sourcing
from responses.monitoring.models import Source
from responses.monitoring.source_forms import FORMS
from responses.monitoring.sources.base import SourceError
from responses.statements.models import Channel
from tenants import context
from tenants.models import SharedAnswer
from tests.monitoring.making import scripted

CANARY = "kanaryo-sa-hawla"


class Telltale(Exception):
    """What a client library may raise: the request with all that was in it."""


FAULTS = [
    Telltale(f"401 for https://api.example/search?key={CANARY}"),
    SourceError(f"The key {CANARY} is not valid.", status=401),
    KeyError({"headers": {"Authorization": f"Bearer {CANARY}"}}),
]


@pytest.fixture
def rows(brands, by, now):
    """Everything that holds a secret, and what there is of it in the brand."""
    with context.inside(brands.isla):
        given = {"key": CANARY, "empty": ""}
        source = sourcing.add_source(
            kind="rss", name="News", config={}, credentials=given, by=by.lea, now=now
        )
        hook = sourcing.add_source(kind="webhook", name="Desk", config={}, by=by.lea, now=now)
        Channel.objects.create(kind="bluesky", name="B", config={"handle": "isla"}, secret=CANARY)
        key = keys.issue(name="Tool", scopes=list(Scope), by=by.ramon, now=now)[1]
    return source, hook, key


def whole_schema(schema):
    """Every row of the schema as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {schema}.{table} t")
            yield cursor.fetchone()[0] or ""


@pytest.mark.parametrize("fault", FAULTS, ids=["library", "provider", "adapter"])
def test_when_a_provider_refuses(fault, rows, brands, by, now, sign_in, client, monkeypatch, caplog):
    source, hook, key = rows
    caplog.set_level(logging.DEBUG)
    desk, typed = sign_in("ramon"), {"name": "News", "url": "https://news.example/feed", "every_minutes": 5}
    with scripted(monkeypatch, fault, fault) as adapter, context.inside(brands.isla):
        listening.read(source, now=now)
        tried = desk.post(f"/b/isla/sources/{source.pk}/", {**typed, "try": "1"})
    assert adapter.asked[0][0]["key"] == adapter.asked[1][0]["key"] == CANARY, "the adapter is given it"
    pages = [
        tried,
        *(desk.get(f"/b/isla/{path}") for path in PAGES),
        desk.get(f"/b/isla/sources/{source.pk}/"),
    ]
    api = {"HTTP_AUTHORIZATION": f"Bearer {key}"}
    pages += [client.get(f"/api/v1/brands/isla/{path}", **api) for path in ("sources", "events", "channels")]
    for page in pages:
        assert page.status_code == 200
        assert CANARY not in page.content.decode() and hook.secret not in page.content.decode()
    with context.inside(brands.isla):
        assert Source.objects.get(pk=source.pk).failures == 1
        told = [caplog.text, *whole_schema("b_isla"), *whole_schema("public")]
        told += [str(job.task) for job in OrmQ.objects.all()]
        told += [str(session.get_decoded()) for session in Session.objects.all()]
    assert not [text for text in told if CANARY in text or hook.secret in text]
    assert not SharedAnswer.objects.exists()


PAGES = ["sources/", "channels/", "history/", "feed/", "keys/"]


def test_what_went_wrong_is_still_found_in_the_log(rows, brands, now, monkeypatch, caplog):
    with scripted(monkeypatch, FAULTS[0]), context.inside(brands.isla):
        assert listening.read(rows[0], now=now).error == "Tugon could not make sense of the answer."
    assert "adapter rss broke" in caplog.text and "Telltale" in caplog.text and "key=•••" in caplog.text


def test_a_form_that_is_refused_does_not_show_what_was_typed_as_a_secret(sign_in, db):
    desk = sign_in("lea")
    for kind, form in FORMS.items():
        typed = dict.fromkeys(form.secret_fields, CANARY) | {"name": ""}
        answer = desk.post(f"/b/isla/sources/add/{kind}/", typed)
        assert answer.status_code == 422
        assert CANARY not in answer.content.decode(), kind
