"""A session that ends while somebody writes loses no word: its writer is shown it again, nobody else is."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agency import unsent
from responses.statements.models import Revision
from tenants import context
from tests.cast import PASSWORD
from tests.statements import desk

TEXT = "Ligtas po ang lahat ng sakay <b>ngayon</b>."


@pytest.fixture
def room(brands, by, now):
    with context.inside(brands.isla):
        statement = desk.draft(by.ana, now)
    return f"/b/isla/statements/{statement.pk}/"


def write_signed_out(client, room, **more):
    """The session is gone, the page is still open, and its form is sent."""
    client.session.flush()
    form = {"base": "1", "note": TEXT, "password": "not to be kept", **more}
    answer = client.post(f"{room}save/", form, headers={"Referer": f"http://testserver{room}"})
    assert answer.status_code == 302 and reverse("account_login") in answer["Location"]
    return answer["Location"]


def enter(client, email, where):
    return client.post(where, {"login": email, "password": PASSWORD})


def test_it_is_shown_again_to_its_writer_on_its_page_until_it_is_sent(sign_in, room, people, brands):
    client = sign_in("ana")
    client.get(room)
    back = enter(client, people.ana.email, write_signed_out(client, room))
    assert back["Location"] == room
    assert "data-unsent=" not in client.get(reverse("board")).content.decode()
    page = client.get(room).content.decode()
    assert f'data-unsent="{room}save/"' in page and "Ligtas po ang lahat ng sakay &lt;b&gt;" in page
    assert "not to be kept" not in page
    assert "data-unsent=" in client.get(room).content.decode(), "a look does not use it up"
    with context.inside(brands.isla):
        assert Revision.objects.count() == 1, "nothing was sent by itself"
    client.post(f"{room}save/", {"note": "sent after all"})
    assert "data-unsent=" not in client.get(room).content.decode()


def test_whoever_else_signs_in_there_sees_nothing_of_it(sign_in, room, people):
    client = sign_in("ana")
    client.get(room)
    enter(client, people.lea.email, write_signed_out(client, room))
    page = client.get(room).content.decode()
    assert (
        "Lea" in page and "data-unsent=" not in page and "Ligtas po ang lahat ng sakay &lt;b&gt;" not in page
    )
    assert unsent.KEY not in client.session


def test_an_hour_later_it_is_gone(sign_in, room, people, monkeypatch):
    client = sign_in("ana")
    client.get(room)
    enter(client, people.ana.email, write_signed_out(client, room))
    later = (timezone.now() + timedelta(hours=1, seconds=5)).timestamp()
    monkeypatch.setattr(unsent.time, "time", lambda: later)
    assert "data-unsent=" not in client.get(room).content.decode()


@pytest.mark.parametrize("cookie", [None, "forged"])
def test_of_a_browser_nobody_was_signed_in_at_nothing_is_kept(client, room, cookie):
    if cookie:
        client.cookies[unsent.COOKIE] = cookie
    client.post(f"{room}save/", {"note": TEXT})
    assert unsent.KEY not in client.session


def test_what_is_very_long_is_left_out(sign_in, room):
    client = sign_in("ana")
    client.get(room)
    write_signed_out(client, room, text_1="word " * unsent.MOST_LETTERS)
    assert unsent.KEY not in client.session


def test_what_lets_in_somewhere_is_not_kept(sign_in, room):
    client = sign_in("ana")
    client.get(room)
    names = ("access_token", "client_secret", "api_key", "service_account", "signing_secret", "webhook_url")
    write_signed_out(client, room, **dict.fromkeys(names, "CANARY of a secret"))
    assert "CANARY" not in str(client.session[unsent.KEY])
