"""What a period was like beside the one before, out."""

from rest_framework import serializers

from .base import ref
from .fields import Moment
from .noticing import VoiceShown


class TonesShown(serializers.Serializer):
    negative = serializers.IntegerField()
    neutral = serializers.IntegerField()
    positive = serializers.IntegerField()


class TrendStepShown(serializers.Serializer):
    at = Moment(help_text="When the step begins; steps are 1, 3 or 6 hours, a day or a week long.")
    tones = TonesShown()


class SourceRowShown(serializers.Serializer):
    source = ref("src", "pk")
    name = serializers.CharField()
    tones = TonesShown()
    before = serializers.IntegerField(help_text="Mentions in the period before.")


class TopicRowShown(serializers.Serializer):
    rule = ref("rul", "pk")
    name = serializers.CharField()
    tones = TonesShown()
    before = serializers.IntegerField()


class TermShown(serializers.Serializer):
    term = serializers.CharField()
    count = serializers.IntegerField(help_text="Texts that hold it, of the newest few thousand.")
    before = serializers.IntegerField()
    factor = serializers.FloatField(help_text="Times its share of the texts before.")


class TrendsShown(serializers.Serializer):
    since = Moment(source="period.since")
    until = Moment(source="period.until")
    tones = TonesShown()
    before = TonesShown(help_text="The same of as long before.")
    steps = TrendStepShown(many=True)
    voices = VoiceShown(many=True)
    sources = SourceRowShown(many=True)
    topics = TopicRowShown(source="topics_watched", many=True, help_text="As rules watch them.")
    terms = TermShown(many=True)
