"""From parsed item to stored, classified, matched and counted; and storing alone. Beside `bulk_create`."""

import statistics
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from responses.core.actors import TUGON
from responses.monitoring import ingesting, ruling, sourcing, storing
from responses.monitoring.models import Match, Mention
from tenants import context

from . import talking
from .figures import alternate, figure, line, own

BATCH, ROUNDS = 1_000, 9


def stage(now):
    """A brand with two dozen rules and a source, and a batch that makes the worker's memory warm."""
    for number, query in enumerate(talking.PARTS["queries"]):
        ruling.add_rule(name=f"Rule {number}", query=query, alert_after=5, by=TUGON, now=now)
    source = sourcing.add_source(kind="csv", name="Posts", config={}, by=TUGON, now=now)
    ingesting.ingest(source, talking.posts(2 * BATCH, now=now, seed="warm"), now=now)
    return source


def understood(source, batch, now):
    """The batch as the rows it becomes."""
    read = ingesting.classify_many(ingesting.all_said(item) for item in batch)
    pairs = zip(batch, read, strict=True)
    return [ingesting.mention_of(source, item, understanding, now) for item, understanding in pairs]


def batches(name, now, rounds=ROUNDS):
    return (talking.posts(BATCH, now=now, seed=f"{name}{number}") for number in range(rounds))


@transaction.atomic
def stored(rows):
    assert len(storing.store(rows)) == BATCH


@figure
def ingest():
    """Mentions a second, as times of what bare `bulk_create(ignore_conflicts=True)` reaches on like rows."""
    now = timezone.now()
    with context.inside(own("ingest")[0]):
        source = stage(now)
        new = list(batches("new", now))
        alone, bare = (
            [understood(source, each, now) for each in batches(name, now)] for name in ("one", "two")
        )
        whole, storing_alone, baseline = alternate(
            lambda: ingesting.ingest(source, new.pop(), now=now + timedelta(seconds=1)),
            lambda: stored(alone.pop()),
            lambda: Mention.objects.bulk_create(bare.pop(), ignore_conflicts=True),
            rounds=ROUNDS,
        )
        assert Match.objects.count() > Mention.objects.count() / 2
    per_second = BATCH / statistics.median(baseline)
    yield line("ingest.ratio", ratio(baseline, whole), "× of bulk_create", per_second, 0.5)
    yield line("store.ratio", ratio(baseline, storing_alone), "× of bulk_create", per_second, 3)


def ratio(baseline, ours) -> float:
    return statistics.median(baseline) / statistics.median(ours)
