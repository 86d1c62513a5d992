"""Review policies and deputies, out and in."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.v1 import ids
from responses.statements import policy_words
from responses.statements.glass_models import Glass, GlassRule, GlassWord
from responses.statements.groups import MODES, Holders
from responses.statements.models import Channel, Statement, Step
from responses.statements.policies import MOST_MINUTES, MOST_NAMED, MOST_NEEDED, MOST_STEPS
from responses.statements.policy_models import Deputy, ReviewPolicy

from .base import Given, PersonShown, Shown, ref
from .fields import Flag, Id, Moment, OneOf, OpenWord, Text, Whole
from .statements import HASH

LEVELS = ("critical", "high", "moderate", "low", "undetermined")
BY_LEVEL = dict(zip(LEVELS, ("4", "3", "2", "1", "0"), strict=True))


def of_person(one) -> dict:
    return {"id": ids.of_actor(one["id"]), "name": one["name"]}


class GroupShown(serializers.Serializer):
    """One function of a step, and how many of it must agree."""

    function = OpenWord(Step.Function.choices)
    mode = OpenWord(tuple((mode, mode) for mode in MODES))
    need = serializers.IntegerField(help_text="How many, where the mode is `some`.")
    people = serializers.SerializerMethodField()

    @extend_schema_field(PersonShown(many=True))
    def get_people(self, group):
        return [of_person(one) for one in group.get("people", ())]


class PolicyStepShown(serializers.Serializer):
    groups = GroupShown(many=True)
    minutes = serializers.SerializerMethodField()
    silence_minutes = serializers.IntegerField(allow_null=True)

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
    def get_minutes(self, step):
        return {level: step["minutes"][n] for level, n in BY_LEVEL.items() if n in step["minutes"]}


class PolicyShown(Shown):
    id = ref("pol")
    types = serializers.ListField(child=serializers.CharField(), read_only=True)
    channels = serializers.ListField(child=serializers.CharField(), read_only=True)
    steps = PolicyStepShown(many=True, read_only=True)
    words = serializers.SerializerMethodField(help_text="The steps as a sentence, in the caller's language.")
    lacking = serializers.SerializerMethodField(
        help_text="Where a review would stand still, since too few people hold what a step asks."
    )

    class Meta:
        model = ReviewPolicy
        fields = [
            "id", "name", "types", "from_severity", "channels", "second_factor", "steps", "words", "lacking",
            "is_active", "changed_by", "changed_at", "version",
        ]  # fmt: skip

    def get_words(self, policy) -> str:
        return policy_words.order(policy.steps)

    def get_lacking(self, policy) -> list[str]:
        return policy_words.lacking(policy.steps, self.context.setdefault("holders", Holders()))


class GroupGiven(Given):
    function = OneOf(Step.Function.choices)
    mode = OneOf(tuple(MODES.items()), required=False, help_text="any, all, or some with `need`.")
    need = Whole(min_value=1, max_value=MOST_NEEDED, required=False)
    people = serializers.ListField(
        child=Id("usr"), max_length=MOST_NAMED, required=False, help_text="Of the function `named`."
    )

    def validate_people(self, numbers):
        return [{"id": f"user:{number}"} for number in numbers]


class MinutesGiven(Given):
    """Minutes to decide, by the incident's level. What is left out is as it ships."""

    critical = Whole(min_value=1, max_value=MOST_MINUTES, required=False)
    high = Whole(min_value=1, max_value=MOST_MINUTES, required=False)
    moderate = Whole(min_value=1, max_value=MOST_MINUTES, required=False)
    low = Whole(min_value=1, max_value=MOST_MINUTES, required=False)
    undetermined = Whole(min_value=1, max_value=MOST_MINUTES, required=False)


class PolicyStepGiven(Given):
    groups = serializers.ListField(child=GroupGiven(), min_length=1, max_length=len(Step.Function))
    minutes = MinutesGiven(required=False)
    silence_minutes = Whole(
        min_value=1,
        max_value=MOST_MINUTES,
        required=False,
        allow_null=True,
        help_text="The step passes when nobody who was told has objected for so long.",
    )

    def validate_minutes(self, given):
        return {BY_LEVEL[level]: minutes for level, minutes in given.items()}


