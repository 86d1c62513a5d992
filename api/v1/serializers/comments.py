"""Comments, answers and suggestions, out and in."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.v1 import ids
from responses.statements.commenting_models import Comment, Reply

from .base import Given, PersonShown, Shown, ref
from .fields import Id, OneOf, Text, Whole

FURTHEST = 2**31 - 1


class ReplyShown(Shown):
    by = serializers.SerializerMethodField()

    class Meta:
        model = Reply
        fields = ["text", "side", "by", "written_at"]

    @extend_schema_field(PersonShown)
    def get_by(self, reply):
        return {"id": ids.of_actor(reply.by_id), "name": reply.by_name}


class CommentShown(Shown):
    """`start` and `end` count characters in the channel's text of `revision`; null: the whole.

    `replacement` is null for a comment and text for a suggestion; empty, it suggests to leave the words out.
    """

    id = ref("cmt")
    statement = ref("stm", "statement_id")
    revision = ref("rev", "revision_id")
    channel = serializers.SerializerMethodField()
    language = serializers.SerializerMethodField(help_text="Of the channel's text that it is about.")
    by = serializers.SerializerMethodField()
    moved_by = serializers.SerializerMethodField(help_text="Who last resolved, reopened or decided it.")
    applied_in = ref("rev", "applied_in_id", allow_null=True)
    replies = ReplyShown(many=True, read_only=True)

    class Meta:
        model = Comment
        fields = [
            "id", "statement", "revision", "channel", "language", "start", "end", "quote", "text",
            "replacement", "audience", "side", "by", "written_at", "status", "moved_by", "moved_at",
            "reason", "applied_in", "replies", "version",
        ]  # fmt: skip

    @extend_schema_field(Id("chn", allow_null=True))
    def get_channel(self, comment):
        return ids.spelled("chn", comment.variant.channel_id) if comment.variant else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_language(self, comment):
        return comment.variant.language if comment.variant else None

    @extend_schema_field(PersonShown)
    def get_by(self, comment):
        return {"id": ids.of_actor(comment.by_id), "name": comment.by_name}

    @extend_schema_field(PersonShown(allow_null=True))
    def get_moved_by(self, comment):
        if not comment.moved_by_id:
            return None
        return {"id": ids.of_actor(comment.moved_by_id), "name": comment.moved_by_name}


class CommentGiven(Given):
    """Name the stretch by `channel`, `start` and `end`, or by its words (`quote`), or by nothing: the whole.

    With a `replacement` it is a suggestion.
    """

    statement = Id("stm")
    revision = Id("rev", required=False, help_text="The one you read; the latest you may read if left out.")
    channel = Id("chn", required=False)
    language = Text(
        max_length=8, required=False, help_text="Of the channel's text; the statement's first if left out."
    )
    start = Whole(min_value=0, max_value=FURTHEST, required=False)
    end = Whole(min_value=1, max_value=FURTHEST, required=False)
    quote = Text(max_length=20_000, required=False, allow_blank=True)
    text = Text(max_length=4_000, required=False, allow_blank=True)
    replacement = Text(max_length=20_000, required=False, allow_blank=True)
    audience = OneOf(
        Comment.Audience.choices, required=False, help_text="internal if left out; of a client always client."
    )


class ReplyGiven(Given):
    text = Text(max_length=4_000)


class DeclineGiven(Given):
    reason = Text(max_length=300, required=False, allow_blank=True)
