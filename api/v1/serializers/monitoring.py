"""Mentions, sources, rules and alerts, out and in."""

from rest_framework import serializers

from responses.monitoring import mailing
from responses.monitoring.models import Alert, Mention, Rule, Source
from responses.monitoring.sources.webhook import FIELDS, MOST_MENTIONS

from .base import Given, Shown, ref
from .fields import Anything, Flag, Id, Moment, OneOf, Text, Whole


class ReasonShown(serializers.Serializer):
    code = serializers.CharField()
    words = serializers.CharField(help_text="In the caller's language.")
    points = serializers.IntegerField()


class MentionShown(Shown):
    id = ref("men")
    source = ref("src", "source_id")
    story = ref("sty", "story_id", allow_null=True)
    risk_reasons = ReasonShown(source="reasons", many=True, read_only=True)

    class Meta:
        model = Mention
        fields = [
            "id", "source", "external_id", "url", "author", "author_url", "title", "text", "language",
            "sentiment", "score", "corrected_by", "reach", "verified", "country", "triage", "triaged_by",
            "story", "risk", "risk_reasons",
            "published_at", "seen_at",
        ]  # fmt: skip
        extra_kwargs = {"language": {"help_text": "en, fil, taglish, und, or what the source said."}}


class MentionGiven(Given):
    """One post. `external_id` (else the address) tells it from the others: sent twice it is kept once."""

    text = Text(max_length=FIELDS["text"])
    external_id = Text(max_length=FIELDS["external_id"], required=False)
    url = Text(max_length=FIELDS["url"], required=False)
    author = Text(max_length=FIELDS["author"], required=False)
    author_url = Text(max_length=FIELDS["author_url"], required=False)
    title = Text(max_length=FIELDS["title"], required=False)
    published_at = Moment(required=False)
    language = Text(max_length=FIELDS["language"], required=False)


class PushGiven(Given):
    source = Id("src", help_text="A source of kind webhook.")
    mentions = serializers.ListField(child=MentionGiven(), min_length=1, max_length=MOST_MENTIONS)


class PushShown(serializers.Serializer):
    new = serializers.IntegerField()
    known = serializers.IntegerField(help_text="Those that were there already.")
    matches = serializers.IntegerField(help_text="How often a rule matched.")


class SourceShown(Shown):
    id = ref("src")
    config = Anything(read_only=True)
    address = serializers.SerializerMethodField(
        help_text="Of a source that takes mail: where to send it. Empty for who may not set up sources."
    )

    class Meta:
        model = Source
        fields = [
            "id", "kind", "name", "config", "address", "status", "every_seconds", "due_at", "last_tried_at",
            "last_success_at", "lag_seconds", "failures", "error", "error_status", "wait_until",
            "previous_until", "created_at", "version",
        ]  # fmt: skip

    def get_address(self, source) -> str:
        view = self.context.get("view")
        may_see = source.kind == Source.Kind.EMAIL and view is not None and view.may_set_up()
        return mailing.address_of(source) if may_see else ""


class SecretGiven(Given):
    secret = Text(
        max_length=120, help_text="`whsec_` and 24 to 64 random bytes in base64. Never shown again."
    )


class SourceGiven(Given):
    """`config` and `credentials` as docs/sources.md says for the kind: {"url"} for rss, {"search"} for x …"""

    kind = OneOf(Source.Kind.choices)
    name = Text(max_length=120)
    config = Anything(required=False)
    credentials = Anything(required=False, help_text="Kept encrypted, never shown again.")
    every_seconds = Whole(min_value=60, max_value=86400, required=False)


class SourceChange(Given):
    name = Text(max_length=120, required=False)
    config = Anything(required=False)
    credentials = Anything(required=False, help_text="Kept encrypted, never shown again.")
    every_seconds = Whole(min_value=60, max_value=86400, required=False)


class RuleShown(Shown):
    id = ref("rul")

    class Meta:
        model = Rule
        fields = [
            "id", "name", "query", "is_active", "raises_alert", "alert_after", "opens_incident", "severity",
            "watches", "subject", "sensitivity", "created_at", "version",
        ]  # fmt: skip


class RuleChange(Given):
    name = Text(max_length=120, required=False)
    query = Text(max_length=4096, required=False)
    is_active = Flag(required=False)
    raises_alert = Flag(required=False)
    alert_after = Whole(min_value=1, max_value=10_000, required=False)
    opens_incident = Flag(required=False)
    severity = Whole(min_value=0, max_value=4, required=False)
    watches = OneOf(Rule.Watches.choices, required=False)
    subject = Text(max_length=80, required=False, allow_blank=True)
    sensitivity = OneOf(Rule.Sensitivity.choices, required=False)


class RuleGiven(RuleChange):
    name = Text(max_length=120)
    query = Text(max_length=4096)


class PreviewGiven(Given):
    query = Text(max_length=4096)


class PreviewShown(serializers.Serializer):
    count = serializers.IntegerField()
    looked_at = serializers.IntegerField(help_text="How many mentions of the last month it was tried on.")
    since = Moment()
    too_common = serializers.BooleanField()
    capped = serializers.BooleanField(help_text="There are more mentions than were looked at.")
    sample = MentionShown(many=True)


class AlertShown(Shown):
    id = ref("alr")
    rule = ref("rul", "rule_id", allow_null=True)
    source = ref("src", "source_id", allow_null=True)
    first_mention = ref("men", "first_mention_id", allow_null=True)
    incident = ref("inc", "incident.pk", allow_null=True, default=None)
    author = ref("aut", "author_id", allow_null=True)
    title = serializers.CharField(source="name", read_only=True, max_length=200)
    because = serializers.CharField(read_only=True, help_text="Why, in one sentence.")
    why = Anything(read_only=True, help_text="The figures; with them what drives it, and its course.")
    why_held = serializers.CharField(read_only=True, help_text="Why nobody was called; else empty.")

    class Meta:
        model = Alert
        fields = [
            "id", "kind", "status", "title", "severity", "rule", "source", "mention_count", "first_mention",
            "why", "incident", "opened_at", "last_at", "acknowledged_at", "closed_at", "handled_by",
            "dismissed_reason", "because", "author", "snoozed_until", "snoozed_by", "is_held",
            "why_held", "version",
        ]  # fmt: skip


class DismissGiven(Given):
    reason = Text(max_length=300)


class EscalateGiven(Given):
    title = Text(max_length=200, required=False)
    severity = Whole(min_value=0, max_value=4, required=False)
    summary = Text(max_length=5000, required=False, allow_blank=True)
