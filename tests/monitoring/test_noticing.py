"""Stories told in counts: weeks of ordinary life, then something; and what Tugon makes of it."""

import math
import random
from datetime import timedelta

import pytest

from responses import due, pipeline
from responses.core.models import Event
from responses.monitoring import alerting, noticing, ruling
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Alert, HourCount, Match, Mention, RuleHour, Source
from responses.monitoring.subjects import FIVE, HOUR
from tenants.models import Wake
from tests.monitoring.making import feed, item, items, rule

DAY = timedelta(days=1)


@pytest.fixture
def source(isla, by, now):
    return feed(by.lea, now)


def season(at):
    """A brand that sleeps at night in Manila and is quieter on Sundays."""
    busy = 1 - 0.8 * math.cos(2 * math.pi * (at.hour + 8) / 24)
    return busy * (0.5 if (at + 8 * HOUR).weekday() == 6 else 1)


def past(
    source,
    now,
    *,
    per_hour=6.0,
    days=16,
    negative=0.2,
    until=timedelta(0),
    of=None,
    lift=lambda age: 1,
    first=0,
):
    """Mentions of ordinary days, in bulk with all their counts; `of` is the rule that matched them."""
    draw = random.Random(5)
    rows, hours = [], {}
    start = (now - days * DAY).replace(minute=0)
    for n in range(int((now - until - start) / HOUR)):
        at = start + n * HOUR
        mean = per_hour * season(at) * lift((now - at) / DAY)
        count = max(round(draw.gauss(mean, math.sqrt(mean))), 0)
        tones = ["negative" if draw.random() < negative else "neutral" for _ in range(count)]
        hours[at] = tones
        rows += [
            Mention(
                source=source, external_id=f"past-{n}-{k}", text="Karaniwan", sentiment=tone, seen_at=at,
                published_at=at + HOUR * draw.random(),
            )
            for k, tone in enumerate(tones)
        ]  # fmt: skip
    Mention.objects.bulk_create(rows)
    counted = [
        {"hour": at, "negative": tones.count("negative"), "neutral": tones.count("neutral")}
        for at, tones in hours.items()
    ]
    HourCount.objects.bulk_create(HourCount(**row) for row in counted)
    if of is not None:
        Match.objects.bulk_create(Match(rule=of, mention=each, at=each.published_at) for each in rows)
        RuleHour.objects.bulk_create(RuleHour(rule=of, **row) for row in counted)
    return len(rows)


def storm(source, now, count=120, text="Naantala ang byahe", first=0):
    return ingest(source, items(count, text, now=now, apart=timedelta(seconds=7), first=first), now=now)


def raised():
    return list(Event.objects.filter(kind="alert.raised").values_list("data__alert_kind", flat=True))


def test_a_storm_after_weeks_of_ordinary_days_is_one_alert_with_its_reasons(source, by, now):
    past(source, now)
    noticing.look(now=now - FIVE)
    assert not Alert.objects.exists()
    storm(source, now)
    pipeline.follow(now)
    alert = Alert.objects.get()
    assert alert.kind == "spike" and 120 <= alert.mention_count < 125
    assert f"{alert.why['count']} mentions in 15 minutes" in alert.because
    assert "usually" in alert.because
    assert alert.why["drivers"]["sources"] == [{"name": "News", "count": alert.mention_count}]
    assert len(alert.why["chart"]["counts"]) == 48
    assert max(alert.why["chart"]["usual"]) < 20
    assert "chart" not in Event.objects.get(kind="alert.raised").data["why"]


def test_the_same_storm_never_rings_twice(source, by, now):
    past(source, now)
    noticing.look(now=now - FIVE)
    storm(source, now)
    pipeline.follow(now)
    storm(source, now)  # the same posts, read again
    for minutes in (5, 10, 60, 180):
        later = now + timedelta(minutes=minutes)
        storm(source, later, 20, first=1000 * minutes)
        noticing.look(now=later)
    assert Alert.objects.get().mention_count > 150
    assert Alert.objects.get().why["count"] > 80  # the loudest quarter of an hour so far
    alert = Alert.objects.get()
    alerting.dismiss(alert, reason="A raffle", by=by.lea, now=now + 4 * HOUR)
    for hours in (4, 6, 9, 12, 15):  # it goes on, and grows
        later = now + hours * HOUR
        storm(source, later, 30 * hours, first=100_000 * hours)
        noticing.look(now=later)
    assert raised() == ["spike"]


def test_ordinary_weeks_raise_nothing(source, by, now):
    watched = rule(by.lea, now, query="Karaniwan", alert_after=1000)
    past(source, now + 4 * DAY, days=24, of=watched)
    for hours in range(0, 96, 24):
        noticing.look(now=now + hours * HOUR)
    assert not Alert.objects.exists()


def test_mentions_that_come_late_are_noticed_when_they_come(source, by, now):
    past(source, now, until=2 * HOUR)
    noticing.look(now=now - HOUR)
    noticing.look(now=now)
    ago = now - HOUR
    ingest(source, items(150, now=ago, apart=timedelta(seconds=6)), now=now)
    noticing.look(now=now)
    assert raised() == ["spike"]


def test_a_rules_storm_is_its_own(source, by, now):
    watched = rule(by.lea, now, query="sunog", alert_after=500, severity=3)
    past(source, now, per_hour=2, of=watched)
    noticing.look(now=now)
    storm(source, now, 60, "sunog sa barko")
    noticing.look(now=now)
    of_rule = Alert.objects.get(kind="spike", rule=watched)
    assert (of_rule.severity, of_rule.heading) == (3, "sunog: far more than usual")


