"""While nobody answers: reminder, deputies, those above, each once; and silence that is consent."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from agency.models import Seat
from agency.roles import Role
from responses import due, pipeline
from responses.core.models import Event
from responses.errors import Forbidden
from responses.incidents.models import Incident
from responses.publishing import approval, releasing
from responses.statements import calling, deputising, entitling, hurrying, policies, reviewing
from responses.statements.models import Decision, Statement
from tenants.models import Wake

from . import desk
from .desk import AGENCY, CLIENT, LEGAL, group, step


@pytest.fixture
def fire(now):
    return Incident.objects.create(number=904, title="Sunog", severity=4, opened_at=now)


def pass_time(brand, now, minutes):
    """Everything that is due until then, minute by minute, as the worker does it."""
    for minute in range(1, minutes + 1):
        moment = now + timedelta(minutes=minute)
        hurrying.hurry(brand, moment)
        pipeline.follow(moment)
    return now + timedelta(minutes=minutes)


def kinds(*wanted):
    return list(Event.objects.filter(kind__in=wanted).order_by("seq").values_list("kind", flat=True))


MEASURES = ("review.reminded", "review.deputies_called", "review.escalated")


def letters_to(name):
    return [letter for letter in mail.outbox if letter.to[0].startswith(f"{name}@")]


def test_reminder_deputies_and_those_above_each_once(isla, by, now, fire):
    """At Critical the agency has ten minutes: five, seven and a half, ten."""
    statement = desk.in_review(by.ana, now, fire)
    pipeline.follow(now)
    pass_time(isla, now, 4)
    assert kinds(*MEASURES) == []
    pass_time(isla, now, 5)
    assert kinds(*MEASURES) == ["review.reminded"]
    assert len(letters_to("ong")) == 2 and "still waiting" in letters_to("ong")[1].subject
    pass_time(isla, now, 8)
    assert kinds(*MEASURES) == ["review.reminded", "review.deputies_called"]
    pass_time(isla, now, 45)
    assert kinds(*MEASURES) == list(MEASURES)
    assert [letter.subject for letter in letters_to("tess")][-1].endswith("“Sunog sa MV Amihan”")
    at = {event.kind: event.at - now for event in Event.objects.filter(kind__in=MEASURES)}
    assert [at[kind].total_seconds() / 60 for kind in MEASURES] == [5, 8, 10]
    assert statement.latest.review.status == "running"  # nothing is approved by being late


def test_a_step_that_was_decided_hurries_nobody(isla, by, now, fire):
    statement = desk.with_client(by.ana, by.lea, now, fire)
    desk.decide(statement, by.marta, now)
    pass_time(isla, now, 60)
    assert kinds(*MEASURES) == []


def test_the_clock_asks_for_the_next_of_them(isla, by, now, fire):
    statement = desk.in_review(by.ana, now, fire)
    assert hurrying.next_moment(now) == now + timedelta(minutes=5)
    pass_time(isla, now, 5)
    assert hurrying.next_moment(now) == now + timedelta(minutes=7.5)
    pass_time(isla, now, 10)
    assert hurrying.next_moment(now) is None
    assert hurrying.next_moment in due.NEXT and hurrying.hurry in due.WORK and statement


def test_a_worker_that_was_away_takes_each_measure_once(isla, by, now, fire):
    desk.in_review(by.ana, now, fire)
    for _again in range(3):
        hurrying.hurry(isla, now + timedelta(hours=2))
    assert kinds(*MEASURES) == list(MEASURES)


def test_a_reminder_that_fails_is_told_and_tried_again(isla, by, now, fire, monkeypatch):
    desk.in_review(by.ana, now, fire)
    pipeline.follow(now)

    def refuse(self, *args, **kwargs):
        raise smtplib.SMTPServerDisconnected("gone")

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refuse)
        pass_time(isla, now, 5)
    tried = kinds("review.reminder_sent", "review.reminder_failed")
    assert set(tried) == {"review.reminder_failed"} and len(tried) == 4
    pass_time(isla, now, 6)
    assert kinds("review.reminder_sent") == []
    pass_time(isla, now, 7)
    assert len(kinds("review.reminder_sent")) == 4 == len(kinds("review.reminder_failed"))
    assert hurrying.next_moment(now + timedelta(minutes=7)) == now + timedelta(minutes=7.5)


LINK_WORKS = "The link in the first letter still works"


def test_the_reminder_promises_a_link_only_while_it_works(isla, by, now, agree, people):
    agree(step(AGENCY), step(CLIENT))
    active = desk.active(desk.with_client(by.ana, by.lea, now))
    calling.call(active, now=now)
    for later, works in ((71, True), (72, False)):
        mail.outbox.clear()
        hurrying.send("reminder", active, people.marta, now + timedelta(hours=later))
        body = mail.outbox[0].body
        assert (LINK_WORKS in body, "Sign in to decide:" in body) == (works, not works)


def test_the_reminder_promises_no_link_that_was_never_sent(isla, by, now, monkeypatch, people):
    active = desk.active(desk.with_client(by.ana, by.lea, now))

    def refuse(self, *args, **kwargs):
        raise smtplib.SMTPServerDisconnected("gone")

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refuse)
        calling.call(active, now=now)
    mail.outbox.clear()
    hurrying.write_reminders(active, now)
    assert "Sign in to decide:" in letters_to("marta")[0].body


def test_the_title_of_reminder_and_alarm_is_in_the_readers_language(isla, by, now, people):
    newsroom = desk.channels()[0]
    statement = desk.draft(
        by.ana, now, language="en", title="Fire on board", texts={newsroom.pk: "There is a fire."},
        also={"fil": {"title": "Sunog sa barko", "texts": {newsroom.pk: "May sunog."}}},
    )  # fmt: skip
    reviewing.submit(statement, by=by.ana, now=now)
    desk.decide(statement, by.lea, now)
    people.marta.language = "fil"
    mail.outbox.clear()
    for name in ("reminder", "escalation"):
        hurrying.send(name, desk.active(statement), people.marta, now)
    for letter in mail.outbox:
        assert "Sunog sa barko" in letter.body and "Fire on board" not in letter.body + letter.subject


# --- deputies


def test_a_deputy_decides_while_the_person_is_away(isla, by, now):
    statement = desk.with_client(by.ana, by.lea, now)
    with pytest.raises(Forbidden):
        desk.decide(statement, by.nilo, now)
    deputising.name_deputy(
        person=by.marta, deputy=by.nilo, by=by.marta, now=now,
        away_from_at=now + timedelta(hours=1), away_until_at=now + timedelta(hours=5),
    )  # fmt: skip
    with pytest.raises(Forbidden):
        desk.decide(statement, by.nilo, now)
    with pytest.raises(Forbidden):
        desk.decide(statement, by.nilo, now + timedelta(hours=5))
    decision = desk.decide(statement, by.nilo, now + timedelta(hours=1))
    assert (decision.for_id, decision.for_name, decision.function) == (by.marta.id, "Marta", "client")
    assert Event.objects.get(kind="review.step_passed", actor_id=by.nilo.id).data["for_whom"] == "Marta"


def test_a_deputy_in_case_of_need_decides_once_called(isla, by, now, fire):
    """And gets the letter with the link then, not before."""
    deputising.name_deputy(person=by.marta, deputy=by.nilo, by=by.marta, now=now)
    statement = desk.with_client(by.ana, by.lea, now, fire)
    pipeline.follow(now)
    pass_time(isla, now, 14)
    assert not letters_to("nilo")
    with pytest.raises(Forbidden):
        desk.decide(statement, by.nilo, now + timedelta(minutes=14))
    pass_time(isla, now, 15)
    assert len(letters_to("nilo")) == 1 and "/link/" in letters_to("nilo")[0].body
    assert "deputy of Marta" in letters_to("nilo")[0].body
    assert desk.decide(statement, by.nilo, now + timedelta(minutes=15)).for_name == "Marta"


def away(person, deputy, by, now):
    return deputising.name_deputy(
        person=person, deputy=deputy, by=by.ramon, now=now,
        away_from_at=now, away_until_at=now + timedelta(hours=9),
    )  # fmt: skip


def test_a_deputy_is_no_author_and_stands_in_for_none(isla, by, now):
    """A8: the deputy's own hand in the text counts, and an author has no voice to lend."""
    away(by.ong, by.paolo, by, now)
    away(by.lea, by.paolo, by, now)
    statement = desk.draft(by.paolo, now)
    desk.revise(statement, by.lea, now, "More")
    reviewing.submit(statement, by=by.lea, now=now)
    with pytest.raises(Forbidden, match="wrote"):
        desk.decide(statement, by.paolo, now)
    assert "Paolo" not in {user.name for user in entitling.deciders(desk.active(statement), now)}


