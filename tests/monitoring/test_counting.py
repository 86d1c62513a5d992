"""What is counted with a batch: hours, sources' hours and rules' hours always agree with the rows."""

from datetime import timedelta

import pytest
from django.db.models import Count, Sum

from responses.monitoring import ruling, sourcing
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Mention, Rule, RuleHour, SourceHour
from tests.monitoring.agreeing import assert_counts_agree
from tests.monitoring.making import feed, item, rule


@pytest.fixture
def source(isla, by, now):
    return feed(by.lea, now)


def varied(now):
    texts = (
        "Sunog sa barko, galit ako!",
        "Ang ganda ng barko, salamat",
        "Starwave din may sunog",
        "Starwave",
    )
    return [item(n, texts[n % 4], at=now - n * timedelta(minutes=25)) for n in range(20)]


def test_batches_of_several_sources_and_hours_are_counted(source, by, now):
    rule(by.lea, now, "sunog"), rule(by.lea, now, "barko")
    second = sourcing.add_source(kind="csv", name="File", config={}, by=by.lea, now=now)
    for each in (source, second, source):
        ingest(each, varied(now), now=now)
    assert SourceHour.objects.values("source").annotate(n=Count("pk")).count() == 2
    assert RuleHour.objects.aggregate(all=Sum("negative") + Sum("neutral") + Sum("positive"))["all"] == 40
    assert_counts_agree()


def test_what_only_rules_on_others_matched_is_not_the_brands_own(source, by, now):
    rule(by.lea, now, "barko")
    rival = rule(by.lea, now, "starwave")
    Rule.objects.filter(pk=rival.pk).update(watches="competitor")
    ingest(source, [item(1, "starwave"), item(2, "starwave at barko"), item(3, "nothing of it")], now=now)
    own = dict(Mention.objects.values_list("external_id", "is_own"))
    assert own == {"post-1": False, "post-2": True, "post-3": True}
    assert_counts_agree()
    ours = rule(by.lea, now, "starwav*")
    ruling.match_past(ours, now=now)
    assert Mention.objects.filter(is_own=True).count() == 3
    assert_counts_agree()


def test_a_changed_rule_is_counted_anew_and_a_removed_one_no_longer(source, by, now):
    made, other = rule(by.lea, now, "sunog"), rule(by.lea, now, "barko")
    ingest(source, varied(now), now=now)
    ruling.change_rule(made, query="starwave", by=by.lea, now=now)
    ruling.match_past(made, now=now)
    ruling.match_past(made, now=now)
    assert_counts_agree()
    ruling.remove_rule(other, by=by.lea, now=now)
    assert set(RuleHour.objects.values_list("rule", flat=True)) == {made.pk}
    assert_counts_agree()


def test_what_is_known_is_not_read_again(source, now, monkeypatch):
    from responses.monitoring import ingesting

    ingest(source, varied(now), now=now)
    read = []
    really = ingesting.classify_many
    monkeypatch.setattr(
        ingesting, "classify_many", lambda texts, **more: really(read.extend(texts) or read, **more)
    )
    ingest(source, [*varied(now), item("new", "Bago ito")], now=now)
    assert [text.strip() for text in read] == ["Bago ito"]
