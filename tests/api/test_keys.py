"""Keys: how they are made, kept, found, used and taken back."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from agency import people
from agency.models import Seat
from agency.roles import Role
from api import keys
from api.models import ApiKey
from api.scopes import Scope
from responses.core.models import Event
from responses.errors import Invalid, NotAllowed
from responses.statements.models import Statement
from tests.statements import desk

from .conftest import Caller, make_key


def test_only_a_fingerprint_is_kept(isla):
    key, spelled = make_key()
    assert re.fullmatch(r"tgn_live_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}", spelled)
    row = ApiKey.objects.values().get(pk=key.pk)
    secret = spelled.rpartition("_")[2][:32]
    assert not any(secret in str(value) for value in row.values())
    assert not Event.objects.filter(data__icontains=secret).exists()


def test_a_wrong_checksum_is_not_even_looked_up(isla, django_assert_num_queries):
    _key, spelled = make_key()
    with django_assert_num_queries(0):
        assert keys.find(spelled[:-1] + ("a" if spelled[-1] != "a" else "b"), timezone.now()) is None


def test_a_wrong_secret_with_a_right_checksum_opens_nothing(isla):
    _key, spelled = make_key()
    body = spelled[:-38] + "0" * 32
    assert keys.find(body + keys.checksum(body), timezone.now()) is None


@pytest.mark.parametrize("brand", ["isla", "nowhere"])
@pytest.mark.parametrize(
    "header", [None, "Bearer nonsense", "Basic eDp5", "Bearer tgn_live_aaaaaaaaaaaa_" + "b" * 38]
)
def test_whoever_is_not_known_gets_one_answer(isla, brand, header):
    response = Client().get(
        f"/api/v1/brands/{brand}/whoami", headers={"authorization": header} if header else {}
    )
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert response["Content-Type"] == "application/problem+json"


def test_a_brand_that_is_not_there_answers_like_a_wrong_key(machine):
    here = Caller("isla", "tgn_live_wrong").get("whoami").json()
    nowhere = machine.get("whoami", brand="nowhere").json()
    for answer in (here, nowhere):
        answer.pop("request_id"), answer.pop("instance")
    assert here == nowhere


def test_revoking_works_at_once(isla, by, now):
    key, spelled = make_key()
    assert Caller(spelled=spelled).get("whoami").status_code == 200
    keys.revoke(key, by=by.ramon, now=now)
    assert Caller(spelled=spelled).get("whoami").status_code == 401
    with pytest.raises(NotAllowed):
        keys.revoke(key, by=by.ramon, now=now)
    assert list(Event.objects.order_by("seq").values_list("kind", flat=True)) == [
        "key.created",
        "key.revoked",
    ]


def test_a_key_ends_on_its_last_day(isla):
    now = timezone.now()
    key, spelled = make_key(now=now, expires_at=now + timedelta(hours=1))
    assert keys.find(spelled, now) == key
    assert keys.find(spelled, now + timedelta(hours=1)) is None


def test_use_is_noted_once_a_minute(isla):
    key, _spelled = make_key()
    start = timezone.now()
    for seconds, noted in ((0, start), (59, start), (61, start + timedelta(seconds=61))):
        key.refresh_from_db()
        keys.note_use(key, start + timedelta(seconds=seconds))
        key.refresh_from_db()
        assert key.last_used_at == noted


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", {"name": " "}),
        ("scopes", {"scopes": []}),
        ("scopes", {"scopes": ["everything"]}),
        ("expires_at", {"expires_at": timezone.now() - timedelta(days=1)}),
    ],
)
def test_a_key_is_made_whole_or_not_at_all(isla, by, field, wrong):
    given = {"name": "x", "scopes": [Scope.READ], "by": by.ramon, "now": timezone.now()} | wrong
    with pytest.raises(Invalid) as refusal:
        keys.issue(**given)
    assert refusal.value.field == field
    assert not ApiKey.objects.exists()


def test_the_page_shows_a_key_once(person):
    client = person("ramon").client
    made = client.post("/b/isla/keys/", {"name": "Help desk", "scopes": ["read"]})
    assert made.status_code == 303
    assert client.head("/b/isla/keys/").status_code == 200, "which uses nothing up"
    first, second = client.get("/b/isla/keys/"), client.get("/b/isla/keys/")
    assert "no-store" in first["Cache-Control"]
    spelled = re.search(rb"tgn_live_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}", first.content)[0].decode()
    assert Caller(spelled=spelled).get("whoami").json()["scopes"] == ["read"]
    assert b"Help desk" in second.content
    assert spelled.encode() not in second.content


@pytest.mark.parametrize("day", ["2001-01-01", "9999-12-31"])
def test_the_page_keeps_what_was_typed(person, day):
    typed = {"name": "Help desk", "scopes": ["read"], "last_day": day}
    response = person("ramon").client.post("/b/isla/keys/", typed)
    assert response.status_code == 422
    assert b"Help desk" in response.content


def test_the_page_revokes(person, isla):
    key, spelled = make_key()
    client = person("ramon").client
    assert client.post(f"/b/isla/keys/{key.pk}/revoke/").status_code == 303
    assert Caller(spelled=spelled).get("whoami").status_code == 401


def test_only_who_may_connect_sees_the_page(person):
    statuses = {"ramon": 200, "lea": 403, "ana": 403, "marta": 404}
    assert {name: person(name).client.get("/b/isla/keys/").status_code for name in statuses} == statuses


def shut_out(cast, brand, now):
    people.deactivate(cast.ramon, by=cast.tess, now=now)


def demoted(cast, brand, now):
    seat = Seat.objects.get(user=cast.ramon, brand=brand, is_active=True)
    people.change_role(seat, Role.CRISIS_LEAD, by=cast.tess, now=now)


@pytest.mark.parametrize("lose", [shut_out, demoted])
def test_a_key_works_no_longer_than_its_maker_could_make_it(person, isla, by, now, request, lose):
    cast = request.getfixturevalue("people")
    _key, spelled = make_key(by=by.ramon)
    machine = Caller(spelled=spelled)
    assert machine.get("whoami").status_code == 200
    lose(cast, isla, now)
    refused = machine.get("whoami")
    assert (refused.status_code, refused.json()["code"]) == (401, "maker_gone")
    assert refused["WWW-Authenticate"].startswith("Bearer")
    page = person("tess").client.get("/b/isla/keys/").content.decode()
    assert "asleep" in page
    assert "Ramon may not make keys any more" in page
    assert "Revoke the key" in page


def test_what_my_key_wrote_i_wrote(person, isla, by, now, agree, request):
    """One human with a key of their own is one human."""
    lea = request.getfixturevalue("people").lea
    Seat.objects.create(user=lea, agency=lea.agency, brand=isla, role=Role.ACCOUNT_LEAD)
    agree(desk.step(desk.AGENCY))
    machine = Caller(spelled=make_key(by=by.lea)[1])
    newsroom, _bluesky = desk.channels()
    wording = {
        "title": "Sunog", "type": "holding", "language": "fil",
        "texts": [{"channel": f"chn_{newsroom.pk}", "text": desk.NEWS}],
    }  # fmt: skip
    made = machine.post("statements", wording)
    assert made.status_code == 201, made.content
    assert machine.act(f"statements/{made.json()['id']}", "submit").status_code == 200
    statement = Statement.objects.get()
    here = f"steps/stp_{desk.active(statement).pk}"
    body = {"revision_hash": statement.latest.hash, "verdict": "approved"}
    refused = person("lea").act(here, "decide", body, idempotency_key="mine")
    assert (refused.status_code, "You wrote part" in refused.json()["detail"]) == (403, True)
    assert person("ramon").act(here, "decide", body, idempotency_key="theirs").status_code == 200
