"""Nothing that is written into the history stays without its consequences, whatever becomes of the jobs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_q.exceptions import TimeoutException
from django_q.models import OrmQ

from responses import due, pipeline
from responses.core import history
from responses.core.models import Cursor, DeadLetter, Event
from responses.publishing.models import Publication
from responses.statements import drafting
from responses.statements.models import Statement
from tenants.models import Wake
from tests.publishing import making

MINUTE = timedelta(minutes=1)


def queued(brand):
    """The names of the jobs that wait for the brand; they are gone afterwards."""
    names = [row.task["args"][0] for row in OrmQ.objects.all() if row.task["args"][1] == brand.pk]
    OrmQ.objects.all().delete()
    return names


def approved(by, now):
    return making.approved(by, now, {making.newsroom(): making.TEXT})


def wakes(brand, until):
    return Wake.objects.filter(brand=brand, at__lte=until).count()


def test_an_approved_statement_goes_on_although_every_job_failed(committed_brand, now):
    brand, later = committed_brand.brand, now + 2 * MINUTE
    approved(committed_brand.by, now)
    assert "follow" in queued(brand)  # … and all of them are lost
    assert wakes(brand, later - MINUTE / 60) == 0
    due.poke(later)
    assert queued(brand) == ["work_due"]
    due.work(brand, later)
    assert "follow" in queued(brand)  # lost again
    due.poke(later + MINUTE)
    assert queued(brand) == ["work_due"]
    due.work(brand, later + MINUTE)
    assert "follow" in queued(brand)
    pipeline.follow(later + MINUTE)
    assert Publication.objects.count() == 1
    queued(brand)
    for minutes in (4, 5, 6):  # what follow itself wrote is looked after, then the brand rests
        due.work(brand, now + minutes * MINUTE)
    assert "follow" not in queued(brand) and pipeline.look_again(now) is None


def test_hot_writing_asks_the_table_of_wakes_once_a_minute(committed_brand, now):
    def write(at):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            history.record("mention.ingested", by=committed_brand.by.ana, now=at)
        return sum("tenants_wake" in query["sql"] for query in queries)

    assert [write(now), write(now), write(now + timedelta(seconds=59)), write(now + MINUTE)] == [2, 0, 0, 2]
    assert wakes(committed_brand.brand, now + 4 * MINUTE) == 2


@pytest.fixture
def failing(monkeypatch):
    """failing(error): whatever is approved, its reaction ends so."""

    def set_up(error):
        def fail(event, now):
            raise error

        monkeypatch.setitem(pipeline.REACTIONS, "statement.approved", [fail])

    return set_up


@pytest.mark.parametrize("error", [RuntimeError("deadlock"), TimeoutException("60 s")])
def test_what_fails_or_takes_too_long_is_counted_and_looked_at_again(committed_brand, now, failing, error):
    approved(committed_brand.by, now)
    Wake.objects.filter(brand=committed_brand.brand).delete()
    failing(error)
    with pytest.raises(type(error)):
        pipeline.follow(now)
    assert Cursor.objects.get(name=pipeline.READER).failures == 1
    assert wakes(committed_brand.brand, now + MINUTE) == 1


def test_many_jobs_that_fail_in_one_bad_moment_give_nothing_up(isla, by, now, failing):
    approved(by, now)
    failing(RuntimeError("PostgreSQL starts anew"))
    for _job in range(2 * pipeline.GIVE_UP_AFTER):
        with pytest.raises(RuntimeError):
            pipeline.follow(now)
    assert not DeadLetter.objects.exists()
    pipeline.follow(now + pipeline.PATIENCE)
    assert DeadLetter.objects.get().event.kind == "statement.approved"
    assert not pipeline.is_behind()


def test_a_refusal_is_told_and_holds_up_nothing(isla, by, now):
    """Revised behind the reaction's back: the state says approved, the latest wording is not."""
    statement = approved(by, now)
    given = {making.newsroom().pk: "Other words."}
    drafting.revise(statement, base=1, title=statement.title, language="en", texts=given, by=by.ana, now=now)
    Statement.objects.filter(pk=statement.pk).update(status="approved")
    after = history.record("task.added", by=by.lea, now=now)
    pipeline.follow(now)
    told = Event.objects.get(kind="publication.blocked")
    assert (
        told.data["alarm"] and told.data["title"] == statement.title and "not approved" in told.data["reason"]
    )
    assert not Publication.objects.exists() and not DeadLetter.objects.exists()
    assert Cursor.objects.get(name=pipeline.READER).seq > after.seq
    Cursor.objects.update(seq=0)
    pipeline.follow(now)
    assert Event.objects.filter(kind="publication.blocked").count() == 1
