"""Which language of a statement lags, and that somebody found it still right."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.v1 import ids

from .base import Given, PersonShown
from .fields import Moment, Text
from .statements import HASH


class StillRightGiven(Given):
    """That the version which was not changed says the same as the one that was."""

    language = Text(max_length=8, help_text="Of the version that was not changed.")
    revision_hash = serializers.RegexField(HASH, help_text="Of the text whose two versions were read.")


class LagShown(serializers.Serializer):
    """`language` has not been changed since revision `since`; `other` was, in revision `changed`."""

    language = serializers.CharField()
    since = serializers.IntegerField()
    other = serializers.CharField()
    changed = serializers.IntegerField()
    still_right_by = serializers.SerializerMethodField()
    still_right_at = Moment(source="said.said_at", default=None, allow_null=True)

    @extend_schema_field(PersonShown(allow_null=True))
    def get_still_right_by(self, lag):
        return lag.said and {"id": ids.of_actor(lag.said.by_id), "name": lag.said.by_name}


class LagsShown(serializers.Serializer):
    lags = LagShown(many=True)
