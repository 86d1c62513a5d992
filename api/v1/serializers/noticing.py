"""Named authors, the noise budget, what a rule would have alerted to, and share of voice; out and in."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from responses.monitoring import periods
from responses.monitoring.models import Alert, NamedAuthor, Rule

from .base import Given, Shown, ref
from .fields import Id, Moment, OneOf, OpenWord, Text, Whole


class AuthorShown(Shown):
    id = ref("aut")

    class Meta:
        model = NamedAuthor
        fields = ["id", "name", "note", "severity", "created_at", "version"]


class AuthorChange(Given):
    name = Text(max_length=200, required=False)
    note = Text(max_length=200, required=False, allow_blank=True)
    severity = Whole(min_value=0, max_value=4, required=False)


class AuthorGiven(AuthorChange):
    """A name or a handle, as sources spell it; capitals, accents and the @ do not matter."""

    name = Text(max_length=200)


class SnoozeGiven(Given):
    until = Moment(help_text="Within the next 14 days.")


class BudgetShown(serializers.Serializer):
    per_week = serializers.IntegerField()
    spent = serializers.IntegerField(help_text="Alerts that have rung within the last seven days.")
    held = serializers.IntegerField(help_text="Live alerts over the budget: they called nobody.")
    acted = serializers.IntegerField(help_text="Of the last thirty days' alerts: acted on by a person.")
    dismissed = serializers.IntegerField(help_text="Of the last thirty days' alerts: dismissed by a person.")


class BudgetGiven(Given):
    per_week = Whole(min_value=1, max_value=500)


class ReplayGiven(Given):
    """A rule as it would be. With `rule`, and its own query, what that rule has matched is replayed."""

    query = Text(max_length=4096)
    sensitivity = OneOf(Rule.Sensitivity.choices, required=False)
    alert_after = Whole(min_value=1, max_value=10_000, required=False)
    rule = Id("rul", required=False)


class WouldShown(serializers.Serializer):
    at = Moment()
    kind = OpenWord(Alert.Kind.choices)
    title = serializers.CharField(source="heading")
    because = serializers.CharField()


class ReplayShown(serializers.Serializer):
    count = serializers.IntegerField()
    matches = serializers.IntegerField(help_text="How many matches were gone through.")
    since = Moment()
    capped = serializers.BooleanField(help_text="There are more mentions than were looked at.")
    alerts = WouldShown(many=True)


class VoicesGiven(Given):
    since = Moment()
    until = Moment()

    def validate_since(self, at):
        return in_our_time(at)

    def validate_until(self, at):
        return in_our_time(at)


def in_our_time(at):
    if not periods.FIRST_YEAR <= at.year <= periods.LAST_YEAR:
        words = _("A year from %(first)s to %(last)s was expected.")
        raise serializers.ValidationError(words % {"first": periods.FIRST_YEAR, "last": periods.LAST_YEAR})
    return at


class VoiceShown(serializers.Serializer):
    subject = serializers.CharField(help_text="Empty for the brand itself.")
    count = serializers.IntegerField()
    share = serializers.FloatField(help_text="Of all voices, 0 to 1.")
    negative = serializers.FloatField(help_text="Of its own mentions, 0 to 1.")


class VoicesShown(serializers.Serializer):
    since = Moment()
    until = Moment()
    voices = VoiceShown(many=True)