class PolicyGiven(Given):
    """Who approves what. The client comes after the agency, and silence alone is no approval."""

    name = Text(max_length=120)
    types = serializers.ListField(child=OneOf(Statement.Type.choices), max_length=20, required=False)
    from_severity = Whole(min_value=0, max_value=4, required=False)
    channels = serializers.ListField(child=OneOf(Channel.Kind.choices), max_length=20, required=False)
    second_factor = OneOf(ReviewPolicy.SecondFactor.choices, required=False)
    steps = serializers.ListField(child=PolicyStepGiven(), min_length=1, max_length=MOST_STEPS)
    is_active = Flag(required=False)


class DeputyShown(Shown):
    id = ref("dep")
    person = serializers.SerializerMethodField()
    deputy = serializers.SerializerMethodField()

    class Meta:
        model = Deputy
        fields = [
            "id",
            "person",
            "deputy",
            "away_from_at",
            "away_until_at",
            "changed_by",
            "changed_at",
            "version",
        ]

    @extend_schema_field(PersonShown)
    def get_person(self, named):
        return {"id": ids.of_actor(named.person_id), "name": named.person_name}

    @extend_schema_field(PersonShown)
    def get_deputy(self, named):
        return {"id": ids.of_actor(named.deputy_id), "name": named.deputy_name}


class DeputyGiven(Given):
    """Naming a deputy again replaces the one before. Without times: one in case of need."""

    person = Id("usr", required=False, help_text="For whom; yourself when left out.")
    deputy = Id("usr")
    away_from_at = Moment(required=False, allow_null=True)
    away_until_at = Moment(required=False, allow_null=True)


class GlassRuleShown(serializers.ModelSerializer):
    people = serializers.SerializerMethodField()

    class Meta:
        model = GlassRule
        fields = ["is_on", "people", "changed_by", "changed_at"]

    @extend_schema_field(PersonShown(many=True))
    def get_people(self, rule):
        return [of_person(one) for one in rule.people]


class GlassRuleGiven(Given):
    is_on = Flag()
    people = serializers.ListField(
        child=Id("usr"), max_length=MOST_NAMED, required=False, default=list, help_text="Two at least."
    )

    def validate_people(self, numbers):
        return [f"user:{number}" for number in numbers]


class GlassWordShown(Shown):
    person = serializers.SerializerMethodField()

    class Meta:
        model = GlassWord
        fields = ["person", "purpose", "function", "reason", "revision_hash", "via", "strength", "said_at"]

    @extend_schema_field(PersonShown)
    def get_person(self, word):
        return {"id": ids.of_actor(word.person_id), "name": word.person_name}


class GlassShown(Shown):
    id = ref("gls")
    statement = ref("stm", "statement_id")
    revision = ref("rev", "revision_id")
    incident = ref("inc", "incident_id")
    words = GlassWordShown(many=True, read_only=True)

    class Meta:
        model = Glass
        fields = [
            "id", "statement", "revision", "revision_hash", "incident", "status", "words", "asked_at",
            "broken_at", "closed_at", "version",
        ]  # fmt: skip


class GlassSaid(Given):
    revision_hash = serializers.RegexField(HASH, help_text="Of the text that was before your eyes.")
    reason = Text(max_length=2000, help_text="Why this cannot wait. Everybody reads it.")
    code = Text(max_length=12, required=False, help_text="Your six-digit code, unless just given.")


class GlassGiven(GlassSaid):
    """Asks to let out a text that stands by. A second of the named people agrees within half an hour."""

    statement = Id("stm")
    incident = Id("inc", help_text="That runs and is Critical.")


class JudgeGiven(Given):
    is_right = Flag(help_text="Whether what went out is approved afterwards.")
    comment = Text(max_length=2000, required=False, allow_blank=True, help_text="Needed when it is not.")
    code = Text(max_length=12, required=False, help_text="Your six-digit code, unless just given.")
