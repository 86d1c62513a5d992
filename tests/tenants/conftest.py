"""For tests that need real commits and processes of their own: kills, races, deploys, the worker."""

import os
import uuid
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection, connections
from django_q.models import OrmQ

from tenants import context, provisioning, states
from tenants.models import Brand


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """The test database without a transaction around the test: what is written stays, so clean up after."""
    with django_db_blocker.unblock():
        context.leave()
        yield
        context.leave()
        OrmQ.objects.all().delete()
        connections.close_all()


@pytest.fixture
def order(committed):
    """order() → a new brand that waits to be set up; it is gone again after the test, schema and all."""
    made = []

    def make():
        slug = f"t{uuid.uuid4().hex[:10]}"
        made.append(provisioning.order(slug=slug, name=f"Test {slug}"))
        return made[-1]

    yield make
    for brand in made:
        Brand.objects.filter(pk=brand.pk).update(status=states.CLOSED)
        provisioning.drop_schema(Brand.objects.get(pk=brand.pk))
        Brand.objects.filter(pk=brand.pk).delete()


@pytest.fixture
def environment(committed):
    """What a process of its own needs to work on the test database."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