def test_a_person_and_their_deputy_are_one_voice(agree, someone, by, now):
    """Two are asked: Marta and who stands in for her are not two."""
    agree(step(AGENCY), step(group("client", "some", 2)))
    bea = someone("Bea", Role.CLIENT_APPROVER)
    away(by.marta, by.nilo, by, now)
    statement = desk.with_client(by.ana, by.lea, now)
    desk.decide(statement, by.nilo, now)
    with pytest.raises(Forbidden, match="one voice"):
        desk.decide(statement, by.marta, now)
    desk.decide(statement, bea, now)
    statement.refresh_from_db()
    assert statement.status == "approved"


def test_one_deputy_of_two_is_one_person(agree, someone, by, now):
    agree(step(AGENCY), step(group("client", "all")))
    bea = someone("Bea", Role.CLIENT_APPROVER)
    for person in (by.marta, bea):
        away(person, by.nilo, by, now)
    statement = desk.with_client(by.ana, by.lea, now)
    desk.decide(statement, by.nilo, now)
    with pytest.raises(Forbidden, match="twice"):
        desk.decide(statement, by.nilo, now)
    assert statement.latest.review.status == "running"
    desk.decide(statement, by.marta, now)
    statement.refresh_from_db()
    assert statement.status == "approved"


def test_a_deputy_loses_the_voice_with_either_seat(isla, by, now, people):
    """A5."""
    away(by.marta, by.nilo, by, now)
    statement = desk.with_client(by.ana, by.lea, now)
    for lost in (people.marta, people.nilo):
        Seat.objects.filter(user=lost).update(is_active=False)
        with pytest.raises(Forbidden):
            desk.decide(statement, by.nilo, now)
        Seat.objects.filter(user=lost).update(is_active=True)
    assert desk.decide(statement, by.nilo, now)


