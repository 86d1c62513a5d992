"""Putting many rows into the database at once: COPY into a table of this connection's own, then one INSERT.

Three to four times as fast as `bulk_create`, and the INSERT gives back which rows are new.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zlib import crc32

from django.db import connection

from .models import Match, Mention

COLUMNS = {
    "source_id": "int8", "external_id": "text", "url": "text", "author": "text", "author_url": "text",
    "title": "text", "text": "text", "language": "text", "sentiment": "text", "score": "float8",
    "country": "text", "reach": "int8", "verified": "bool", "media": "text", "reply_to": "text",
    "thread": "text", "is_own": "bool", "is_excluded": "bool", "triage": "text",
    "published_at": "timestamptz", "seen_at": "timestamptz",
}  # fmt: skip
NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
# Named after its columns: a connection that outlives a release makes itself a new one.
INCOMING = f"incoming_{crc32(repr(COLUMNS).encode()):x}"
TYPED = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())
MAKE = f"CREATE TEMPORARY TABLE IF NOT EXISTS {INCOMING} ({TYPED}) ON COMMIT DELETE ROWS"
MOVE = (
    f"WITH moved AS (DELETE FROM {INCOMING} RETURNING *) "  # noqa: S608  (our own names)
    f"INSERT INTO {Mention._meta.db_table} ({NAMES}) SELECT {NAMES} FROM moved "
    "ON CONFLICT (source_id, external_id) DO NOTHING RETURNING id, external_id"
)


@dataclass(slots=True)
class Hit:
    """A match about to be written: as `Match`, but made thirty times as fast, and a post may have many."""

    rule_id: int
    mention: Mention
    at: datetime

    @property
    def mention_id(self) -> int:
        return self.mention.pk


def store(mentions) -> list[Mention]:
    """Insert what is not there yet and return only that, with its number. The mentions are of one source.

    In the order of their ids, so that two batches with the same mentions wait for each other in one order.
    """
    wanted = {mention.external_id: mention for mention in sorted(mentions, key=lambda one: one.external_id)}
    with connection.cursor() as cursor:
        cursor.execute(MAKE)
        copy_into(cursor, f"{INCOMING} ({NAMES})", COLUMNS, wanted.values())
        cursor.execute(MOVE)
        stored = cursor.fetchall()
    for pk, external_id in stored:
        wanted[external_id].pk = pk
    return [mention for mention in wanted.values() if mention.pk]


def store_matches(matches: list[Hit]) -> None:
    """Of mentions that nobody else can see yet: nothing can be there already."""
    if matches:
        with connection.cursor() as cursor:
            columns = ("rule_id", "mention_id", "at")
            copy_into(cursor, f"{Match._meta.db_table} ({', '.join(columns)})", columns, matches)


def store_new_matches(matches: list[Hit]) -> list[Hit]:
    """Insert those that are not there yet and return only these. The matches are of one rule."""
    wanted = {match.mention_id: match for match in sorted(matches, key=lambda one: one.mention_id)}
    sql = (
        f"INSERT INTO {Match._meta.db_table} (rule_id, mention_id, at) "  # noqa: S608
        "SELECT %s, * FROM unnest(%s::int8[], %s::timestamptz[]) "
        "ON CONFLICT (rule_id, mention_id) DO NOTHING RETURNING mention_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [matches[0].rule_id, list(wanted), [match.at for match in wanted.values()]])
        return [wanted[mention_id] for (mention_id,) in cursor.fetchall()]


def rewrite(model, rows: Sequence, columns: Sequence[str]) -> None:
    """Write these columns of rows that are there, in one statement: `bulk_update` at a tenth of its price."""
    if not rows:
        return
    table = model._meta.db_table
    told = [{"id": row.pk} | {name: getattr(row, name) for name in columns} for row in rows]
    settings = ", ".join(f"{name} = told.{name}" for name in columns)
    sql = (
        f"UPDATE {table} held SET {settings} "  # noqa: S608  (our own names)
        f"FROM json_populate_recordset(NULL::{table}, %s) told WHERE held.id = told.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(told, default=str)])


def copy_into(cursor, table: str, names, things) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for thing in things:
            copy.write_row([getattr(thing, name) for name in names])
