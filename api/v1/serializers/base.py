"""What every answer shares: opaque ids, UTC, open words."""

from django.db import models
from rest_framework import serializers

from .fields import Id, Moment, OpenWord


# No docstrings on these two: the description would repeat them for each shape.
class Given(serializers.Serializer):
    # What a caller sends. It only says of what shape; whether it holds is the deed's to judge.
    pass


class Shown(serializers.ModelSerializer):
    # A thing as the outside sees it.

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.DateTimeField: Moment,
    }
    serializer_choice_field = OpenWord


def ref(prefix: str, column: str | None = None, **extra) -> Id:
    """The id of another thing, read from the column that holds it."""
    return (
        Id(prefix, source=column, read_only=True, **extra) if column else Id(prefix, read_only=True, **extra)
    )


class PersonShown(serializers.Serializer):
    """A person, a key or Tugon itself, by id and name as they were."""

    id = serializers.CharField()
    name = serializers.CharField()


class FaultShown(serializers.Serializer):
    pointer = serializers.CharField(help_text="Where in the body: a JSON pointer.")
    code = serializers.CharField()
    detail = serializers.CharField()


class Problem(serializers.Serializer):
    """RFC 9457. `code` is for machines and stays; the words may change and are in the caller's language."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    code = serializers.CharField()
    errors = FaultShown(many=True)
    request_id = serializers.CharField()
