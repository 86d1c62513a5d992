"""Saved queries and exclusions: through pages and API, and what they do to what comes in."""

import pytest

from responses.core.models import Event
from responses.errors import Conflict, Invalid
from responses.monitoring import excluding, naming, ruling
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Alert, Exclusion, HourCount, Match, Mention, NamedQuery, Rule
from responses.monitoring.sources.base import Item
from tenants import context

from .making import feed


@pytest.fixture
def ships(isla, by, now):
    return naming.add_named_query(name="ships", query="amihan OR habagat", by=by.lea, now=now)


@pytest.fixture
def rule(ships, by, now):
    return ruling.add_rule(name="Fire", query="saved:ships sunog", by=by.lea, now=now)


def post(text, number, **more):
    return Item(f"p{number}", f"https://kwento.example/{number}", text=text, **more)


def test_a_rule_matches_by_its_saved_query_and_follows_its_change(rule, ships, by, now):
    source = feed(by.lea, now)
    ingest(source, [post("Sunog sa Amihan", 1), post("Sunog sa Silangan", 2)], now=now)
    assert Match.objects.count() == 1

    naming.change_named_query(ships, query="amihan OR habagat OR silangan", by=by.lea, now=now)
    ingest(source, [post("May sunog sa Silangan", 3)], now=now)
    assert Match.objects.filter(mention__external_id="p3").exists(), "the next batch follows at once"
    ruling.match_past(Rule.objects.get(), now=now)
    assert set(Match.objects.values_list("mention__external_id", flat=True)) == {"p1", "p2", "p3"}


def test_what_is_used_is_neither_removed_nor_broken(rule, ships, by, now):
    outer = naming.add_named_query(name="all-ships", query="saved:ships OR bangka", by=by.lea, now=now)
    with pytest.raises(Conflict, match="Fire, all-ships"):
        naming.remove_named_query(ships, by=by.lea, now=now)
    with pytest.raises(Invalid, match="would hold itself"):
        naming.change_named_query(ships, query="amihan OR saved:all-ships", by=by.lea, now=now)
    near = ruling.add_rule(name="Near", query="saved:ships NEAR/4 sunog", by=by.lea, now=now)
    with pytest.raises(Invalid, match="Near"):
        naming.change_named_query(ships, query="amihan sunog", by=by.lea, now=now)
    ships.refresh_from_db()
    assert ships.query == "amihan OR habagat"
    ruling.remove_rule(near, by=by.lea, now=now)
    naming.remove_named_query(outer, by=by.lea, now=now)
    assert Event.objects.filter(kind="query.removed").count() == 1


EXCLUSIONS = [
    ("author", "@Promo_Bot", {"author": "promo_bot"}, {"author": "promo_bot_2"}),
    ("site", "https://www.Kupon.example/", {"url": "https://ph.kupon.example/x"}, {"url": "https://kupon.example.ph/x"}),
    ("query", "raffle OR promo*", {"text": "Amihan sunog promotion"}, {"text": "Amihan sunog"}),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "out", "in_"), EXCLUSIONS, ids=[row[0] for row in EXCLUSIONS])
def test_what_is_excluded_is_kept_aside_and_counts_nowhere(rule, by, now, field, value, out, in_):
    made = excluding.add_exclusion(field=field, value=value, reason="noise", by=by.lea, now=now)
    given = {"url": "https://kwento.example/1", "text": "Amihan sunog", "published_at": now}
    items = [Item("out", **given | out), Item("in", **given | in_)]
    ingest(feed(by.lea, now), items, now=now)
    aside, heard = Mention.objects.get(external_id="out"), Mention.objects.get(external_id="in")
    assert (aside.is_excluded, aside.triage) == (True, "set_aside")
    assert (heard.is_excluded, heard.triage) == (False, "new")
    assert list(Match.objects.values_list("mention__external_id", flat=True)) == ["in"]
    assert sum(row.negative + row.neutral + row.positive for row in HourCount.objects.all()) == 1
    assert Alert.objects.get().mention_count == 1

    excluding.remove_exclusion(made, by=by.lea, now=now)
    ingest(feed(by.lea, now, "again"), [Item("later", **given | out)], now=now)
    assert not Mention.objects.get(external_id="later").is_excluded


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("site", "com", "whole site"),
        ("site", "not a site", "site was expected"),
        ("query", "ang OR the", "Nearly every mention"),
        ("query", "a AND (", "parenthesis|expected"),
        ("query", "NOT ferry", "would match every mention"),
        ("planet", "mars", "Choose"),
        ("author", " ", "Between 1 and 500"),
    ],
)
def test_what_would_exclude_nothing_or_everything_is_refused(isla, by, now, field, value, words):
    with pytest.raises(Invalid, match=words):
        excluding.add_exclusion(field=field, value=value, reason="x", by=by.lea, now=now)
    assert not Exclusion.objects.exists()


def test_through_the_pages(sign_in, brands, by, now):
    client, home = sign_in("lea"), "/b/isla/lists/"
    wrong = client.post(f"{home}queries/", {"name": "ships", "query": "amihan OR ("})
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert "amihan OR (" in page and "^" in page
    client.post(f"{home}queries/", {"name": "Ships", "query": "amihan"})
    assert b"saved:ships" in client.get(home).content
    with context.inside(brands.isla):
        named = NamedQuery.objects.get(name="ships")
        ingest(feed(by.lea, now), [post("raffle at amihan", 1), post("amihan", 2)], now=now)
    one = f"{home}queries/{named.pk}/"
    assert client.post(one, {"query": "amihan OR habagat", "version": named.version}).status_code == 303
    stale = client.post(one, {"query": "mine", "version": named.version})
    assert stale.status_code == 422 and b"Somebody changed this" in stale.content and b"mine" in stale.content

    given = {"field": "query", "value": "raffle", "reason": "prize draws"}
    tried = client.post(f"{home}exclusions/", given | {"try": "1"})
    assert b"prize draws" in tried.content and b"would have set aside" in tried.content
    assert client.post(f"{home}exclusions/", given).status_code == 303
    assert client.post(f"{home}exclusions/", given).status_code == 422  # twice
    with context.inside(brands.isla):
        exclusion = Exclusion.objects.get()
    client.post(f"{home}exclusions/{exclusion.pk}/remove/")
    client.post(f"{one}remove/")
    with context.inside(brands.isla):
        assert not Exclusion.objects.exists() and not NamedQuery.objects.exists()


def test_who_only_reads_changes_nothing(sign_in, ships):
    client = sign_in("ana")
    assert client.get("/b/isla/lists/").status_code == 200
    assert client.post("/b/isla/lists/queries/", {"name": "x1", "query": "y"}).status_code == 403
    assert client.get(f"/b/isla/lists/queries/{ships.pk}/").status_code == 403


def test_the_rule_page_shows_a_count_while_one_types(sign_in, ships, now):
    client = sign_in("lea")
    typed = {"query": "saved:ships", "try": "1", "while_typing": "1"}
    shown = client.post("/b/isla/rules/new/", typed, headers={"HX-Request": "true"})
    assert b"It would have matched 0 mentions" in shown.content
    half = client.post(
        "/b/isla/rules/new/", typed | {"query": "saved:ships AND"}, headers={"HX-Request": "true"}
    )
    assert half.status_code == 204  # the last sample stays while the query is unfinished
