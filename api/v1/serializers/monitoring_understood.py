"""Stories, and people's word on how a mention sounds."""

from responses.monitoring.models import Correction, Mention, Story

from .base import Given, Shown, ref
from .fields import OneOf


class StoryShown(Shown):
    id = ref("sty")
    first_mention = ref("men", "first_mention_id", allow_null=True)

    class Meta:
        model = Story
        fields = [
            "id",
            "title",
            "first_mention",
            "mention_count",
            "platforms",
            "reach",
            "first_at",
            "last_at",
        ]
        extra_kwargs = {
            "platforms": {"help_text": "Networks and sites, in the order the story reached them."},
            "reach": {"help_text": "The sum of what is known."},
        }


class CorrectionShown(Shown):
    id = ref("cor")
    mention = ref("men", "mention_id")

    class Meta:
        model = Correction
        fields = ["id", "mention", "before", "after", "by_name", "at"]


class CorrectGiven(Given):
    sentiment = OneOf(Mention.Sentiment.choices)
