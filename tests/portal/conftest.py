"""A client's view of the crisis: a statement that waits for Marta, by account and by letter."""

import re
from types import SimpleNamespace

import pytest
from django.core import mail

from responses import pipeline
from responses.incidents.models import Incident
from responses.statements.link_models import ApprovalLink
from tests import browser
from tests.agreeing import agree, someone  # noqa: F401
from tests.left_out import leave_out
from tests.portal.in_hand import Hand
from tests.statements import desk
from tests.staying import StayingClient


@pytest.fixture
def client(db):
    return StayingClient()


@pytest.fixture(scope="session")
def hand(request):
    """hand(walk) → what walk(phone) returns, with a real browser of a phone's size."""
    if browser.find() is None:
        leave_out(request.config, "the portal in a browser", "no Chromium here; install one")
    hand = Hand()
    yield hand
    hand.close()


@pytest.fixture
def moment():
    """Pages use the clock, so what they show must be near it."""
    from django.utils import timezone

    return timezone.now()


@pytest.fixture
def waits(isla, by, moment):
    """An incident's statement that the agency approved and Marta has not; no second factor is asked."""
    incident = Incident.objects.create(number=990, title="Sunog sa MV Amihan", severity=2, opened_at=moment)
    statement = desk.with_client(by.ana, by.lea, moment, incident)
    return SimpleNamespace(statement=statement, step=desk.active(statement), incident=incident)


@pytest.fixture
def letter(waits, moment):
    """The letter that Marta got, with its link's address."""
    mail.outbox.clear()
    pipeline.follow(moment)
    message = next(one for one in mail.outbox if one.to == ["marta@isla.example"])
    address = re.search(r"https?://\S+?(/portal/(?:isla/)?link/(\S+)/)", message.body)
    link = ApprovalLink.objects.get(step=waits.step)
    return SimpleNamespace(message=message, path=address[1], token=address[2], link=link)
