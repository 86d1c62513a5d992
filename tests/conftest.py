"""Two agencies, three brands and a cast of people, on a real PostgreSQL with real schemas.

The schemas are made once per run; each test runs in a transaction that is rolled back. A test that needs
real commits (races, kills, servers) takes the `committed` fixture and a brand of its own.
"""

import os

import pytest
from hypothesis import settings

pytest_plugins = ["tests.sharing", "tests.left_out", "tests.cast", "tests.committed", "tests.chromium"]


def pytest_configure(config):
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's sync API runs an event loop
    # Plain runs try the same examples each time; `make soak` and TUGON_SEED try others (see tests/seeds.py).
    settings.register_profile("plain", derandomize=not os.environ.get("TUGON_SOAK"), print_blob=True)
    settings.load_profile("plain")


def end_other_sessions(connection):
    """A thread that a test left behind may still hold the database, which then cannot be dropped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def begins_in_english():
    """A page asked for in Filipino leaves its language to the thread: the next test shall not find it."""
    yield
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """A fresh database for each process of the run: public migrated, the template made, brands copied."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    from tests import cast

    with django_db_blocker.unblock():
        old = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
        call_command("createcachetable", verbosity=0)
        cast.make_world()
    yield
    with django_db_blocker.unblock():
        connection.close()  # a test that cuts connections may have cut this one
        end_other_sessions(connection)
        connection.close()
        teardown_databases(old, verbosity=0)
    assert settings.TENANT_MODEL
