"""An incident to run: opened by Lea at 14:00 from an alert that a burning ferry raised."""

from datetime import timedelta

import pytest

from responses.incidents import lifecycle, protocols
from responses.monitoring.models import Alert, Mention, Rule, Source
from tenants import context

STEPS = [
    {"title": "Stop scheduled posts", "role": "duty_monitor", "due_minutes": 5},
    {"title": "Holding statement out", "role": "crisis_lead", "due_minutes": 30},
    {"title": "Close the books", "role": "", "due_minutes": None},
]


@pytest.fixture
def protocol(isla, by, now):
    return protocols.save_protocol(name="Fire on board", steps=STEPS, from_severity=3, by=by.lea, now=now)


@pytest.fixture
def alert(isla, now):
    source = Source.objects.create(kind="rss", name="Radyo", status="listening")
    said_at = now - timedelta(minutes=4)
    mention = Mention.objects.create(
        source=source,
        external_id="1",
        text="May sunog sa barko",
        sentiment="negative",
        published_at=said_at,
        seen_at=said_at,
    )
    rule = Rule.objects.create(name="Fire", query="sunog", severity=4, opens_incident=True)
    return Alert.objects.create(
        kind="match",
        rule=rule,
        title="Fire on MV Amihan",
        severity=4,
        first_mention=mention,
        opened_at=now - timedelta(minutes=1),
        last_at=now,
    )


@pytest.fixture
def incident(alert, protocol, by, now):
    return lifecycle.open_incident(title="Fire on MV Amihan", severity=4, alert=alert, by=by.lea, now=now)


@pytest.fixture
def sign_in(sign_in):
    """As in the cast, but the test stays in the brand's schema after each request."""

    def as_person(name):
        client = sign_in(name)
        ask = client.request

        def request(**environ):
            before = context.current()
            try:
                return ask(**environ)
            finally:
                if before is not None:
                    context.enter(before)

        client.request = request
        return client

    return as_person
