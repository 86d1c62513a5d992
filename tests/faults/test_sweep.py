"""Every door that takes input, with values nobody would send: it may refuse, it must not break.

Forms are found on the pages themselves, operations in the API's description: a new one is tried unasked.
"""

import itertools

import pytest
from django.urls import reverse

from tests.isolation import cases

from . import values
from .forms import forms_of

URLENCODED = "application/x-www-form-urlencoded"
PARAMETERS = [
    "page",
    "q",
    "tone",
    "source",
    "rule",
    "language",
    "since",
    "until",
    "seen",
    "query",
    "alert",
    "part",
    "tab",
    "before",
    "after",
    "show",
    "incident",
    "type",
    "brand",
    "do",
    "next",
    "kind",
    "cursor",
    "limit",
    "sent",
    "try",
]
ALLAUTH = [
    "account_login",
    "account_reset_password",
    "account_change_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_add_webauthn",
    "account_logout",
]
# What the brand's people see, the brand's statement in every state it may be written in.
MORE = {"responses:source_new": [{"kind": f"={kind}"} for kind in ("bluesky", "webhook", "email", "csv")]}


@pytest.fixture
def pages(address):
    """(who, address) of every page there is."""
    found = []
    for name, case in {**cases.OF_A_BRAND, **cases.WITH_PROOF}.items():
        for parts in [case, *MORE.get(name, [])]:
            where = address(name, parts, "isla")
            people = ("portal", "nobody") if name.startswith("portal:") else ("desk", "writer", "lead")
            found += [(who, where) for who in people]
    found += [("agency", address(name, case)) for name, case in cases.OF_AN_AGENCY.items()]
    found += [(who, reverse(name)) for name in cases.OF_ONESELF for who in ("agency", "portal")]
    found += [(who, reverse(name)) for name in ALLAUTH for who in ("desk", "nobody")]
    found += [("nobody", f"/newsroom/isla/{rest}") for rest in ("", "atom.xml", "no-such-post/")]
    return [*found, ("desk", "/no/such/page/")]


@pytest.fixture
def forms(pages, visitors):
    """(who, form) of every form on every page, each once, as the first person who is shown it."""
    found = {}
    for who, where in pages:
        answer = visitors[who].get(where)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            for form in forms_of(where, answer.content.decode()):
                key = (form.action, form.method, tuple(name for name, _value in form.fields))
                found.setdefault(key, (who, form))
    return list(found.values())


def one_for_each_side(pages):
    """An address is read alike for colleagues: one of the desk, one of the client, a stranger."""
    return [(who, where) for who, where in pages if who not in ("writer", "lead")]


def test_addresses_and_parameters(pages, visitors, probe):
    dice, how = values.dice("parameters")
    for who, where in one_for_each_side(pages):
        for turn in range(2 * values.TIMES_OVER):
            query = values.wire([(name, pick(dice)) for name in PARAMETERS]).decode("latin-1")
            htmx = {"HTTP_HX_REQUEST": "true"} if turn % 2 else {}
            probe(visitors[who], "GET", f"{where}?{query}", **htmx)
    assert probe.sent > 150
    probe.verdict(how)


def test_numbers_in_addresses(pages, visitors, probe):
    for who, where in one_for_each_side(pages):
        parts = where.split("/")
        for place, part in enumerate(parts):
            if part.isdigit():
                for number in ("0", str(2**31), str(2**63), "9" * 5000, "%00", "%D9%A3", "-1"):
                    path = "/".join([*parts[:place], number, *parts[place + 1 :]])
                    for method in ("GET", "POST"):
                        probe(visitors[who], method, path)
    for path in (
        "/b/%00/feed/",
        "/b/" + "a" * 3000 + "/feed/",
        "/portal/isla/link/%00/",
        "/invitation/%ff%00/",
        "/newsroom/isla/%00/",
        "/newsroom/isla/%ed%a0%80/",
        "/%00",
        "/static/%00",
        "/static/../x",
        "/api/v1/brands/%00/alerts",
        "/api/%ff",
        "/b/isla/sources/add/%00/",
    ):
        status = probe(visitors["desk"], "GET", path).status_code
        assert status in {302, 400, 401, 403, 404, 410}, f"{path[:99]}: {status}"
    assert probe.sent > 300
    probe.verdict("")


def pick(dice):
    return dice.choice(values.RAW if dice.random() < 0.1 else values.EVERYTHING)


def spoilt(dice, form):
    """The form's fields with one wrong, another in turn, then all wrong, some missing, some twice."""
    places = dice.sample(range(len(form.fields)), min(len(form.fields), 4 * values.TIMES_OVER))
    for place, (name, _value) in [(place, form.fields[place]) for place in places]:
        for _ in range(values.TIMES_OVER):
            yield [*form.fields[:place], (name, pick(dice)), *form.fields[place + 1 :]]
    for _ in range(values.TIMES_OVER):
        yield [(name, pick(dice)) for name, _value in form.fields]
    yield [pair for pair in form.fields if dice.random() < 0.5]
    yield [pair for pair in form.fields for _ in range(2)]
    yield [(name, pick(dice)) for name, _value in form.fields for _ in range(2)]
    yield []


def test_every_form(forms, visitors, probe):
    dice, how = values.dice("forms")
    for who, form in forms:
        for pairs in spoilt(dice, form):
            body = values.wire(pairs)
            if form.method == "get":
                probe(visitors[who], "GET", f"{form.action}?{body.decode('latin-1')}")
            else:
                probe(visitors[who], "POST", form.action, body, URLENCODED)
    assert len({form.action for _who, form in forms if form.method == "post"}) > 40

    probe.verdict(how)


BODIES = [
    (b'{"title": "x"}', "application/json"),
    (b"\xff" * 100, URLENCODED),
    (b"a=\xff", URLENCODED + "; charset=utf-16"),
    (b"a=b", URLENCODED + "; charset=no-such-thing"),
    (b"&".join(b"f%d=1" % n for n in range(2000)), URLENCODED),
    (b"title=" + b"x" * 10_000_000, URLENCODED),
    (b"no boundary", "multipart/form-data"),
    (b"--x\r\ncut", "multipart/form-data; boundary=x"),
    (
        b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\n\x00\xff\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="../\x00.csv"\r\n\r\na\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    (b"x", "text/plain; charset=\xff"),
    (b"", ""),
]


def test_bodies_of_the_wrong_kind(forms, visitors, probe):
    """Each door gets some of them, the next door the next ones; a soak gives all to each."""
    turn = itertools.cycle(BODIES)
    for who, action in sorted({(who, form.action) for who, form in forms if form.method == "post"}):
        for body, kind in itertools.islice(turn, min(5 * values.TIMES_OVER, len(BODIES))):
            probe(visitors[who], "POST", action, body, kind)
    probe.verdict("")
