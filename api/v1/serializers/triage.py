"""Triage of mentions and saved views, out and in."""

from rest_framework import serializers

from responses.monitoring.models import Mention, SavedView

from .base import Given, Shown, ref
from .fields import Flag, Id, OneOf, Text

MOST_AT_ONCE = 500


class TriageGiven(Given):
    to = OneOf(Mention.Triage.choices)
    mentions = serializers.ListField(child=Id("men"), min_length=1, max_length=MOST_AT_ONCE)


class TriageShown(serializers.Serializer):
    changed = serializers.IntegerField(help_text="Those that were so already are not counted.")


class ViewShown(Shown):
    id = ref("viw")

    class Meta:
        model = SavedView
        fields = ["id", "name", "query", "is_shared", "person_name", "created_at"]


class ViewGiven(Given):
    """`query` is the query string of a filtered feed, as in tone=negative. A key's view is the team's."""

    name = Text(max_length=80)
    query = Text(max_length=1000)
    is_shared = Flag(required=False)
    replace = Flag(required=False)
