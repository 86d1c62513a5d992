"""So that a new rule misses nothing: looking back begins when all that was taken in without it is stored."""

from django.db import connection, transaction

from tenants import context

TAKING_IN = 7_360_003  # the advisory lock's class; its second number is the brand's id


def taking_in() -> None:
    """Say, until the transaction ends, that mentions are being taken in by the rules as they were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [TAKING_IN, context.here().pk])


def all_taken_in() -> None:
    """Wait for those who began before; whoever begins later sees the rules as they are."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [TAKING_IN, context.here().pk])
