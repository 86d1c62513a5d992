"""A connection of its own to the database, on which the deeds say what has changed."""

import psycopg
from django.db import connection

from responses.core.telling import CHANNEL

# The advisory locks of whoever hears the one network's stream, and of whoever follows the others' servers.
ONE_AT_A_TIME, FEDIVERSE = 7_360_103, 7_360_104

DJANGOS = {"context", "cursor_factory", "prepare_threshold", "pool"}  # what only Django's connections have


class Ears:
    """Opened before the rules are read, so that no change falls between. Closed, its lock is free."""

    def __init__(self, lock: int = ONE_AT_A_TIME) -> None:
        self.lock = lock
        given = connection.get_connection_params()
        plain = {key: value for key, value in given.items() if key not in DJANGOS}
        self._connection = psycopg.connect(**plain, autocommit=True)

    def close(self) -> None:
        self._connection.close()

    def alone(self) -> bool:
        """Whether this process is the one that hears; another waits until it ends."""
        asked = self._connection.execute("SELECT pg_try_advisory_lock(%s)", [self.lock]).fetchone()
        return bool(asked and asked[0])

    def listen(self) -> None:
        self._connection.execute(f"LISTEN {CHANNEL}")

    def changed(self) -> set[int]:
        """The brands told of since last asked."""
        told = self._connection.notifies(timeout=0)
        return {int(each.payload) for each in told if each.payload.isdigit()}
