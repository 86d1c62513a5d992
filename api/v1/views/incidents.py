"""Incidents, their parts, notes and tasks; protocols."""

from agency.roles import May
from api.scopes import Scope
from api.v1 import filters, people
from api.v1.serializers import incidents as shapes
from api.v1.serializers.core import EventShown
from responses.core import timeline
from responses.incidents import lifecycle, tasks
from responses.incidents.models import Incident, Part, Protocol, Task

from .base import Desk, Lists, Reads, deed

READING = {"list": Scope.READ, "retrieve": Scope.READ}
SEEING = {"list": May.SEE, "retrieve": May.SEE}


class Incidents(Lists, Reads, Desk):
    """A crisis case."""

    noun, prefix, order = "incidents", "inc", ("opened_at", "id")
    queryset = Incident.objects.all()
    serializer_class = shapes.IncidentShown
    filterset_class = filters.IncidentFilter
    versioned = True
    may = SEEING | {
        "create": May.OPEN, "change": May.RUN, "acknowledge": May.TRIAGE, "contain": May.RUN,
        "resolve": May.RUN, "reopen": May.RUN, "note": May.TRIAGE,
    }  # fmt: skip
    scopes = READING | dict.fromkeys(
        ("create", "change", "acknowledge", "contain", "resolve", "reopen", "note"), Scope.INCIDENTS
    )

    @deed(shapes.IncidentGiven, status=201)
    def create(self, *, protocol=None, **given):
        """Open an incident. Its protocol is copied into it."""
        return lifecycle.open_incident(protocol=self.linked(Protocol, protocol, "protocol"), **given)

    @deed(shapes.SeverityGiven)
    def change(self, incident, *, severity, reason, by, now):
        """Raise or lower the level, with the reason."""
        lifecycle.set_severity(incident, severity, reason=reason, by=by, now=now)

    @deed()
    def acknowledge(self, incident, *, by, now):
        """Say that somebody is on it."""
        lifecycle.acknowledge(incident, by=by, now=now)

    @deed()
    def contain(self, incident, *, by, now):
        """Say that it no longer grows."""
        lifecycle.contain(incident, by=by, now=now)

    @deed(shapes.ResolveGiven)
    def resolve(self, incident, *, resolution, by, now):
        """Say that it is over, and how it ended."""
        lifecycle.resolve(incident, resolution=resolution, by=by, now=now)

    @deed(shapes.ReasonGiven)
    def reopen(self, incident, *, by, now, reason=""):
        """Take it up again."""
        lifecycle.reopen(incident, reason=reason, by=by, now=now)

    @deed(shapes.NoteGiven, shows=EventShown, status=201, match=False)
    def note(self, incident, *, text, by, now):
        """Write down on the timeline what happened or was learned."""
        return lifecycle.note(incident, text, by=by, now=now)


class OfIncident(Desk):
    """A collection that belongs to one incident."""

    tag, prefix = "incidents", "inc"

    def get_object(self):
        return Incidents(request=self.request, kwargs=self.kwargs).get_object()


class Parts(Lists, OfIncident):
    """Who has which part in the incident."""

    noun, order = "incident-parts", ("id",)
    queryset = Part.objects.all()
    serializer_class = shapes.PartShown
    may = {"list": May.SEE, "create": May.RUN}
    scopes = {"list": Scope.READ, "create": Scope.INCIDENTS}

    def list(self, request, brand, id):
        self.queryset = Part.objects.filter(incident=self.get_object())
        return super().list(request, brand)

    @deed(shapes.PartGiven, shows=shapes.PartShown)
    def create(self, incident, *, function, person, by, now):
        """Give somebody a part; who had it hands it over."""
        person = people.named(self.request.brand, person, "person")
        return lifecycle.give_part(incident, function, person=person, by=by, now=now)


class Timeline(Lists, OfIncident):
    """The history of an incident and of the alert it came from, newest first."""

    noun, order = "incident-timeline", ("seq",)
    queryset = Incident.objects.none()
    serializer_class = EventShown
    may, scopes = {"list": May.SEE}, {"list": Scope.READ}

    def list(self, request, brand, id):
        incident = self.get_object()
        self.queryset = timeline.events(incident=incident.pk, alert=incident.alert_id)
        return super().list(request, brand)


class Tasks(Lists, Reads, Desk):
    """One line of an incident's checklist."""

    noun, prefix, order = "tasks", "tsk", ("id",)
    queryset = Task.objects.all()
    serializer_class = shapes.TaskShown
    filterset_class = filters.TaskFilter
    versioned = True
    may = SEEING | dict.fromkeys(("create", "finish", "skip", "reopen", "assign"), May.RUN)
    scopes = READING | dict.fromkeys(("create", "finish", "skip", "reopen", "assign"), Scope.INCIDENTS)

    @deed(shapes.TaskGiven, status=201)
    def create(self, *, incident, owner=None, **given):
        """Add a line to a checklist."""
        owner = people.named(self.request.brand, owner, "owner")
        return tasks.add_task(self.linked(Incident, incident, "incident"), owner=owner, **given)

    @deed()
    def finish(self, task, *, by, now):
        """Say that it is done."""
        tasks.finish(task, by=by, now=now)

    @deed(shapes.ReasonGiven)
    def skip(self, task, *, by, now, reason=""):
        """Leave it undone on purpose."""
        tasks.skip(task, reason=reason, by=by, now=now)

    @deed()
    def reopen(self, task, *, by, now):
        """Put a finished or skipped task back."""
        tasks.reopen_task(task, by=by, now=now)

    @deed(shapes.AssignGiven)
    def assign(self, task, *, person, by, now):
        """Give it to somebody, or back to its role."""
        tasks.assign(task, person=people.named(self.request.brand, person, "person"), by=by, now=now)


class Protocols(Lists, Reads, Desk):
    """The agreed response."""

    noun, prefix, order = "protocols", "pro", ("id",)
    queryset = Protocol.objects.prefetch_related("steps")
    serializer_class = shapes.ProtocolShown
    versioned = True
    may, scopes = SEEING, READING
