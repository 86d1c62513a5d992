from datetime import timedelta

import pytest

from responses.monitoring import alerting, snoozing
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Alert
from responses.monitoring.subjects import Subject
from tenants import context
from tests.monitoring.making import feed, items, rule

ALERTS = "/b/isla/alerts/"
FALL = {
    "since": "2026-11-23T06:00:00+00:00",
    "of_rule": False,
    "count": 40,
    "negative": 24,
    "hours": 6,
    "usual": 0.18,
}


@pytest.fixture
def alert(brands, by, now):
    with context.inside(brands.isla):
        rule(by.lea, now, severity=3, name="Fire")
        ingest(feed(by.lea, now), items(12, "Sunog sa barko", now=now), now=now)
        return Alert.objects.get()


@pytest.fixture
def again(brands, alert):
    """The alert as it is now."""

    def read():
        with context.inside(brands.isla):
            return Alert.objects.get(pk=alert.pk)

    return read


def test_no_alerts_yet(sign_in):
    assert "All quiet" in sign_in("paolo").get(ALERTS).content.decode()


def test_the_list_and_the_one_say_why_and_offer_the_incident(sign_in, alert):
    desk = sign_in("paolo")
    page = desk.get(ALERTS).content.decode()
    assert "12 matches of “sunog OR fire” within an hour" in page
    assert f"/b/isla/incidents/new/?alert={alert.pk}" in page
    page = desk.get(f"{ALERTS}{alert.pk}/").content.decode()
    assert "<mark>Sunog</mark>" in page
    assert "<svg" in page


def test_acknowledge_once_or_twice(sign_in, alert, again):
    desk = sign_in("paolo")
    for _time in range(2):
        answer = desk.post(f"{ALERTS}{alert.pk}/acknowledge/")
        assert (answer.status_code, answer["Location"]) == (303, f"{ALERTS}{alert.pk}/")
    assert (again().status, again().handled_by) == ("acknowledged", "Paolo")


def test_dismiss_wants_a_reason_and_keeps_what_was_typed(sign_in, alert, again):
    desk = sign_in("paolo")
    assert desk.post(f"{ALERTS}{alert.pk}/dismiss/", {"reason": " ", "version": 1}).status_code == 422
    long = "x" * 301
    answer = desk.post(f"{ALERTS}{alert.pk}/dismiss/", {"reason": long, "version": 1})
    assert answer.status_code == 422
    assert long in answer.content.decode()
    stale = desk.post(f"{ALERTS}{alert.pk}/dismiss/", {"reason": "Another ship", "version": 9})
    assert stale.status_code == 412
    assert "Another ship" in stale.content.decode()
    assert again().status == "open"
    answer = desk.post(f"{ALERTS}{alert.pk}/dismiss/", {"reason": "Another ship", "version": again().version})
    assert answer.status_code == 303
    assert again().dismissed_reason == "Another ship"
    assert "Another ship" in desk.get(ALERTS).content.decode()


def test_polling_the_list_costs_little_when_nothing_changed(sign_in, alert):
    desk = sign_in("paolo")
    first = desk.get(ALERTS, headers={"HX-Request": "true"})
    assert "<html" not in first.content.decode()
    headers = {"HX-Request": "true", "If-None-Match": first["ETag"]}
    assert desk.get(ALERTS, headers=headers).status_code == 304
    desk.post(f"{ALERTS}{alert.pk}/acknowledge/")
    assert desk.get(ALERTS, headers=headers).status_code == 200


def test_a_writer_may_look_but_not_decide(sign_in, alert, again):
    desk = sign_in("ana")
    assert "Acknowledge</button>" not in desk.get(f"{ALERTS}{alert.pk}/").content.decode()
    assert desk.post(f"{ALERTS}{alert.pk}/acknowledge/").status_code == 403
    assert desk.post(f"{ALERTS}{alert.pk}/dismiss/", {"reason": "no"}).status_code == 403
    assert again().status == "open"


def test_a_stranger_and_the_other_brand_find_nothing(sign_in, alert):
    assert sign_in("charlie").get(f"{ALERTS}{alert.pk}/").status_code == 404
    assert sign_in("charlie").post(f"{ALERTS}{alert.pk}/acknowledge/").status_code == 404
    assert sign_in("lea").get(f"/b/luzon/alerts/{alert.pk}/").status_code == 404


def test_what_is_about_the_whole_brand_is_named_in_the_readers_language(sign_in, people, brands, by, now):
    """Its title is nobody's words, so none of it may reach a page as it is stored."""
    with context.inside(brands.isla):
        fields = {"kind": "fall", "title": Subject().title, "why": FALL, "now": now}
        alert = alerting.raise_once(**fields)
        alerting.announce(alert, now=now)
        snoozing.snooze(alert, until=now + timedelta(hours=1), by=by.lea, now=now)
        snoozing.wake(alert, by=by.lea, now=now)
        alerting.acknowledge(alert, by=by.lea, now=now)
    desk = sign_in("lea")
    type(people.lea).objects.filter(pk=people.lea.pk).update(language="fil")
    pages = (ALERTS, f"{ALERTS}{alert.pk}/", "/b/isla/history/", f"/b/isla/incidents/new/?alert={alert.pk}")
    for page in pages:
        shown = desk.get(page, follow=True).content.decode()
        assert "Nagbago ang tono" in shown, page
        assert "as a whole" not in shown and "The tone has turned" not in shown, page
    assert 'value="Nagbago ang tono"' in shown
    history = desk.get("/b/isla/history/").content.decode()
    assert history.count("Nagbago ang tono") == 4  # raised, snoozed, woken, acknowledged
