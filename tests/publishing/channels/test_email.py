"""The e-mail channel: published when the letters are written, each sent once, also when its sender dies."""

from datetime import timedelta

import pytest
from django.core import mail

from responses.core.models import Event
from responses.publishing import lettering, releasing, subscribing, watching
from responses.publishing.models import Letter, Publication, Subscriber
from responses.statements import hashing
from responses.statements.models import Channel
from tests.publishing import making
from tests.publishing.test_releasing import tamper


@pytest.fixture
def channel(isla, now):
    for number in range(3):
        one = Subscriber.objects.create(email=f"reader{number}@x.example", asked_at=now)
        subscribing.confirm(one, now=now)
    return Channel.objects.create(kind="email", name="Letters", position=5)


def release(channel, by, now):
    statement = making.approved(by, now, {channel: making.TEXT})
    [row] = releasing.queue(statement, by=by.lea, now=now)
    releasing.release_due(now)
    return Publication.objects.get(pk=row.pk)


def test_an_approved_statement_goes_to_everybody_who_confirmed(channel, by, now):
    publication = release(channel, by, now)
    assert publication.status == "published"
    lettering.send_due(now + timedelta(minutes=1))
    assert sorted(letter.to[0] for letter in mail.outbox) == [f"reader{n}@x.example" for n in range(3)]
    assert all(making.TEXT in letter.body for letter in mail.outbox)


def test_a_sender_that_died_between_writing_and_settling_writes_no_letter_twice(channel, by, now):
    publication = release(channel, by, now)
    Publication.objects.filter(pk=publication.pk).update(status="queued", published_at=None, due_at=now)
    releasing.release_due(now)
    assert Letter.objects.count() == 3


def test_the_page_says_how_the_letters_fare_and_who_gets_them(channel, by, now, sign_in, brands):
    publication = release(channel, by, now)
    lettering.send_due(now + timedelta(minutes=1))
    first = Subscriber.objects.first()
    page = sign_in("lea").get(f"/b/isla/publications/{publication.pk}/").text
    assert "Letters" in page
    ramon = sign_in("ramon")
    listed = ramon.get("/b/isla/subscribers/").text
    assert "3 subscribers" in listed
    assert ramon.post(f"/b/isla/subscribers/{first.pk}/remove/").status_code == 303
    assert first.email not in ramon.get("/b/isla/subscribers/").text.split("<table")[-1]
    assert sign_in("lea").get("/b/isla/subscribers/").status_code == 403, "addresses are not for everybody"


def test_there_is_one_such_channel(channel, sign_in):
    answer = sign_in("ramon").post("/b/isla/channels/new/email/", {"name": "More letters"})
    assert answer.status_code == 422
    assert "There is such a channel already." in answer.text


@pytest.mark.parametrize("is_made_to_fit", [False, True])
def test_changed_by_sql_after_release_no_letter_goes_out_and_the_alarm_is_raised(
    channel, by, now, is_made_to_fit
):
    """Also when the hashes were made to fit: history knows of no approval of that text."""
    publication = release(channel, by, now)
    tamper("UPDATE responses_variant SET text = 'We deny everything.'")
    if is_made_to_fit:
        new = hashing.hash_of(publication.revision)
        tamper(f"UPDATE responses_publication SET approved_hash = '{new}'")
    for _time in range(2):
        assert lettering.send_due(now + timedelta(minutes=1)) == 0
    assert (mail.outbox, lettering.counts(publication)) == ([], {"failed": 3})
    [event] = Event.objects.filter(kind="publication.blocked")
    assert (event.data["alarm"], event.subject_id) == (True, publication.pk)


def test_watching_compares_what_the_letters_say_with_what_was_approved(channel, by, now):
    publication = release(channel, by, now)
    assert watching.look(publication, now=now + timedelta(minutes=5)) == "same"
    tamper("UPDATE responses_variant SET text = 'We deny everything.'")
    publication = Publication.objects.get(pk=publication.pk)
    assert watching.look(publication, now=now + timedelta(hours=1)) == "changed"
    assert Event.objects.get(kind="publication.changed_outside").data["found"] == "We deny everything."
