"""What stands in the incident room, gathered in a fixed number of queries however much happened."""

from dataclasses import dataclass
from datetime import datetime

from agency.roles import Role
from responses.core import clocks as core
from responses.core import timeline
from responses.core.models import Event

from . import forms, states
from .clocks import clocks
from .models import Incident, Part, Task

MOST_LINES = 80


@dataclass(frozen=True)
class Row:
    """A task as the checklist shows it."""

    task: Task
    form: forms.AssignForm
    now: datetime

    @property
    def is_closed(self):
        return self.task.status != states.TODO

    @property
    def is_late(self):
        return not self.is_closed and core.is_late(self.task.due_at, self.now)

    @property
    def who(self):
        """Its owner, or the role that will find one."""
        role = self.task.role
        return self.task.owner_name or (Role(role).label if role in Role.values else role)


@dataclass(frozen=True)
class Live:
    """A live incident as the list shows it."""

    incident: Incident
    now: datetime

    @property
    def lead(self):
        parts = self.incident.parts.all()
        return next((part.person_name for part in parts if part.function == Part.Function.LEAD), "")

    @property
    def total(self):
        return len(self.incident.tasks.all())

    @property
    def closed(self):
        return sum(task.status != states.TODO for task in self.incident.tasks.all())

    @property
    def late(self):
        todo = (task for task in self.incident.tasks.all() if task.status == states.TODO)
        return sum(core.is_late(task.due_at, self.now) for task in todo)

    @property
    def age(self):
        return self.now - self.incident.opened_at


def live_rows(now) -> list[Live]:
    """The live incidents, the worst on top, in three queries."""
    found = Incident.objects.filter(status__in=states.LIVE).order_by("-severity", "opened_at")
    return [Live(incident, now) for incident in found.prefetch_related("parts", "tasks")]


def find(pk) -> Incident | None:
    related = ("alert__first_mention", "alert__rule", "run")
    return Incident.objects.select_related(*related).filter(pk=pk).first()


def head_of_history() -> int:
    """Changes whenever anything happened to the brand."""
    return Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def live(incident, brand, people, which, now) -> dict:
    """The part of the room that keeps itself fresh: clocks, timeline, checklist, people, statements."""
    told = timeline.events(incident=incident.pk, alert=incident.alert_id, which=which)
    rows = [
        Row(task, forms.AssignForm(people=people, seen=task, auto_id=f"id_task{task.pk}_%s"), now)
        for task in incident.tasks.all()
    ]
    return {
        "clocks": clocks(incident, now),
        "lines": timeline.lines(told[:MOST_LINES], brand),
        "tabs": [(name, words) for name, (words, _kinds) in timeline.FILTERS.items()],
        "tab": which,
        "rows": rows,
        "closed": sum(row.is_closed for row in rows),
        "parts": list(incident.parts.order_by("since_at")),
        "statements": statements(incident, brand),
    }


def statements(incident, brand) -> list[timeline.Line]:
    """The last word on each statement, read from the timeline: statements are a later slice."""
    said = Event.objects.filter(
        incident_id=incident.pk, subject_type="statement", kind__startswith="statement."
    ).order_by("-seq")
    latest: dict[int | None, Event] = {}
    for event in said[:200]:
        latest.setdefault(event.subject_id, event)
    return timeline.lines(latest.values(), brand)


def opened_by(incident) -> str:
    opening = Event.objects.filter(incident_id=incident.pk, kind="incident.opened").order_by("seq")
    return opening.values_list("actor_name", flat=True).first() or ""
