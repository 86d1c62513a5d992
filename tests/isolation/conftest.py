"""Isla with one of everything, and the strangers who try to get in."""

import pytest
from django.test import Client
from django.urls import reverse

from agency.models import Agency, Invitation, Seat, User
from agency.roles import Role
from tenants import context
from tests import everything
from tests.cast import PASSWORD

STRANGERS = ("charlie", "kara", "jun", "nobody", "diego")


@pytest.fixture
def world(brands, by, people, now):
    """What Isla and its agency have."""
    with context.inside(brands.isla):
        made = everything.make(by, now)
    made.brand, made.person = brands.isla, people.ana
    made.seat = Seat.objects.get(user=people.ana)
    made.invitation = Invitation.objects.create(
        agency=people.tess.agency, brand=brands.isla, email="new@isla.example", name="New",
        role=Role.CLIENT_OBSERVER, token_hash="0" * 64, invited_by=people.tess,
        expires_at=now.replace(year=2040),
    )  # fmt: skip
    return made


@pytest.fixture
def strangers(people):
    """A client for each: people of other brands, one of nowhere, and the other agency's director."""
    other = Agency.objects.get(slug="kabila")
    people.diego = User.objects.create_user("diego@kabila.example", PASSWORD, name="Diego", agency=other)
    Seat.objects.create(user=people.diego, agency=other, role=Role.DIRECTOR)
    return {name: signed_in(getattr(people, name)) for name in STRANGERS}


def signed_in(user) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(user)
    return client


@pytest.fixture
def address(world):
    """address(name, case, brand) → the address with Isla's ids in it."""

    def made(name, case, brand=None):
        parts = {part: stands_for(world, what) for part, what in case.items()}
        return reverse(name, kwargs=parts | ({"brand": brand} if brand else {}))

    return made


def stands_for(world, what):
    if what.startswith("="):
        return what[1:]
    thing = getattr(world, what)
    return thing if isinstance(thing, str) else thing.pk


@pytest.fixture
def unchanged(world):
    """Fails when anything of Isla, or of the people and seats of all, is not as it was."""

    def prints():
        shared = ("agency_user", "agency_seat", "agency_invitation", "agency_engagement", "tenants_brand")
        public = everything.print_of("public")
        return everything.print_of("b_isla"), {name: public[name] for name in shared}

    before = prints()
    yield
    assert prints() == before
