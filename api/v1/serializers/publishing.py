"""Publications, out and in."""

from rest_framework import serializers

from responses.publishing.deciding import IS_OUT, NOT_OUT
from responses.publishing.models import Attempt, Publication

from .base import Given, Shown, ref
from .fields import Anything, Flag, Id, Moment, OneOf, Text


class AttemptShown(Shown):
    class Meta:
        model = Attempt
        fields = ["token", "started_at", "finished_at", "outcome", "detail"]


class PublicationShown(Shown):
    id = ref("pub")
    statement = ref("stm", "statement_id")
    revision = ref("rev", "revision_id")
    channel = ref("chn", "channel_id")
    attempts = AttemptShown(many=True, read_only=True)

    class Meta:
        model = Publication
        fields = [
            "id", "statement", "revision", "channel", "approved_hash", "status", "created_at", "scheduled_at",
            "due_at",
            "attempts", "external_id", "url", "error", "published_at", "outside", "outside_text", "looked_at",
            "again_by_name", "again_reason", "version",
        ]  # fmt: skip


class EvidenceShown(serializers.Serializer):
    """As docs/evidence.md says; told here in its outline."""

    format = serializers.CharField(help_text="tugon-evidence/1")
    made_at = serializers.CharField()
    brand = Anything()
    statement = Anything()
    revision = Anything(help_text="`content` is what the hash was taken over.")
    written = Anything(help_text="Every revision of the statement: who wrote it and when.")
    reviews = Anything(help_text="Every step and decision, with the hash of the text it was about.")
    publication = Anything(help_text="What went out, where it stands, and each answer of the provider.")
    history = Anything(help_text="The statement's events, and the links of the hash chain around them.")
    seal = Anything(help_text="Digest, public key and signature (Ed25519).")


class TimeGiven(Given):
    channel = Id("chn")
    at = Moment(allow_null=True, help_text="null is at once.")


class ScheduleGiven(Given):
    times = serializers.ListField(child=TimeGiven(), min_length=1, max_length=20)


class SlotShown(serializers.Serializer):
    channel = Id("chn")
    at = Moment()


class ScheduleShown(serializers.Serializer):
    times = SlotShown(many=True)


class ReleaseGiven(Given):
    statement = Id("stm", help_text="An approved statement.")
    again = Flag(required=False, help_text="Let out what was called off on all channels.")


class ReleaseShown(serializers.Serializer):
    items = PublicationShown(many=True)


class CancelGiven(Given):
    reason = Text(max_length=300, required=False, allow_blank=True)


class OutcomeGiven(Given):
    outcome = OneOf([(IS_OUT, ""), (NOT_OUT, "")])
    reason = Text(max_length=300, help_text="How you know.")
