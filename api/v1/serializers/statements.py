"""Statements, revisions, reviews and channels, out and in."""

from collections import Counter

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.v1 import ids
from responses.statements import entitling, groups, illustrating
from responses.statements.models import Decision, Review, Revision, Statement, Step

from .base import Given, PersonShown, Shown, ref
from .fields import Flag, Id, Moment, OneOf, OpenWord, Text, Whole
from .images import IllustrationGiven, IllustrationShown

HASH = "^[0-9a-f]{64}$"


class StatementShown(Shown):
    id = ref("stm")
    incident = ref("inc", "incident_id", allow_null=True)
    about = ref("stm", "about_id", allow_null=True)
    latest_revision = ref("rev", "latest_id")
    revision_number = serializers.IntegerField(source="latest_number", read_only=True)
    revision_hash = serializers.CharField(source="latest_hash", read_only=True)

    class Meta:
        model = Statement
        fields = [
            "id", "incident", "about", "type", "status", "title", "latest_revision", "revision_number",
            "revision_hash", "due_at", "release_on_approval", "created_at", "closed_at", "version",
        ]  # fmt: skip


class TextGiven(Given):
    channel = Id("chn")
    text = Text(max_length=60_000)


class VersionGiven(Given):
    """The same in a second language."""

    language = Text(max_length=8)
    title = Text(max_length=200)
    texts = serializers.ListField(child=TextGiven(), min_length=1, max_length=20)


class WordingGiven(Given):
    title = Text(max_length=200)
    language = Text(max_length=8, help_text="en, fil, en-PH …")
    texts = serializers.ListField(child=TextGiven(), min_length=1, max_length=20)
    images = serializers.ListField(
        child=IllustrationGiven(), required=False, max_length=illustrating.MOST, help_text="In their order."
    )
    also = serializers.ListField(
        child=VersionGiven(),
        max_length=1,
        required=False,
        help_text="The version in a second language. Revising, leave it out to keep it; [] ends it.",
    )


class StatementGiven(WordingGiven):
    type = OneOf(Statement.Type.choices)
    incident = Id("inc", required=False)
    about = Id("stm", required=False, help_text="The published one this corrects, updates or retracts.")
    due_at = Moment(required=False)


class ReviseGiven(WordingGiven):
    base = Whole(min_value=1, max_value=2**31 - 1, help_text="The number of the revision you started from.")
    note = Text(max_length=300, required=False, allow_blank=True)


class SubmitGiven(Given):
    release_on_approval = Flag(required=False)


class WithdrawGiven(Given):
    reason = Text(max_length=300, required=False, allow_blank=True)


class VariantShown(serializers.Serializer):
    channel = Id("chn", source="channel_id")
    language = serializers.CharField()
    text = serializers.CharField()


class RevisionShown(Shown):
    id = ref("rev")
    statement = ref("stm", "statement_id")
    author = serializers.SerializerMethodField()
    titles = serializers.DictField(
        child=serializers.CharField(),
        read_only=True,
        help_text="Of the version in a second language, by its code.",
    )
    texts = VariantShown(source="variants", many=True, read_only=True)
    images = IllustrationShown(many=True, read_only=True)

    class Meta:
        model = Revision
        fields = [
            "id", "statement", "number", "title", "language", "titles", "texts", "images", "author",
            "written_at",             "note", "hash",
        ]  # fmt: skip

    @extend_schema_field(PersonShown)
    def get_author(self, revision):
        return {"id": ids.of_actor(revision.author_id), "name": revision.author_name}


