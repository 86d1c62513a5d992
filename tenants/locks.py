"""One at a time across all processes: PostgreSQL advisory locks for work on schemas."""

from contextlib import contextmanager

from django.db import connection

TEMPLATE, DEPLOY = 7_360_101, 7_360_102
# The second number is a brand's id, or 0.
SLOW_WORK, SLOW_SOURCE, NEWSROOM, ALARMS = 7_360_104, 7_360_105, 7_360_106, 7_360_107


@contextmanager
def held(number: int):
    """Wait for the lock, hold it for the block. It ends with the connection if this process is killed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [number])
    try:
        yield
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


@contextmanager
def tried(kind: int, number: int):
    """Whether the lock could be had at once; held for the block if so. Ends with the connection too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [kind, number])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine and connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [kind, number])


@contextmanager
def waited_for(kind: int, number: int):
    """Wait for the lock, hold it for the block; in a transaction to its end, when others see what it wrote.

    Given back after an error too, and with the connection. Whoever holds it must wait for nothing else.
    """
    in_transaction = connection.in_atomic_block
    take = "pg_advisory_xact_lock" if in_transaction else "pg_advisory_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {take}(%s, %s)", [kind, number])
    try:
        yield
    finally:
        if not in_transaction and connection.connection is not None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [kind, number])
