"""Q4: a fault before and after every statement, commit and call of the release path, one at a time.

Whatever breaks, wherever: never two posts, nothing lost, the row comes to an end or waits for people, and
history tells what happened, once.
"""

import os
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from responses.core import history
from responses.core.actors import TUGON
from responses.core.models import Event
from responses.publishing import releasing
from responses.publishing.channels.base import ChannelError
from responses.publishing.models import NewsroomPost, Publication
from responses.publishing.states import OPEN

from .faulty import Broke, Died, Faults
from .making import TEXT, approved, channel, newsroom

pytestmark = pytest.mark.slow
ENDS = {
    "published": {"publication.sent", "publication.resolved"},
    "unknown": {"publication.unknown"},
    "failed": {"publication.failed"},
}
SOAK = bool(os.environ.get("TUGON_SOAK"))
MATTERS = ("COMMIT", "call ")  # where before and after are two worlds: both kinds of fault, on both sides


def queued(world, kind):
    """One approved publication; `fresh` makes another of it, that nobody has sent yet, for the next fault."""
    now, by = timezone.now(), world.by
    place = newsroom() if kind == "newsroom" else channel()
    return releasing.queue(approved(by, now, {place: TEXT}), by=by.lea, now=now)[0]


def fresh(row):
    """The same text in a new row, in the place of the one before: to approve anew each time takes long."""
    row.attempts.all().delete()
    NewsroomPost.objects.filter(publication=row).delete()
    Publication.objects.filter(pk=row.pk).delete()
    kept = ("statement", "revision", "variant", "channel", "approved_hash")
    now = timezone.now()
    given = {name: getattr(row, name) for name in kept} | {"created_at": now, "due_at": now}
    made = Publication.objects.create(**given)
    history.record("publication.queued", by=TUGON, now=now, subject=made, key=str(made.key))
    return made


BEFORE = timedelta(minutes=10)  # long enough ago that its lease is over


def earlier(row):
    """Due, and taken by a sender, some time ago."""
    at = timezone.now() - BEFORE
    Publication.objects.filter(pk=row.pk).update(due_at=at)
    return at


def left_by_a_dead_sender(row, outside):
    """It had sent it, and died before it wrote that down."""
    claimed = releasing.claim(now=earlier(row))
    assert claimed.pk == row.pk
    outside.public[str(row.key)] = [row.variant.text]


def never_told(row, outside):
    """Published, and the answer was lost: it is to be read back."""
    outside.says = [ChannelError("No answer.", unknown=True)]
    releasing.release_due(earlier(row))
    row.refresh_from_db()
    assert row.status == "unknown"


def nothing_yet(row, outside):
    """Queued, and its hour has come."""


STARTS = {
    "sent": ("fake", {}, nothing_yet),
    "sent where nobody can look": ("fake", {"readable": False}, nothing_yet),
    "sent where a repeat is a no-op": ("fake", {"repeatable": True}, nothing_yet),
    "sent to the newsroom": ("newsroom", {}, nothing_yet),
    "taken over": ("fake", {}, left_by_a_dead_sender),
    "read back": ("fake", {}, never_told),
}


def stands(row, outside):
    """How often the public sees it."""
    if row.channel.kind == "newsroom":
        return NewsroomPost.objects.filter(publication=row).count()
    texts = outside.public.get(str(row.key), [])
    assert set(texts) <= {row.variant.text}
    return len(set(texts)) if outside.repeatable else len(texts)


def recovered(row):
    """Other senders come by, each after the lease of the one before; nobody mends anything by hand."""
    at = timezone.now()
    for _look in range(3):
        row.refresh_from_db()
        if row.status not in OPEN:
            break
        at = max(at + timedelta(seconds=settings.TUGON_LEASE_SECONDS + 30), row.due_at)
        releasing.release_due(at)
    row.refresh_from_db()
    return row.status


def check(row, outside, where):
    """The promises, for one row after one fault."""
    status, count = recovered(row), stands(row, outside)
    assert count <= 1, f"{where}: it stands there {count} times"
    assert status in {"published", "unknown"}, f"{where}: {status}"
    if status == "published" or row.channel.kind == "newsroom" or outside.repeatable:
        assert (status, count) == ("published", 1), f"{where}: {status}, {count}"
    elif outside.readable:
        assert count == 0, f"{where}: it stands there, can be read, and is called unknown"
    tries = list(row.attempts.values_list("outcome", flat=True))
    assert all(tries), f"{where}: a try without an end: {tries}"
    assert (row.token, row.leased_until) == (len(tries), None), where
    told = Event.objects.filter(subject_type="publication", subject_id=row.pk).order_by("seq")
    kinds = Counter(told.values_list("kind", flat=True))
    ends = kinds["publication.sent"] + told.filter(kind="publication.resolved", data__outcome="out").count()
    assert ends == (status == "published"), f"{where}: {kinds}"
    assert told.last().kind in ENDS[status], f"{where}: {kinds}"
    return status


THE_REST = ("sent where nobody can look", "sent where a repeat is a no-op")  # the same statements


@pytest.mark.parametrize("start", [each for each in STARTS if SOAK or each not in THE_REST])
def test_a_fault_at_every_point(committed_brand, outside, start):
    kind, how, begin = STARTS[start]
    for name, value in how.items():
        setattr(outside, name, value)
    row = queued(committed_brand, kind)
    row = fresh(row)
    clean = faulted(row, outside, begin, Faults())
    found = clean.points
    assert {f"{side} COMMIT" for side in ("before", "after")} <= set(found)
    ends: Counter = Counter()
    for at, fault in faults_of(found, deaths_alone=kind == "newsroom" and not SOAK):
        row = fresh(row)
        hit = faulted(row, outside, begin, Faults(at, fault))
        where = f"{fault.__name__} {hit.points[-1]} ({at})"
        assert len(hit.points) >= at, f"{where}: the fault was not reached"
        ends[check(row, outside, where)] += 1
    print(f"{start}: {len(found)} points, {ends.total()} faults, {dict(ends)}")
    assert history.verify() == []


def faults_of(points, deaths_alone=False):
    """A death before each and an error after each; after one is before the next. `make soak`: both, both."""
    for at, name in enumerate(points, start=1):
        both = SOAK or any(each in name for each in MATTERS)
        if both or name.startswith("before"):
            yield at, Died
        if both or (name.startswith("after") and not deaths_alone):
            yield at, Broke


def faulted(row, outside, begin, faults):
    """One release of this row alone, with its fault."""
    begin(row, outside)
    row.refresh_from_db()
    faults.release(outside, lambda: releasing.release_due(timezone.now()))
    return faults
