"""A1, A2, A5: four eyes, the hash, the seat, and the order of the steps."""

from copy import copy
from datetime import timedelta

import pytest
from django.db import connection

from agency.models import Seat
from agency.roles import Role
from responses.core import history
from responses.core.actors import Actor
from responses.core.models import Event
from responses.errors import Conflict, Forbidden, Invalid, NotAllowed
from responses.incidents.models import Incident
from responses.statements import drafting, entitling, reviewing
from responses.statements.models import Decision, Statement

from . import desk


def incident(now, severity):
    return Incident.objects.create(number=900 + severity, title="Sunog", severity=severity, opened_at=now)


def test_agency_then_client_and_the_event_names_the_revision(isla, by, now):
    statement = desk.in_review(by.ana, now)
    desk.decide(statement, by.lea, now)
    assert desk.active(statement).function == "client"
    desk.decide(statement, by.marta, now)
    statement.refresh_from_db()
    revision = statement.latest
    event = Event.objects.get(kind="statement.approved", subject_id=statement.pk)
    assert statement.status == "approved" and revision.review.status == "passed"
    assert event.data["revision_id"] == revision.pk and event.data["hash"] == revision.hash
    assert history.verify() == []


@pytest.mark.parametrize(
    ("severity", "agency", "client"),
    [(4, 10, 20), (3, 30, 60), (2, 240, 240), (1, 1440, 1440), (None, 1440, 1440)],
)
def test_the_time_to_decide_follows_the_level(isla, by, now, severity, agency, client):
    statement = desk.in_review(by.ana, now, incident(now, severity) if severity is not None else None)
    assert desk.active(statement).due_at == now + timedelta(minutes=agency)
    later = now + timedelta(minutes=7)
    desk.decide(statement, by.lea, later)
    assert desk.active(statement).due_at == later + timedelta(minutes=client)


def test_who_wrote_any_revision_decides_nothing(isla, by, now):
    statement = desk.draft(by.lea, now)
    desk.revise(statement, by.ana, now, "Ana's words")
    reviewing.submit(statement, by=by.ana, now=now)
    for verdict in ("approved", "changes"):
        with pytest.raises(Forbidden, match="wrote"):
            desk.decide(statement, by.lea, now, verdict, "why")
    assert not Decision.objects.exists()


def test_a_second_seat_does_not_help_an_author(isla, by, now, people):
    """Lea wrote, and is given a client's seat too: still the same person."""
    agency = Seat.objects.get(user=people.lea, brand=isla).agency
    Seat.objects.create(user=people.lea, agency=agency, brand=isla, role=Role.CLIENT_APPROVER)
    statement = desk.with_client(by.lea, by.ramon, now)
    with pytest.raises(Forbidden, match="wrote"):
        desk.decide(statement, by.lea, now)


def test_nobody_decides_two_steps(isla, by, now, people):
    agency = Seat.objects.get(user=people.lea, brand=isla).agency
    Seat.objects.create(user=people.lea, agency=agency, brand=isla, role=Role.CLIENT_APPROVER)
    statement = desk.with_client(by.ana, by.lea, now)
    with pytest.raises(Forbidden, match="twice"):
        desk.decide(statement, by.lea, now)


@pytest.mark.parametrize("name", ["paolo", "ana", "nilo", "marta", "jun", "charlie", "nobody"])
def test_only_a_seat_that_may_decides_the_agency_step(isla, by, now, name):
    statement = desk.in_review(by.ramon, now)
    with pytest.raises(Forbidden):
        desk.decide(statement, getattr(by, name), now)


@pytest.mark.parametrize("name", ["tess", "ramon", "ong", "nilo", "jun", "kara", "charlie"])
def test_only_the_clients_approver_decides_the_client_step(isla, by, now, name):
    statement = desk.with_client(by.ana, by.lea, now)
    with pytest.raises(Forbidden):
        desk.decide(statement, getattr(by, name), now)


def test_a_key_never_decides(isla, by, now, people):
    statement = desk.in_review(by.ana, now)
    for key in (Actor("key:1", "CRM", "api", "key"), Actor(f"user:{people.lea.pk}", "Lea", "api", "key")):
        with pytest.raises(Forbidden, match="key"):
            desk.decide(statement, key, now)


