"""Channels, out and in."""

from rest_framework import serializers

from responses.publishing import choosing
from responses.statements import limits
from responses.statements.models import Channel

from .base import Given, Shown, ref
from .fields import Anything, Flag, OneOf, Text

SPEAKS = [("", ""), *Channel.Speaks.choices]
ABOUT_SPEAKS = "Empty: every language a statement is in, or where one text fits, its first."
CREDENTIALS = "Kept encrypted, never shown again."


class LimitShown(serializers.Serializer):
    most = serializers.IntegerField()
    counted_in = serializers.CharField(
        help_text="graphemes, utf16, or the channel's own way of counting: see docs/channels.md."
    )


class ChannelShown(Shown):
    id = ref("chn")
    config = Anything(read_only=True)
    limit = serializers.SerializerMethodField()

    class Meta:
        model = Channel
        fields = [
            "id", "kind", "name", "config", "speaks", "is_active", "limit", "trouble", "troubled_at",
            "version",
        ]  # fmt: skip

    def get_limit(self, channel) -> LimitShown:
        told = {"most": limits.limit(channel), "counted_in": limits.counted_in(channel)}
        return LimitShown(told).data


class ChannelGiven(Given):
    """`config` and `credentials` as docs/channels.md says for the kind: {"server"} for mastodon …"""

    kind = OneOf([(kind, "") for kind in choosing.kinds()])
    name = Text(max_length=120)
    speaks = OneOf(SPEAKS, required=False, help_text=ABOUT_SPEAKS)
    config = Anything(required=False)
    credentials = Anything(required=False, help_text=CREDENTIALS)


class ChannelChange(Given):
    name = Text(max_length=120, required=False)
    is_active = Flag(required=False)
    speaks = OneOf(SPEAKS, required=False, help_text=ABOUT_SPEAKS)
    config = Anything(required=False)
    credentials = Anything(required=False, help_text=CREDENTIALS)


class CheckShown(serializers.Serializer):
    works = serializers.BooleanField()
    detail = serializers.CharField(help_text="Whom the channel knows us as, or what is wrong.")
