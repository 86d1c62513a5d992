"""Comments through the doors people use: the desk's pages, with and without scripts."""

import re

import pytest
from django.urls import reverse

from agency.models import Seat, User
from agency.roles import Role
from responses.statements import commenting, entitling, reviewing
from responses.statements.commenting_models import Comment
from tests.statements import desk


def url(name, *args):
    return reverse(f"responses:{name}", args=["isla", *args])


@pytest.fixture
def statement(isla, by, now):
    return desk.in_review(by.ana, now)


def newsroom_of(statement):
    return statement.latest.variants.get(channel__kind="newsroom")


def say(statement, who, now, **given):
    text = {"text": "Sigurado ba ito?"} | given
    return commenting.comment(statement.latest, by=who, now=now, **text)


def test_a_sentence_is_chosen_without_scripts_and_shown_in_the_review(sign_in, statement):
    browser = sign_in("lea")
    page = browser.get(url("review", statement.pk)).content.decode()
    option = re.search(r'<option value="(\d+:\d+-\d+)">“Ligtas ang lahat.”', page)
    sent = {"place": option[1], "quote": "", "text": "Ilan?", "audience": "internal", "page": "review"}
    done = browser.post(url("comment_add", statement.pk), sent | {"revision": "1"})
    made = Comment.objects.get()
    assert done.status_code == 303 and done["Location"] == f"{url('review', statement.pk)}#comment-{made.pk}"
    assert made.quote == "Ligtas ang lahat." and made.is_internal
    page = browser.get(url("review", statement.pk)).content.decode()
    assert '<mark class="stretch">Ligtas ang lahat.</mark>' in page and f'href="#comment-{made.pk}"' in page
    assert "Ilan?" in page and "internal" in page


def test_words_are_typed_and_a_refusal_keeps_them(sign_in, statement):
    browser = sign_in("lea")
    sent = {"place": "", "quote": "wala rito", "text": "Mahabang sinabi", "audience": "client"}
    page = browser.post(url("comment_add", statement.pk), sent)
    words = page.content.decode()
    assert page.status_code == 422 and "These words are not in the text" in words
    assert "Mahabang sinabi" in words and "wala rito" in words
    assert not Comment.objects.exists()


def test_a_stretch_marked_with_the_pointer_stays_chosen_when_refused(sign_in, statement):
    pk = newsroom_of(statement).pk
    sent = {"place": f"{pk}:0-8", "quote": "Kaninang", "text": "", "audience": "internal"}
    page = sign_in("lea").post(url("comment_add", statement.pk), sent).content.decode()
    assert f'<option value="{pk}:0-8" selected>“Kaninang”' in page and "Write something first." in page


@pytest.mark.parametrize("place", ["9999999:0-4", "x", "1:2", "-1", "٣", "1" * 400])
def test_a_place_of_nowhere_is_refused(sign_in, statement, place):
    sent = {"place": place, "text": "?", "audience": "internal"}
    assert sign_in("lea").post(url("comment_add", statement.pk), sent).status_code == 422


def test_who_only_watches_comments_within_the_agency(sign_in, statement):
    browser = sign_in("paolo")
    assert 'name="audience"' not in browser.get(url("comments", statement.pk)).content.decode()
    browser.post(url("comment_add", statement.pk), {"text": "Napansin ko", "audience": "client"})
    assert Comment.objects.get().is_internal


def test_answer_resolve_reopen(sign_in, statement, by, now):
    made = say(statement, by.ana, now)
    browser = sign_in("lea")
    act = url("comment_act", statement.pk, made.pk)
    empty = browser.post(act, {"do": "reply", "text": " "})
    assert empty.status_code == 422 and "Write something first." in empty.content.decode()
    browser.post(act, {"do": "reply", "text": "Oo, sigurado."})
    browser.post(act, {"do": "resolve"})
    page = browser.get(url("comments", statement.pk)).content.decode()
    assert "Oo, sigurado." in page and "Resolved by Lea" in page and "1 settled" in page
    browser.post(act, {"do": "reopen"})
    assert "Reopened by Lea" in browser.get(url("comments", statement.pk)).content.decode()


def test_the_click_says_before_what_it_does_and_does_it(sign_in, statement, by, now):
    made = say(statement, by.lea, now, quote="Ligtas ang lahat.", replacement="Ligtas ang 214.", text="")
    browser = sign_in("ana")
    page = browser.get(url("review", statement.pk)).content.decode()
    for words in ("The review becomes void", "you cannot approve it", "Nor can Lea"):
        assert words in page
    done = browser.post(
        url("suggestion_act", statement.pk, made.pk), {"do": "apply", "page": "statement"}, follow=True
    )
    words = done.content.decode()
    assert "Saved as revision 2. The review is void" in words and "Ligtas ang 214." in words
    assert "Applied by Ana, as revision 2" in words
    assert entitling.authors(statement.pk) == {by.ana.id, by.lea.id}


