"""Letters of a broken glass: the text never waits for them, and a mail server that is away is asked again."""

import smtplib
import threading
from datetime import timedelta

import pytest
from django.core import mail

from responses import due, pipeline
from responses.core import history
from responses.core.models import Event
from responses.incidents.models import Incident
from responses.publishing.models import Publication
from responses.statements import alarming, breaking, calling, reviewing
from responses.statements.models import Statement
from tenants.models import Wake

from . import desk

SEND = "django.core.mail.EmailMessage.send"
EVERYBODY = 6


@pytest.fixture
def broken(committed_brand, now):
    """At Critical, Ramon and Ong let out what Lea and Marta approved to stand by, unfollowed yet."""
    by = committed_brand.by
    breaking.set_rule(is_on=True, people=[by.ramon.id, by.ong.id], by=by.ramon, now=now)
    statement = desk.draft(by.ana, now)
    reviewing.submit(statement, by=by.ana, now=now, stands_by=True)
    desk.decide(statement, by.lea, now)
    desk.decide(statement, by.marta, now)
    statement.refresh_from_db()
    fire = Incident.objects.create(number=950, title="Sunog", severity=4, opened_at=now)
    pipeline.follow(now)
    words = {"revision_hash": statement.latest.hash, "reason": "The port is on fire", "now": now}
    glass = breaking.ask(statement, incident=fire, by=desk.sure(by.ramon), **words)
    mail.outbox.clear()
    return breaking.agree(glass, by=desk.sure(by.ong), **words)


def told(result):
    return Event.objects.filter(kind=f"glass.alarm_{result}").count()


def test_the_text_is_out_and_others_write_while_the_mail_server_hangs(
    committed_brand, broken, now, monkeypatch
):
    hangs, go_on, late = threading.Event(), threading.Event(), []

    def hang(letter):
        hangs.set()
        late.append(not go_on.wait(timeout=15))

    def write_meanwhile():
        assert hangs.wait(timeout=15)
        queued = Publication.objects.count()
        desk.draft(committed_brand.by.ana, now)
        go_on.set()
        return queued

    def work():
        pipeline.follow(now)
        return alarming.send_due(now)

    monkeypatch.setattr(SEND, hang)
    done, queued = committed_brand.run(work, write_meanwhile)
    assert done is True and queued == 2
    assert late == [False] * EVERYBODY
    assert told("sent") == EVERYBODY and history.verify() == []


def test_a_mail_server_that_is_away_is_asked_once_and_again_later(committed_brand, broken, now, monkeypatch):
    brand, asked, later = committed_brand.brand, [], now + calling.TRY_AGAIN[0] + timedelta(seconds=30)

    def refuse(letter):
        asked.append(letter.to)
        raise ConnectionRefusedError("away")

    pipeline.follow(now)
    with monkeypatch.context() as away:
        away.setattr(SEND, refuse)
        alarming.send_due(now)
        alarming.send_due(now)
    assert len(asked) == 1 and told("failed") == EVERYBODY and Publication.objects.count() == 2
    due.work(brand, now)  # takes the wakes of now with it
    assert Wake.objects.filter(brand=brand, at__gt=now, at__lte=later).exists() and not alarming.owed(now)
    committed_brand.run(lambda: alarming.send_due(later), lambda: alarming.send_due(later))
    assert sorted(letter.to[0].split("-")[0] for letter in mail.outbox) == sorted(
        vars(committed_brand.people)
    )
    assert told("sent") == EVERYBODY and alarming.next_at(later) is None


def test_one_letter_that_is_refused_keeps_no_other_back(committed_brand, broken, now, monkeypatch):
    def refuse_ana(letter):
        if letter.to[0].startswith("ana-"):
            raise smtplib.SMTPDataError(550, b"looks like spam")

    monkeypatch.setattr(SEND, refuse_ana)
    alarming.send_due(now)
    assert (told("failed"), told("sent")) == (1, EVERYBODY - 1)


def test_a_job_that_was_killed_is_made_up_for(committed_brand, broken, now, monkeypatch):
    pipeline.follow(now)
    monkeypatch.setattr(alarming, "JOB_SECONDS", -1)  # over before the first letter
    assert alarming.send_due(now) and told("sent") == 0
    assert alarming.next_at(now) == now and len(alarming.owed(now)) == EVERYBODY
    monkeypatch.undo()
    alarming.send_due(now + timedelta(minutes=1))
    assert told("sent") == EVERYBODY


def test_withdrawn_meanwhile_it_stays_in_and_all_are_told_still(committed_brand, broken, now):
    Statement.objects.update(status="withdrawn")
    pipeline.follow(now)
    alarming.send_due(now)
    assert not Publication.objects.exists() and told("sent") == EVERYBODY
    blocked = Event.objects.get(kind="publication.blocked")
    assert blocked.data["alarm"] and blocked.incident_id == broken.incident_id
