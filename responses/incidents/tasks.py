"""The checklist of an incident: what is to do, by whom, until when."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from responses.core import history, transitions
from responses.core.actors import Actor
from responses.errors import Invalid, NotAllowed

from . import states
from .models import Task


@transaction.atomic
def add_task(incident, *, title, by: Actor, now, due_at=None, role="", owner: Actor | None = None) -> Task:
    """Put one more line at the end of the list."""
    title = (title or "").strip()
    if not title:
        raise Invalid(_("Say what is to be done."), field="title")
    if not incident.is_live:
        raise NotAllowed(_("The incident is resolved. Reopen it to add tasks."))
    last = incident.tasks.aggregate(last=Max("position"))["last"] or 0
    task = Task.objects.create(
        incident=incident, position=last + 1, title=title, role=role, due_at=due_at, **owned_by(owner)
    )
    told = {"title": title, "person": task.owner_name, "due_at": due_at.isoformat() if due_at else None}
    history.record("task.added", by=by, now=now, subject=task, incident=incident, **told)
    return task


def finish(task, *, by: Actor, now):
    return closed(task, states.DONE, "done", by, now)


def skip(task, *, by: Actor, now, reason=""):
    """Leave it undone on purpose; it stays on the list, crossed out."""
    return closed(task, states.SKIPPED, "skipped", by, now, reason=reason.strip())


def reopen_task(task, *, by: Actor, now):
    """Put a finished or skipped task back."""
    data = {"title": task.title}
    return transitions.move(
        task,
        states.TODO,
        by=by,
        now=now,
        kind="task.reopened",
        incident=task.incident_id,
        data=data,
        closed_at=None,
        closed_by="",
    )


def closed(task, to, kind, by, now, **words):
    data = {"title": task.title, **words}
    return transitions.move(
        task,
        to,
        by=by,
        now=now,
        kind=f"task.{kind}",
        incident=task.incident_id,
        data=data,
        closed_at=now,
        closed_by=by.name,
    )


@transaction.atomic
def assign(task, *, person: Actor | None, by: Actor, now):
    """Give the task to somebody, or (None) back to the role."""
    if task.status != states.TODO:
        raise NotAllowed(_("This task is closed."))
    transitions.change(task, **owned_by(person))
    told = {"title": task.title, "person": task.owner_name}
    history.record("task.assigned", by=by, now=now, subject=task, incident=task.incident_id, **told)
    return task


def owned_by(person: Actor | None) -> dict:
    return {"owner_id": person.id if person else "", "owner_name": person.name if person else ""}
