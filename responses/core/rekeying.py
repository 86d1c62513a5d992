"""A new key for what is kept secret, while the product runs: row by row, what is saved meanwhile stays.

What is sealed with the first key already is passed over: a run that was broken off is simply run again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection

from tenants import context
from tenants.models import Brand

from . import secrets
from .secrets import CannotDecrypt, SecretField


@dataclass
class Report:
    """What became of a brand's secrets."""

    sealed: int = 0  # anew, by this run
    fresh: int = 0  # already
    unreadable: int = 0  # their key is gone, or they were moved here


def fields() -> list[SecretField]:
    """Every column that holds secrets."""
    every: Iterator[Any] = (field for model in apps.get_models() for field in model._meta.local_fields)
    return [field for field in every if isinstance(field, SecretField)]


def rekey(brand: Brand) -> Report:
    """Seal the brand's secrets with the first key of TUGON_FIELD_KEYS."""
    report = Report()
    with context.inside(brand):
        for field in fields():
            table, column = (connection.ops.quote_name(n) for n in (field.model._meta.db_table, field.column))
            for pk, sealed in rows(table, column):
                if secrets.is_fresh(sealed, field.place):
                    report.fresh += 1
                else:
                    seal_anew(report, table, column, pk, sealed, field.place)
    return report


def rows(table: str, column: str) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {column} FROM {table} WHERE {column} <> '' ORDER BY id")  # noqa: S608
        return cursor.fetchall()


def seal_anew(report: Report, table: str, column: str, pk: int, sealed: str, place: str) -> None:
    """Compare and set: who saved a secret meanwhile sealed it with the first key already."""
    try:
        anew = secrets.encrypt(secrets.decrypt(sealed, place), place)
    except (CannotDecrypt, ValueError):
        report.unreadable += 1
        return
    with connection.cursor() as cursor:
        sql = f"UPDATE {table} SET {column} = %s WHERE id = %s AND {column} = %s"  # noqa: S608
        cursor.execute(sql, [anew, pk, sealed])
        report.sealed += cursor.rowcount
        report.fresh += 1 - cursor.rowcount
