"""A6: looking changes nothing, answering works once, and each way a link ends is said in its own words."""

import hashlib
import logging
import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from agency.middleware import RequestIdFilter
from agency.models import Seat
from responses import due, pipeline
from responses.core.models import Event
from responses.statements import calling, links
from responses.statements.link_models import ApprovalLink
from responses.statements.models import Decision
from tenants.models import Domain, Wake
from tests.statements import desk


def answer(client, waits, letter, **given):
    shown = {"revision_hash": waits.step.review.revision.hash, "verdict": "approved", "name": "Marta"}
    return client.post(letter.path, {**shown, **given})


def test_the_letter_names_brand_and_time_and_only_the_hash_is_kept(waits, letter):
    assert "Isla Ferries" in letter.message.subject and "waits for you, by" in letter.message.subject
    assert waits.statement.title in letter.message.body
    assert len(letter.token) >= 43  # 256 bits
    assert letter.link.token_hash == hashlib.sha256(letter.token.encode()).hexdigest()
    for event in Event.objects.all():
        assert letter.token not in str(event.data)
    assert letter.link.expires_at - letter.link.created_at == timedelta(hours=72)


def test_the_letter_is_in_the_persons_language_and_sent_once(waits, moment, people):
    people.marta.language = "fil"
    people.marta.save()
    mail.outbox.clear()
    pipeline.follow(moment)
    assert calling.call(waits.step, now=moment) == 0
    assert [one.to for one in mail.outbox] == [["marta@isla.example"]]
    assert Event.objects.filter(kind="review.link_sent").count() == 1


def test_only_those_who_may_decide_get_a_letter(waits, letter):
    assert [one.to for one in mail.outbox] == [["marta@isla.example"]]


def test_mail_that_cannot_be_sent_is_told_and_can_be_sent_later(waits, moment, monkeypatch):
    def broken(self):
        raise ConnectionRefusedError("mail is away")

    mail.outbox.clear()
    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", broken)
        assert calling.call(waits.step, now=moment) == 0
    assert not ApprovalLink.objects.exists()
    assert "mail is away" in Event.objects.get(kind="review.link_failed").data["error"]
    assert calling.call(waits.step, now=moment) == 1 and len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("error", "tries", "links_made"),
    [(ConnectionRefusedError("away"), 1, 0), (smtplib.SMTPRecipientsRefused({}), 2, 0)],
)
def test_a_mail_server_that_is_away_is_asked_once(
    waits, moment, monkeypatch, people, error, tries, links_made
):
    agency = Seat.objects.get(user=people.marta).agency
    Seat.objects.create(user=people.jun, agency=agency, brand=Seat.objects.get(user=people.marta).brand,
                        role="client_approver")  # fmt: skip
    tried = []

    def broken(self):
        tried.append(self.to)
        raise error

    monkeypatch.setattr("django.core.mail.EmailMessage.send", broken)
    assert calling.call(waits.step, now=moment) == links_made
    assert len(tried) == tries
    assert Event.objects.filter(kind="review.link_failed").count() == 2


def test_the_agencys_turn_is_told_too_without_a_link_that_decides(isla, by, moment, people):
    statement = desk.in_review(by.ana, moment)
    mail.outbox.clear()
    pipeline.follow(moment)
    assert calling.call(desk.active(statement), now=moment) == 0, "once each"
    told = {address for one in mail.outbox for address in one.to}
    assert {people.lea.email, people.ramon.email, people.ong.email} <= told
    assert not told & {people.ana.email, people.marta.email, people.charlie.email}, "nobody their own words"
    body = mail.outbox[0].body
    assert f"/b/isla/statements/{statement.pk}/review/" in body and "/link/" not in body
    assert not ApprovalLink.objects.exists()


