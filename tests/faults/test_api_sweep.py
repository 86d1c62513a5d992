"""Every operation of the API with bodies, parameters and headers nobody would send: refused, never broken."""

import copy
import json

from django.test import Client

from tests.isolation.test_api import address, operations, with_ids

from . import values

KINDS = ["application/json", "text/plain", "application/json; charset=utf-16", "multipart/form-data", ""]
PARAMETERS = [
    "cursor",
    "limit",
    "q",
    "since",
    "until",
    "status",
    "kind",
    "source",
    "rule",
    "incident",
    "severity",
]
HEADERS = [
    "HTTP_IF_MATCH",
    "HTTP_IDEMPOTENCY_KEY",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_ACCEPT",
    "HTTP_X_REQUEST_ID",
]


def leaves(body, path=()):
    """The places in a body where a value stands."""
    if isinstance(body, dict | list):
        for key, inner in body.items() if isinstance(body, dict) else enumerate(body):
            yield (*path, key)
            yield from leaves(inner, (*path, key))


def spoil(dice, body):
    """The body with a few of its values replaced, or something else in its place."""
    if body is None or dice.random() < 0.1:
        return dice.choice(values.JSON)
    spoilt = copy.deepcopy(body)
    for path in dice.sample(list(leaves(spoilt)), min(2, len(list(leaves(spoilt))))):
        inner = spoilt
        try:
            for key in path[:-1]:
                inner = inner[key]
            inner[path[-1]] = dice.choice(values.JSON)
        except (TypeError, KeyError, IndexError):
            continue  # an earlier replacement took the place away
    return spoilt


def headers_for(dice):
    """Mostly sound, sometimes one that is not."""
    sound = {"HTTP_IF_MATCH": "*", "HTTP_IDEMPOTENCY_KEY": f"sweep-{dice.random()}"}
    if dice.random() < 0.2:
        word = dice.choice(values.EVERYTHING).encode("utf-8", "replace").decode("latin-1")[:500]
        sound[dice.choice(HEADERS)] = word
    return sound


def test_every_operation(world, probe, visitors):
    dice, how = values.dice("operations")
    key = {"HTTP_AUTHORIZATION": f"Bearer {world.spelled}"}
    for row in operations():
        _name, method, path, operation, body = row
        where = address(world, path, operation, "isla")
        for _ in range(6 * values.TIMES_OVER):
            sent = json.dumps(spoil(dice, body)).encode()
            sent = with_ids(world, sent.decode()).encode()
            client, auth = (Client(raise_request_exception=False), key) if dice.random() < 0.7 else (
                visitors["lead"], {}
            )  # fmt: skip
            if method == "get":
                pairs = [(name, dice.choice(values.EVERYTHING)) for name in dice.sample(PARAMETERS, 1)]
                probe(
                    client,
                    "GET",
                    f"{where}?{values.wire(pairs).decode('latin-1')}",
                    **auth,
                    **headers_for(dice),
                )
                continue
            kind = KINDS[0] if dice.random() < 0.85 else dice.choice(KINDS)
            sent = sent if dice.random() < 0.95 else dice.choice([sent[:-3], b"\xff", b"x" * 7_000_000])
            probe(client, method.upper(), where, sent, kind, **auth, **headers_for(dice))
    assert probe.sent > 300
    probe.verdict(how)
