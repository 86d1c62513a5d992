"""When the author of a post of the stream becomes known, it is as if it had been from the start."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from responses.monitoring import alerting, excluding, introducing, recognising, ruling, sourcing, stories
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Alert, Match, Mention
from tests.cast import NOW
from tests.monitoring.agreeing import assert_counts_agree
from tests.monitoring.making import item, rule

DID = "did:plc:consumer"
HANDLE = "consumerph.example"


def view(url):
    """An AppView that knows one author."""
    profile = {"did": DID, "handle": HANDLE, "followersCount": 90_000}
    profile["verification"] = {"verifiedStatus": "valid"}
    return SimpleNamespace(body=json.dumps({"profiles": [profile]}).encode())


def post(number, text="The ferry is late again", did=DID, *, at):
    url = f"https://bsky.app/profile/{did}"
    return replace(item(number, text, at=at, author=did), author_url=url)


@pytest.fixture
def stream(isla, by, now):
    return sourcing.add_source(kind="stream", name="Bluesky", config={}, by=by.lea, now=now)


def quiet(by, now, query, **fields):
    return rule(by.lea, now, query, raises_alert=False, **fields)


def of_authors():
    return Alert.objects.filter(kind=Alert.Kind.AUTHOR)


def test_a_named_author_rings_once(stream, by, now):
    quiet(by, now, "ferry")
    recognising.add_author(name=HANDLE, by=by.lea, now=now)
    ingest(stream, [post(1, at=now), post(2, at=now), post(3, did="did:plc:x", at=now)], now=now)
    assert not of_authors()
    for _time in range(2):
        introducing.introduce(now, view)
    alert = of_authors().get()
    theirs = Mention.objects.filter(author=HANDLE)
    assert alert.mention_count == 2
    assert sorted(alert.why["mentions"]) == sorted(theirs.values_list("pk", flat=True))
    assert all("author" in {why["code"] for why in each.risk_why} for each in theirs)
    assert_counts_agree()


def test_who_is_looked_out_for_by_the_identifier_rings_no_second_time(stream, by, now):
    recognising.add_author(name=DID, by=by.lea, now=now)
    ingest(stream, [post(1, at=now)], now=now)
    alerting.dismiss(of_authors().get(), reason="seen", by=by.lea, now=now)
    introducing.introduce(now, view)
    assert of_authors().count() == 1


def test_an_excluded_author_is_set_aside_after_all(stream, by, now):
    quiet(by, now, "ferry"), rule(by.lea, now, "late", alert_after=4)
    recognising.add_author(name=HANDLE, by=by.lea, now=now)
    excluding.add_exclusion(field="author", value=HANDLE, reason="a parody", by=by.lea, now=now)
    ingest(stream, [post(1, at=now), post(2, at=now), post(3, did="did:plc:x", at=now)], now=now)
    introducing.introduce(now, view)
    theirs = Mention.objects.filter(author=HANDLE)
    assert [(each.is_excluded, each.triage) for each in theirs] == [(True, "set_aside")] * 2
    assert Match.objects.count() == 2  # the other's
    assert not Alert.objects.exists()
    assert_counts_agree()
    ingest(stream, [post(number, did="did:plc:x", at=now) for number in (4, 5)], now=now)
    assert not Alert.objects.exists()  # three, not five, are known to match


def test_what_an_alert_has_counted_stays_with_it(stream, by, now):
    loud = rule(by.lea, now, "ferry")
    excluding.add_exclusion(field="author", value=HANDLE, reason="a parody", by=by.lea, now=now)
    ingest(stream, [post(1, at=now)], now=now)
    introducing.introduce(now, view)
    assert Mention.objects.get().is_excluded
    assert Match.objects.get().alert == Alert.objects.get(rule=loud)
    assert_counts_agree()


@pytest.mark.parametrize(
    "query",
    [f'ferry author:"{HANDLE}"', "ferry reach>:10k", "ferry verified:yes", f'author:"{HANDLE}" OR x1'],
)
def test_rules_that_ask_who_wrote_match_when_it_is_known(stream, by, now, query):
    quiet(by, now, "late")
    asking = rule(by.lea, now, query)
    ingest(stream, [post(1, at=now), post(2, did="did:plc:x", at=now)], now=now)
    assert not Alert.objects.exists()
    for _time in range(2):
        introducing.introduce(now, view)
    assert Match.objects.get(rule=asking).mention.author == HANDLE
    assert Alert.objects.get().mention_count == 1
    ruling.match_past(asking, now=now)
    assert Match.objects.filter(rule=asking).count() == 1
    assert_counts_agree()


def test_a_rule_that_leaves_an_author_out_forgets_what_it_took_for_anothers(stream, by, now):
    sparing = rule(by.lea, now, f'ferry NOT author:"{HANDLE}"', alert_after=2)
    ingest(stream, [post(1, at=now)], now=now)
    introducing.introduce(now, view)
    assert not Match.objects.filter(rule=sparing)
    ingest(stream, [post(2, did="did:plc:x", at=now)], now=now)
    assert not Alert.objects.exists()
    assert_counts_agree()


def test_what_only_rules_on_others_matched_becomes_the_brands_own(stream, by, now):
    quiet(by, now, "ferry", watches="other", subject="Rival"), quiet(by, now, "ferry verified:yes")
    recognising.add_author(name=HANDLE, by=by.lea, now=now)
    ingest(stream, [post(1, at=now)], now=now)
    assert not Mention.objects.get().is_own
    introducing.introduce(now, view)
    assert Mention.objects.get().is_own
    assert of_authors().count() == 1
    assert_counts_agree()


def test_stories_gathered_before_are_weighed_anew(stream, by, now):
    ingest(stream, [post(1, "Galit na galit ako, may sunog sa ferry", at=now)], now=now)
    stories.gather(now)
    before = Mention.objects.get().risk
    introducing.introduce(now, view)
    assert Mention.objects.get().risk > before


def test_two_who_introduce_at_once_ring_once(committed_brand):
    by = committed_brand.by.lea
    ruling.add_rule(name="Ferry", query="ferry verified:yes", by=by, now=NOW)
    recognising.add_author(name=HANDLE, by=by, now=NOW)
    source = sourcing.add_source(kind="stream", name="Bluesky", config={}, by=by, now=NOW)
    ingest(source, [post(number, at=NOW) for number in range(40)], now=NOW)
    later = [[post(100 + number, at=NOW)] for number in range(10)]

    def taking_in():
        return [ingest(source, batch, now=NOW).new for batch in later]

    outcomes = committed_brand.run(*[lambda: introducing.introduce(NOW, view)] * 3, taking_in)
    assert not [each for each in outcomes if isinstance(each, Exception)]
    introducing.introduce(NOW, view)
    assert {alert.kind: alert.mention_count for alert in Alert.objects.all()} == {"author": 50, "match": 50}
    assert Match.objects.count() == 50
    assert_counts_agree()
