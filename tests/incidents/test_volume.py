"""The curve in the room: every minute in one bucket, the empty ones drawn too."""

from datetime import timedelta

from responses.incidents import lifecycle
from responses.incidents.volume import volume
from responses.monitoring.models import Mention


def say(source, at, sentiment, number):
    Mention.objects.create(
        source=source, external_id=f"m{number}", text="x", sentiment=sentiment, published_at=at, seen_at=at
    )


def test_mentions_are_counted_per_five_minutes_and_tone(incident, now):
    source = incident.alert.first_mention.source
    for number, (minutes, tone) in enumerate(
        [(-50, "positive"), (1, "negative"), (2, "negative"), (12, "neutral")]
    ):
        say(source, now + timedelta(minutes=minutes), tone, number)
    found = volume(incident, now + timedelta(minutes=20))
    assert found.width == timedelta(minutes=5)
    counts = {bucket["at"]: (bucket["neg"], bucket["neu"], bucket["pos"]) for bucket in found.buckets}
    assert counts[now] == (2, 0, 0)
    assert counts[now + timedelta(minutes=10)] == (0, 1, 0)
    assert counts[now - timedelta(minutes=5)] == (1, 0, 0)  # the first mention, four minutes before
    assert counts[now + timedelta(minutes=5)] == (0, 0, 0)
    assert (found.total, found.negative, found.percent_negative) == (4, 3, 75)
    assert max(counts) + found.width <= now + timedelta(minutes=20)


def test_a_long_incident_gets_wider_buckets(incident, now):
    found = volume(incident, now + timedelta(days=4))
    assert found.width == timedelta(hours=1)
    assert len(found.buckets) <= 121


def test_the_marks_tell_what_happened(incident, by, now):
    lifecycle.set_severity(incident, 3, reason="x", by=by.lea, now=now + timedelta(minutes=5))
    labels = [mark["label"] for mark in volume(incident, now + timedelta(minutes=20)).marks]
    assert labels == ["first mention", "level changed"]  # the opening lies too near to be read
