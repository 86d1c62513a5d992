"""Templates, talking points, rules of writing, findings and overrulings, out and in."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.v1 import ids
from responses.statements.models import Statement
from responses.statements.writing_models import LintRule, Overruling, StatementTemplate, TalkingPoint

from .base import Given, PersonShown, Shown, ref
from .fields import Id, OneOf, Text
from .statements import TextGiven, VersionGiven

LANGUAGES = (("en", ""), ("fil", ""))
ANY = (("", ""), *LANGUAGES)


class TemplateShown(Shown):
    id = ref("tpl")

    class Meta:
        model = StatementTemplate
        fields = [
            "id", "name", "type", "language", "body", "short", "also_body", "also_short", "is_active",
            "changed_by", "changed_at", "version",
        ]  # fmt: skip


class TemplateGiven(Given):
    """With {variables} in it; an unknown one is refused with the list of those there are."""

    name = Text(max_length=120)
    type = OneOf(Statement.Type.choices)
    language = OneOf(LANGUAGES)
    body = Text(max_length=20_000)
    short = Text(max_length=20_000, required=False, allow_blank=True)
    also_body = Text(
        max_length=20_000, required=False, allow_blank=True, help_text="The same in the other language."
    )
    also_short = Text(max_length=20_000, required=False, allow_blank=True)


class PointShown(Shown):
    id = ref("pnt")
    incident = ref("inc", "incident_id", allow_null=True)
    by = serializers.SerializerMethodField()

    class Meta:
        model = TalkingPoint
        fields = ["id", "incident", "kind", "text", "origin", "by", "added_at"]

    @extend_schema_field(PersonShown)
    def get_by(self, point):
        return {"id": ids.of_actor(point.by_id), "name": point.by_name}


class PointGiven(Given):
    """A confirmed fact, a key message, or a name to keep out; without an incident it is the brand's."""

    kind = OneOf(TalkingPoint.Kind.choices)
    text = Text(max_length=500)
    origin = Text(max_length=200, required=False, allow_blank=True, help_text="Who confirmed it.")
    incident = Id("inc", required=False)


class LintRuleShown(Shown):
    id = ref("lrl")
    phrases = serializers.ListField(child=serializers.CharField(), read_only=True)
    types = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = LintRule
        fields = [
            "id", "kind", "shipped", "phrases", "types", "language", "severity", "reason", "changed_by",
            "changed_at", "version",
        ]  # fmt: skip


class LintRuleChange(Given):
    """Words, phrases and wildcards: `*` for letters, `a/b` for one of two words, `...` for words between."""

    phrases = serializers.ListField(
        child=Text(max_length=120, allow_blank=True), max_length=100, required=False
    )
    types = serializers.ListField(child=OneOf(Statement.Type.choices), max_length=20, required=False)
    language = OneOf(ANY, required=False)
    severity = OneOf(LintRule.Severity.choices, required=False)
    reason = Text(max_length=300, required=False, allow_blank=True)


class LintRuleGiven(LintRuleChange):
    """A rule of the brand's own; or kind off with `shipped` and a `reason`, to do without one that ships."""

    kind = OneOf(LintRule.Kind.choices)
    shipped = Text(max_length=40, required=False, allow_blank=True)


class LintGiven(Given):
    """Texts to look at, as the editor would. Nothing is kept."""

    type = OneOf(Statement.Type.choices)
    language = Text(max_length=8)
    texts = serializers.ListField(child=TextGiven(), min_length=1, max_length=20)
    also = serializers.ListField(child=VersionGiven(), max_length=1, required=False)
    incident = Id("inc", required=False)
    statement = Id("stm", required=False, help_text="To be told what was overruled in it.")


class FindingShown(serializers.Serializer):
    """`start` and `end` count characters in the text of the channel; a lack has no place."""

    rule = serializers.CharField(source="finding.rule")
    severity = serializers.CharField(source="finding.severity")
    channel = serializers.SerializerMethodField()
    language = serializers.CharField(
        source="finding.language", help_text="Of a second version's text; empty for the first."
    )
    start = serializers.IntegerField(source="finding.start")
    end = serializers.IntegerField(source="finding.end")
    passage = serializers.CharField(source="finding.passage")
    reason = serializers.CharField(source="finding.reason")
    suggestion = serializers.CharField(source="finding.suggestion")
    mark = serializers.CharField(source="finding.mark", help_text="To overrule it by.")
    overruling = serializers.SerializerMethodField()

    @extend_schema_field(Id("chn"))
    def get_channel(self, judged):
        return ids.spelled("chn", judged.finding.channel)

    @extend_schema_field(Id("ovr", allow_null=True))
    def get_overruling(self, judged):
        return judged.overruling and ids.spelled("ovr", judged.overruling.pk)


class FindingsShown(serializers.Serializer):
    findings = FindingShown(many=True)


class OverrulingShown(Shown):
    id = ref("ovr")
    statement = ref("stm", "statement_id")
    revision = ref("rev", "revision_id")
    by = serializers.SerializerMethodField()

    class Meta:
        model = Overruling
        fields = [
            "id", "statement", "revision", "mark", "rule", "severity", "passage", "reason", "by",
            "overruled_at", "restored_at", "restored_by",
        ]  # fmt: skip

    @extend_schema_field(PersonShown)
    def get_by(self, overruling):
        return {"id": ids.of_actor(overruling.by_id), "name": overruling.by_name}


class OverruleGiven(Given):
    """Lets a finding of the latest revision stand."""

    statement = Id("stm")
    mark = Text(max_length=64, help_text="Of the finding.")
    reason = Text(max_length=300, help_text="Reviewers and the client read it.")
