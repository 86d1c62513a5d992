"""The client's window: what waits, two taps, and nothing for those it is not meant for."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agency.models import Seat
from agency.roles import Role
from responses import pipeline
from responses.monitoring.models import HourCount
from responses.statements import commenting, deputising, hurrying, reviewing, suggesting
from responses.statements.models import Decision
from tests.statements import desk
from tests.staying import StayingClient


def url(name, *args):
    return reverse(f"portal:{name}", args=["isla", *args])


def shown(waits, **more):
    return {"revision_hash": waits.step.review.revision.hash, **more}


def test_home_shows_what_waits_first_due_first(sign_in, waits, by, moment):
    early = desk.with_client(by.ana, by.lea, moment - timedelta(days=2))
    page = sign_in("marta").get(url("home")).content.decode()
    assert page.index(url("decision", desk.active(early).pk)) < page.index(url("decision", waits.step.pk))
    assert "2 statements wait for your decision" in page and "late" in page


def test_home_counts_as_yours_only_what_waits_for_you(sign_in, isla, by, moment, agree, someone):
    agree(desk.step(desk.AGENCY), desk.step(desk.group("client", "some", 2)))
    bea = someone("Bea", Role.CLIENT_APPROVER)
    statement = desk.with_client(by.ana, by.lea, moment)
    browser, address = sign_in("marta"), url("decision", desk.active(statement).pk)
    assert "One statement waits for your decision" in browser.get(url("home")).content.decode()
    desk.decide(statement, by.marta, moment)
    page = browser.get(url("home")).content.decode()
    assert "waits for your decision" not in page and address in page
    assert "You have approved; others are still asked." in page
    desk.with_client(by.ana, by.lea, moment)
    assert "One statement waits for your decision" in browser.get(url("home")).content.decode()
    desk.decide(statement, bea, moment)
    assert "others are still asked" not in browser.get(url("home")).content.decode()


def test_home_says_who_else_is_asked_once_the_house_has_approved(sign_in, isla, by, moment, agree, someone):
    agree(desk.step(desk.AGENCY), desk.step(desk.LEGAL, desk.CLIENT))
    bea = someone("Bea", Role.CLIENT_APPROVER)
    statement = desk.with_client(by.ana, by.lea, moment)
    desk.decide(statement, bea, moment)
    page = sign_in("marta").get(url("home")).content.decode()
    assert "Your house has approved; others are still asked." in page and "your decision" not in page


def test_home_knows_who_wrote_along(sign_in, waits, by, moment):
    mine = commenting.comment(
        waits.step.review.revision, text="", quote="Ligtas ang lahat.", replacement="Ligtas ang 214.",
        audience="client", by=by.marta, now=moment,
    )  # fmt: skip
    suggesting.apply(mine, by=by.ana, now=moment)
    waits.statement.refresh_from_db()
    reviewing.submit(waits.statement, by=by.ana, now=moment)
    desk.decide(waits.statement, by.lea, moment)
    page = sign_in("marta").get(url("home")).content.decode()
    assert "You wrote part of this statement" in page and "your decision" not in page


def test_home_asks_a_deputy_once_called(sign_in, waits, by, moment):
    deputising.name_deputy(person=by.marta, deputy=by.nilo, by=by.marta, now=moment)
    browser = sign_in("nilo")
    assert "Others of your house decide" in browser.get(url("home")).content.decode()
    hurrying.take_measure(waits.step, hurrying.DEPUTIES, moment)
    assert "One statement waits for your decision" in browser.get(url("home")).content.decode()


def test_home_with_nothing_says_so(sign_in, isla):
    assert "Nothing waits for you" in sign_in("marta").get(url("home")).content.decode()


def test_the_page_says_what_it_answers_how_loud_it_is_and_who_decided(sign_in, waits, moment):
    HourCount.objects.create(
        hour=moment.replace(minute=0, second=0, microsecond=0), negative=4000, neutral=118
    )
    HourCount.objects.create(hour=moment - timedelta(hours=5), negative=77777)
    page = sign_in("marta").get(url("decision", waits.step.pk)).content.decode()
    for words in (desk.NEWS, desk.SHORT, "Sunog sa MV Amihan", "Moderate", "Lea"):
        assert words in page
    assert "4118 mentions since" in page.replace(",", "")


def test_approve_in_two_taps_without_javascript(sign_in, waits):
    browser = sign_in("marta")
    page = url("decision", waits.step.pk)
    assert f"{page}?do=approve" in browser.get(page).content.decode()
    confirm = browser.get(page, {"do": "approve"}).content.decode()
    assert 'action="' + url("decide", waits.step.pk) in confirm and "Newsroom" in confirm
    done = browser.post(url("decide", waits.step.pk), shown(waits, verdict="approved"))
    assert done.status_code == 303
    assert "You approved this statement" in browser.get(done["Location"]).content.decode()
    waits.statement.refresh_from_db()
    assert waits.statement.status == "approved"
    assert Decision.objects.get(step=waits.step).strength == "password"


def test_ask_for_changes_and_a_refusal_keeps_the_page(sign_in, waits):
    browser = sign_in("marta")
    refused = browser.post(url("decide", waits.step.pk), shown(waits, verdict="changes", comment=""))
    assert refused.status_code == 422 and "Say what should change" in refused.content.decode()
    done = browser.post(url("decide", waits.step.pk), shown(waits, verdict="changes", comment="Say how many"))
    assert "The writer has your comment" in browser.get(done["Location"]).content.decode()


def test_a_decision_on_an_edited_text_is_refused_and_keeps_the_comment(sign_in, waits, by, moment):
    desk.revise(waits.statement, by.ana, moment, "New words")
    data = shown(waits, verdict="changes", comment="My long comment")
    page = sign_in("marta").post(url("decide", waits.step.pk), data)
    assert page.status_code == 409
    words = page.content.decode()
    assert "The text was edited" in words and "My long comment" in words


def test_the_next_revision_shows_what_changed(sign_in, waits, by, moment):
    desk.decide(waits.statement, by.marta, moment, "changes", "Say how many")
    desk.revise(waits.statement, by.ana, moment, desk.NEWS + " Ligtas ang 214.")
    reviewing.submit(waits.statement, by=by.ana, now=moment)
    desk.decide(waits.statement, by.lea, moment)
    step = desk.active(waits.statement)
    page = sign_in("marta").get(url("decision", step.pk)).content.decode()
    assert "<ins>" in page and "214." in page and "What changed since revision 1" in page


def test_a_text_that_has_not_reached_the_client_is_not_there(sign_in, isla, by, moment):
    statement = desk.in_review(by.ana, moment)
    step = statement.latest.review.steps.get(function="client")
    first = statement.latest.review.steps.get(function="agency")
    browser = sign_in("marta")
    for pk in (step.pk, first.pk):
        assert browser.get(url("decision", pk)).status_code == 404
        assert browser.post(url("decide", pk), {"verdict": "approved"}).status_code == 404


def test_an_observer_reads_and_has_no_buttons(sign_in, waits):
    browser = sign_in("nilo")
    for query in ({}, {"do": "approve"}, {"do": "changes"}):
        page = browser.get(url("decision", waits.step.pk), query)
        assert page.status_code == 200
        assert 'class="bar"' not in page.content.decode() and "Others of your house" in page.content.decode()
    assert browser.post(url("decide", waits.step.pk), shown(waits, verdict="approved")).status_code == 403
    assert not Decision.objects.filter(step=waits.step).exists()


@pytest.mark.parametrize("name", ["jun", "charlie", "kara", "nobody", "lea", "tess"])
def test_who_is_no_client_of_the_brand_finds_nothing(sign_in, waits, name):
    browser = sign_in(name)
    for path in (url("home"), url("decided"), url("decision", waits.step.pk)):
        assert browser.get(path).status_code == 404
    assert browser.post(url("decide", waits.step.pk), shown(waits, verdict="approved")).status_code == 404


def test_who_is_not_signed_in_is_asked_to(client, waits):
    assert client.get(url("home")).status_code == 302


def test_a_seat_lost_with_the_page_open(sign_in, waits, people):
    browser = sign_in("marta")
    assert browser.get(url("decision", waits.step.pk)).status_code == 200
    Seat.objects.filter(user=people.marta).update(is_active=False)
    assert browser.post(url("decide", waits.step.pk), shown(waits, verdict="approved")).status_code == 404
    assert not Decision.objects.filter(step=waits.step).exists()


def test_what_was_decided_stays(sign_in, waits, by, moment):
    desk.decide(waits.statement, by.marta, moment)
    page = sign_in("marta").get(url("decided")).content.decode()
    assert waits.statement.title in page and "Marta" in page


def test_get_never_decides(sign_in, waits):
    browser = sign_in("marta")
    assert browser.get(url("decide", waits.step.pk), shown(waits, verdict="approved")).status_code == 302
    assert not Decision.objects.filter(step=waits.step).exists()


def test_the_pages_cost_the_same_with_one_or_ten_waiting(sign_in, waits, by, moment):
    browser = sign_in("marta")

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(url("home")).status_code == 200
        return len(captured)

    queries()
    one = queries()
    for _number in range(9):
        desk.with_client(by.ana, by.lea, moment)
    assert queries() == one <= 17


def test_who_is_asked_reads_everywhere_that_silence_approves(sign_in, isla, by, moment, agree):
    agree(desk.step(desk.AGENCY), desk.step(desk.CLIENT, silence=60))
    waits = desk.active(desk.with_client(by.ana, by.lea, moment))
    mail.outbox.clear()
    pipeline.follow(moment)
    hurrying.write_reminders(waits, moment)
    letters = [one.body for one in mail.outbox if one.to == ["marta@isla.example"]]
    link = re.search(r"/portal/(?:isla/)?link/\S+/", letters[0])[0]
    browser, page = sign_in("marta"), url("decision", waits.pk)
    pages = [browser.get(where).content.decode() for where in (url("home"), page, f"{page}?do=approve")]
    pages.append(StayingClient().get(link).content.decode())
    assert len(letters) == 2
    for words in (*letters, *pages):
        assert "If nobody objects by then, it counts as approved." in words


def test_a_step_that_silence_does_not_pass_says_nothing_of_it(sign_in, waits, letter):
    page = sign_in("marta").get(url("decision", waits.step.pk)).content.decode()
    assert "If nobody objects" not in page + letter.message.body
