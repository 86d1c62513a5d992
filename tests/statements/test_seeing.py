"""Who saw which wording, and when: once per person and wording, and no scanner is taken for a person."""

import pytest

from responses.core.models import Event
from responses.publishing.evidence import packing
from responses.publishing.models import Publication
from responses.statements import seeing
from tests.portal.conftest import client, letter, moment, waits
from tests.statements import desk

__all__ = ["client", "letter", "moment", "waits"]


def told(kind):
    rows = Event.objects.filter(kind=kind).order_by("seq")
    return [(event.actor_name, event.actor_strength, event.data["revision"]) for event in rows]


def test_who_opens_it_signed_in_has_seen_it_once(sign_in, waits):
    browser, page = sign_in("marta"), f"/portal/isla/{waits.step.pk}/"
    browser.head(page)
    assert told(seeing.SEEN) == []
    for query in ("", "?do=approve", "?do=changes"):
        assert browser.get(page + query).status_code == 200
    assert told(seeing.SEEN) == [("Marta", "password", 1)]
    event = Event.objects.get(kind=seeing.SEEN)
    assert event.data["hash"] == waits.step.review.revision.hash
    assert event.at >= waits.step.opened_at


def test_each_person_and_each_wording_is_told_of(sign_in, waits, by, moment):
    review = f"/b/isla/statements/{waits.statement.pk}/review/"
    sign_in("lea").get(review)
    sign_in("ong").get(review)
    sign_in("ong").get(review, {"part": "steps", "seen": "x"}, headers={"HX-Request": "true"})
    sign_in("charlie").get(review)
    desk.revise(waits.statement, by.ana, moment, "New words")
    from responses.statements import reviewing

    reviewing.submit(waits.statement, by=by.ana, now=moment)
    sign_in("lea").get(review)
    assert told(seeing.SEEN) == [("Lea", "password", 1), ("Ong", "password", 1), ("Lea", "password", 2)]


def test_a_letters_link_was_opened_and_nobody_is_said_to_have_seen_it(client, waits, letter):
    for _time in range(10):
        client.head(letter.path)
        client.get(letter.path)
    assert told(seeing.SEEN) == []
    assert told(seeing.OPENED) == [("Tugon", "system", 1)]
    assert Event.objects.get(kind=seeing.OPENED).data["person"] == "Marta"
    assert letter.token not in str(Event.objects.get(kind=seeing.OPENED).data)


@pytest.mark.parametrize("name", ["jun", "nobody"])
def test_who_finds_nothing_has_seen_nothing(sign_in, waits, letter, name):
    browser = sign_in(name)
    browser.get(f"/portal/isla/{waits.step.pk}/")
    browser.get(letter.path)
    assert told(seeing.SEEN) + told(seeing.OPENED) == []


def test_two_tabs_at_once_are_told_of_once(committed_brand, now):
    from types import SimpleNamespace

    world = committed_brand
    statement = desk.in_review(world.by.ana, now)
    get, revision = SimpleNamespace(method="GET"), statement.latest
    world.run(*[lambda: seeing.saw(get, revision, by=world.by.lea, now=now)] * 4)
    assert Event.objects.filter(kind=seeing.SEEN).count() == 1


def test_it_is_in_the_evidence(sign_in, client, waits, letter, by, moment):
    client.get(letter.path)
    sign_in("marta").get(f"/portal/isla/{waits.step.pk}/")
    desk.decide(waits.statement, by.marta, moment)
    from responses.publishing import releasing

    row = releasing.queue(waits.statement, by=by.lea, now=moment)[0]
    pack = packing.pack(Publication.objects.get(pk=row.pk), now=moment)
    [review] = pack["reviews"]
    [seen] = review["seen"]
    assert (seen["by"]["name"], seen["strength"], seen["via"]) == ("Marta", "password", "web")
    [opened] = review["links_opened"]
    assert opened["sent_to"] == "Marta"
    kinds = [event["kind"] for event in pack["history"]["events"]]
    assert kinds.count(seeing.SEEN) == kinds.count(seeing.OPENED) == 1
