"""Incidents, their people and checklists, and protocols, out and in."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agency.roles import Role
from api.v1 import ids
from responses.incidents.models import Incident, Part, Protocol, ProtocolStep, Task

from .base import Given, PersonShown, Shown, ref
from .fields import Id, Moment, OneOf, Text, Whole


class IncidentShown(Shown):
    id = ref("inc")
    alert = ref("alr", "alert_id", allow_null=True)

    class Meta:
        model = Incident
        fields = [
            "id", "number", "title", "summary", "severity", "status", "alert", "opened_at", "acknowledged_at",
            "contained_at", "resolved_at", "resolution", "version",
        ]  # fmt: skip


class IncidentGiven(Given):
    title = Text(max_length=200)
    severity = Whole(min_value=0, max_value=4)
    summary = Text(max_length=5000, required=False, allow_blank=True)
    protocol = Id("pro", required=False, help_text="Else the one in use for the level.")


class SeverityGiven(Given):
    is_whole = True  # no level without its reason, though it comes as a PATCH

    severity = Whole(min_value=0, max_value=4)
    reason = Text(max_length=500)


class ResolveGiven(Given):
    resolution = Text(max_length=5000, help_text="How it ended.")


class ReasonGiven(Given):
    reason = Text(max_length=300, required=False, allow_blank=True)


class NoteGiven(Given):
    text = Text(max_length=5000)


class PartShown(Shown):
    person = serializers.SerializerMethodField()

    class Meta:
        model = Part
        fields = ["function", "person", "since_at"]

    @extend_schema_field(PersonShown)
    def get_person(self, part):
        return {"id": ids.of_actor(part.person_id), "name": part.person_name}


class PartGiven(Given):
    function = OneOf(Part.Function.choices)
    person = Id("usr", help_text="Somebody with a seat at the brand.")


class TaskShown(Shown):
    id = ref("tsk")
    incident = ref("inc", "incident_id")
    owner = serializers.SerializerMethodField()

    class Meta:
        model = Task
        fields = [
            "id", "incident", "position", "title", "role", "owner", "due_at", "status", "closed_at",
            "closed_by", "version",
        ]  # fmt: skip

    @extend_schema_field(PersonShown(allow_null=True))
    def get_owner(self, task):
        return {"id": ids.of_actor(task.owner_id), "name": task.owner_name} if task.owner_id else None


class TaskGiven(Given):
    incident = Id("inc")
    title = Text(max_length=200)
    due_at = Moment(required=False)
    role = OneOf(Role.choices, required=False)
    owner = Id("usr", required=False)


class AssignGiven(Given):
    person = Id("usr", allow_null=True, help_text="null gives the task back to its role.")


class ProtocolStepShown(Shown):
    class Meta:
        model = ProtocolStep
        fields = ["position", "title", "role", "due_minutes"]


class ProtocolShown(Shown):
    id = ref("pro")
    steps = ProtocolStepShown(many=True, read_only=True)

    class Meta:
        model = Protocol
        fields = ["id", "name", "description", "from_severity", "is_active", "steps", "version"]
