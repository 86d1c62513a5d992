"""Two people, one moment: numbers stay unique, and one alert becomes one incident."""

from functools import partial

from responses.core import history
from responses.errors import Conflict, NotAllowed
from responses.incidents import lifecycle, tasks
from responses.incidents.models import Incident
from responses.monitoring.models import Alert
from tests.cast import NOW


def test_incidents_opened_at_once_get_numbers_of_their_own(committed_brand):
    by = committed_brand.by.lea
    opening = partial(lifecycle.open_incident, severity=3, by=by, now=NOW)
    opened = committed_brand.run(*(partial(opening, title=f"Case {n}") for n in range(4)))
    assert sorted(incident.number for incident in opened) == [1, 2, 3, 4]
    assert history.verify() == []


def test_one_alert_opened_by_two_people_becomes_one_incident(committed_brand):
    alert = Alert.objects.create(kind="spike", title="Fire", opened_at=NOW, last_at=NOW)

    def opening(by):
        fresh = Alert.objects.get(pk=alert.pk)
        return lifecycle.open_incident(title="Fire", severity=4, alert=fresh, by=by, now=NOW)

    by = committed_brand.by
    outcomes = committed_brand.run(partial(opening, by.lea), partial(opening, by.ramon))
    assert Incident.objects.count() == 1
    assert {type(outcome) for outcome in outcomes} == {Incident, NotAllowed}


def test_one_box_ticked_by_two_people_is_one_event(committed_brand):
    by = committed_brand.by
    incident = lifecycle.open_incident(title="Fire", severity=4, by=by.lea, now=NOW)
    first = incident.tasks.first().pk
    both = [incident.tasks.get(pk=first), incident.tasks.get(pk=first)]
    outcomes = committed_brand.run(*(partial(tasks.finish, task, by=by.lea, now=NOW) for task in both))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "Task"]
    assert any(isinstance(outcome, Conflict) for outcome in outcomes)