# --- silence


@pytest.fixture
def silent(agree):
    return agree(step(AGENCY), step(CLIENT, silence=60))


def test_silence_is_consent_when_those_who_could_object_were_told(isla, silent, by, now):
    statement = desk.with_client(by.ana, by.lea, now)
    pipeline.follow(now)
    pass_time(isla, now, 59)
    assert statement.latest.review.status == "running"
    pass_time(isla, now, 60)
    statement.refresh_from_db()
    assert statement.status == "approved"
    decision = Decision.objects.get(verdict="silence")
    assert (decision.person_id, decision.strength) == ("tugon", "system")
    assert Event.objects.get(kind="review.passed_in_silence").data["told"] == ["Marta"]
    assert approval.approved_hash(statement.latest) == statement.latest.hash


def test_nobody_told_nobody_consents(isla, silent, by, now, monkeypatch):
    statement = desk.with_client(by.ana, by.lea, now)

    def refuse(self, *args, **kwargs):
        raise smtplib.SMTPServerDisconnected("gone")

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refuse)
        pipeline.follow(now)
        later = pass_time(isla, now, 90)
    assert statement.latest.review.status == "running"
    assert "review.escalated" in kinds(*MEASURES)
    # The mail server is back: the hour counts from the letter.
    assert calling.call(desk.active(statement), now=later) == 1
    pass_time(isla, later, 59)
    assert statement.latest.review.status == "running"
    pass_time(isla, later, 60)
    assert statement.latest.review.status == "passed"


