"""Every operation of the API, tried with the other brand's key and by the other brand's people."""

import json
import re

import pytest
from django.test import Client

from api import keys, reading
from api.description import described
from api.scopes import Scope
from tenants import context
from tests.everything import CANARY

from . import routes

ID = re.compile(r"\b([a-z]{3})_12\b")
# What stands for an id of each kind, by its prefix.
THINGS = {
    "src": "source",
    "men": "mention",
    "cor": "correction",
    "sty": "story",
    "rul": "rule",
    "nqu": "named_query",
    "viw": "view",
    "exc": "exclusion",
    "alr": "alert",
    "aut": "author",
    "inc": "incident",
    "tsk": "task",
    "pro": "protocol",
    "stm": "statement",
    "rev": "revision",
    "rvw": "review",
    "stp": "client_step",
    "pol": "policy",
    "dep": "deputy",
    "gls": "glass",
    "chn": "channel",
    "img": "image",
    "tpl": "template",
    "pnt": "point",
    "lrl": "lint_rule",
    "ovr": "overruling",
    "cmt": "comment",
    "pub": "publication",
    "usr": "person",
}
HEADERS = {"HTTP_IF_MATCH": "*", "HTTP_IDEMPOTENCY_KEY": "stranger"}


def operations():
    """(id, method, path with {id} filled by a kind, body) of everything described."""
    whole = described()
    for path, methods in whole["paths"].items():
        for method, operation in methods.items():
            body = reading.example(whole, reading.json_of(operation.get("requestBody", {})))
            yield operation["operationId"], method, path, operation, body


def with_ids(world, text: str) -> str:
    """Isla's ids where the example has any."""
    return ID.sub(lambda found: f"{found[1]}_{getattr(world, THINGS[found[1]]).pk}", text)


def prefix_of(operation) -> str:
    shape = next(each for each in operation["parameters"] if each["name"] == "id")["schema"]
    return shape["pattern"][1:4]


def address(world, path, operation, brand) -> str:
    if "{id}" in path:
        path = path.replace("{id}", with_ids(world, f"{prefix_of(operation)}_12"))
    return path.replace("{brand}", brand)


def ask(client, world, row, brand, **headers):
    _name, method, path, operation, body = row
    sent = with_ids(world, json.dumps(body)).encode() if body else b""
    url = address(world, path, operation, brand)
    return client.generic(method.upper(), url, sent, "application/json", **HEADERS | headers)


@pytest.fixture
def kabila_key(brands, by, now):
    with context.inside(brands.kabila):
        return keys.issue(name="theirs", scopes=list(Scope), by=by.charlie, now=now, per_minute=10**6)[1]


def test_every_operation_has_a_case():
    for name, _method, path, operation, _body in operations():
        assert "{brand}" in path, f"{name} belongs to no brand"
        if "{id}" in path:
            assert prefix_of(operation) in THINGS, f"{name}: no case for its id"
    assert len(list(operations())) >= 60


def test_every_route_of_the_api_is_described():
    paths = {re.sub(r"[^a-z/-]", "", path.rpartition("{brand}/")[2]) for path in described()["paths"]}
    assert len(routes.api_names()) == len(paths) or len(routes.api_names()) == len(described()["paths"])


def refused_everywhere(world, brand, allowed, client, **headers):
    wrong = []
    for row in operations():
        response = ask(client, world, row, brand, **headers)
        if response.status_code not in allowed or CANARY.encode() in response.content:
            wrong.append(f"{row[0]}: {response.status_code}")
    return wrong


def test_the_other_brands_key_opens_nothing(world, kabila_key, unchanged):
    auth = {"HTTP_AUTHORIZATION": f"Bearer {kabila_key}"}
    assert refused_everywhere(world, "isla", {401}, Client(), **auth) == []


def test_without_a_key_there_is_nothing(world, unchanged):
    assert refused_everywhere(world, "isla", {401}, Client()) == []
    assert refused_everywhere(world, "nowhere", {401}, Client()) == []


def test_strangers_find_nothing(world, strangers, unchanged):
    for client in strangers.values():
        assert refused_everywhere(world, "isla", {404}, client) == []


@pytest.mark.parametrize("who", ["key", "charlie"])
def test_islas_ids_mean_nothing_at_ones_own_brand(who, world, strangers, kabila_key, unchanged):
    auth = {"HTTP_AUTHORIZATION": f"Bearer {kabila_key}"} if who == "key" else {}
    client = Client() if who == "key" else strangers[who]
    wrong = []
    for row in operations():
        name, _method, path, operation, body = row
        response = ask(client, world, row, "kabila", **auth)
        if "{id}" in path:
            fine = response.status_code in ({403, 404} if not operation_takes_keys(operation) else {404})
        elif ID.search(json.dumps(body)):
            fine = response.status_code in ({403, 422} if not operation_takes_keys(operation) else {422})
        else:
            fine = response.status_code < 500
        if not fine or CANARY.encode() in response.content:
            wrong.append(f"{name}: {response.status_code} {response.content[:200]}")
    assert wrong == []


def operation_takes_keys(operation) -> bool:
    return any("key" in way for way in operation["security"])


def test_the_cases_name_things_that_are_there(world):
    """The control: with Isla's own key the same requests reach the deed."""
    wrong = []
    # What is removed is there no more: so that comes last, and the parts before the whole.
    for row in sorted(operations(), key=lambda row: (row[1] == "delete", -len(row[2]))):
        response = ask(Client(), world, row, "isla", HTTP_AUTHORIZATION=f"Bearer {world.spelled}")
        if response.status_code in {401, 404} or response.status_code >= 500:
            wrong.append(f"{row[0]}: {response.status_code}")
    assert wrong == []