def test_a_letter_that_failed_is_sent_again_by_itself_and_not_for_ever(waits, isla, moment, monkeypatch):
    pipeline.follow(moment - timedelta(minutes=1))
    ApprovalLink.objects.all().delete()
    mail.outbox.clear()

    def broken(self):
        raise ConnectionRefusedError("mail is away")

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", broken)
        calling.call(waits.step, now=moment, even_if_failed=False)
        assert Wake.objects.filter(brand=isla, at=moment + calling.TRY_AGAIN[0]).exists()
        due.work(isla, moment + calling.TRY_AGAIN[0] / 2)
        assert Event.objects.filter(kind="review.link_failed").count() == 1, "not before its time"
        at = moment
        for wait in (*calling.TRY_AGAIN, timedelta(days=1)):
            at += wait
            calling.call_again(isla, at)
    assert Event.objects.filter(kind="review.link_failed").count() == 1 + len(calling.TRY_AGAIN)
    assert calling.next_try(at) is None and not mail.outbox
    assert calling.call(waits.step, now=at) == 1, "a person can still have it sent"


def test_the_letter_leads_to_the_brands_own_host(waits, isla, moment, settings):
    settings.TUGON_ADDRESS = "https://tugon.example:8443"
    Domain.objects.create(domain="press.isla.example", tenant=isla, is_primary=True)
    mail.outbox.clear()
    pipeline.follow(moment)
    assert "https://press.isla.example:8443/portal/link/" in mail.outbox[0].body


def test_looking_changes_nothing(client, waits, letter):
    for _time in range(10):
        page = client.get(letter.path)
        assert page.status_code == 200 and "waits for your decision" in page.content.decode()
    assert client.head(letter.path).status_code == 200
    for way in ("approve", "changes"):
        assert client.get(letter.path, {"do": way}).status_code == 200
    letter.link.refresh_from_db()
    assert letter.link.used_at is None and not Decision.objects.filter(step=waits.step).exists()


def test_nothing_on_the_way_keeps_the_address(client, letter):
    page = client.get(letter.path)
    assert page["Cache-Control"] == "no-store, private"
    assert page["Referrer-Policy"] == "no-referrer"
    assert '<meta name="referrer" content="no-referrer">' in page.content.decode()
    record = logging.LogRecord("x", logging.WARNING, "", 0, "Gone: %s", (letter.path,), None)
    RequestIdFilter().filter(record)
    assert letter.token not in record.getMessage()


def test_approving_works_once(client, waits, letter):
    done = answer(client, waits, letter, name="  marta ")
    assert done.status_code == 303
    calm = client.get(done["Location"])
    assert calm.status_code == 200 and "You approved this statement" in calm.content.decode()
    waits.statement.refresh_from_db()
    assert waits.statement.status == "approved"
    decision = Decision.objects.get(step=waits.step)
    assert (decision.strength, decision.via, decision.person_name) == ("link", "link", "Marta")
    again = answer(client, waits, letter)
    assert again.status_code == 410 and "used this link" in again.content.decode()
    assert client.get(letter.path).status_code == 410
    assert Decision.objects.filter(step=waits.step).count() == 1


def test_a_browser_that_hides_its_origin_can_still_answer(waits, letter):
    """Under no-referrer a browser sends Origin: null; the CSRF check would refuse that."""
    strict = Client(enforce_csrf_checks=True)
    shown = {
        "revision_hash": waits.step.review.revision.hash,
        "verdict": "changes",
        "comment": "Add the number",
    }
    assert strict.post(letter.path, shown, headers={"Origin": "null"}).status_code == 303


@pytest.mark.parametrize("name", ["", "Lea", "marta g"])
def test_approving_asks_for_the_name_and_a_wrong_one_uses_nothing_up(client, waits, letter, name):
    refused = answer(client, waits, letter, name=name)
    assert refused.status_code == 422 and "Type your name" in refused.content.decode()
    letter.link.refresh_from_db()
    assert letter.link.used_at is None
    assert answer(client, waits, letter).status_code == 303


def test_asking_for_changes_needs_words_and_no_name(client, waits, letter):
    refused = answer(client, waits, letter, verdict="changes", comment=" ", name="")
    assert refused.status_code == 422
    done = answer(client, waits, letter, verdict="changes", comment="Say how many", name="")
    assert done.status_code == 303
    waits.statement.refresh_from_db()
    assert waits.statement.status == "changes_requested"


