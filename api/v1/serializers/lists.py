"""Saved queries and exclusions, out and in."""

from responses.monitoring.models import Exclusion, NamedQuery

from .base import Given, Shown, ref
from .fields import OneOf, Text


class NamedQueryShown(Shown):
    id = ref("nqu")

    class Meta:
        model = NamedQuery
        fields = ["id", "name", "query", "version"]


class NamedQueryGiven(Given):
    """Rules use it as `saved:name`."""

    name = Text(max_length=40)
    query = Text(max_length=4096)


class NamedQueryChange(Given):
    query = Text(max_length=4096, required=False)


class ExclusionShown(Shown):
    id = ref("exc")

    class Meta:
        model = Exclusion
        fields = ["id", "field", "value", "reason", "by_name", "created_at"]


class ExclusionGiven(Given):
    """An author's name, a site as in coupons.example, or words in the query language."""

    field = OneOf(Exclusion.Field.choices)
    value = Text(max_length=500)
    reason = Text(max_length=300)
