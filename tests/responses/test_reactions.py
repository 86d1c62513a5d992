"""What follows from what, and that following twice changes nothing."""

import pytest

from responses import furnishing, pipeline
from responses.core.models import Cursor, Event
from responses.incidents.models import Incident, Protocol
from responses.monitoring import alerting
from responses.monitoring.models import Alert, Rule
from responses.statements.models import Channel


def raised(now, opens_incident=True, **fields):
    rule = Rule.objects.create(name="Fire", query="sunog", opens_incident=opens_incident)
    alert = Alert.objects.create(
        kind="match", rule=rule, title="Fire", severity=4, opened_at=now, last_at=now, **fields
    )
    alerting.announce(alert, now=now)
    return alert


def test_an_alert_of_such_a_rule_opens_an_incident(isla, now):
    alert = raised(now)
    pipeline.follow(now)
    opened = Incident.objects.get()
    assert (opened.alert_id, opened.severity, opened.title) == (alert.pk, 4, "Fire")
    assert not opened.parts.exists()
    assert opened.run.copy["steps"]
    assert Event.objects.get(kind="incident.opened").actor_name == "Tugon"
    alert.refresh_from_db()
    assert alert.status == "escalated"


def test_following_again_opens_no_second(isla, now):
    raised(now)
    pipeline.follow(now)
    Cursor.objects.filter(name=pipeline.READER).update(seq=0)
    pipeline.follow(now)
    assert Incident.objects.count() == 1


@pytest.mark.parametrize(
    "fields", [{"opens_incident": False}, {"status": "dismissed", "dismissed_reason": "a drill"}]
)
def test_others_open_nothing(fields, isla, now):
    raised(now, **fields)
    pipeline.follow(now)
    assert not Incident.objects.exists()


def test_furnishing_twice_adds_nothing(isla):
    before = (Protocol.objects.count(), Channel.objects.count())
    assert before == (4, 1)
    protocol = Protocol.objects.get(name="Service outage")
    protocol.steps.filter(position__gt=2).delete()
    furnishing.furnish(isla)
    assert (Protocol.objects.count(), Channel.objects.count()) == before
    assert protocol.steps.count() == 2  # what a person changed stays changed


def test_a_filipino_brand_finds_its_protocols_in_filipino(isla):
    Protocol.objects.all().delete()
    isla.language = "fil"
    furnishing.furnish(isla)
    general = Protocol.objects.get(name="Pangkalahatang krisis")
    assert general.steps.first().title.startswith("Basahin ang pinakamaingay na mention")
