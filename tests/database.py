"""Loaded first (`-p tests.database`): the embedded PostgreSQL runs before Django reads its settings.

The tests' server has a data folder of its own, beside the demo's, and does not wait for the disk: what a
power cut would lose of it, the next run makes anew.
"""

import os

import psycopg

from tenants import embedded

CARELESS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_wal_size = '4GB'")


def use_database() -> None:
    if os.environ.get("DATABASE_URL"):
        return  # a server of the person's own, or, for the second process of a run, the first one's
    embedded.use_database(["pytest", "test"], folder="postgres-of-tests")
    # Only this process holds the server: workers that tests start and kill shall not stop it, nor keep it.
    del os.environ["TUGON_EMBEDDED"]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        for setting in CARELESS:
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")


use_database()
