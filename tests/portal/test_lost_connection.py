"""The portal on a bad line: no comment is lost, nothing is decided twice, and nothing is sent by itself."""

import re

import pytest
from django.core import mail
from django.utils import timezone

from responses.core.models import Event
from responses.statements import calling
from responses.statements.models import Decision
from tests.portal.in_hand import served
from tests.statements import desk

COMMENT = "Sabihin kung ilan ang ligtas, at kailan ang susunod na biyahe."


@pytest.fixture
def server(committed_brand):
    yield from served()


@pytest.fixture
def asked(committed_brand, now):
    """What Marta is asked, and the address in her letter."""
    by = committed_brand.by
    statement = desk.with_client(by.ana, by.lea, now)
    mail.outbox = []
    calling.call(desk.active(statement), now=timezone.now())
    return statement, re.search(r"/portal/\S+/link/\S+/", mail.outbox[0].body)[0]


@pytest.mark.browser
def test_offline_the_comment_stays_and_is_sent_on_demand(asked, server, hand):
    statement, path = asked

    def walk(phone):
        phone.goto(server.url + path)
        phone.get_by_role("link", name="Ask for changes").tap()
        phone.get_by_label("Your comment to the writer").fill(COMMENT)
        phone.context.set_offline(True)
        phone.get_by_role("button", name="Send").tap()
        phone.get_by_text("No connection: your comment is kept.").wait_for()
        kept = phone.get_by_label("Your comment to the writer").input_value()
        phone.context.set_offline(False)
        phone.wait_for_timeout(300)  # time in which it could, wrongly, send by itself
        assert phone.get_by_text("No connection: your comment is kept.").is_visible()
        phone.on("dialog", lambda dialog: dialog.accept())
        phone.reload()
        after_reload = phone.get_by_label("Your comment to the writer").input_value()
        stored = phone.evaluate("[Object.keys(localStorage).length, JSON.stringify({...sessionStorage})]")
        phone.get_by_role("button", name="Send").tap()
        phone.get_by_role("heading", name="Thank you. The writer has your comment.").wait_for()
        left = phone.evaluate("Object.keys(sessionStorage).filter((name) => name.startsWith('tugon')).join()")
        return kept, after_reload, stored, left

    kept, after_reload, (in_local, in_tab), left = hand(walk)
    assert kept == after_reload == COMMENT
    assert in_local == 0
    assert desk.NEWS not in in_tab
    assert left == ""
    decision = Decision.objects.get(step__review__revision__statement=statement, verdict="changes")
    assert decision.comment == COMMENT


@pytest.mark.browser
@pytest.mark.parametrize("way", ["approve", "changes"])
def test_an_answer_that_arrived_and_was_never_heard_of_is_not_given_twice(asked, server, way, hand):
    statement, path = asked

    def walk(phone):
        phone.goto(f"{server.url}{path}?do={way}")
        if way == "approve":
            phone.get_by_label("Type your name to approve").fill("Marta")
        else:
            phone.get_by_label("Your comment to the writer").fill(COMMENT)
        server.drops = 99  # Chromium by itself sends once more what was lost on a connection that it kept
        phone.locator("button[form=answer]").tap()
        phone.get_by_role("alert").filter(has_text="it never counts twice").wait_for()
        server.drops = 0
        phone.locator("button[form=answer]").tap()
        phone.get_by_role("heading", name="Thank you.").wait_for()
        return phone.get_by_role("heading", level=1).inner_text()

    words = hand(walk)
    assert (
        words
        == {
            "approve": "Thank you. You approved this statement.",
            "changes": "Thank you. The writer has your comment.",
        }[way]
    )
    marta = Decision.objects.filter(step__review__revision__statement=statement, via="link")
    assert marta.count() == 1
    statement.refresh_from_db()
    assert statement.status == {"approve": "approved", "changes": "changes_requested"}[way]
    assert Event.objects.filter(kind__in=["statement.approved", "statement.changes_requested"]).count() == 1


@pytest.mark.browser
def test_a_refusal_is_shown_in_place_with_what_was_typed(asked, server, hand):
    _statement, path = asked

    def walk(phone):
        phone.goto(f"{server.url}{path}?do=approve")
        phone.get_by_label("Type your name to approve").fill("Lea")
        phone.get_by_role("button", name="Yes, approve").tap()
        phone.get_by_text("Type your name as it stands above").wait_for()
        typed = phone.get_by_label("Type your name to approve").input_value()
        phone.get_by_label("Type your name to approve").fill("Marta")
        phone.get_by_role("button", name="Yes, approve").tap()
        phone.get_by_role("heading", name="Thank you. You approved this statement.").wait_for()
        return typed

    assert hand(walk) == "Lea"


class TestRepeats:
    """Without a browser: what a repeat is, and what is none."""

    def given(self, waits, **more):
        return {
            "revision_hash": waits.step.review.revision.hash,
            "verdict": "approved",
            "name": "Marta",
            **more,
        }

    def test_by_link(self, client, waits, letter):
        first = client.post(letter.path, self.given(waits))
        again = client.post(letter.path, self.given(waits, once="1"))
        assert (again.status_code, again["Location"]) == (303, first["Location"])
        assert client.post(letter.path, self.given(waits)).status_code == 410
        assert client.post(letter.path, self.given(waits, once="1", verdict="changes")).status_code == 410
        assert client.post(letter.path, self.given(waits, once="1", comment="No")).status_code == 410
        assert Decision.objects.filter(step=waits.step).count() == 1

    def test_by_account(self, sign_in, waits):
        browser, where = sign_in("marta"), f"/portal/isla/{waits.step.pk}/decide/"
        first = browser.post(where, self.given(waits))
        again = browser.post(where, self.given(waits, once="1"))
        assert (first.status_code, again.status_code) == (303, 303)
        assert "You approved this statement" in browser.get(again["Location"]).content.decode()
        assert browser.post(where, self.given(waits)).status_code == 409
        other = self.given(waits, once="1", verdict="changes", comment="Stop")
        assert browser.post(where, other).status_code == 409
        assert Decision.objects.filter(step=waits.step).count() == 1

    def test_of_nothing_it_is_a_first_answer(self, client, waits, letter):
        assert client.post(letter.path, self.given(waits, once="1")).status_code == 303
        assert Decision.objects.filter(step=waits.step).count() == 1
