"""A brand of one test's own whose rows are really committed: for races, kills and servers of their own.

A test takes either this or the cast (`isla`, `by`), never both: the cast lives in a transaction that is
rolled back, which other connections cannot see.
"""

import threading
import uuid
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from django.db import connection

from agency.models import Agency, Engagement, Seat, User
from agency.roles import Role
from responses.core import actors
from tenants import context, provisioning
from tenants.models import Brand, BrandPulse
from tests.cast import PASSWORD

SEATS = {
    "lea": Role.CRISIS_LEAD,
    "ramon": Role.ACCOUNT_LEAD,
    "ana": Role.WRITER,
    "ong": Role.LEGAL,
    "marta": Role.CLIENT_APPROVER,
    "nilo": Role.CLIENT_OBSERVER,
}


@dataclass
class World:
    brand: Brand
    agency: Agency
    people: SimpleNamespace
    by: SimpleNamespace

    def run(self, *deeds):
        """Run the deeds at once, each in a thread with a connection of its own, inside the brand.

        Returns per deed what it returned, or the exception it raised.
        """
        start, outcomes = threading.Barrier(len(deeds)), [None] * len(deeds)

        def work(place, deed):
            try:
                with context.inside(self.brand):
                    start.wait(timeout=30)
                    outcomes[place] = deed()
            except Exception as error:
                outcomes[place] = error
            finally:
                connection.close()

        threads = [threading.Thread(target=work, args=pair) for pair in enumerate(deeds)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert not any(thread.is_alive() for thread in threads), "a deed hangs"
        return outcomes


@pytest.fixture
def committed_brand(django_db_setup, django_db_blocker):
    """`.brand` with its schema entered, `.people` and `.by` by name, `.agency`, `.run`; gone afterwards."""
    with django_db_blocker.unblock():
        world = make_committed(uuid.uuid4().hex[:10])
        try:
            with context.inside(world.brand):
                yield world
        finally:
            remove_committed(world)


def make_committed(mark):
    agency = Agency.objects.create(slug=f"agency-{mark}", name=f"Agency {mark}")
    brand = Brand.objects.create(slug=f"own-{mark}", name=f"Own {mark}", schema_name=f"b_own_{mark}")
    BrandPulse.objects.create(brand=brand)
    Engagement.objects.create(agency=agency, brand=brand)
    provisioning.carry_on(brand)
    people = {}
    for name, role in SEATS.items():
        at_agency = None if role == Role.CLIENT_APPROVER else agency
        address = f"{name}-{mark}@example.com"
        people[name] = User.objects.create_user(address, PASSWORD, name=name.title(), agency=at_agency)
        Seat.objects.create(user=people[name], agency=agency, brand=brand, role=role)
    by = {name: actors.person(user) for name, user in people.items()}
    return World(brand, agency, SimpleNamespace(**people), SimpleNamespace(**by))


def remove_committed(world):
    """Take away the schema, the public rows, and the jobs that nobody will run."""
    from django_q.models import OrmQ

    context.leave()
    OrmQ.objects.all().delete()
    Brand.objects.filter(pk=world.brand.pk).update(status=Brand.Status.CLOSED)
    world.brand.refresh_from_db()
    provisioning.drop_schema(world.brand)
    Seat.objects.filter(agency=world.agency).delete()
    Brand.objects.filter(pk=world.brand.pk).delete()
    User.objects.filter(pk__in=[person.pk for person in vars(world.people).values()]).delete()
    world.agency.delete()
