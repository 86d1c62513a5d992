"""The pieces of the stories' fingerprints: written in lots, and forgotten in time."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import connection

from .models import Story, StoryKey
from .storing import copy_into

KEPT = timedelta(days=7)  # a copy that comes later begins a story of its own


def store(pairs: Iterable[tuple[int, Story]], now) -> None:
    """(key, story) of what is not there yet."""
    rows = [StoryKey(key=key, story=story, at=now) for key, story in pairs]
    columns = ("key", "story_id", "at")
    with connection.cursor() as cursor:
        copy_into(cursor, f"{StoryKey._meta.db_table} ({', '.join(columns)})", columns, rows)


def sweep(now) -> None:
    """Forget the prints of a week ago, and the stories that nobody ever told again."""
    with connection.cursor() as cursor:
        table = StoryKey._meta.db_table
        cursor.execute(f"DELETE FROM {table} WHERE at < %s RETURNING story_id", [now - KEPT])  # noqa: S608
        old = sorted({story for (story,) in cursor.fetchall()})
    for start in range(0, len(old), 2000):
        Story.objects.filter(pk__in=old[start : start + 2000], mention_count=1).delete()
