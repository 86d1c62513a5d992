import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from responses import due as dues
from responses.monitoring import sourcing
from responses.monitoring.models import Delivery, Mention, Source
from tenants import context

BODY = {"mentions": [{"text": "Ang tagal ng byahe", "author": "juan"}, {"text": "Ayos ang serbisyo"}]}


@pytest.fixture
def source(brands, by, now):
    with context.inside(brands.isla):
        return sourcing.add_source(kind="webhook", name="Help desk", config={}, by=by.lea, now=now)


@pytest.fixture
def deliver(client, source):
    def send(body=BODY, *, message_id="msg-1", secret=source.secret, brand="isla", alter=b""):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        at = datetime.now(UTC)  # the door reads the wall clock
        headers = {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret).sign(message_id, at, raw.decode()),
        }
        path = f"/b/{brand}/hooks/{source.pk}/"
        return client.post(path, raw + alter, content_type="application/json", headers=headers)

    return send


def stored(brands):
    with context.inside(brands.isla):
        return Mention.objects.count()


def test_a_signed_delivery_is_stored(deliver, brands):
    answer = deliver()
    assert (answer.status_code, answer.json()) == (200, {"stored": 2, "known": 0})
    assert stored(brands) == 2


def test_the_same_delivery_twice_is_stored_once_and_answered_alike(deliver, brands):
    assert deliver().json() == deliver().json() == {"stored": 2, "known": 0}
    assert stored(brands) == 2
    with context.inside(brands.isla):
        assert Delivery.objects.count() == 1


def test_the_same_mentions_under_a_new_id_are_known(deliver, brands):
    deliver()
    assert deliver(message_id="msg-2").json() == {"stored": 0, "known": 2}


def test_a_bad_signature_stores_nothing(deliver, brands):
    for answer in (deliver(alter=b" "), deliver(secret=sourcing.new_secret())):
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["title"] == "The signature does not match. Check the secret."
    assert stored(brands) == 0


def test_a_body_that_is_wrong_is_said_so_and_its_id_may_come_again(deliver, brands):
    answer = deliver({"mentions": [{"txt": "x"}]})
    assert answer.status_code == 422
    assert "mentions[0].txt: there is no such field" in answer.json()["title"]
    assert deliver().json() == {"stored": 2, "known": 0}


def test_a_renewed_secret_leaves_a_day_for_the_old_one(deliver, brands, source, by):
    now, old = timezone.now(), source.secret
    with context.inside(brands.isla):
        new = sourcing.renew_secret(source, by=by.lea, now=now - timedelta(hours=23))
        assert source.previous_until == now + timedelta(hours=1)
    assert deliver(secret=new, message_id="new").status_code == 200
    assert deliver(secret=old, message_id="old").status_code == 200
    assert deliver(secret=sourcing.new_secret(), message_id="x").status_code == 401
    with context.inside(brands.isla):
        sourcing.end_old_secret(source, by=by.lea, now=now)
    assert deliver(secret=old, message_id="late").status_code == 401
    assert deliver(secret=new, message_id="good").status_code == 200


def test_the_old_secret_opens_nothing_after_its_day_and_is_erased(deliver, brands, source, by):
    now, old = timezone.now(), source.secret
    with context.inside(brands.isla):
        sourcing.renew_secret(source, by=by.lea, now=now - timedelta(hours=25))
        assert Source.objects.get().previous_secret == old
    assert deliver(secret=old).status_code == 401
    with context.inside(brands.isla):
        dues.work(brands.isla, now)
        kept = Source.objects.get()
        assert (kept.previous_secret, kept.previous_until) == ("", None)


def test_a_removed_source_has_no_door(deliver, brands, source, by, now):
    with context.inside(brands.isla):
        sourcing.remove(source, by=by.lea, now=now)
    assert deliver().status_code == 404


def test_too_large_and_unsigned(deliver, client, source):
    assert deliver({"text": "x" * 1_100_000}).status_code == 413
    assert (
        client.post(f"/b/isla/hooks/{source.pk}/", b"{}", content_type="application/json").status_code == 401
    )
    assert client.get(f"/b/isla/hooks/{source.pk}/").status_code == 405


def test_a_paused_source_takes_nothing(deliver, brands, source, by, now):
    with context.inside(brands.isla):
        sourcing.pause(source, by=by.lea, now=now)
    assert deliver().status_code == 409
    assert stored(brands) == 0


def test_no_cookie_is_asked_and_another_brand_has_no_such_door(deliver, client):
    client.handler.enforce_csrf_checks = True
    assert deliver().status_code == 200
    assert deliver(brand="luzon").status_code == 404
    assert deliver(brand="nowhere").status_code == 404
