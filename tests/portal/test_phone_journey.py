"""From the letter to approved in two taps, on a phone; and every other way of opening that link.

A mail scanner changes nothing; the same link twice, late, for another revision or in another person's hands
says so in the right words and does nothing (A6).
"""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from responses import pipeline
from responses.core.models import Event
from responses.statements import seeing
from responses.statements.link_models import ApprovalLink
from responses.statements.models import Decision
from tenants import context
from tests.portal.in_hand import served
from tests.statements import desk
from tests.staying import StayingClient

pytestmark = pytest.mark.browser


@pytest.fixture
def server(committed_brand, settings):
    for server in served():
        settings.TUGON_ADDRESS = server.url
        yield server


@pytest.fixture
def letter(committed_brand, server, now):
    """What Marta reads in her mailbox: sent by the pipeline, its address taken from its text."""
    by, now = committed_brand.by, timezone.now()
    statement = desk.with_client(by.ana, by.lea, now)
    mail.outbox = []
    pipeline.follow(now)
    [message] = [each for each in mail.outbox if each.to == [committed_brand.people.marta.email]]
    url = re.search(r"https?://\S+/link/\S+/", message.body)[0]
    assert url.startswith(server.url)
    link = ApprovalLink.objects.get(step=desk.active(statement))
    return SimpleNamespace(statement=statement, url=url, link=link, body=message.body)


def as_it_was(letter):
    """Nothing that matters has changed: no decision, the link unused, the step open."""
    letter.link.refresh_from_db()
    letter.statement.refresh_from_db()
    decided = Decision.objects.filter(step=letter.link.step_id).count()
    return (letter.link.used_at, letter.statement.status, decided) == (None, "in_review", 0)


def opened(phone, url):
    answer = phone.goto(url)
    return answer.status, " ".join(phone.locator("main").inner_text().split())


def signed_in_as(person):
    """The session's cookie of a person who is signed in."""
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_two_taps_after_the_scanner_and_no_third(letter, server, hand):
    scanner = StayingClient(headers={"User-Agent": "SafeLinks"})
    path = letter.url.removeprefix(server.url)
    for _time in range(10):
        assert scanner.get(path).status_code == 200
        assert scanner.head(path).status_code == 200
        assert scanner.get(path, {"do": "approve"}).status_code == 200
        assert scanner.options(path).status_code == 405
    assert as_it_was(letter)
    assert Event.objects.filter(kind=seeing.OPENED).count() == 1
    assert not Event.objects.filter(kind=seeing.SEEN).exists()

    def walk(phone):
        first = opened(phone, letter.url)
        wide = phone.evaluate("document.documentElement.scrollWidth")
        phone.get_by_role("link", name="Approve", exact=True).tap()  # one
        phone.get_by_label("Type your name to approve").fill("Marta")
        phone.get_by_role("button", name="Yes, approve").tap()  # two
        phone.get_by_role("heading", name="Thank you. You approved this statement.").wait_for()
        return first, wide, opened(phone, letter.url), opened(phone, f"{letter.url}?do=approve")

    (status, words), wide, *again = hand(walk)
    assert status == 200
    assert wide <= 390
    assert "This statement waits for your decision" in words
    assert desk.NEWS in words
    letter.statement.refresh_from_db()
    assert letter.statement.status == "approved"
    [decision] = Decision.objects.filter(step=letter.link.step_id)
    assert (decision.person_name, decision.via, decision.strength) == ("Marta", "link", "link")
    for status, words in again:
        assert status == 410
        assert "You have answered already" in words
        assert "You have used this link: your answer is with the agency. Nothing is left to do." in words
        assert "Marta: approved" in words


def test_late(letter, hand):
    ApprovalLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    def walk(phone):
        return opened(phone, letter.url)

    status, words = hand(walk)
    assert status == 410
    assert "This link is older than three days and has ended. Sign in, or ask the agency." in words
    assert as_it_was(letter)


def test_late_between_the_first_tap_and_the_second(letter, committed_brand, hand):
    def expire():
        """In the browser's thread, on a connection of its own."""
        with context.inside(committed_brand.brand):
            ApprovalLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        connection.close()

    def walk(phone):
        phone.goto(f"{letter.url}?do=changes")
        phone.get_by_label("Your comment to the writer").fill("Say how many")
        expire()
        phone.get_by_role("button", name="Send").tap()
        phone.get_by_role("heading", name="This link has ended").wait_for()
        return " ".join(phone.locator("main").inner_text().split())

    words = hand(walk)
    assert "older than three days" in words
    assert "Say how many" in words, "what was typed can be copied"
    assert as_it_was(letter)


def test_another_revision(letter, committed_brand, hand):
    desk.revise(letter.statement, committed_brand.by.ana, timezone.now(), "New words")

    def walk(phone):
        return opened(phone, letter.url)

    status, words = hand(walk)
    assert status == 409
    assert (
        "The text was edited, so this version can no longer be decided. A new one will come to you." in words
    )
    assert not Decision.objects.filter(step=letter.link.step_id).exists()


def test_another_person(letter, committed_brand, server, hand):
    cookie = signed_in_as(committed_brand.people.lea)

    def walk(phone):
        phone.context.add_cookies([
            {"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server.url}
        ])  # fmt: skip
        return opened(phone, letter.url), opened(phone, f"{letter.url}?do=approve")

    for status, words in hand(walk):
        assert status == 404
        assert "The address is wrong, or it belongs to somebody else." in words
        assert desk.NEWS not in words
    assert as_it_was(letter)