class DecisionShown(Shown):
    person = serializers.SerializerMethodField()
    function = OpenWord(Step.Function.choices, source="as_function", read_only=True)
    for_whom = serializers.SerializerMethodField()

    class Meta:
        model = Decision
        fields = [
            "person", "function", "for_whom", "verdict", "comment", "revision_hash", "via", "strength",
            "decided_at",
        ]  # fmt: skip

    def to_representation(self, decision):
        """What the agency's own people said about a text stays with the agency."""
        shown = super().to_representation(decision)
        if self.context.get("is_client") and decision.as_function != Step.Function.CLIENT:
            shown["comment"] = ""
        return shown

    @extend_schema_field(PersonShown(allow_null=True))
    def get_for_whom(self, decision):
        if not decision.for_id:
            return None
        return {"id": ids.of_actor(decision.for_id), "name": decision.for_name}

    @extend_schema_field(PersonShown)
    def get_person(self, decision):
        return {"id": ids.of_actor(decision.person_id), "name": decision.person_name}


class AskedShown(serializers.Serializer):
    """One function of a step, how many of it must agree, and how many have."""

    function = OpenWord(Step.Function.choices)
    mode = OpenWord((("any", ""), ("all", ""), ("some", "")))
    need = serializers.IntegerField(help_text="How many, where the mode is `some`.")
    approved = serializers.IntegerField(help_text="How many persons have approved in it.")


class WaitedForShown(AskedShown):
    needed = serializers.IntegerField(help_text="How many it takes as seats are now.")
    is_met = serializers.BooleanField()
    waits_for = PersonShown(many=True, help_text="Who may decide in it now, deputies among them.")


class StepShown(Shown):
    id = ref("stp")
    review = ref("rvw", "review_id")
    revision = ref("rev", "review.revision_id")
    revision_hash = serializers.CharField(source="review.revision.hash", read_only=True)
    groups = serializers.SerializerMethodField()
    decisions = DecisionShown(many=True, read_only=True)

    class Meta:
        model = Step
        fields = [
            "id", "review", "revision", "revision_hash", "position", "function", "groups", "silence_minutes",
            "status", "due_at", "opened_at", "reminded_at", "deputies_called_at", "escalated_at", "closed_at",
            "decisions", "version",
        ]  # fmt: skip

    @extend_schema_field(AskedShown(many=True))
    def get_groups(self, step):
        given = [each for each in step.decisions.all() if each.verdict == Decision.Verdict.APPROVED]
        counts = Counter(each.function or step.function for each in given)
        return [asked(group) | {"approved": counts[group.function]} for group in groups.of_step(step)]


def asked(group) -> dict:
    return {"function": group.function, "mode": group.mode, "need": group.need}


class StepWithPeopleShown(StepShown):
    """A step alone: also who may decide now."""

    @extend_schema_field(WaitedForShown(many=True))
    def get_groups(self, step):
        return [told_of(one) for one in entitling.Circle(step, timezone.now()).progress()]


def told_of(one) -> dict:
    people = [{"id": f"usr_{user.pk}", "name": str(user)} for user, _right in one.waits_for]
    told = {"approved": one.approved, "needed": one.needed, "is_met": one.is_met, "waits_for": people}
    return asked(one.group) | told


class DecideGiven(Given):
    revision_hash = serializers.RegexField(HASH, help_text="Of the text that was before your eyes.")
    verdict = OneOf(Decision.Verdict.choices)
    comment = Text(max_length=5000, required=False, allow_blank=True)
    code = Text(max_length=12, required=False, help_text="Your six-digit code, where one is asked.")


class ReviewShown(Shown):
    id = ref("rvw")
    statement = ref("stm", "revision.statement_id")
    revision = ref("rev", "revision_id")
    submitted_by = serializers.SerializerMethodField()
    steps = StepShown(many=True, read_only=True)

    class Meta:
        model = Review
        fields = [
            "id",
            "statement",
            "revision",
            "status",
            "policy_name",
            "policy_version",
            "second_factor",
            "submitted_by",
            "submitted_at",
            "closed_at",
            "steps",
        ]

    @extend_schema_field(PersonShown)
    def get_submitted_by(self, review):
        return {"id": ids.of_actor(review.submitted_by_id), "name": review.submitted_by_name}