def test_a_removed_rules_storm_does_not_stand_for_the_brands_own(source, by, now):
    """Nor is the rule kept from going by the brand's own alert of the same kind."""
    watched = rule(by.lea, now, query="sunog", alert_after=500)
    past(source, now, per_hour=2, of=watched)
    noticing.look(now=now)
    storm(source, now, 60, "sunog sa barko")
    noticing.look(now=now)
    assert {alert.rule for alert in Alert.objects.filter(kind="spike")} == {watched, None}
    ruling.remove_rule(watched, by=by.lea, now=now)
    own = Alert.objects.filter(kind="spike", why__of_rule=False)
    own.delete()
    later = now + FIVE
    storm(source, later, 120, first=1000)
    noticing.look(now=later)
    assert own.get().mention_count >= 120


def test_what_an_incident_handles_raises_no_second_alarm(source, by, now):
    watched = rule(by.lea, now, query="sunog")
    past(source, now, per_hour=2, of=watched)
    noticing.look(now=now)
    storm(source, now, 60, "sunog sa barko")
    alerting.escalated(Alert.objects.get(kind="match"), by=by.lea, now=now, incident=7)
    noticing.look(now=now)
    assert not Alert.objects.filter(rule=watched, kind="spike").exists()


def angry(source, now, count, first):
    rows = [
        Mention(source=source, external_id=f"angry-{first + n}", text="Galit", sentiment="negative",
                published_at=now - n * timedelta(minutes=8), seen_at=now)
        for n in range(count)
    ]  # fmt: skip
    Mention.objects.bulk_create(rows)
    for mention in rows:
        hour = mention.published_at.replace(minute=0, second=0, microsecond=0)
        kept, _new = HourCount.objects.get_or_create(hour=hour)
        HourCount.objects.filter(hour=hour).update(negative=kept.negative + 1)


def test_the_tone_turns_without_more_being_said(source, by, now):
    past(source, now)
    noticing.look(now=now - 2 * HOUR)
    angry(source, now, 22, first=0)
    noticing.look(now=now)
    alert = Alert.objects.get()
    assert alert.kind == "fall"
    assert "were negative" in alert.because and "usually 2" in alert.because
    alerting.dismiss(alert, reason="A song", by=by.lea, now=now)
    angry(source, now + HOUR, 8, first=50)
    noticing.look(now=now + HOUR)
    assert raised() == ["fall"]


def test_a_rise_over_days_that_no_hour_shows(source, by, now):
    def lift(age):
        return 1.2 + 0.2 * (5 - age) if age < 5 else 1

    Source.objects.update(created_at=now - 60 * DAY)
    past(source, now, days=30, per_hour=4, lift=lift)
    for hours in range(72, -1, -24):
        noticing.look(now=now - hours * HOUR)
    alert = Alert.objects.get()
    assert alert.kind == "burn"
    assert "No single hour shows it" in alert.because
    assert alert.heading.startswith("Rising for")


def test_the_first_match_after_long_quiet(source, by, now):
    watched = rule(by.lea, now, query="sunog", alert_after=50)
    old = [item(f"old-{n}", "sunog", at=now - timedelta(days=25 + n)) for n in range(5)]
    ingest(source, old, now=now)
    noticing.look(now=now)
    assert not Alert.objects.exists()
    for number in range(2):
        ingest(source, [item(f"new-{number}", "sunog", at=now)], now=now)
        noticing.look(now=now)
    alert = Alert.objects.get()
    assert (alert.kind, alert.rule) == ("return", watched)
    assert "after 25 days" in alert.because


def test_a_rule_that_alerts_at_once_tells_of_the_quiet_itself(source, by, now):
    rule(by.lea, now, query="sunog")
    ingest(source, [item(f"old-{n}", "sunog", at=now - timedelta(days=25 + n)) for n in range(5)], now=now)
    ingest(source, [item("new", "sunog", at=now)], now=now)
    noticing.look(now=now)
    assert Alert.objects.get().because.endswith("Nothing for 25 days before.")


def test_a_changed_query_is_learnt_anew(source, by, now):
    watched = rule(by.lea, now, query="sunog", alert_after=500)
    past(source, now, per_hour=3, of=watched)
    noticing.look(now=now)
    before = noticing.Baseline.objects.get(name=f"rule:{watched.pk}")
    noticing.Rule.objects.filter(pk=watched.pk).update(query="usok")
    Match.objects.filter(rule=watched).delete()
    noticing.look(now=now + FIVE)
    after = noticing.Baseline.objects.get(name=f"rule:{watched.pk}")
    assert before.state["seen"] > 1000 and not after.state


def test_a_flood_of_batches_is_looked_at_at_once_and_then_within_the_minute(source, isla, now):
    past(source, now)
    noticing.look(now=now)
    for number in range(5):
        moment = now + timedelta(seconds=30, milliseconds=number)
        storm(source, moment, 60, first=number * 100)
        pipeline.follow(moment)
    assert raised() == ["spike"]
    assert Alert.objects.get().mention_count < 300
    assert Wake.objects.filter(brand=isla, at=now + timedelta(minutes=1)).count() == 1
    assert due.soonest(now) is not None
