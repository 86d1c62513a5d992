"""The bones hold: schemas are copied, history is append-only and verifies."""

import pytest
from django.db import DatabaseError, connection, transaction

from responses.core import history
from responses.core.models import Event


def test_history_is_append_only_and_verifies(isla, by, now):
    for number in range(5):
        history.record("note.added", by=by.lea, now=now, text=f"note {number}")
    assert history.verify() == []
    for sql in (
        "UPDATE responses_event SET kind='x'",
        "DELETE FROM responses_event",
        "TRUNCATE responses_event CASCADE",
    ):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    assert Event.objects.count() >= 5


def test_brands_see_only_their_own(brands, by, now):
    from tenants import context

    with context.inside(brands.isla):
        history.record("note.added", by=by.lea, now=now, text="isla only")
    with context.inside(brands.luzon):
        assert not Event.objects.filter(kind="note.added").exists()
