"""What the client reads and says of a text, and that nothing internal ever reaches them."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from api import keys
from api.scopes import Scope
from responses import pipeline
from responses.publishing import releasing
from responses.publishing.evidence import packing
from responses.statements import commenting, deputising, reviewing, suggesting
from responses.statements.commenting_models import Comment
from tests.statements import desk
from tests.staying import StayingClient

SECRET = "lihim-ng-ahensiya"


def url(name, *args):
    return reverse(f"portal:{name}", args=["isla", *args])


def say(waits, who, moment, **given):
    revision = waits.step.review.revision
    return commenting.comment(revision, by=who, now=moment, **{"text": "Sigurado ba ito?"} | given)


@pytest.fixture
def said(waits, by, moment):
    """An internal thread and suggestion, full of what must not leak, and one said to the client."""
    inside = say(waits, by.lea, moment, text=SECRET, quote="may sunog")
    commenting.reply(inside, text=f"{SECRET} sagot", by=by.ana, now=moment)
    say(waits, by.ong, moment, text="", quote="Ligtas ang lahat.", replacement=f"{SECRET} salita")
    declined = say(waits, by.ong, moment, text="", quote="MV Amihan.", replacement=f"{SECRET} barko")
    suggesting.decline(declined, by=by.ana, now=moment, reason=f"{SECRET} dahilan")
    outside = say(waits, by.lea, moment, text="Tama ba ang oras?", quote="12:40", audience="client")
    return inside, outside


def shown(waits, **more):
    return {"do": "add", "place": "", "quote": "", "text": "Ilan po?", **more}


# --- leaks


def test_no_page_of_the_client_knows_of_what_is_internal(sign_in, waits, said, letter):
    assert SECRET not in letter.message.body + letter.message.subject
    for name in ("marta", "nilo"):
        browser = sign_in(name)
        for where in (url("home"), url("decided"), url("decision", waits.step.pk)):
            for query in ({}, {"do": "approve"}, {"do": "changes"}, {"against": "1"}):
                page = browser.get(where, query)
                assert page.status_code == 200 and SECRET not in page.content.decode()
    for query in ({}, {"do": "approve"}, {"do": "changes"}):
        page = StayingClient().get(letter.path, query).content.decode()
        assert SECRET not in page and "may sunog</mark>" not in page
    assert "Tama ba ang oras?" in StayingClient().get(letter.path).content.decode()


def test_letters_evidence_and_newsroom_know_nothing_either(waits, said, by, moment):
    mail.outbox.clear()
    desk.decide(waits.statement, by.marta, moment)
    pipeline.follow(moment)
    releasing.release_due(moment)
    while pipeline.follow(moment):
        releasing.release_due(moment)
    sent = [message.body for message in mail.outbox]
    packs = [str(packing.pack(each, now=moment)) for each in waits.statement.publications.all()]
    pages = [
        StayingClient().get(f"/newsroom/isla/{rest}").content.decode()
        for rest in ("", "atom.xml", "feed.json")
    ]
    assert packs and not [text for text in (*sent, *packs, *pages) if SECRET in text]


def test_an_applied_internal_suggestion_names_its_writer_and_nothing_else(waits, said, by, moment):
    mine = say(waits, by.ong, moment, text=SECRET, quote="Ligtas ang lahat.", replacement="Ligtas ang 214.")
    revision = suggesting.apply(mine, by=by.ana, now=moment)
    told = packing.told_of_writing(revision)
    assert told["with_words_by"] == [{"id": by.ong.id, "name": "Ong"}] and SECRET not in str(told)


def test_a_key_that_only_reads_may_be_the_clients_and_finds_nothing_internal(waits, said, by, moment):
    spelled = keys.issue(name="k", scopes=[Scope.READ], by=by.ramon, now=moment)[1]
    auth = {"HTTP_AUTHORIZATION": f"Bearer {spelled}"}
    inside, outside = said
    listed = StayingClient().get("/api/v1/brands/isla/comments", **auth).json()
    assert [row["id"] for row in listed["items"]] == [f"cmt_{outside.pk}"]
    assert StayingClient().get(f"/api/v1/brands/isla/comments/cmt_{inside.pk}", **auth).status_code == 404
    events = StayingClient().get("/api/v1/brands/isla/events?limit=200", **auth).content.decode()
    assert "comment.written" in events and SECRET not in events


def test_internal_threads_cannot_be_answered_or_resolved_from_the_portal(sign_in, waits, said, letter):
    inside = said[0]
    for door, browser in (
        (url("comment", waits.step.pk), sign_in("marta")),
        (f"{letter.path}comments/", StayingClient()),
    ):
        for deed in ("reply", "resolve", "reopen"):
            assert browser.post(door, {"do": deed, "on": inside.pk, "text": "x"}).status_code == 404
    inside.refresh_from_db()
    assert inside.status == "open" and inside.replies.count() == 1


# --- speaking


def test_the_client_comments_and_answers_by_account(sign_in, waits, said):
    browser, page = sign_in("marta"), url("decision", waits.step.pk)
    door = url("comment", waits.step.pk)
    done = browser.post(door, shown(waits, quote="sa makina"))
    made = Comment.objects.get(side="client")
    assert done["Location"] == f"{page}#comment-{made.pk}" and made.quote == "sa makina"
    assert made.audience == "client"
    browser.post(door, {"do": "reply", "on": said[1].pk, "text": "Tama po."})
    browser.post(door, {"do": "resolve", "on": said[1].pk})
    words = browser.get(page).content.decode()
    assert "Ilan po?" in words and "Tama po." in words and "Resolved by Marta" in words


def test_and_by_link_which_stays_good_for_the_decision(waits, letter):
    done = StayingClient().post(f"{letter.path}comments/", shown(waits, audience="internal"))
    made = Comment.objects.get()
    assert done.status_code == 303 and (made.via, made.by_name, made.audience) == ("link", "Marta", "client")
    assert done["Referrer-Policy"] == "no-referrer" and "no-store" in done["Cache-Control"]
    assert "Ilan po?" in StayingClient().get(letter.path).content.decode()
    letter.link.refresh_from_db()
    assert letter.link.used_at is None
    assert StayingClient().post("/portal/isla/link/wrong-token/comments/", shown(waits)).status_code == 404


def test_a_refusal_keeps_what_was_typed(sign_in, waits, letter):
    for door, browser in (
        (url("comment", waits.step.pk), sign_in("marta")),
        (f"{letter.path}comments/", StayingClient()),
    ):
        page = browser.post(door, shown(waits, quote="wala rito"))
        words = page.content.decode()
        assert page.status_code == 422 and "These words are not in the text" in words and "Ilan po?" in words


def test_a_link_that_ended_gives_the_comment_back(waits, letter, by, moment):
    desk.decide(waits.statement, by.marta, moment)
    page = StayingClient().post(f"{letter.path}comments/", shown(waits))
    assert page.status_code == 410 and "Ilan po?" in page.content.decode()
    assert not Comment.objects.exists()


def test_suggesting_says_what_it_costs(sign_in, waits, by, moment):
    browser = sign_in("marta")
    page = browser.get(url("decision", waits.step.pk)).content.decode()
    assert "then somebody else of your house approves it" in page
    browser.post(
        url("comment", waits.step.pk), shown(waits, quote="Ligtas ang lahat.", replacement="Ligtas ang 214.")
    )
    made = Comment.objects.get()
    assert made.replacement == "Ligtas ang 214."
    suggesting.apply(made, by=by.ana, now=moment)
    waits.statement.refresh_from_db()
    reviewing.submit(waits.statement, by=by.ana, now=moment)
    desk.decide(waits.statement, by.lea, moment)
    step = desk.active(waits.statement)
    page = browser.get(url("decision", step.pk)).content.decode()
    assert "You wrote part of this statement" in page
    data = {"revision_hash": step.review.revision.hash, "verdict": "approved"}
    assert browser.post(url("decide", step.pk), data).status_code == 403


def test_an_observer_reads_along(sign_in, waits, said):
    browser = sign_in("nilo")
    page = browser.get(url("decision", waits.step.pk)).content.decode()
    assert "Tama ba ang oras?" in page and 'id="remark"' not in page
    refused = browser.post(url("comment", waits.step.pk), shown(waits))
    assert refused.status_code == 403 and "Ilan po?" in refused.content.decode()
    assert not Comment.objects.filter(side="client").exists()


def test_an_observer_who_is_a_deputy_comments_as_the_page_offers(sign_in, waits, by, moment):
    until = moment + timedelta(hours=9)
    stands_in = deputising.name_deputy(
        person=by.marta, deputy=by.nilo, by=by.marta, now=moment, away_from_at=moment, away_until_at=until
    )
    browser, page, door = sign_in("nilo"), url("decision", waits.step.pk), url("comment", waits.step.pk)
    assert 'id="remark"' in browser.get(page).content.decode()
    assert browser.post(door, shown(waits)).status_code == 303
    made = Comment.objects.get(side="client")
    assert made.by_name == "Nilo"
    assert browser.post(door, {"do": "resolve", "on": made.pk}).status_code == 303
    deputising.let_go(stands_in, by=by.marta, now=moment)  # with the page still open
    for sent in (shown(waits, text="Sino po?"), {"do": "reply", "on": made.pk, "text": "Sino po?"}):
        refused = browser.post(door, sent)
        assert refused.status_code == 403 and "Sino po?" in refused.content.decode()
    assert browser.post(door, {"do": "reopen", "on": made.pk}).status_code == 403


@pytest.mark.parametrize("name", ["jun", "charlie", "lea", "nobody"])
def test_who_is_no_client_of_the_brand_finds_no_door(sign_in, waits, name):
    assert sign_in(name).post(url("comment", waits.step.pk), shown(waits)).status_code == 404
    assert not Comment.objects.exists()


# --- differences


def test_the_client_compares_with_what_they_were_shown_only(sign_in, waits, by, moment):
    desk.decide(waits.statement, by.marta, moment, "changes", "Ilan?")
    desk.revise(waits.statement, by.ana, moment, f"{SECRET} na burador.")
    desk.revise(waits.statement, by.ana, moment, "Ligtas ang 214.")
    reviewing.submit(waits.statement, by=by.ana, now=moment)
    desk.decide(waits.statement, by.lea, moment)
    browser, step = sign_in("marta"), desk.active(waits.statement)
    for asked in ("", "1", "2", "3", "99"):
        page = browser.get(url("decision", step.pk), {"against": asked}).content.decode()
        assert SECRET not in page and "What changed since revision 1" in page
    desk.decide(waits.statement, by.marta, moment, "changes", "Sino?")
    desk.revise(waits.statement, by.ana, moment, "Ligtas ang 214 na sakay.")
    reviewing.submit(waits.statement, by=by.ana, now=moment)
    desk.decide(waits.statement, by.lea, moment)
    step = desk.active(waits.statement)
    page = browser.get(url("decision", step.pk)).content.decode()
    assert [number for number in "1234" if f'<option value="{number}"' in page] == ["1", "3"]
    assert "What changed since revision 3" in page
    page = browser.get(url("decision", step.pk), {"against": "1"}).content.decode()
    assert "What changed since revision 1" in page and SECRET not in page


def test_a_comment_on_a_text_the_client_never_got_stays_with_the_agency(sign_in, waits, by, moment):
    desk.decide(waits.statement, by.marta, moment, "changes", "Ilan?")
    draft = desk.revise(waits.statement, by.ana, moment, f"{SECRET} na burador.")
    commenting.comment(draft, text="Ganito?", quote=SECRET, audience="client", by=by.lea, now=moment)
    desk.revise(waits.statement, by.ana, moment, "Ligtas ang 214.")
    reviewing.submit(waits.statement, by=by.ana, now=moment)
    desk.decide(waits.statement, by.lea, moment)
    page = sign_in("marta").get(url("decision", desk.active(waits.statement).pk)).content.decode()
    assert SECRET not in page and "Ganito?" not in page
