"""Opening a crisis case and carrying it to its end. Each deed is one move and one line of history."""

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from responses.core import history, transitions
from responses.core.actors import Actor
from responses.errors import Invalid, NotAllowed
from responses.monitoring import alerting
from tenants import context

from . import protocols, states
from .models import Incident, Part, Severity

LOCK = 7_360_002  # the advisory lock's class for numbering; its second number is the brand's id


@transaction.atomic
def open_incident(*, title, severity, by, now, alert=None, summary="", protocol=None) -> Incident:
    """Open a case, copy its protocol into a run and set its checklist going.

    An alert becomes an incident at most once: the second time is refused with the number it has.
    """
    title, severity = needed(title, "title"), level(severity)
    number = next_number()
    refuse_second(alert)
    incident = Incident.objects.create(
        pk=number,  # so that addresses say the number that people say
        number=number,
        title=title,
        summary=summary.strip(),
        severity=severity,
        alert=alert,
        opened_at=now,
    )
    protocol = protocol or protocols.choose(severity)
    told = {"number": number, "title": title, "severity": severity, "alert": getattr(alert, "pk", None)}
    told["protocol"] = protocol.name if protocol else ""
    history.record("incident.opened", by=by, now=now, subject=incident, incident=incident, **told)
    if alert is not None:
        alerting.escalated(alert, by=by, now=now, incident=incident)
    if protocol:
        protocols.start_run(incident, protocol, now=now)
    if by.is_person:
        give_part(incident, Part.Function.LEAD, person=by, by=by, now=now)
    return incident


def next_number() -> int:
    """One after the highest, under a lock that holds until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, context.here().pk])
    return (Incident.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def refuse_second(alert) -> None:
    taken = alert and Incident.objects.filter(alert=alert).first()
    if taken:
        raise NotAllowed(
            _("This alert is incident %(number)s already.") % {"number": taken.number},
            extra={"incident": taken.pk},
        )


def acknowledge(incident, *, by: Actor, now):
    """Somebody is on it."""
    if incident.status != states.OPEN:
        raise NotAllowed(_("The incident was acknowledged already."))
    return moved(incident, states.ACKNOWLEDGED, "acknowledged", by, now, acknowledged_at=now)


def contain(incident, *, by: Actor, now):
    """It no longer grows. The watch goes on."""
    return moved(incident, states.CONTAINED, "contained", by, now, contained_at=now)


def resolve(incident, *, resolution, by: Actor, now):
    """It is over; how it ended is part of the record."""
    words = needed(resolution, "resolution")
    fields = {"resolved_at": now, "resolution": words}
    if incident.acknowledged_at is None:  # ending it is seeing it
        fields["acknowledged_at"] = now
    return moved(incident, states.RESOLVED, "resolved", by, now, data={"resolution": words}, **fields)


def reopen(incident, *, by: Actor, now, reason=""):
    """It flares up again, after it was contained or resolved."""
    if incident.status not in {states.CONTAINED, states.RESOLVED}:
        raise NotAllowed(_("The incident is not closed, so it cannot be reopened."))
    fields = {"contained_at": None, "resolved_at": None, "resolution": ""}
    if incident.acknowledged_at is None:  # resolved straight away, before ending it counted as seeing it
        fields["acknowledged_at"] = incident.resolved_at or now
    return moved(
        incident, states.ACKNOWLEDGED, "reopened", by, now, data={"reason": reason.strip()}, **fields
    )


def moved(incident, to, kind, by, now, *, data=None, **fields):
    return transitions.move(
        incident, to, by=by, now=now, kind=f"incident.{kind}", incident=incident, data=data, **fields
    )


@transaction.atomic
def set_severity(incident, severity, *, reason, by: Actor, now):
    """Raise or lower the level, with the reason. Due times of the checklist stay as they were."""
    severity, words, before = level(severity), needed(reason, "reason"), incident.severity
    if severity == before:
        raise Invalid(_("The incident is at this level already."), field="severity")
    transitions.change(incident, severity=severity)
    told = {"before": before, "after": severity, "reason": words}
    history.record("incident.severity_changed", by=by, now=now, subject=incident, incident=incident, **told)
    return incident


@transaction.atomic
def give_part(incident, function, *, person: Actor, by: Actor, now) -> Part:
    """Make somebody the lead, the voice …; one person per part, the one before hands it over."""
    function = Part.Function(function)
    part, _new = Part.objects.update_or_create(
        incident=incident,
        function=function,
        defaults={"person_id": person.id, "person_name": person.name, "since_at": now},
    )
    told = {"function": function.value, "person_id": person.id}
    if person.id != by.id:  # else they took it themselves, and the sentence says so
        told["person"] = person.name
    history.record("incident.part_given", by=by, now=now, subject=incident, incident=incident, **told)
    return part


def note(incident, text, *, by: Actor, now):
    """Write down what happened or was learned; also after the end."""
    words = needed(text, "text")
    return history.record("incident.noted", by=by, now=now, subject=incident, incident=incident, text=words)


def needed(text, field) -> str:
    text = (text or "").strip()
    if not text:
        raise Invalid(_("This cannot be empty: say it in words."), field=field)
    return text


def level(value) -> int:
    try:
        return int(Severity(int(value)))
    except (TypeError, ValueError):
        raise Invalid(_("The level is a number from 0 to 4."), field="severity") from None