def test_a_seat_that_was_taken_away_counts_no_more(isla, by, now, people):
    statement = desk.with_client(by.ana, by.lea, now)
    Seat.objects.filter(user=people.marta).update(is_active=False)
    with pytest.raises(Forbidden):
        desk.decide(statement, by.marta, now)
    Seat.objects.filter(user=people.marta).update(is_active=True)
    people.marta.is_active = False
    people.marta.save()
    with pytest.raises(Forbidden):
        desk.decide(statement, by.marta, now)


def test_a_decision_on_another_text_is_a_conflict(isla, by, now):
    statement = desk.in_review(by.ana, now)
    with pytest.raises(Conflict):
        reviewing.decide(
            desk.active(statement), revision_hash="0" * 64, verdict="approved", comment="", by=by.lea, now=now
        )
    assert not Decision.objects.exists()


def test_a_text_changed_behind_our_back_cannot_be_approved(isla, by, now):
    statement = desk.in_review(by.ana, now)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # what a superuser can do
        cursor.execute("UPDATE responses_variant SET text = text || ' Hindi totoo.'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    with pytest.raises(Conflict, match="not the one that was written"):
        desk.decide(statement, by.lea, now)


@pytest.mark.parametrize("comment", ["", "   ", "\n"])
def test_changes_need_a_comment(isla, by, now, comment):
    statement = desk.in_review(by.ana, now)
    with pytest.raises(Invalid) as refused:
        desk.decide(statement, by.lea, now, "changes", comment)
    assert refused.value.field == "comment"


def test_changes_return_the_statement_and_the_next_round_starts_with_the_agency(isla, by, now):
    statement = desk.with_client(by.ana, by.lea, now)
    desk.decide(statement, by.marta, now, "changes", "Say how many people")
    statement.refresh_from_db()
    review = statement.latest.review
    assert (statement.status, review.status) == ("changes_requested", "returned")
    with pytest.raises(NotAllowed, match="sent back"):
        reviewing.submit(statement, by=by.ana, now=now)
    desk.revise(statement, by.ana, now, "214 people are safe")
    reviewing.submit(statement, by=by.ana, now=now)
    assert desk.active(statement).function == "agency"
    assert Event.objects.get(kind="statement.changes_requested").data["comment"] == "Say how many people"


def test_the_client_cannot_go_first_and_nothing_is_decided_twice(isla, by, now):
    statement = desk.in_review(by.ana, now)
    first = desk.active(statement)
    client_step = first.review.steps.last()
    shown = first.review.revision.hash
    with pytest.raises(NotAllowed, match="turn"):
        reviewing.decide(client_step, revision_hash=shown, verdict="approved", by=by.marta, now=now)
    desk.decide(statement, by.lea, now)
    with pytest.raises(NotAllowed, match="already"):
        reviewing.decide(first, revision_hash=shown, verdict="approved", by=by.ramon, now=now)


def test_a_statement_in_review_cannot_be_sent_again(isla, by, now):
    statement = desk.in_review(by.ana, now)
    with pytest.raises(NotAllowed):
        reviewing.submit(statement, by=by.ana, now=now)


def test_a_text_that_changed_since_it_was_read_is_neither_sent_nor_withdrawn(isla, by, now):
    statement = desk.draft(by.ana, now)
    seen = Statement.objects.get(pk=statement.pk)
    desk.revise(statement, by.lea, now, "Another text, which the first one never saw.")
    with pytest.raises(Conflict):
        reviewing.submit(copy(seen), by=by.ana, now=now)
    with pytest.raises(Conflict):
        drafting.withdraw(copy(seen), by=by.ana, now=now)
    assert Statement.objects.get(pk=statement.pk).status == "draft"


def test_deciders_leave_out_authors_and_those_who_decided(isla, by, now, people):
    statement = desk.in_review(by.lea, now)
    assert {user.name for user in entitling.deciders(desk.active(statement), now)} == {"Tess", "Ramon", "Ong"}
    desk.decide(statement, by.ramon, now)
    assert [user.name for user in entitling.deciders(desk.active(statement), now)] == ["Marta"]
