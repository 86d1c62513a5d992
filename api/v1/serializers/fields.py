"""Fields that take exactly what the description says: text is text, a number a number, times have zones."""

import re
from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.v1 import ids

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


class Text(serializers.CharField):
    """Text and nothing that could be turned into text. Mere blanks are for the deed to refuse."""

    def __init__(self, **extra):
        super().__init__(**{"trim_whitespace": False} | extra)

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class TextSchema(OpenApiSerializerFieldExtension):
    target_class = "api.v1.serializers.fields.Text"

    def map_serializer_field(self, auto_schema, direction):
        least = {} if self.target.allow_blank else {"minLength": 1}
        most = {"maxLength": self.target.max_length} if self.target.max_length else {}
        return {"type": "string", **least, **most}


class Whole(serializers.IntegerField):
    """A whole number. JSON has one kind of number, so 1.0 is the integer 1 (JSON Schema says so too)."""

    def to_internal_value(self, data):
        if type(data) is float and data.is_integer():
            data = int(data)
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    def to_internal_value(self, data):
        if type(data) is not bool:
            self.fail("invalid", input=data)
        return data


class OneOf(serializers.ChoiceField):
    """One of our words."""

    def to_internal_value(self, data):
        if not isinstance(data, str) or data not in self.choices:
            self.fail("invalid_choice", input=data)
        return data


class Moment(serializers.DateTimeField):
    """UTC with Z going out; any zone, but one, coming in."""

    default_error_messages = {
        "no_zone": _("Give the time as RFC 3339 with its zone, like 2026-11-23T14:05:00Z.")
    }

    def to_internal_value(self, data):
        if not isinstance(data, str) or not RFC_3339.fullmatch(data):
            self.fail("no_zone")
        try:
            return datetime.fromisoformat(data.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail("no_zone")

    def to_representation(self, value):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None


class Id(serializers.Field):
    """The id of a thing, `inc_12`. Coming in it is only read; whether the thing is there, the view asks."""

    default_error_messages = {"not_one": _("Not an id of this kind: it looks like {prefix}_12.")}

    def __init__(self, prefix, **extra):
        self.prefix = prefix
        super().__init__(**extra)

    def to_internal_value(self, data):
        pk = ids.read(self.prefix, data)
        if pk is None:
            self.fail("not_one", prefix=self.prefix)
        return pk

    def to_representation(self, value):
        return ids.spelled(self.prefix, value)


class IdSchema(OpenApiSerializerFieldExtension):
    target_class = "api.v1.serializers.fields.Id"

    def map_serializer_field(self, auto_schema, direction):
        return {"type": "string", "pattern": ids.pattern(self.target.prefix)}


class OpenWord(serializers.Field):
    """A state or kind going out. The list in the description may grow, so callers expect unknown ones."""

    def __init__(self, choices=(), **extra):
        self.words = [value for value, _label in choices]
        for unneeded in ("max_length", "allow_blank", "validators"):
            extra.pop(unneeded, None)
        super().__init__(**extra)

    def to_representation(self, value):
        return value


class OpenWordSchema(OpenApiSerializerFieldExtension):
    target_class = "api.v1.serializers.fields.OpenWord"

    def map_serializer_field(self, auto_schema, direction):
        kind = "integer" if self.target.words and isinstance(self.target.words[0], int) else "string"
        listed = ", ".join(map(str, self.target.words))
        return {"type": kind, "description": f"One of: {listed}. More may come."}


@extend_schema_field({"type": "object", "additionalProperties": True})
class Anything(serializers.JSONField):
    """Plain values whose shape depends on the kind."""

    def to_internal_value(self, data):
        if not isinstance(data, dict):
            self.fail("invalid")
        return super().to_internal_value(data)
