"""Two writers, the same request twice, too many requests: on real commits, with real threads."""

import re
from collections import Counter

import pytest

from api import idempotency
from api.models import IdempotentRequest, RateWindow
from responses.core.models import Event
from responses.incidents import lifecycle
from responses.incidents.models import Incident
from tests.cast import NOW

from .conftest import Caller, make_key

MANY = 30


# --- If-Match


@pytest.fixture
def here(isla, by, now):
    made = lifecycle.open_incident(title="Fire", severity=1, by=by.lea, now=now)
    return f"incidents/inc_{made.pk}"


def test_a_change_must_say_what_it_saw(machine, here):
    refused = machine.post(f"{here}/acknowledge")
    assert (refused.status_code, refused.json()["code"]) == (428, "if_match_required")
    assert Incident.objects.get().status == "open"


def test_the_slower_writer_is_told(machine, here):
    seen = machine.get(here)["ETag"]
    assert re.fullmatch(r'"v\d+"', seen)
    first = machine("patch", here, {"severity": 2, "reason": "Smoke."}, if_match=seen)
    second = machine("patch", here, {"severity": 4, "reason": "Flames."}, if_match=seen)
    assert (first.status_code, second.status_code) == (200, 412)
    assert second["ETag"] == first["ETag"] == machine.get(here)["ETag"]
    assert Incident.objects.get().severity == 2


@pytest.mark.parametrize("tag", ['"v0"', 'W/"v1"', "v1", "nonsense", '""'])
def test_another_tag_does_not_match(machine, here, tag):
    assert machine.post(f"{here}/acknowledge", if_match=tag).status_code == 412


def test_one_of_several_tags_may_match(machine, here):
    tag = machine.get(here)["ETag"]
    assert machine.post(f"{here}/acknowledge", if_match=f'"v0", {tag}').status_code == 200


def test_a_read_that_knows_the_version_costs_no_body(machine, here):
    tag = machine.get(here)["ETag"]
    known = machine.get(here, if_none_match=tag)
    assert (known.status_code, known.content, known["ETag"]) == (304, b"", tag)
    machine.post(f"{here}/acknowledge", if_match=tag)
    assert machine.get(here, if_none_match=tag).status_code == 200


def test_of_two_writers_at_once_one_wins(committed_brand):
    incident = lifecycle.open_incident(title="Fire", severity=1, by=committed_brand.by.lea, now=NOW)
    spelled = make_key()[1]
    path, level = f"incidents/inc_{incident.pk}", {"severity": 3, "reason": "Smoke."}

    def write():
        caller = Caller(committed_brand.brand.slug, spelled)
        return caller("patch", path, level, if_match=f'"v{incident.version}"').status_code

    assert Counter(committed_brand.run(*[write] * 8)) == {200: 1, 412: 7}
    assert Event.objects.filter(kind="incident.severity_changed").count() == 1


# --- Idempotency-Key


