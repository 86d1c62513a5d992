"""History, and who is asking."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.v1 import ids
from responses.core import timeline
from responses.core.models import Event

from .base import Shown, ref
from .fields import Anything, Moment


class ActorShown(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    via = serializers.CharField(help_text="web, api, link, webhook or worker.")
    strength = serializers.CharField(
        help_text="How surely we know them: password, mfa, passkey, link, key, system."
    )


class EventShown(Shown):
    actor = serializers.SerializerMethodField()
    subject = serializers.SerializerMethodField()
    incident = ref("inc", "incident_id", allow_null=True)
    text = serializers.SerializerMethodField(help_text="The event in one sentence.")
    data = Anything(read_only=True)

    class Meta:
        model = Event
        fields = [
            "seq", "at", "kind", "actor", "subject", "incident", "text", "data", "previous_hash", "hash",
        ]  # fmt: skip

    @extend_schema_field(ActorShown)
    def get_actor(self, event):
        about = {"via": event.actor_via, "strength": event.actor_strength}
        return {"id": ids.of_actor(event.actor_id), "name": event.actor_name, **about}

    @extend_schema_field({"type": ["string", "null"]})
    def get_subject(self, event):
        prefix = ids.OF_SUBJECT.get(event.subject_type)
        return ids.spelled(prefix, event.subject_id) if prefix else None

    @extend_schema_field({"type": "string"})
    def get_text(self, event):
        return timeline.line(event).text


class BrokenShown(serializers.Serializer):
    seq = serializers.IntegerField()
    what = serializers.CharField(help_text="altered, removed or reordered.")


class VerdictShown(serializers.Serializer):
    verifies = serializers.BooleanField()
    events = serializers.IntegerField()
    broken = BrokenShown(many=True)
    checked_at = Moment()


class WhoShown(serializers.Serializer):
    id = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField(help_text="key or person.")
    brand = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField(), help_text="Of a key.")
    roles = serializers.ListField(child=serializers.CharField(), help_text="Of a person.")
    may = serializers.ListField(child=serializers.CharField(), help_text="What the person's seats allow.")
