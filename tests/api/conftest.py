"""A key of Isla's and a caller that speaks JSON with it."""

import json

import pytest
from django.test import Client

from api import keys
from api.scopes import Scope
from responses.core import actors
from tenants import context
from tests.agreeing import agree  # noqa: F401
from tests.cast import NOW


class Caller:
    """Speaks JSON to the API, as a key, or as a person when `client` is signed in."""

    def __init__(self, brand="isla", spelled="", client=None):
        self.client, self.brand, self.spelled = client or Client(), brand, spelled

    def __call__(self, method, path, body=None, *, brand=None, content_type="application/json", **headers):
        sent = {"HTTP_" + name.upper(): value for name, value in headers.items()}
        if self.spelled:
            sent.setdefault("HTTP_AUTHORIZATION", f"Bearer {self.spelled}")
        url = path if path.startswith(("/", "http")) else f"/api/v1/brands/{brand or self.brand}/{path}"
        data = b"" if body is None else json.dumps(body).encode()
        within = context.current()  # a request ends in the public schema; the test goes on where it was
        try:
            return self.client.generic(method.upper(), url, data, content_type=content_type, **sent)
        finally:
            if within:
                context.enter(within)

    def get(self, path, **more):
        return self("get", path, **more)

    def post(self, path, body=None, **more):
        return self("post", path, body, **more)

    def act(self, thing, deed, body=None, **more):
        """A deed on a thing as it is now, with its ETag."""
        return self.post(f"{thing}/{deed}", body, if_match=self.get(thing)["ETag"], **more)

    def act_blind(self, path, body=None):
        return self.post(path, body, if_match="*", idempotency_key="blind")


def make_key(scopes=tuple(Scope), **more):
    by = more.pop("by", actors.TUGON)
    return keys.issue(name="Listening tool", scopes=scopes, by=by, now=more.pop("now", NOW), **more)


@pytest.fixture
def machine(isla):
    """A caller with a key that has every scope."""
    return Caller(spelled=make_key()[1])


@pytest.fixture
def person(people):
    """person("lea") → a caller with her session."""

    def signed_in(name, brand="isla"):
        client = Client()
        client.force_login(getattr(people, name))
        return Caller(brand, client=client)

    return signed_in