def test_the_same_request_twice_acts_once(machine):
    body = {"title": "Fire", "severity": 1}
    first = machine.post("incidents", body, idempotency_key="once")
    second = machine.post("incidents", body, idempotency_key="once")
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert (second["ETag"], second["Location"]) == (first["ETag"], first["Location"])
    assert second["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Incident.objects.count() == 1


def test_another_body_under_the_same_key_is_refused(machine):
    machine.post("incidents", {"title": "Fire", "severity": 1}, idempotency_key="once")
    other = machine.post("incidents", {"title": "Flood", "severity": 1}, idempotency_key="once")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert Incident.objects.count() == 1


def test_a_key_belongs_to_its_caller_and_its_address(machine, isla):
    body = {"title": "Fire", "severity": 1}
    machine.post("incidents", body, idempotency_key="once")
    assert Caller(spelled=make_key()[1]).post("incidents", body, idempotency_key="once").status_code == 201
    assert machine.post("rules", {"name": "a", "query": "b"}, idempotency_key="once").status_code == 201


def test_what_was_refused_for_good_is_remembered_and_what_was_not_is_not(machine, here):
    wrong = {"title": "", "severity": 1}
    assert machine.post("incidents", wrong, idempotency_key="wrong").status_code == 400
    assert machine.post("incidents", wrong, idempotency_key="wrong")["Idempotency-Replayed"] == "true"
    assert machine.post(f"{here}/acknowledge", idempotency_key="early").status_code == 428
    tag = machine.get(here)["ETag"]
    assert machine.post(f"{here}/acknowledge", idempotency_key="early", if_match=tag).status_code == 200


def test_what_broke_can_be_tried_again(machine, monkeypatch):
    body = {"title": "Fire", "severity": 1}

    def opened_then_broken(**given):
        real(**given)
        raise RuntimeError("after the deed")

    real = lifecycle.open_incident
    monkeypatch.setattr(lifecycle, "open_incident", opened_then_broken)
    assert machine.post("incidents", body, idempotency_key="once").status_code == 500
    assert not Incident.objects.exists()
    monkeypatch.undo()
    assert machine.post("incidents", body, idempotency_key="once").status_code == 201


@pytest.mark.parametrize("key", ["", "with space", "x" * 256, "ñ"])
def test_a_key_that_is_none(machine, key):
    answer = machine.post("incidents", {"title": "Fire", "severity": 1}, idempotency_key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_idempotency_key")


def test_after_a_day_it_is_forgotten(machine, isla):
    body = {"title": "Fire", "severity": 1}
    machine.post("incidents", body, idempotency_key="once")
    at = IdempotentRequest.objects.get().created_at
    assert idempotency.forget_at(at) == at + idempotency.KEPT
    idempotency.forget(isla, at)
    assert IdempotentRequest.objects.exists()
    idempotency.forget(isla, at + idempotency.KEPT)
    assert not IdempotentRequest.objects.exists()


def test_many_at_once_with_one_key_act_once(committed_brand):
    spelled = make_key()[1]
    body = {"title": "Fire", "severity": 1}

    def write():
        return Caller(committed_brand.brand.slug, spelled).post("incidents", body, idempotency_key="once")

    answers = committed_brand.run(*[write] * MANY)
    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) <= {201, 409}
    assert (
        len({answer.content for answer in answers if answer.status_code == 201}) <= 2
    )  # JSON spaced otherwise
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert all(answer["Retry-After"] == "1" for answer in answers if answer.status_code == 409)
    assert Incident.objects.count() == 1
    assert write().status_code == 201


# --- so many a minute


def test_the_limit_is_exact_however_many_come_at_once(committed_brand, monkeypatch):
    monkeypatch.setattr("api.throttling.time.time", lambda: 1_000_000_020.0)
    spelled = make_key(per_minute=20)[1]

    def ask():
        return Caller(committed_brand.brand.slug, spelled).get("whoami").status_code

    assert Counter(committed_brand.run(*[ask] * MANY)) == {200: 20, 429: MANY - 20}


def test_the_headers_say_what_is_left(isla, monkeypatch):
    monkeypatch.setattr("api.throttling.time.time", lambda: 1_000_000_060.0)  # 20 s before the window's end
    caller = Caller(spelled=make_key(per_minute=2)[1])
    answers = [caller.get("whoami") for _each in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer["RateLimit"] for answer in answers] == [
        '"key";r=1;t=21',
        '"key";r=0;t=21',
        '"key";r=0;t=21',
    ]
    assert {answer["RateLimit-Policy"] for answer in answers} == {'"key";q=2;w=60'}
    assert 0 < int(answers[2]["Retry-After"]) <= 21
    assert answers[2].json()["code"] == "too_many_requests"
    monkeypatch.setattr("api.throttling.time.time", lambda: 1_000_000_081.0)
    assert caller.get("whoami").status_code == 200
    assert RateWindow.objects.count() == 1


def test_people_are_not_counted(person, isla):
    assert "RateLimit" not in person("lea").get("whoami")
    assert not RateWindow.objects.exists()
