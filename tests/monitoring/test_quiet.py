"""What keeps the team listening: snoozing, the noise budget, groups, named authors, and the story of each."""

from datetime import timedelta

import pytest

from responses import due, pipeline, pulse
from responses.core.models import Event
from responses.errors import Invalid
from responses.monitoring import alerting, budgeting, crossing, noticing, recognising, snoozing, sourcing
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Alert, Mention, NamedAuthor, Source, Story
from tenants.models import BrandPulse, Wake
from tests.monitoring.making import feed, item, items, rule
from tests.monitoring.test_noticing import past, storm

HOUR = timedelta(hours=1)


@pytest.fixture
def source(isla, by, now):
    return feed(by.lea, now)


@pytest.fixture
def alert(source, by, now):
    rule(by.lea, now, severity=2)
    ingest(source, items(6, "Sunog sa barko", now=now), now=now)
    return Alert.objects.get()


def told(kind):
    return Event.objects.filter(kind=kind).count()


# --- snoozing


def test_a_snoozed_alert_is_out_of_sight_and_comes_back_by_itself(isla, alert, source, by, now):
    snoozing.snooze(alert, until=now + HOUR, by=by.lea, now=now)
    pulse.refresh(isla, now)
    assert BrandPulse.objects.get(brand=isla).open_alerts == 0
    assert Wake.objects.filter(brand=isla, at=now + HOUR).exists()
    ingest(source, items(50, "Sunog", now=now, first=20), now=now)  # level 2: it sleeps on
    due.work(isla, now + HOUR)
    alert.refresh_from_db()
    assert (alert.snoozed_until, alert.mention_count, alert.status) == (None, 56, "open")
    assert told("alert.woken") == 1
    due.work(isla, now + HOUR)
    assert told("alert.woken") == 1


def test_a_grave_one_wakes_when_twice_as_much_has_been_said(alert, source, by, now):
    Alert.objects.filter(pk=alert.pk).update(severity=3)
    snoozing.snooze(alert, until=now + 4 * HOUR, by=by.lea, now=now)
    ingest(source, items(10, "Sunog", now=now, first=20), now=now)
    assert Alert.objects.get().snoozed_until is not None
    ingest(source, items(1, "Sunog", now=now, first=40), now=now)
    assert Alert.objects.get().snoozed_until is None
    assert Event.objects.get(kind="alert.woken").data["worse"] is True


@pytest.mark.parametrize("hours", [-1, 0, 15 * 24])
def test_a_snooze_ends_within_a_fortnight(alert, by, now, hours):
    with pytest.raises(Invalid):
        snoozing.snooze(alert, until=now + hours * HOUR, by=by.lea, now=now)


def test_acknowledging_wakes(alert, by, now):
    snoozing.snooze(alert, until=now + HOUR, by=by.lea, now=now)
    alerting.acknowledge(alert, by=by.lea, now=now)
    assert Alert.objects.get().snoozed_until is None


# --- the budget


def test_what_is_over_the_budget_is_held_and_calls_nobody(isla, source, by, now):
    past(source, now)
    noticing.look(now=now - HOUR)
    rule(by.lea, now, query="sunog", severity=2)
    budgeting.set_budget(1, by=by.lea, now=now)
    ingest(source, [item("one", "sunog", at=now)], now=now)
    storm(source, now, first=100)
    pipeline.follow(now)
    held = Alert.objects.get(kind="spike")
    assert held.is_held
    assert "1 alert had rung within a week" in held.why_held
    assert (told("alert.raised"), told("alert.held")) == (1, 1)
    assert held.why["drivers"]["sources"]
    pulse.refresh(isla, now)
    assert BrandPulse.objects.get(brand=isla).open_alerts == 1
    alerting.acknowledge(held, by=by.lea, now=now)
    assert not Alert.objects.get(kind="spike").is_held


