"""Opening, moving and ending an incident through its deeds."""

from datetime import timedelta

import pytest

from responses.core.actors import TUGON
from responses.core.models import Event
from responses.errors import Conflict, Invalid, NotAllowed
from responses.incidents import lifecycle, protocols
from responses.incidents.models import Incident
from responses.monitoring.models import Alert

ACTS = {
    "acknowledge": lifecycle.acknowledge,
    "contain": lifecycle.contain,
    "resolve": lambda incident, **who: lifecycle.resolve(incident, resolution="It is out.", **who),
    "reopen": lifecycle.reopen,
}
# state before → what each deed leads to; a deed that is not named is refused
MOVES = {
    "open": {"acknowledge": "acknowledged", "resolve": "resolved"},
    "acknowledged": {"contain": "contained", "resolve": "resolved"},
    "contained": {"resolve": "resolved", "reopen": "acknowledged"},
    "resolved": {"reopen": "acknowledged"},
}
KIND = {"acknowledge": "acknowledged", "contain": "contained", "resolve": "resolved", "reopen": "reopened"}


def kinds(incident):
    return list(Event.objects.filter(incident_id=incident.pk).order_by("seq").values_list("kind", flat=True))


@pytest.mark.parametrize("before", MOVES)
@pytest.mark.parametrize("act", ACTS)
def test_the_table_of_moves(before, act, incident, by, now):
    Incident.objects.filter(pk=incident.pk).update(status=before)
    incident.refresh_from_db()
    after = MOVES[before].get(act)
    if after is None:
        with pytest.raises(NotAllowed):
            ACTS[act](incident, by=by.lea, now=now)
    else:
        ACTS[act](incident, by=by.lea, now=now)
    incident.refresh_from_db()
    assert incident.status == (after or before)
    assert (kinds(incident)[-1] == f"incident.{KIND[act]}") is bool(after)


def test_opening_copies_the_protocol_and_starts_the_checklist(incident, alert, by, now):
    assert incident.pk == incident.number
    assert incident.run.protocol_name == "Fire on board"
    assert [step["title"] for step in incident.run.copy["steps"]][0] == "Stop scheduled posts"
    due = [(task.title, task.due_at) for task in incident.tasks.all()]
    assert due == [
        ("Stop scheduled posts", now + timedelta(minutes=5)),
        ("Holding statement out", now + timedelta(minutes=30)),
        ("Close the books", None),
    ]
    assert [(part.function, part.person_name) for part in incident.parts.all()] == [("lead", "Lea")]
    alert.refresh_from_db()
    assert alert.status == "escalated"
    assert kinds(incident) == ["incident.opened", "alert.escalated", "incident.part_given"]


def test_an_alert_becomes_one_incident_only(incident, alert, by, now):
    with pytest.raises(NotAllowed, match=f"incident {incident.number} already") as refusal:
        lifecycle.open_incident(title="Again", severity=4, alert=alert, by=by.lea, now=now)
    assert refusal.value.extra == {"incident": incident.pk}
    assert Incident.objects.count() == 1


def test_a_dismissed_alert_opens_nothing(alert, by, now):
    Alert.objects.filter(pk=alert.pk).update(status="dismissed", dismissed_reason="a drill")
    alert.refresh_from_db()
    with pytest.raises(NotAllowed):
        lifecycle.open_incident(title="Fire", severity=4, alert=alert, by=by.lea, now=now)
    assert not Incident.objects.exists()


def test_numbers_count_up_and_tugon_takes_no_part(isla, by, now):
    first = lifecycle.open_incident(title="One", severity=1, by=TUGON, now=now)
    second = lifecycle.open_incident(title="Two", severity=1, by=by.lea, now=now)
    assert (first.number, second.number) == (1, 2)
    assert not first.parts.exists()


@pytest.mark.parametrize(
    ("severity", "name"),
    [(0, "General crisis"), (2, "General crisis"), (3, "Fire on board"), (4, "Fire on board")],
)
def test_the_level_chooses_the_protocol(severity, name, protocol):
    assert protocols.choose(severity).name == name


def test_a_protocol_out_of_use_is_not_chosen(protocol, by, now):
    protocols.save_protocol(
        protocol,
        name="Fire on board",
        steps=[{"title": "x"}],
        from_severity=3,
        is_active=False,
        by=by.lea,
        now=now,
    )
    assert protocols.choose(4).name == "General crisis"


def test_a_running_protocol_is_frozen(incident, protocol, by, now):
    protocols.save_protocol(
        protocol,
        name="Fire on board",
        steps=[{"title": "Something else"}],
        from_severity=3,
        by=by.lea,
        now=now,
    )
    incident.run.refresh_from_db()
    assert [step["title"] for step in incident.run.copy["steps"]][1] == "Holding statement out"
    assert incident.run.protocol_version == 1
    assert protocol.version == 2
    assert incident.tasks.count() == 3


def test_resolving_needs_words(incident, by, now):
    with pytest.raises(Invalid) as refusal:
        lifecycle.resolve(incident, resolution="  ", by=by.lea, now=now)
    assert refusal.value.field == "resolution"
    lifecycle.resolve(incident, resolution="The fire is out.", by=by.lea, now=now)
    assert (incident.resolution, incident.resolved_at) == ("The fire is out.", now)
    lifecycle.reopen(incident, by=by.lea, now=now)
    assert (incident.resolution, incident.resolved_at, incident.acknowledged_at) == ("", None, now)


def test_the_level_changes_with_a_reason_and_moves_no_due_time(incident, by, now):
    before = list(incident.tasks.values_list("due_at", flat=True))
    lifecycle.set_severity(incident, 2, reason="Only smoke", by=by.lea, now=now)
    incident.refresh_from_db()
    assert incident.severity == 2
    assert list(incident.tasks.values_list("due_at", flat=True)) == before
    event = Event.objects.get(kind="incident.severity_changed")
    assert event.data == {"before": 4, "after": 2, "reason": "Only smoke"}


@pytest.mark.parametrize(
    ("severity", "reason", "field"), [(2, "", "reason"), (4, "the same", "severity"), (9, "x", "severity")]
)
def test_a_change_of_level_that_is_none(severity, reason, field, incident, by, now):
    with pytest.raises(Invalid) as refusal:
        lifecycle.set_severity(incident, severity, reason=reason, by=by.lea, now=now)
    assert refusal.value.field == field


def test_two_people_at_once(incident, by, now):
    same = Incident.objects.get(pk=incident.pk)
    lifecycle.acknowledge(incident, by=by.lea, now=now)
    with pytest.raises(Conflict):
        lifecycle.acknowledge(same, by=by.paolo, now=now)
    assert kinds(incident).count("incident.acknowledged") == 1


def test_a_part_is_handed_over(incident, by, now):
    lifecycle.give_part(incident, "lead", person=by.ramon, by=by.lea, now=now)
    lifecycle.give_part(incident, "client", person=by.marta, by=by.lea, now=now)
    assert dict(incident.parts.values_list("function", "person_name")) == {"lead": "Ramon", "client": "Marta"}


def test_an_empty_note_is_refused(incident, by, now):
    with pytest.raises(Invalid):
        lifecycle.note(incident, " ", by=by.lea, now=now)
    lifecycle.note(incident, "The coast guard called.", by=by.lea, now=now)
    assert kinds(incident)[-1] == "incident.noted"
