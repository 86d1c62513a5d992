"""The pulse: what the board reads is what the brand's tables say."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from responses import due, pulse
from responses.core import history
from responses.core.models import Event
from responses.incidents import lifecycle, tasks
from responses.monitoring.models import Alert, HourCount, Mention, Source
from responses.statements.models import Review, Revision, Statement, Step
from tenants.models import BrandPulse


def read(brand):
    return BrandPulse.objects.get(brand=brand)


def test_a_quiet_brand(isla, now):
    pulse.refresh(isla, now)
    found = read(isla)
    assert (found.level, found.open_incidents, found.incident_number, found.waiting) == (None, 0, None, [])
    assert found.hourly == [0] * 24
    assert found.refresh_due_at == now + timedelta(minutes=5)


def test_volumes_of_two_days(isla, now):
    hour = now.replace(minute=0)
    for back, counts in {0: (3, 2, 1), 23: (1, 0, 0), 24: (0, 5, 0), 47: (0, 0, 2), 48: (9, 9, 9)}.items():
        HourCount.objects.create(
            hour=hour - timedelta(hours=back), negative=counts[0], neutral=counts[1], positive=counts[2]
        )
    pulse.refresh(isla, now + timedelta(minutes=20))
    found = read(isla)
    assert (found.mentions_24h, found.mentions_before) == (7, 7)
    assert (found.hourly[-1], found.hourly[0], len(found.hourly)) == (6, 1, 24)
    assert (found.negative, found.neutral, found.positive) == (4, 2, 1)


def test_the_worst_incident_stands_for_all(isla, by, now):
    lifecycle.open_incident(title="A late bus", severity=1, by=by.lea, now=now)
    worst = lifecycle.open_incident(title="A fire", severity=4, by=by.lea, now=now)
    over = lifecycle.open_incident(title="Over", severity=4, by=by.lea, now=now)
    lifecycle.resolve(over, resolution="x", by=by.lea, now=now)
    pulse.refresh(isla, now)
    found = read(isla)
    assert (found.level, found.open_incidents) == (4, 2)
    assert (found.incident_number, found.incident_title) == (worst.number, "A fire")


def test_alerts_sources_and_the_last_mention(isla, now):
    source = Source.objects.create(kind="rss", name="Broken", failures=2)
    Source.objects.create(kind="rss", name="Gone", status="stopped")
    Source.objects.create(kind="rss", name="Paused", status="paused", failures=1)
    Alert.objects.create(kind="silent", source=source, title="Silent", opened_at=now, last_at=now)
    Mention.objects.create(source=source, external_id="1", published_at=now - timedelta(hours=2), seen_at=now)
    pulse.refresh(isla, now)
    found = read(isla)
    assert (found.open_alerts, found.failing_sources) == (1, 2)
    assert found.last_mention_at == now - timedelta(hours=2)


@pytest.fixture
def step(isla, by, now):
    statement = Statement.objects.create(title="We know", status="in_review", created_at=now)
    revision = Revision.objects.create(
        statement=statement, number=1, title="We know", author_id=by.ana.id, author_name="Ana", written_at=now
    )
    review = Review.objects.create(
        revision=revision, submitted_by_id=by.ana.id, submitted_by_name="Ana", submitted_at=now
    )
    return Step.objects.create(
        review=review, position=1, function="client", status="active", due_at=now + timedelta(minutes=15)
    )


def test_decisions_and_late_tasks_wait_first_due_first(step, isla, by, now):
    lifecycle.open_incident(title="A fire", severity=4, by=by.lea, now=now - timedelta(minutes=12))
    pulse.refresh(isla, now)
    found = read(isla)
    assert [(item["kind"], item["who"]) for item in found.waiting] == [
        ("task", "duty_monitor"),
        ("review", "client_approver"),
    ]
    assert found.waiting[1]["what"] == "We know"
    assert found.waiting[1]["url"].startswith("/b/isla/")
    assert found.waiting_due_at == now - timedelta(minutes=2)


def test_a_late_task_is_owed_by_its_owner_else_by_its_role_else_by_nobody(isla, by, now):
    fire = lifecycle.open_incident(title="A fire", severity=1, by=by.lea, now=now)
    late = {"due_at": now - timedelta(minutes=5), "by": by.lea, "now": now}
    tasks.add_task(fire, title="Call the mayor", owner=by.ana, **late)
    tasks.add_task(fire, title="Count the boats", owner=by.ana, role="writer", **late)
    tasks.add_task(fire, title="Stop the posts", role="writer", **late)
    tasks.add_task(fire, title="Water", **late)
    pulse.refresh(isla, now)
    owed = {item["what"]: item["who"] for item in read(isla).waiting if item["kind"] == "task"}
    mine = dict.fromkeys(("Call the mayor", "Count the boats"), by.ana.name)
    assert owed.items() >= (mine | {"Stop the posts": "writer", "Water": ""}).items()


def test_the_anchor_is_the_head_of_the_history(isla, by, now):
    history.record("incident.noted", by=by.lea, now=now, text="x")
    pulse.refresh(isla, now)
    head = Event.objects.order_by("-seq").first()
    assert (read(isla).history_seq, read(isla).history_hash) == (head.seq, head.hash)


def test_it_is_cheap_and_the_same_for_much(isla, by, now):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            pulse.refresh(isla, now)
        return len(captured)

    few = cost()
    for number in range(5):
        lifecycle.open_incident(title=f"Case {number}", severity=3, by=by.lea, now=now - timedelta(hours=3))
    assert cost() == few
    assert few <= 18


def test_it_grows_old_and_is_made_again_when_due(isla, by, now):
    pulse.refresh(isla, now)
    lifecycle.open_incident(title="A fire", severity=4, by=by.lea, now=now)
    pulse.refresh_when_due(isla, now + timedelta(minutes=4))
    assert read(isla).open_incidents == 0
    pulse.refresh_when_due(isla, now + timedelta(minutes=5))
    assert read(isla).open_incidents == 1
    assert pulse.refresh_when_due in due.WORK
    assert pulse.next_refresh(now) == now + timedelta(minutes=10)