def test_who_may_not_write_has_no_button_and_no_door(sign_in, statement, by, now):
    made = say(statement, by.lea, now, quote="Ligtas ang lahat.", replacement="Ligtas ang 214.", text="")
    browser = sign_in("ong")
    door = url("suggestion_act", statement.pk, made.pk)
    assert door not in browser.get(url("comments", statement.pk)).content.decode()
    assert browser.post(door, {"do": "apply"}).status_code == 403
    assert statement.latest.number == 1


def test_declined_with_a_reason(sign_in, statement, by, now):
    made = say(statement, by.lea, now, quote="Ligtas ang lahat.", replacement="Ligtas ang 214.", text="")
    door = url("suggestion_act", statement.pk, made.pk)
    page = sign_in("ana").post(door, {"do": "decline", "reason": "Hindi pa kumpirmado"}, follow=True)
    words = page.content.decode()
    assert "Declined by Ana" in words and "Hindi pa kumpirmado" in words


def test_a_comment_outlives_its_words(sign_in, statement, by, now):
    say(statement, by.lea, now, quote="Ligtas ang lahat.")
    desk.revise(statement, by.ana, now, "Usok lang pala.")
    page = sign_in("lea").get(url("comments", statement.pk)).content.decode()
    assert "The text was changed: these words stood in revision 1." in page and "Ligtas ang lahat." in page


def test_the_editor_leads_from_a_thread_into_its_field(sign_in, statement, by, now):
    made = say(statement, by.lea, now, quote="may sunog")
    page = sign_in("ana").get(url("statement", statement.pk)).content.decode()
    jump = f'href="#id_text_{made.variant.channel_id}" data-jump="{made.start},{made.end}"'
    assert jump in page and url("comments", statement.pk) in page


# --- differences


@pytest.fixture
def rewritten(statement, by, now):
    """Four wordings; the last is in review, and Lea saw the first."""
    for words in ("Ikalawa.", "Ikatlo.", "Ikaapat."):
        desk.revise(statement, by.ana, now, words)
    reviewing.submit(statement, by=by.ana, now=now)
    return statement


@pytest.mark.parametrize(
    ("asked", "gone"),
    [("", "Kaninang"), ("3", "Ikatlo."), ("2", "Ikalawa."), ("4", "Kaninang"), ("77", "Kaninang")]
    + [(odd, "Kaninang") for odd in ("x", "-1", "9" * 5000, "٣")],
)
def test_the_review_compares_with_any_earlier_revision(sign_in, rewritten, asked, gone):
    page = (
        sign_in("lea").get(url("review", rewritten.pk), {"against": asked} if asked else {}).content.decode()
    )
    assert f"<del>{gone}" in page and "Ikaapat." in page
    assert [number for number in "321" if f'<option value="{number}"' in page] == ["3", "2", "1"]


def test_the_history_compares_and_tells_the_title(sign_in, rewritten, by, now):
    browser = sign_in("paolo")
    page = browser.get(url("revision", rewritten.pk, 4), {"against": "2"}).content.decode()
    assert "Compared with revision 2" in page and "<del>Ikalawa.</del>" in page
    desk.revise(rewritten, by.ana, now, "Ikaapat.", title="Bagong pamagat")
    page = browser.get(url("revision", rewritten.pk, 5), {"against": "1"}).content.decode()
    assert "Title:" in page and "Bagong pamagat</ins>" in page
    editor = browser.get(url("statement", rewritten.pk)).content.decode()
    assert f'action="{url("revision", rewritten.pk, 5)}"' in editor


def test_a_spokesperson_of_the_client_reads_nothing_internal(client, isla, statement, by, now, people):
    voice = User.objects.create_user("voice@isla.example", "x", name="Kapitan")  # of no agency
    Seat.objects.create(user=voice, agency=people.lea.agency, brand=isla, role=Role.SPOKESPERSON)
    inside = say(statement, by.lea, now, text="lihim", quote="may sunog")
    desk.decide(statement, by.lea, now)
    say(statement, by.lea, now, text="Tama ba?", audience="client")
    client.force_login(voice)
    for name in ("comments", "review", "statement"):
        page = client.get(url(name, statement.pk)).content.decode()
        assert "lihim" not in page and "Tama ba?" in page
    act = url("comment_act", statement.pk, inside.pk)
    assert client.post(act, {"do": "reply", "text": "?"}).status_code == 404
    client.post(url("comment_add", statement.pk), {"text": "Kaya ko po.", "audience": "internal"})
    assert Comment.objects.get(side="client").text == "Kaya ko po."
