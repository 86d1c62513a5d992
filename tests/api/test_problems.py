"""Everything that goes wrong under /api/ is problem+json, of one shape."""

import pytest
from django.test import Client

from api import problems
from api.description import described
from api.v1.views.core import Who
from responses.errors import Conflict, Forbidden, Gone, Invalid, NotAllowed
from responses.monitoring import sourcing

MEMBERS = {"type", "title", "status", "detail", "instance", "code", "errors", "request_id"}


def is_problem(response, status, code):
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (response.status_code, body["status"], body["code"]) == (status, status, code)
    assert set(body) >= MEMBERS
    assert body["type"] == f"/api/docs/#{code}"
    assert body["request_id"] == response["X-Request-Id"]
    assert code in problems.CATALOGUE
    return body


@pytest.mark.parametrize(
    "path", ["/api/", "/api/nothing", "/api/v1/", "/api/v2/brands", "/api/v1/brands/isla/x"]
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_no_such_address(db, path, method):
    is_problem(Client(enforce_csrf_checks=True).generic(method.upper(), path), 404, "not_found")


@pytest.mark.parametrize(
    "path", ["mentions/men_1", "mentions/alr_1", "mentions/1", "mentions/men_01", "mentions/men_9" + "9" * 30]
)
def test_no_such_thing(machine, path):
    is_problem(machine.get(path), 404, "not_found")


def test_no_key(isla):
    is_problem(Client().get("/api/v1/brands/isla/mentions"), 401, "not_known")


@pytest.mark.parametrize("method", ["delete", "put", "options", "trace"])
def test_no_such_method(machine, method):
    response = machine(method, "mentions")
    is_problem(response, 405, "method_not_allowed")
    assert set(response["Allow"].split(", ")) == {"GET", "POST", "HEAD"}


def test_not_in_that_language(machine):
    is_problem(machine.get("mentions", accept="text/html"), 406, "not_acceptable")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"title": NaN}',
        b'"\\ud800"',
        b'{"title": "\\u0000"}',
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"n": 1e999}',
    ],
)
def test_not_json(machine, body):
    url = "/api/v1/brands/isla/incidents"
    auth = {"HTTP_AUTHORIZATION": f"Bearer {machine.spelled}"}
    is_problem(machine.client.post(url, body, "application/json", **auth), 400, "bad_json")


def test_a_wrong_media_type(machine):
    response = machine.post("incidents", {"title": "x", "severity": 1}, content_type="text/plain")
    is_problem(response, 415, "unsupported_media_type")


def test_too_large(machine):
    is_problem(machine.post("incidents", {"title": "x" * 7_000_000, "severity": 1}), 413, "too_large")


def test_faults_point_at_their_places(machine):
    body = is_problem(
        machine.post("statements", {"title": 7, "texts": [{"channel": "chn_1"}]}), 400, "invalid"
    )
    pointers = {error["pointer"] for error in body["errors"]}
    assert pointers == {"/title", "/texts/0/text", "/language", "/type"}


def test_a_body_that_is_no_object(machine):
    is_problem(machine.post("incidents", [1, 2]), 400, "invalid")


@pytest.mark.parametrize("kind", [NotAllowed, Conflict, Forbidden, Invalid, Gone])
def test_what_a_deed_refuses_keeps_its_status_and_code(machine, monkeypatch, kind):
    def refuse(*args, **kwargs):
        raise kind("Not like this.", field="name")

    monkeypatch.setattr(sourcing, "add_source", refuse)
    response = machine.post("sources", {"kind": "csv", "name": "x"})
    body = is_problem(response, kind.status, kind.code)
    assert body["detail"] == "Not like this."
    assert body["errors"] == [{"pointer": "/name", "code": kind.code, "detail": "Not like this."}]


def test_our_own_fault_says_nothing_of_the_inside(machine, monkeypatch):
    def explode(*args):
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(Who, "whoami", explode)
    response = machine.get("whoami")
    is_problem(response, 500, "broken")
    assert b"secret of the house" not in response.content


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=0", "bad_limit"),
        ("limit=201", "bad_limit"),
        ("limit=٣", "bad_limit"),
        ("cursor=x", "bad_cursor"),
        ("cursor=WyJuIiwgMV0", "bad_cursor"),
        ("status=burning", "bad_parameter"),
        ("status=", "bad_parameter"),
        ("status=open&status=open", "bad_parameter"),
        ("rule=1", "bad_parameter"),
        ("since=yesterday", "bad_parameter"),
        ("since=2026-11-23T06:00:00", "bad_parameter"),
        ("colour=red", "unknown_parameter"),
    ],
)
def test_a_list_refuses_what_it_does_not_know(machine, query, code):
    is_problem(machine.get(f"alerts?{query}"), 400, code)


def test_the_description_names_every_problem_an_operation_answers():
    for methods in described()["paths"].values():
        for operation in methods.values():
            assert {"400", "401", "403", "404", "429"} <= set(operation["responses"])