def test_expired(client, waits, letter, moment):
    ApprovalLink.objects.update(expires_at=moment - timedelta(seconds=1))
    page = answer(client, waits, letter)
    assert page.status_code == 410 and "three days" in page.content.decode()


def test_an_edit_ends_the_link_with_its_own_words(client, waits, letter, by, moment):
    desk.revise(waits.statement, by.ana, moment, "New words")
    page = answer(client, waits, letter, verdict="changes", comment="My long comment")
    assert page.status_code == 409 and "The text was edited" in page.content.decode()
    assert "My long comment" in page.content.decode()
    assert client.get(letter.path).status_code == 409
    assert not Decision.objects.filter(step=waits.step).exists()


def test_an_edit_after_anothers_approval_is_told_too(client, waits, letter, by, moment):
    desk.decide(waits.statement, by.marta, moment)
    page = client.get(letter.path)
    assert page.status_code == 410 and "decided already" in page.content.decode()
    desk.revise(waits.statement, by.ana, moment, "New words")
    assert client.get(letter.path).status_code == 409


def test_another_revision_is_refused(client, waits, letter):
    page = answer(client, waits, letter, revision_hash="0" * 64)
    assert page.status_code == 412 and "another version" in page.content.decode()
    letter.link.refresh_from_db()
    assert letter.link.used_at is None


def test_a_lost_seat_kills_the_link(client, waits, letter, people):
    Seat.objects.filter(user=people.marta).update(is_active=False)
    assert client.get(letter.path).status_code == 410
    assert answer(client, waits, letter).status_code == 410
    assert not Decision.objects.filter(step=waits.step).exists()


def test_who_wrote_in_it_cannot_approve_by_link(client, waits, letter, by, moment):
    from responses.statements.models import Revision

    latest = waits.statement.latest
    Revision.objects.create(
        statement=waits.statement, number=0, title="Old", author_id=by.marta.id, author_name="Marta",
        written_at=moment, hash=latest.hash,
    )  # fmt: skip
    page = answer(client, waits, letter)
    assert page.status_code == 403 and "wrote part" in page.content.decode()


@pytest.mark.parametrize("name", ["nilo", "lea", "jun", "charlie"])
def test_somebody_else_who_is_signed_in_finds_nothing(sign_in, waits, letter, name):
    browser = sign_in(name)
    assert browser.get(letter.path).status_code == 404
    assert answer(browser, waits, letter).status_code == 404


def test_a_token_is_good_at_its_own_brand_only(client, waits, letter):
    assert client.get(letter.path.replace("/isla/", "/luzon/")).status_code == 404
    assert client.get("/portal/isla/link/" + "x" * 43 + "/").status_code == 404
    assert client.get(letter.path + "done/").status_code == 404


def test_two_answers_at_once_are_one(committed_brand, now):
    world, by = committed_brand, committed_brand.by
    for _round in range(5):
        statement = desk.with_client(by.ana, by.lea, now)
        step = desk.active(statement)
        calling.call(step, now=now)
        link = ApprovalLink.objects.get(step=step)
        given = {"verdict": "approved", "comment": "", "name": "Marta", "now": now}
        given["revision_hash"] = step.review.revision.hash
        outcomes = world.run(*[lambda link=link, given=given: links.use_link(link, **given)] * 3)
        assert sum(isinstance(outcome, Decision) for outcome in outcomes) == 1, outcomes


def test_while_the_brand_is_suspended_a_link_shows_and_decides_nothing(client, letter, waits, isla):
    type(isla).objects.filter(pk=isla.pk).update(status="suspended")
    assert client.get(letter.path).status_code == 200
    sent = {"revision_hash": waits.step.review.revision.hash, "verdict": "approved", "name": "Marta"}
    assert client.post(letter.path, sent).status_code == 403
    type(isla).objects.filter(pk=isla.pk).update(status="active")
    assert client.post(letter.path, sent).status_code == 303
