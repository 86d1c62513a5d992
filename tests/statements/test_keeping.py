"""What is typed and not saved: kept a second later, back when the lid opens, and others are told of it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from responses.errors import Invalid
from responses.statements import drafting, keeping
from responses.statements.keeping_models import WorkingCopy
from responses.statements.models import Channel
from tenants import context

from . import desk


def at(name, *args):
    return reverse(f"responses:{name}", args=["isla", *args])


@pytest.fixture
def draft(brands, by, now):
    with context.inside(brands.isla):
        statement = desk.draft(by.ana, now)
        statement.first_channel = Channel.objects.order_by("position").first().pk
        return statement


def typed(statement, text, base=1):
    return {"title": statement.title, "language": "en", "base": base, f"text_{statement.first_channel}": text}


def test_a_closed_lid_loses_nothing(sign_in, draft, brands):
    browser = sign_in("ana")
    kept = browser.post(
        at("statement_keep", draft.pk), typed(draft, "Half a sentence, and then the lid")
    ).text
    assert "Kept at" in kept
    page = browser.get(at("statement", draft.pk)).text
    assert "Half a sentence, and then the lid" in page
    assert "is back" in page
    other = sign_in("ramon").get(at("statement", draft.pk)).text
    assert "Half a sentence" not in other, "a working copy is its writer's own"


def test_saving_a_revision_ends_the_copy(sign_in, draft, brands):
    browser = sign_in("ana")
    browser.post(at("statement_keep", draft.pk), typed(draft, "The whole sentence."))
    browser.post(at("statement_save", draft.pk), typed(draft, "The whole sentence."))
    assert "is back" not in browser.get(at("statement", draft.pk)).text
    with context.inside(brands.isla):
        assert not WorkingCopy.objects.exists()


def test_it_can_be_let_go_of(sign_in, draft):
    browser = sign_in("ana")
    browser.post(at("statement_keep", draft.pk), typed(draft, "Never mind."))
    assert browser.post(at("statement_let_go", draft.pk)).status_code == 303
    assert "Never mind." not in browser.get(at("statement", draft.pk)).text


def test_two_writers_see_each_other_and_what_was_saved_meanwhile(sign_in, draft, brands, by, now):
    sign_in("ana").post(at("statement_keep", draft.pk), typed(draft, "Ana's words"))
    told = sign_in("ramon").post(at("statement_keep", draft.pk), typed(draft, "Ramon's words")).text
    assert "Ana" in told
    assert "is writing here too" in told
    with context.inside(brands.isla):
        WorkingCopy.objects.filter(person_id=by.ana.id).update(seen_at=now - timedelta(hours=2))
    told = sign_in("ramon").post(at("statement_keep", draft.pk), typed(draft, "Ramon's words")).text
    assert "has words here that are not saved" in told
    sign_in("ana").post(at("statement_save", draft.pk), typed(draft, "Ana saved this."))
    told = sign_in("ramon").post(at("statement_keep", draft.pk), typed(draft, "Ramon's words")).text
    assert "saved revision 2 while you were writing" in told
    conflict = sign_in("ramon").post(at("statement_save", draft.pk), typed(draft, "Ramon's words"))
    assert conflict.status_code == 412
    assert "Ana saved this." in conflict.text
    assert "Ramon&#x27;s words" in conflict.text


def test_a_statement_that_is_not_begun_is_kept_too(sign_in, draft, brands):
    browser = sign_in("ana")
    browser.post(at("statement_keep_new"), typed(draft, "The very first words") | {"type": "apology"})
    page = browser.get(at("statement_new")).text
    assert "The very first words" in page
    assert "The very first words" not in browser.get(at("statement_new"), {"type": "holding"}).text
    browser.post(at("statement_let_go_new"), {"slot": "type=apology"})
    assert "The very first words" not in browser.get(at("statement_new")).text


def test_opening_another_kind_loses_nothing(sign_in, draft):
    """A place for each kind; a page in which nobody wrote keeps nothing."""
    browser = sign_in("ana")
    full = typed(draft, "Four paragraphs of the whole story") | {"type": "full", "slot": "type=full"}
    browser.post(at("statement_keep_new"), full)
    opened = browser.get(at("statement_new"), {"type": "apology"})
    assert 'href="?type=full">Full statement' in opened.text and "Four paragraphs" not in opened.text
    bound = opened.context["form"]
    untouched = {field.html_name: field.value() or "" for field in bound}
    untouched |= {name: opened.context[name] for name in ("slot", "shown")}
    assert "Kept at" not in browser.post(at("statement_keep_new"), untouched).text
    sorry = untouched | {f"text_{draft.first_channel}": "We are sorry"}
    assert "Kept at" in browser.post(at("statement_keep_new"), sorry).text
    again = browser.get(at("statement_new"), {"type": "full"}).text
    assert "Four paragraphs of the whole story" in again and "is back" in again
    assert browser.get(at("statement_new")).context["type"] == "apology", "the last one written"
    browser.post(at("statement_new"), sorry | {"title": "Sorry"})
    assert "Four paragraphs" in browser.get(at("statement_new")).text


def test_what_is_too_long_or_of_no_form_is_refused_in_words(sign_in, draft, isla, by, now):
    context.leave()
    answer = sign_in("ana").post(at("statement_keep", draft.pk), typed(draft, "x" * 250_000, base="-9"))
    assert "too long to be kept" in answer.text
    with context.inside(isla), pytest.raises(Invalid):
        keeping.keep(draft, {"text_1": "x" * 300_000}, base=1, by=by.ana, now=now)


def test_what_nobody_came_back_to_is_forgotten(isla, draft, by, now):
    keeping.keep(draft, {"title": "x"}, base=1, by=by.ana, now=now)
    assert keeping.forget(now + timedelta(days=29)) == 0
    assert keeping.forget(now + timedelta(days=31)) == 1
    assert drafting.Statement.objects.filter(pk=draft.pk).exists()
