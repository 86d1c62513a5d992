"""The writer's and the reviewer's pages, as a browser without JavaScript uses them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from responses.incidents.models import Incident
from responses.statements.models import Statement
from tests import codes

from . import desk


@pytest.fixture
def moment():
    return timezone.now()


def url(name, *args):
    return reverse(f"responses:{name}", args=["isla", *args])


def wording(news=desk.NEWS, base=1, **more):
    fields = {f"text_{pk}": text for pk, text in desk.texts(news).items()}
    return {"title": "Sunog", "language": "fil", "note": "", "base": base, **fields, **more}


def test_from_skeleton_to_approved_by_the_agency(sign_in, isla, people, moment):
    incident = Incident.objects.create(number=991, title="Sunog sa barko", severity=4, opened_at=moment)
    desk.channels()
    ana = sign_in("ana")
    page = ana.get(url("statement_new"), {"incident": incident.pk, "type": "apology"}).content.decode()
    assert "This was our responsibility" in page and "Sunog sa barko" in page
    made = ana.post(url("statement_new"), wording(type="apology", incident=incident.pk))
    statement = Statement.objects.get(incident=incident)
    assert made.status_code == 303 and made["Location"] == url("statement", statement.pk)
    assert "Send to review" in ana.get(made["Location"]).content.decode()
    sent = ana.post(url("statement_submit", statement.pk), {"release_asked": "1"})
    assert sent["Location"] == url("review", statement.pk)
    statement.refresh_from_db()
    assert statement.status == "in_review" and not statement.release_on_approval
    lea = sign_in("lea")
    page = lea.get(url("review", statement.pk)).content.decode()
    assert "Your decision" in page
    step = desk.active(statement)
    data = {"step": step.pk, "revision_hash": step.review.revision.hash, "verdict": "approved"}
    refused = lea.post(url("decide", statement.pk), data)  # at Critical a password is not enough
    assert refused.status_code == 403 and "second factor" in refused.content.decode()
    codes.set_up(people.lea)
    assert "Your six-digit code" in lea.get(url("review", statement.pk)).content.decode()
    assert lea.post(url("decide", statement.pk), data | {"code": codes.code()}).status_code == 303
    assert desk.active(statement).function == "client"


def test_over_the_limit_keeps_the_text_and_says_by_how_much(sign_in, isla, by, moment):
    statement = desk.draft(by.ana, moment)
    data = wording()
    _newsroom, bluesky = desk.channels()
    data[f"text_{bluesky.pk}"] = "x" * 342
    page = sign_in("ana").post(url("statement_save", statement.pk), data)
    words = page.content.decode()
    assert page.status_code == 422 and "42 characters over the limit of 300" in words and "x" * 342 in words
    assert statement.latest.number == 1


def test_two_writers_see_both_texts_and_lose_nothing(sign_in, isla, by, moment):
    statement = desk.draft(by.ana, moment)
    desk.revise(statement, by.lea, moment, "What Lea wrote")
    ana = sign_in("ana")
    page = ana.post(url("statement_save", statement.pk), wording("What Ana wrote"))
    words = page.content.decode()
    assert page.status_code == 412
    assert (
        "What Ana wrote" in words
        and "Lea</ins>" in words.replace("What", "").replace(" wrote", "")
        or "Lea" in words
    )
    assert 'name="base" value="2"' in words
    merged = ana.post(url("statement_save", statement.pk), wording("What both wrote", base=2))
    assert merged.status_code == 303 and statement.latest.number == 3


def test_an_edit_in_review_warns_and_then_says_the_review_is_void(sign_in, isla, by, moment):
    statement = desk.in_review(by.ana, moment)
    ana = sign_in("ana")
    assert "voids the review" in ana.get(url("statement", statement.pk)).content.decode()
    page = ana.post(url("statement_save", statement.pk), wording("New"), follow=True)
    assert "The review is void" in page.content.decode()


def test_nothing_changed_is_said(sign_in, isla, by, moment):
    statement = desk.draft(by.ana, moment, title="Sunog")
    page = sign_in("ana").post(url("statement_save", statement.pk), wording(), follow=True)
    assert "Nothing was changed" in page.content.decode()


def test_an_author_is_told_why_they_may_not_decide(sign_in, isla, by, moment):
    statement = desk.in_review(by.lea, moment)
    browser = sign_in("lea")
    page = browser.get(url("review", statement.pk)).content.decode()
    assert "You wrote part of this statement" in page and "Approve this text" not in page
    step = desk.active(statement)
    data = {
        "step": step.pk,
        "revision_hash": step.review.revision.hash,
        "verdict": "changes",
        "comment": "Hm",
    }
    refused = browser.post(url("decide", statement.pk), data)
    assert refused.status_code == 403 and "Hm" in refused.content.decode()


def test_a_decision_on_an_old_revision_is_refused_and_keeps_the_comment(sign_in, isla, by, moment):
    statement = desk.in_review(by.ana, moment)
    step = desk.active(statement)
    desk.revise(statement, by.ana, moment, "New words")
    data = {
        "step": step.pk,
        "revision_hash": step.review.revision.hash,
        "verdict": "approved",
        "comment": "Fine",
    }
    page = sign_in("lea").post(url("decide", statement.pk), data)
    assert page.status_code == 409 and "The text was edited" in page.content.decode()
    statement.refresh_from_db()
    assert statement.status == "draft"


def test_the_review_shows_what_changed_since_this_person_decided(sign_in, isla, by, moment):
    statement = desk.in_review(by.ana, moment)
    desk.decide(statement, by.lea, moment, "changes", "How many?")
    desk.revise(statement, by.ana, moment, desk.NEWS + " Lahat ng 214.")
    sign_in("ana").post(url("statement_submit", statement.pk))
    page = sign_in("lea").get(url("review", statement.pk)).content.decode()
    assert "since revision 1" in page and "<ins>" in page


def test_the_list_puts_the_late_first_and_filters_by_incident(
    sign_in, isla, by, moment, django_assert_max_num_queries
):
    incident = Incident.objects.create(number=992, title="Sunog", severity=4, opened_at=moment)
    desk.draft(by.ana, moment, title="A draft")
    for number in range(5):
        desk.draft(by.ana, moment, title=f"Another {number}")
    late = desk.in_review(by.ana, moment - timedelta(hours=1), incident)
    browser = sign_in("paolo")
    with django_assert_max_num_queries(16):
        page = browser.get(url("statements")).content.decode()
    assert page.index(url("review", late.pk)) < page.index("A draft") and "late" in page
    filtered = browser.get(url("statements"), {"incident": incident.pk}).content.decode()
    assert url("review", late.pk) in filtered and "A draft" not in filtered


def test_a_revision_has_its_page(sign_in, isla, by, moment):
    statement = desk.draft(by.ana, moment)
    desk.revise(statement, by.ana, moment, "New words", note="Shorter")
    page = sign_in("paolo").get(url("revision", statement.pk, 2)).content.decode()
    assert "Shorter" in page and statement.latest.hash in page and "<ins>" in page
    assert sign_in("paolo").get(url("revision", statement.pk, 9)).status_code == 404


def test_after_the_first_word_an_update_is_offered(sign_in, isla, by, moment):
    incident = Incident.objects.create(number=992, title="Sunog sa barko", severity=4, opened_at=moment)
    chosen = r'aria-current="page">([^<]+)<'
    page = sign_in("ana").get(url("statement_new"), {"incident": incident.pk}).content.decode()
    assert re.search(chosen, page.partition('class="tabs"')[2])[1] == "Holding statement"
    statement = desk.draft(by.ana, moment, incident)
    Statement.objects.filter(pk=statement.pk).update(status="published")
    page = sign_in("ana").get(url("statement_new"), {"incident": incident.pk}).content.decode()
    assert re.search(chosen, page.partition('class="tabs"')[2])[1] == "Update"


def test_withdraw_and_letters(sign_in, isla, by, moment):
    statement = desk.with_client(by.ana, by.lea, moment)
    ana = sign_in("ana")
    assert "No letter has gone to" in ana.get(url("review", statement.pk)).content.decode()
    assert "1 letter was sent" in ana.post(url("letters", statement.pk), follow=True).content.decode()
    assert ana.post(url("statement_withdraw", statement.pk), {"reason": "Wrong"}).status_code == 303
    statement.refresh_from_db()
    assert statement.status == "withdrawn"
    page = ana.post(url("statement_save", statement.pk), wording("Too late"))
    assert page.status_code == 422 and "Too late" in page.content.decode()


@pytest.mark.parametrize("name", ["jun", "charlie", "nobody", "marta", "nilo"])
def test_strangers_and_clients_find_nothing_at_the_desk(sign_in, isla, by, moment, name):
    pk = desk.in_review(by.ana, moment).pk
    browser = sign_in(name)
    for path in (
        url("statements"),
        url("statement_new"),
        url("statement", pk),
        url("review", pk),
        url("revision", pk, 1),
    ):
        assert browser.get(path).status_code == 404
    for path in ("statement_save", "statement_submit", "statement_withdraw", "decide", "letters"):
        assert browser.post(url(path, pk)).status_code == 404


@pytest.mark.parametrize(
    ("name", "forbidden"),
    [
        ("paolo", {"statement_save", "statement_submit", "statement_withdraw", "decide", "letters"}),
        ("ong", {"statement_save", "statement_submit", "statement_withdraw", "letters"}),
        ("ana", {"decide"}),
    ],
)
def test_colleagues_without_the_capability_are_told_so(sign_in, isla, by, moment, name, forbidden):
    pk = desk.in_review(by.ramon, moment).pk
    browser = sign_in(name)
    for path in forbidden:
        assert browser.post(url(path, pk)).status_code == 403


def test_the_steps_refresh_themselves_only_when_something_happened(sign_in, isla, by, moment):
    statement = desk.in_review(by.ana, moment)
    browser = sign_in("ana")
    page = browser.get(url("review", statement.pk)).content.decode()
    part = re.search(r'hx-get="([^"]+part=steps[^"]+)"', page)[1].replace("&amp;", "&")
    asked = {"headers": {"HX-Request": "true"}}
    assert browser.get(part, **asked).status_code == 204
    desk.decide(statement, by.lea, moment)
    fresh = browser.get(part, **asked)
    assert (
        fresh.status_code == 200 and "Lea" in fresh.content.decode() and "<html" not in fresh.content.decode()
    )
