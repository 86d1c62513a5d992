"""Several readers at once, with real commits: nothing is stored twice, lost or counted twice."""

import threading

from django.db import connection
from django.db.models import F, Sum

from responses.core import history
from responses.errors import Refused
from responses.monitoring import alerting, ruling, sourcing
from responses.monitoring.ingesting import ingest
from responses.monitoring.matching import RuleIndex
from responses.monitoring.models import Alert, HourCount, Match, Mention
from tenants import context
from tests.cast import NOW
from tests.monitoring.making import item

WORDS = ("apoy", "baha", "usok")


def test_two_readers_of_one_source_and_a_person_at_the_alerts(committed_brand):
    by = committed_brand.by.lea
    for word in WORDS:
        ruling.add_rule(name=word, query=word, by=by, now=NOW)
    source = sourcing.add_source(kind="csv", name="File", config={}, by=by, now=NOW)
    batches = [[item(f"{b}-{i}", " ".join(WORDS), at=NOW) for i in range(10)] for b in range(8)]

    def forwards():
        return sum(ingest(source, batch, now=NOW).new for batch in batches)

    def backwards():
        return sum(ingest(source, batch[::-1], now=NOW).new for batch in reversed(batches))

    def dismissing():
        for _time in range(20):
            for alert in Alert.objects.filter(status="open"):
                try:
                    alerting.dismiss(alert, reason="seen", by=by, now=NOW)
                except Refused:
                    continue

    outcomes = committed_brand.run(forwards, backwards, dismissing)
    assert not [each for each in outcomes if isinstance(each, Exception)]
    assert outcomes[0] + outcomes[1] == Mention.objects.count() == 80
    assert Match.objects.count() == 240
    counted = HourCount.objects.aggregate(all=Sum(F("negative") + F("neutral") + F("positive")))["all"]
    assert counted == 80
    of_rules = Alert.objects.filter(kind="match")
    assert (
        of_rules.aggregate(all=Sum("mention_count"))["all"]
        == Match.objects.exclude(alert=None).count()
        == 240
    )
    assert history.verify() == []


def test_one_delivery_at_two_doors_is_stored_once(committed_brand):
    from responses.monitoring import receiving

    by = committed_brand.by.lea
    source = sourcing.add_source(kind="webhook", name="Help desk", config={}, by=by, now=NOW)
    batch = [item(n, at=NOW) for n in range(5)]
    outcomes = committed_brand.run(*[lambda: receiving.take(source, "msg-1", batch, NOW)] * 4)
    assert outcomes == [receiving.Receipt(5, 0)] * 4
    assert Mention.objects.count() == 5


def test_a_batch_is_held_against_the_rules_of_one_moment(committed_brand, monkeypatch):
    """Another thread takes in a batch with a rule more while this one is at its first post."""
    by = committed_brand.by.lea
    apoy = ruling.add_rule(name="apoy", query="apoy", by=by, now=NOW)
    ours, theirs = (sourcing.add_source(kind="csv", name=name, config={}, by=by, now=NOW) for name in "ab")
    batch = [item(n, "apoy baha", at=NOW) for n in range(3)]
    others: list[threading.Thread] = []

    def beside():
        with context.inside(committed_brand.brand):
            ruling.add_rule(name="baha", query="baha", by=by, now=NOW)
            ingest(theirs, batch, now=NOW)
        connection.close()

    def match(index, post, real=RuleIndex.match):
        if not others:
            others.append(threading.Thread(target=beside))
            others[0].start()
            others[0].join(1)  # it comes as far as it may
        return real(index, post)

    monkeypatch.setattr(RuleIndex, "match", match)
    assert ingest(ours, batch, now=NOW).matches == 3  # by the one rule it knew
    others[0].join(30)
    assert not others[0].is_alive()
    baha = Match.objects.exclude(rule=apoy)
    assert set(baha.values_list("mention__source", flat=True)) == {theirs.pk}
    assert baha.count() == 3
    assert Match.objects.filter(rule=apoy).count() == 6
