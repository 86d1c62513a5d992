"""Agreed responses: writing them, choosing one, and copying it whole into an incident's run."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from responses.core import clocks, history, transitions
from responses.core.actors import Actor
from responses.errors import Invalid

from .models import Protocol, ProtocolStep, Run, Task

MOST_STEPS = 60


def choose(severity: int) -> Protocol | None:
    """The protocol in use with the highest level that this severity reaches; the older one of two."""
    fitting = Protocol.objects.filter(is_active=True, from_severity__lte=severity)
    return fitting.order_by("-from_severity", "pk").first()


def start_run(incident, protocol: Protocol, *, now) -> Run:
    """Freeze the protocol into the incident and lay out its checklist, due from the opening."""
    copy = written_out(protocol)
    run = Run.objects.create(
        incident=incident,
        protocol_name=protocol.name,
        protocol_version=protocol.version,
        copy=copy,
        started_at=now,
    )
    Task.objects.bulk_create(
        Task(
            incident=incident,
            position=step["position"],
            title=step["title"],
            role=step["role"],
            due_at=clocks.after(incident.opened_at, step["due_minutes"]),
        )
        for step in copy["steps"]
    )
    return run


def written_out(protocol: Protocol) -> dict:
    """The whole protocol as plain values."""
    return {
        "id": protocol.pk,
        "name": protocol.name,
        "description": protocol.description,
        "from_severity": protocol.from_severity,
        "version": protocol.version,
        "steps": list(protocol.steps.values("position", "title", "role", "due_minutes")),
    }


@transaction.atomic
def save_protocol(
    protocol=None, *, name, steps, by: Actor, now, description="", from_severity=0, is_active=True
) -> Protocol:
    """Write a protocol or change one. `steps` are {title, role, due_minutes} in their order.

    Runs that are going keep the copy they started with.
    """
    fields = {
        "name": name.strip(),
        "description": description.strip(),
        "from_severity": from_severity,
        "is_active": is_active,
    }
    steps = sound_steps(steps)
    protocol = put(protocol, fields)
    protocol.steps.all().delete()
    ProtocolStep.objects.bulk_create(
        ProtocolStep(protocol=protocol, position=position, **step) for position, step in enumerate(steps, 1)
    )
    told = {"name": protocol.name, "version": protocol.version, "steps": len(steps)}
    history.record("protocol.changed", by=by, now=now, subject=protocol, **told)
    return protocol


def put(protocol, fields) -> Protocol:
    if not fields["name"]:
        raise Invalid(_("A protocol needs a name."), field="name")
    try:
        with transaction.atomic():
            if protocol is None:
                return Protocol.objects.create(**fields)
            return transitions.change(protocol, **fields)
    except IntegrityError:
        raise Invalid(_("There is a protocol of this name already."), field="name") from None


def sound_steps(steps) -> list[dict]:
    """The steps that say something, each with a role and a time or none."""
    found = [
        {
            "title": step["title"].strip(),
            "role": step.get("role") or "",
            "due_minutes": step.get("due_minutes"),
        }
        for step in steps
        if step.get("title", "").strip()
    ]
    if not found:
        raise Invalid(_("A protocol needs at least one step."), field="steps")
    if len(found) > MOST_STEPS:
        raise Invalid(_("A protocol has at most %(n)d steps.") % {"n": MOST_STEPS}, field="steps")
    return found
