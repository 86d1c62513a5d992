"""Two senders at once, on connections of their own with real commits."""

import threading
from datetime import timedelta

from django.db import connection, transaction

from responses.errors import NotAllowed
from responses.publishing import releasing
from responses.publishing.claiming import waiting
from responses.publishing.models import Attempt, Publication
from responses.statements import drafting
from tenants import context

from .making import approved, channel


def in_thread(brand, deed):
    """Run the deed in the brand's schema on its own connection; gives back what it returned or raised."""
    results = []

    def run():
        try:
            with context.inside(brand):
                results.append(deed())
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, results


def test_a_row_in_another_claimers_hands_is_skipped_not_waited_for(committed_brand, now, outside):
    world = committed_brand
    for number in range(2):
        releasing.queue(approved(world.by, now, title=f"Notice {number}"), by=world.by.lea, now=now)
    first, second = Publication.objects.order_by("pk")
    with transaction.atomic():
        held = waiting(now).select_for_update().order_by("due_at", "pk").first()
        thread, results = in_thread(world.brand, lambda: releasing.claim(now=now))
        thread.join(20)
        assert not thread.is_alive(), "the second claimer waited"
    assert {held.pk, results[0].pk} == {first.pk, second.pk}


def test_many_senders_at_once_send_each_once(committed_brand, now, outside):
    world = committed_brand
    texts = {channel(name=f"channel {number}"): f"Text {number}" for number in range(12)}
    releasing.queue(approved(world.by, now, texts), by=world.by.lea, now=now)
    senders = [in_thread(world.brand, lambda: releasing.release_due(now)) for _ in range(4)]
    for thread, _results in senders:
        thread.join(30)
    assert sum(results[0] for _thread, results in senders) == 12
    assert sorted(text for texts in outside.public.values() for text in texts) == sorted(texts.values())
    assert set(Publication.objects.values_list("status", "attempts_made")) == {("published", 1)}


def test_nobody_sends_what_is_being_withdrawn(committed_brand, now, outside):
    """Looked at and found to be only queued, it stays so until the withdrawal is done."""
    world = committed_brand
    statement = approved(world.by, now)
    releasing.queue(statement, by=world.by.lea, now=now)
    with transaction.atomic():
        drafting.withdraw(statement, by=world.by.lea, now=now)
        thread, results = in_thread(world.brand, lambda: releasing.release_due(now))
        thread.join(20)
        assert not thread.is_alive(), "the sender waited"
    assert (results, outside.calls) == ([0], [])
    releasing.release_due(now)
    assert (Publication.objects.get().status, outside.calls) == ("blocked", [])


def test_what_a_sender_has_just_taken_is_not_withdrawn(committed_brand, now, outside):
    world = committed_brand
    statement = approved(world.by, now)
    releasing.queue(statement, by=world.by.lea, now=now)
    with transaction.atomic():
        releasing.claim(now=now)
        thread, results = in_thread(
            world.brand, lambda: drafting.withdraw(statement, by=world.by.lea, now=now)
        )
        thread.join(1)
        assert thread.is_alive(), "it did not wait for what the sender does"
    thread.join(20)
    assert isinstance(results[0], NotAllowed)


def test_a_sender_paused_past_its_lease_cannot_finish(committed_brand, now, outside, settings):
    """It hangs within the call; another takes over and reads back; then the first one wakes up."""
    world = committed_brand
    releasing.queue(approved(world.by, now), by=world.by.lea, now=now)
    woken, within = threading.Event(), threading.Event()

    def hang():
        within.set()
        woken.wait(20)

    outside.before_answer = hang
    thread, results = in_thread(world.brand, lambda: release_next(now))
    assert within.wait(20)
    outside.before_answer = None
    releasing.release_due(now + timedelta(seconds=settings.TUGON_LEASE_SECONDS + 1))
    by_the_second = Publication.objects.get()
    woken.set()
    thread.join(20)
    assert results == [False]
    after = Publication.objects.get()
    assert (after.status, after.token, after.version) == ("published", 2, by_the_second.version)
    assert list(Attempt.objects.values_list("outcome", flat=True)) == ["lost", "published"]
    assert len(outside.calls) == 1


def release_next(now):
    publication = releasing.claim(now=now)
    return releasing.release(publication, publication.token, now=now)
