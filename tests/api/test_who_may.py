"""The table of permissions, tried whole: every operation with every scope and every role."""

import pytest

from agency.access import standing
from agency.roles import CLIENT_ROLES, May
from api.authentication import Machine
from api.permissions import PERSONS_ONLY
from api.scopes import Scope
from api.v1.urls import routes
from tests import everything
from tests.isolation.test_api import operations, with_ids

from .conftest import Caller, make_key

COLLEAGUES = ("tess", "ramon", "lea", "paolo", "ana", "ong", "marta", "nilo")


def actions():
    """(view class, action) of every route."""
    return [(route.callback.cls, action) for route in routes for action in route.callback.actions.values()]


def test_every_action_says_who_may():
    for view, action in actions():
        assert action in view.may, f"{view.__name__}.{action} says of no person"
        assert action in view.scopes, f"{view.__name__}.{action} says of no key"
        wanted = view.may[action]
        assert all(isinstance(each, May) for each in (wanted if isinstance(wanted, tuple) else (wanted,)))
        assert view.scopes[action] == PERSONS_ONLY or isinstance(view.scopes[action], Scope)


def test_nothing_is_declared_that_is_not_there():
    there = {(view, action) for view, action in actions()}
    for view in {view for view, _action in there}:
        assert {(view, action) for action in {*view.may, *view.scopes}} <= there


READING = {
    "list",
    "retrieve",
    "verify",
    "whoami",
    "preview",
    "replay",
    "compare",
    "show_budget",
    "survey",
    "evidence",
    "lint",
    "show_schedule",
    "show_lags",
    "show_glass_rule",
}


def test_changing_needs_more_than_reading():
    for view, action in actions():
        if action not in READING:
            assert view.scopes[action] != Scope.READ, f"{view.__name__}.{action}"


def rows():
    """Operation, method, path, body, and what it needs."""
    needs = {}
    for view, action in actions():
        noun = view.noun.replace("-", "_")
        needs[noun if noun.endswith(action) else f"{noun}_{action}"] = (view.may[action], view.scopes[action])
    return [(row, *needs[row[0]]) for row in operations()]


def knock(caller, world, row):
    """An attempt without If-Match and with an empty body: only who may is asked before that is refused."""
    _name, method, path, operation, _body = row
    url = path.replace("{brand}", "isla")
    if "{id}" in path:
        shape = next(each for each in operation["parameters"] if each["name"] == "id")["schema"]
        url = url.replace("{id}", with_ids(world, f"{shape['pattern'][1:4]}_12"))
    return caller(method, url, {} if method != "get" else None, idempotency_key="knock")


@pytest.fixture
def world(isla, by, now):
    return everything.make(by, now)


@pytest.mark.parametrize("scope", list(Scope))
def test_a_key_does_what_its_scope_says_and_no_more(scope, world):
    caller = Caller(spelled=make_key([scope], per_minute=10_000)[1])
    wrong = []
    for row, _may, needed in rows():
        response = knock(caller, world, row)
        code = response.json()["code"] if response.status_code == 403 else ""
        expected = "persons_only" if needed == PERSONS_ONLY else "" if needed == scope else "scope_missing"
        if code != expected:
            wrong.append(f"{row[0]}: {response.status_code} {code}, not {expected}")
    assert wrong == []


OF_THE_THING = {"incidents_note", "views_remove"}  # what it is done to decides too


@pytest.mark.parametrize("who", COLLEAGUES)
def test_a_person_does_what_their_seat_says_and_no_more(who, world, person, people, isla):
    caller, held = person(who), standing(getattr(people, who), isla)
    wrong = []
    for row, needed, _scope in rows():
        status = knock(caller, world, row).status_code
        needed = needed if isinstance(needed, tuple) else (needed,)
        if any(held.may(what) for what in needed):
            fine = status not in {401, 403} or row[0] in OF_THE_THING
        else:
            fine = status == (404 if held.roles <= CLIENT_ROLES else 403)
        if not fine:
            wrong.append(f"{row[0]}: {status}")
    assert wrong == []


def test_a_client_sees_no_step_of_the_agency(world, person):
    assert person("marta").get(f"steps/stp_{world.step.pk}").status_code == 404
    assert person("marta").get(f"steps/stp_{world.client_step.pk}").status_code == 200


def test_a_key_is_no_person(world):
    machine = Machine(world.key)
    assert machine.pk is None
    answer = Caller(spelled=world.spelled).act_blind(f"steps/stp_{world.client_step.pk}/decide")
    assert answer.status_code == 403
    assert answer.json()["code"] == "persons_only"


def test_a_person_needs_the_csrf_token(people):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(people.lea)
    caller = Caller(client=client)
    refused = caller.post("incidents", {"title": "x", "severity": 1})
    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"


def test_a_suspended_brand_is_read_only(world, isla):
    isla.status = "suspended"
    isla.save()
    caller = Caller(spelled=world.spelled)
    assert caller.get("incidents").status_code == 200
    refused = caller.post("incidents", {"title": "x", "severity": 1})
    assert (refused.status_code, refused.json()["code"]) == (403, "brand_suspended")
    asked = caller.post("rules/preview", {"query": "ferry"})
    assert asked.status_code == 200, "a question that comes as a POST changes nothing"


def test_a_closed_brand_answers_like_none(world, isla):
    isla.status = "closed"
    isla.save()
    assert Caller(spelled=world.spelled).get("incidents").status_code == 401
