"""Lists: walking them while they grow, narrowing them, and what they cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from responses.monitoring import sourcing
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Mention
from responses.monitoring.sources.base import Item
from tests import everything


@pytest.fixture
def source(isla, by, now):
    return sourcing.add_source(kind="csv", name="File", config={}, by=by.lea, now=now)


def fill(source, now, numbers):
    """Mentions, many at the very same moment."""
    items = [
        Item(
            f"m{n}",
            f"https://example.com/{n}",
            text=f"ferry {n}",
            published_at=now - timedelta(minutes=n // 10),
        )
        for n in numbers
    ]
    ingest(source, items, now=now)


def walk(machine, url, between=lambda page: None):
    seen, pages = [], 0
    while url:
        answer = machine.get(url).json()
        seen += [row["id"] for row in answer["items"]]
        url, pages = answer["next"], pages + 1
        between(pages)
    return seen, pages


def test_a_walk_while_mentions_arrive_skips_and_repeats_nothing(machine, source, now):
    fill(source, now, range(95))
    before = [
        f"men_{pk}" for pk in Mention.objects.order_by("-published_at", "-pk").values_list("pk", flat=True)
    ]

    def arrive(page):
        fill(source, now + timedelta(days=10), range(1000 + page * 10, 1005 + page * 10))
        fill(source, now, [2000 + page])  # older than the place we are at

    seen, _pages = walk(machine, "mentions?limit=10", arrive)
    assert [one for one in seen if one in before] == before
    assert len(set(seen)) == len(seen)


def test_walking_back_meets_the_same_rows(machine, source, now):
    fill(source, now, range(30))
    first = machine.get("mentions?limit=10").json()
    second = machine.get(first["next"]).json()
    assert machine.get(second["previous"]).json()["items"] == first["items"]
    assert first["previous"] is None
    third = machine.get(second["next"]).json()
    assert third["next"] is None


def test_an_empty_list(machine):
    assert machine.get("incidents").json() == {"items": [], "next": None, "previous": None}


def test_narrowing(machine, isla, by, now):
    made = everything.make(by, now)
    everything_there = {
        f"mentions?q={everything.CANARY}&rule=rul_{made.rule.pk}&alert=alr_{made.alert.pk}": 1,
        f"mentions?source=src_{made.source.pk}&since=2000-01-01T00:00:00Z&until=2100-01-01T00:00:00Z": 1,
        "mentions?sentiment=positive": Mention.objects.filter(sentiment="positive").count(),
        "mentions?language=ja": 0,
        "mentions?country=ph&kind=rss": Mention.objects.filter(country="ph", source__kind="rss").count(),
        "alerts?status=open": 1,
        "alerts?status=dismissed": 0,
        "incidents?severity=2": 1,
        f"tasks?incident=inc_{made.incident.pk}&status=todo": 1,
        f"statements?incident=inc_{made.incident.pk}": 3,
        f"revisions?statement=stm_{made.statement.pk}": 1,
        f"reviews?statement=stm_{made.statement.pk}&status=running": 1,
        "channels?kind=bluesky": 1,
        f"publications?statement=stm_{made.approved.pk}": 1,
        "rules?active=true": 1,
        "rules?active=false": 0,
        "events?kind=statement.approved": 3,
    }
    assert {path: len(machine.get(path).json()["items"]) for path in everything_there} == everything_there


LISTS = (
    "mentions", "sources", "rules", "named-queries", "exclusions", "alerts", "incidents", "tasks",
    "protocols", "statements", "revisions", "reviews", "channels", "publications", "events",
)  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_however_long_it_is(machine, isla, by, now, name):
    made = everything.make(by, now)
    machine.get(name)
    few = cost(machine, name)
    for _number in range(3):
        everything.approved(made, by, now)
        everything.written(made, by, now)
    more_of_the_rest(made, by, now)
    assert cost(machine, name) == few


def more_of_the_rest(made, by, now):
    from responses.incidents import lifecycle, protocols
    from responses.monitoring import ruling
    from responses.publishing import releasing
    from responses.statements.models import Channel, Statement

    for number in range(3):
        sourcing.add_source(kind="csv", name=f"File {number}", config={}, by=by.lea, now=now)
        ruling.add_rule(name=f"Rule {number}", query=f"again{number}", by=by.lea, now=now)
        Channel.objects.create(kind="bluesky", name=f"Channel {number}", config={})
        steps = [{"title": "a"}, {"title": "b"}]
        protocols.save_protocol(name=f"Protocol {number}", steps=steps, by=by.lea, now=now)
        lifecycle.open_incident(title=f"Again {number}", severity=1, by=by.lea, now=now)
        ingest(made.source, [Item(f"again{number}", "", text=f"again{number} everything.CANARY")], now=now)
    for statement in Statement.objects.filter(status="approved"):
        releasing.queue(statement, by=by.lea, now=now)


def cost(machine, name) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert machine.get(name).status_code == 200
    return len(queries)


def test_a_view_is_replaced_only_when_that_is_asked_for(machine):
    given = {"name": "Angry", "query": "tone=negative", "is_shared": True}
    first = machine.post("views", given).json()
    assert machine.post("views", given).status_code == 201, "the same again changes nothing"
    other = given | {"query": "q=ferry"}
    refused = machine.post("views", other)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/name")
    assert machine.get(f"views/{first['id']}").json()["query"] == "tone=negative"
    assert machine.post("views", other | {"replace": True}).json()["query"] == "q=ferry"