def test_what_may_never_be_held(source, by, now):
    opens = rule(by.lea, now, query="apoy", opens_incident=True)
    grave = rule(by.lea, now, query="sunog", severity=3)
    plain = rule(by.lea, now, query="usok", severity=2)
    kinds = Alert.Kind
    assert budgeting.may_be_held(Alert(kind=kinds.SPIKE, rule=plain, severity=2))
    assert not budgeting.may_be_held(Alert(kind=kinds.SPIKE, rule=grave, severity=3))
    assert not budgeting.may_be_held(Alert(kind=kinds.SPIKE, rule=opens))
    assert not budgeting.may_be_held(Alert(kind=kinds.MATCH, rule=plain))
    assert not budgeting.may_be_held(Alert(kind=kinds.AUTHOR))
    assert not budgeting.may_be_held(Alert(kind=kinds.SILENT, source=source))  # the last that listens
    sourcing.add_source(
        kind=Source.Kind.RSS, name="Two", config={"url": "https://two.example/feed"}, by=by.lea, now=now
    )
    assert budgeting.may_be_held(Alert(kind=kinds.SILENT, source=source))


def test_precision_counts_what_people_decided(alert, source, by, now):
    assert budgeting.precision(now).percent is None
    alerting.acknowledge(alert, by=by.lea, now=now)
    rule(by.lea, now, query="usok")
    ingest(source, [item("usok", "usok", at=now)], now=now)
    alerting.dismiss(Alert.objects.get(status="open"), reason="No", by=by.lea, now=now)
    assert (budgeting.precision(now).acted, budgeting.precision(now).percent) == (1, 50)


# --- named authors


@pytest.mark.parametrize(
    ("name", "author", "url"),
    [
        ("María Reyes", "MARIA  REYES", ""),
        ("@bantaydagat", "Bantay Dagat (@BantayDagat)", ""),
        ("bantaydagat.bsky.social", "Bantay", "https://bsky.app/profile/bantaydagat.bsky.social"),
        ("mreyes", "M. Reyes", "https://mastodon.example/@mreyes"),
    ],
)
def test_an_author_is_known_however_the_source_spells_the_name(source, by, now, name, author, url):
    recognising.add_author(name=name, severity=3, note="harbour reporter", by=by.lea, now=now)
    said = item(1, "Kumusta ang byahe", at=now, author=author)
    ingest(source, [type(said)(**{**vars(said), "author_url": url})], now=now)
    found = Alert.objects.get()
    assert (found.kind, found.severity, found.heading) == ("author", 3, f"{name} has spoken")
    assert found.because == "1 mention by an author you look out for: harbour reporter."


def test_an_author_rings_once_and_grows(source, by, now):
    recognising.add_author(name="juan", by=by.lea, now=now)
    for number in range(3):
        ingest(source, [item(number, at=now), item(f"{number}-old", at=now - timedelta(days=3))], now=now)
    found = Alert.objects.get()
    assert (found.mention_count, told("alert.raised")) == (3, 1)
    ingest(source, [item("pedro", at=now, author="Juan Pedro")], now=now)
    assert Alert.objects.get().mention_count == 3


def test_one_author_is_named_once(isla, by, now):
    recognising.add_author(name="@José", by=by.lea, now=now)
    with pytest.raises(Invalid, match="on the list already"):
        recognising.add_author(name="jose", by=by.lea, now=now)
    assert NamedAuthor.objects.count() == 1


# --- a story crossing over


def test_a_story_that_reaches_a_new_platform_rings_once_per_platform(source, by, now):
    ingest(source, items(4, "Sunog", now=now), now=now)
    story = Story.objects.create(
        title="Sunog", mention_count=4, platforms=["Bluesky", "Reddit"], first_at=now, last_at=now
    )
    Mention.objects.update(story=story)
    assert crossing.consider_crossing(story, [], now=now) is None  # a new story crosses nothing
    found = crossing.consider_crossing(story, ["Bluesky"], now=now)
    assert found.because == "4 mentions say the same; first on Bluesky, now on Reddit too."
    assert crossing.consider_crossing(story, ["Bluesky"], now=now) is None
    alerting.dismiss(found, reason="Old", by=by.lea, now=now)
    assert crossing.consider_crossing(story, ["Bluesky"], now=now) is None
    story.platforms.append("news")
    assert crossing.consider_crossing(story, ["Bluesky", "Reddit"], now=now).why["reached"] == ["news"]