def test_who_was_told_and_lost_the_seat_could_not_object(isla, silent, by, now, people):
    statement = desk.with_client(by.ana, by.lea, now)
    pipeline.follow(now)
    Seat.objects.filter(user=people.marta).update(is_active=False)
    pass_time(isla, now, 90)
    assert statement.latest.review.status == "running"


def test_an_objection_in_time_ends_it(isla, silent, by, now):
    statement = desk.with_client(by.ana, by.lea, now)
    pipeline.follow(now)
    desk.decide(statement, by.marta, now + timedelta(minutes=30), "changes", "No")
    pass_time(isla, now, 90)
    statement.refresh_from_db()
    assert statement.status == "changes_requested"


def test_silence_of_a_step_that_asks_two_needs_both_told(isla, agree, by, now):
    agree(step(AGENCY), step(LEGAL, CLIENT, silence=30))
    statement = desk.with_client(by.ana, by.lea, now)
    active = desk.active(statement)
    [marta] = [row for row in calling.without_letter(active, now) if row[0].name == "Marta"]
    calling.write(active, [marta], now)
    assert hurrying.silence_ends(active, now) is None
    calling.call(active, now=now)
    assert hurrying.silence_ends(active, now) == now + timedelta(minutes=30)


def test_nothing_but_a_silent_step_passes_by_time(isla, by, now):
    statement = desk.in_review(by.ana, now)
    assert reviewing.pass_in_silence(desk.active(statement), [], now=now) is False
    assert policies.shipped().steps[0]["silence_minutes"] is None


def test_a_step_for_all_goes_on_when_the_last_one_asked_leaves(isla, agree, by, now, people):
    """Within a minute, by the clock alone; and what passed so may go out."""
    agree(step(group("named", "all", people=[by.paolo, by.tess])))
    statement = desk.in_review(by.ana, now)
    Seat.objects.filter(user=people.tess).update(is_active=False)
    hurrying.hurry(isla, now)
    assert statement.latest.review.status == "running"  # nobody has approved it
    Seat.objects.filter(user=people.tess).update(is_active=True)
    later = now + timedelta(days=2)
    hurrying.hurry(isla, later)
    desk.decide(statement, by.paolo, later)
    assert Wake.objects.filter(brand=isla, at=later + timedelta(minutes=1)).exists()
    hurrying.hurry(isla, later)
    assert hurrying.next_moment(later) == later + timedelta(minutes=1)
    assert statement.latest.review.status == "running"
    Seat.objects.filter(user=people.tess).update(is_active=False)
    hurrying.hurry(isla, later + timedelta(minutes=1))
    told = Event.objects.get(kind="review.step_agreed")
    assert (told.actor_id, told.data["revision"]) == ("tugon", 1)
    for publication in releasing.queue(Statement.objects.get(), by=by.lea, now=later):
        assert approval.objection(publication) == ""


def test_one_text_changed_by_sql_keeps_no_other_step_waiting(isla, silent, by, now):
    tampered = desk.with_client(by.ana, by.lea, now)
    pipeline.follow(now)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE responses_variant SET text = text || ' Kasalanan nila.'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    other = desk.with_client(by.ana, by.lea, now)
    pipeline.follow(now)
    pass_time(isla, now, 62)
    assert tampered.latest.review.status == "running"
    assert other.latest.review.status == "passed"
    alarm = Event.objects.get(kind="review.blocked")
    assert alarm.data["alarm"] and alarm.data["statement"] == tampered.pk
    later = now + timedelta(minutes=62)
    assert hurrying.next_moment(later) > later


def test_what_goes_wrong_at_one_step_is_reported_after_the_others(isla, by, now, fire, monkeypatch):
    desk.in_review(by.ana, now, fire)
    desk.in_review(by.ana, now, fire)
    first, second = hurrying.running()
    plain = hurrying.take_measure

    def fail_at_the_first(step, name, now):
        if step.pk == first.pk:
            raise RuntimeError("broken")
        plain(step, name, now)

    monkeypatch.setattr(hurrying, "take_measure", fail_at_the_first)
    with pytest.raises(ExceptionGroup):
        hurrying.hurry(isla, now + timedelta(minutes=5))
    assert Event.objects.get(kind="review.reminded").subject_id == second.pk
