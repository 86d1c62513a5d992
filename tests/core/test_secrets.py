"""Secrets at rest open only where they were sealed, and change their key while the product runs."""

import base64
import threading
from io import StringIO

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.management import CommandError, call_command
from django.db import connection

from responses.core import rekeying, secrets
from responses.monitoring import sourcing
from responses.monitoring.models import Source
from responses.statements.models import Channel
from tenants import context
from tests.cast import NOW

CANARY = "kanaryo-kanaryo"
OLD, NEW = (f"{name}:{base64.b64encode(name.encode() * 32).decode()}" for name in "ab")


@pytest.fixture
def one_key(settings):
    settings.TUGON_FIELD_KEYS = [OLD]
    return settings


def stored(column="secret", table="responses_source"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {column} <> '' ORDER BY id")
        return [sealed for (sealed,) in cursor.fetchall()]


def put(sealed, column="secret", table="responses_source"):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s", [sealed])


def make(by, credential=CANARY):
    given = {"key": credential}
    return sourcing.add_source(kind="rss", name="News", config={}, credentials=given, by=by, now=NOW)


def test_a_secret_moved_to_another_brand_or_column_stays_shut(brands, by, one_key):
    with context.inside(brands.isla):
        make(by.lea)
        (sealed,) = stored()
        assert CANARY not in sealed and CANARY in Source.objects.get().secret
        put(sealed, "previous_secret")
        with pytest.raises(secrets.CannotDecrypt):
            Source.objects.get()
        Channel.objects.create(kind="bluesky", name="B", config={})
        put(sealed, table="responses_channel")
        with pytest.raises(secrets.CannotDecrypt):
            list(Channel.objects.all())
    with context.inside(brands.luzon):
        make(by.lea, "other")
        put(sealed)
        with pytest.raises(secrets.CannotDecrypt):
            Source.objects.get()
    with pytest.raises(secrets.CannotDecrypt, match="in a brand's schema"):
        secrets.decrypt(sealed, "responses_source.secret")


def test_what_was_sealed_before_columns_were_bound_still_opens_only_here(brands, by, one_key):
    """As the first releases wrote it: bound to the brand alone."""
    nonce, key = b"n" * 12, secrets.keys()[0][1]
    body = nonce + AESGCM(key).encrypt(nonce, CANARY.encode(), b"b_isla")
    sealed = f"a:{base64.b64encode(body).decode()}"
    with context.inside(brands.isla):
        make(by.lea)
        put(sealed)
        assert Source.objects.get().secret == CANARY
        assert rekeying.rekey(brands.isla) == rekeying.Report(sealed=1)
        assert stored()[0].startswith("a:responses_source.secret:")
        assert Source.objects.get().secret == CANARY
    with context.inside(brands.luzon), pytest.raises(secrets.CannotDecrypt):
        secrets.decrypt(sealed)


def rekey(*words):
    said = StringIO()
    call_command("rekey", *words, stdout=said)
    return said.getvalue()


def test_a_new_key_is_taken_into_use_without_a_pause(brands, by, one_key):
    with context.inside(brands.isla):
        make(by.lea)
        hook = sourcing.add_source(kind="webhook", name="Desk", config={}, by=by.lea, now=NOW)
        old = hook.secret
        new = sourcing.renew_secret(hook, by=by.lea, now=NOW)
        Channel.objects.create(kind="bluesky", name="B", config={}, secret=CANARY)
    one_key.TUGON_FIELD_KEYS = [OLD, NEW]  # every process learns the new key …
    one_key.TUGON_FIELD_KEYS = [NEW, OLD]  # … and then seals with it
    with context.inside(brands.isla):
        assert Source.objects.get(pk=hook.pk).secret == new  # both keys open
    assert "isla: 4 sealed with b, 0 were already, 0 remain" in rekey("isla")
    assert "isla: 0 sealed with b, 4 were already, 0 remain" in rekey()
    one_key.TUGON_FIELD_KEYS = [NEW]
    with context.inside(brands.isla):
        kept = Source.objects.get(pk=hook.pk)
        assert (kept.secret, kept.previous_secret) == (new, old)
        assert Channel.objects.get(name="B").secret == CANARY
        assert CANARY in Source.objects.get(name="News").secret
        assert all(sealed.startswith("b:") for sealed in stored() + stored(table="responses_channel"))


def test_what_no_key_opens_is_counted_and_left_as_it_is(brands, by, one_key):
    with context.inside(brands.isla):
        make(by.lea)
        (sealed,) = stored()
    one_key.TUGON_FIELD_KEYS = [NEW]
    with pytest.raises(CommandError, match="1 secrets remain that no key opens"):
        rekey()
    with context.inside(brands.isla):
        assert stored() == [sealed]
    one_key.TUGON_FIELD_KEYS = [NEW, OLD]
    assert "isla: 1 sealed" in rekey()


def test_the_first_key_ever_given_still_opens_what_the_secret_key_sealed(brands, by, settings):
    settings.TUGON_FIELD_KEYS = []
    with context.inside(brands.isla):
        make(by.lea)
        assert stored()[0].startswith("s:")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another " * 8
    settings.TUGON_FIELD_KEYS = [NEW]
    assert "isla: 1 sealed with b" in rekey()
    settings.SECRET_KEY_FALLBACKS = []
    with context.inside(brands.isla):
        assert CANARY in Source.objects.get().secret


def test_who_saves_while_the_key_changes_loses_nothing(committed_brand, settings):
    """A person saves new credentials again and again while rekey runs again and again with changing keys."""
    settings.TUGON_FIELD_KEYS = [OLD, NEW]
    by, done = committed_brand.by.lea, threading.Event()
    source = sourcing.add_source(kind="rss", name="News", config={}, credentials={"key": "0"}, by=by, now=NOW)

    def save():
        for number in range(1, 16):
            sourcing.change_source(source, credentials={"key": str(number)}, by=by, now=NOW)
        done.set()

    def change_keys():
        rounds = 0
        while not done.is_set() or rounds < 2:
            settings.TUGON_FIELD_KEYS = settings.TUGON_FIELD_KEYS[::-1]
            assert rekeying.rekey(committed_brand.brand).unreadable == 0
            rounds += 1
        return rounds

    outcomes = committed_brand.run(save, change_keys)
    assert not [each for each in outcomes if isinstance(each, Exception)]
    assert Source.objects.get(pk=source.pk).secret == '{"key": "15"}'
