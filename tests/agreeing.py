"""Policies and more people at Isla, for tests of who approves."""

import pytest

from agency.models import Seat, User
from responses.core import actors
from responses.statements import policies


@pytest.fixture
def agree(isla, by, now):
    """agree(step(…), step(…)) → a policy of Isla's for everything, unless narrowed."""

    def write(*steps, name="Ours", **given):
        return policies.save_policy(name=name, steps=list(steps), by=by.ramon, now=now, **given)

    return write


@pytest.fixture
def seat(isla, people):
    """seat("paolo", Role.CLIENT_APPROVER): one more seat at Isla."""

    def give(name, role):
        agency = Seat.objects.get(user=people.lea, brand=isla).agency
        Seat.objects.create(user=getattr(people, name), agency=agency, brand=isla, role=role)

    return give


@pytest.fixture
def someone(isla, people):
    """someone("Vic", Role.LEGAL): a new person with a seat at Isla, as an actor."""

    def join(name, role):
        user = User.objects.create_user(f"{name.lower()}@more.example", "x", name=name)
        agency = Seat.objects.get(user=people.lea, brand=isla).agency
        Seat.objects.create(user=user, agency=agency, brand=isla, role=role)
        return actors.person(user)

    return join
