from datetime import timedelta

import pytest

from responses.core.models import Event
from responses.errors import Conflict, Invalid, NotAllowed
from responses.monitoring import alerting, driving, ruling, states
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Alert, Match
from tests.monitoring.making import feed, item, items, rule

HOUR = timedelta(hours=1)


@pytest.fixture
def source(isla, by, now):
    return feed(by.lea, now)


def fires(source, count, now, first=0, ago=timedelta(0)):
    return ingest(source, items(count, "Sunog sa barko", now=now - ago, first=first), now=now)


def test_matches_gather_in_one_live_alert(source, by, now):
    rule(by.lea, now, severity=3)
    fires(source, 2, now)
    fires(source, 3, now + timedelta(minutes=5), first=10)
    alert = Alert.objects.get()
    assert (alert.mention_count, alert.severity, alert.status) == (5, 3, "open")
    assert Event.objects.filter(kind="alert.raised").count() == 1
    assert driving.mentions_of(alert).count() == 5
    assert alert.first_mention.external_id == "post-1"


def test_the_sentence_is_made_from_figures(source, by, now):
    rule(by.lea, now)
    fires(source, 12, now)
    assert Alert.objects.get().because == (
        "12 matches of “sunog OR fire” within an hour. There is no usual figure yet."
    )


def test_what_is_usual_is_said(source, by, now):
    watched = rule(by.lea, now, raises_alert=False)
    for day in range(1, 11):
        ingest(source, [item(f"old-{day}", "sunog", at=now - timedelta(days=day))], now=now)
    ruling.change_rule(watched, raises_alert=True, by=by.lea, now=now)
    fires(source, 3, now)
    assert Alert.objects.get().because == "3 matches of “sunog OR fire” within an hour; usually 0."


def test_a_month_of_history_raises_nothing(source, by, now):
    rule(by.lea, now)
    ingest(source, items(30, "sunog", now=now - timedelta(days=1), apart=timedelta(days=1)), now=now)
    assert Match.objects.count() == 30
    assert not Alert.objects.exists()


def test_the_threshold_is_counted_within_an_hour(source, by, now):
    rule(by.lea, now, alert_after=5)
    fires(source, 4, now, ago=2 * HOUR)
    fires(source, 4, now, first=10)
    assert not Alert.objects.exists()
    fires(source, 1, now + timedelta(minutes=3), first=20)
    assert Alert.objects.get().mention_count == 5


def test_after_a_dismissal_the_next_match_raises_anew_without_the_old(source, by, now):
    rule(by.lea, now)
    fires(source, 3, now)
    alerting.dismiss(Alert.objects.get(), reason="A drill", by=by.lea, now=now)
    fires(source, 1, now, first=10)
    assert [alert.mention_count for alert in Alert.objects.all()] == [1, 3]


def test_an_alert_that_became_an_incident_gathers_until_the_storm_is_over(source, by, now):
    rule(by.lea, now)
    fires(source, 3, now)
    alerting.escalated(Alert.objects.get(), by=by.lea, now=now, incident=7)
    fires(source, 2, now + HOUR, first=10)
    assert Alert.objects.get().mention_count == 5
    fires(source, 1, now + 8 * HOUR, first=20)
    assert Alert.objects.count() == 2


def test_a_rule_that_raises_no_alert_only_matches(source, by, now):
    rule(by.lea, now, raises_alert=False)
    fires(source, 3, now)
    assert Match.objects.count() == 3
    assert not Alert.objects.exists()


def test_a_source_that_usually_speaks_and_fell_silent_is_noticed_once(source, now):
    ingest(source, items(100, now=now - timedelta(hours=20), apart=HOUR), now=now)
    assert [alert.source for alert in alerting.note_silence(now=now)] == [source]
    assert alerting.note_silence(now=now) == []
    assert "for 20 hours; usually something every 1 hours" in Alert.objects.get().because


def test_a_source_that_speaks_seldom_may_be_silent(source, now):
    ingest(source, items(5, now=now - timedelta(days=3), apart=HOUR), now=now)
    assert alerting.note_silence(now=now) == []


def test_people_decide_once_and_with_a_reason(source, by, now):
    rule(by.lea, now)
    fires(source, 1, now)
    alert = Alert.objects.get()
    stale = Alert.objects.get()
    with pytest.raises(Invalid, match="why this needs no action"):
        alerting.dismiss(alert, reason="  ", by=by.lea, now=now)
    alerting.acknowledge(alert, by=by.lea, now=now)
    assert (alert.status, alert.handled_by) == (states.ACKNOWLEDGED, "Lea")
    with pytest.raises(Conflict):
        alerting.dismiss(stale, reason="Too late", by=by.ramon, now=now)
    alerting.dismiss(alert, reason="Another ship", by=by.lea, now=now)
    with pytest.raises(NotAllowed):
        alerting.acknowledge(alert, by=by.lea, now=now)
    assert Event.objects.filter(subject_type="alert").count() == 3
