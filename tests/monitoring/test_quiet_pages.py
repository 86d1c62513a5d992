"""Snoozing, the budget, named authors and the replay, as people and machines reach them."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from api import keys
from api.scopes import Scope
from responses import pipeline
from responses.monitoring import noticing, sensitivity
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Alert, NamedAuthor, Rule, RuleHour
from responses.monitoring.watching import share_of_voice
from tenants import context
from tests.monitoring.making import feed, items, rule
from tests.monitoring.test_noticing import past, storm

ALERTS, AUTHORS, RULES = "/b/isla/alerts/", "/b/isla/authors/", "/b/isla/rules/"
API = "/api/v1/brands/isla"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def alert(brands, by, now):
    with context.inside(brands.isla):
        rule(by.lea, now, severity=3, name="Fire")
        ingest(feed(by.lea, now), items(12, "Sunog sa barko", now=now), now=now)
        return Alert.objects.get()


def inside(brands, ask):
    with context.inside(brands.isla):
        return ask()


def test_snooze_and_wake_on_the_page(sign_in, brands, alert):
    desk = sign_in("paolo")
    answer = desk.post(f"{ALERTS}{alert.pk}/snooze/", {"choice": "until", "until": "", "version": 1})
    assert answer.status_code == 422 and "Choose a time" in answer.content.decode()
    answer = desk.post(f"{ALERTS}{alert.pk}/snooze/", {"choice": "4h", "version": 1})
    assert (answer.status_code, answer["Location"]) == (303, ALERTS)
    page = desk.get(ALERTS).content.decode()
    assert "No alert waits for anybody" in page and "1 snoozed" in page and "Paolo snoozed it until" in page
    assert desk.post(f"{ALERTS}{alert.pk}/wake/").status_code == 303
    assert "1 alert to look at" in desk.get(ALERTS).content.decode()
    assert sign_in("ana").post(f"{ALERTS}{alert.pk}/snooze/", {"choice": "1h"}).status_code == 403


def test_tomorrow_morning_is_the_persons_own(sign_in, brands, alert, people):
    people.paolo.time_zone = "Asia/Tokyo"
    people.paolo.save()
    sign_in("paolo").post(f"{ALERTS}{alert.pk}/snooze/", {"choice": "tomorrow", "version": 1})
    until = inside(brands, Alert.objects.get).snoozed_until
    assert (until.hour, until.minute) == (23, 0)  # 08:00 in Tokyo
    assert timezone.now() < until < timezone.now() + timedelta(hours=48)


def test_the_kinds_of_one_rule_are_one_thing_to_look_at(sign_in, brands, by, now):
    with context.inside(brands.isla):
        source = feed(by.lea, now)
        watched = rule(by.lea, now, name="Fire", alert_after=3)
        past(source, now, per_hour=2, of=watched)
        noticing.look(now=now - HOUR)
        storm(source, now, 60, "sunog sa barko")
        noticing.look(now=now)
        assert set(watched.alerts.values_list("kind", flat=True)) == {"match", "spike"}
        pipeline.follow(now)
        spike = watched.alerts.get(kind="spike")
    page = sign_in("paolo").get(ALERTS).content.decode()
    assert "Noticed with it:" in page
    page = sign_in("paolo").get(f"{ALERTS}{spike.pk}/").content.decode()
    assert "Beside the usual, and what drives it" in page and 'class="usual"' in page
    assert page.index('class="usual"') < page.index('class="drivers"') < page.index('class="feed"')
    assert f"rule={watched.pk}&amp;since=" in page  # each step of the chart leads to its mentions


def test_the_budget_is_shown_set_and_explained(sign_in, brands, alert):
    desk = sign_in("lea")
    assert "of 20 a week" in desk.get(ALERTS).content.decode()
    assert desk.post(f"{ALERTS}budget/", {"per_week": "0"}).status_code == 422
    assert desk.post(f"{ALERTS}budget/", {"per_week": "1"}).status_code == 303
    page = desk.get(ALERTS).content.decode()
    assert "of 1 a week" in page and "budget is used up" in page
    assert desk.post(f"{ALERTS}budget/", {"per_week": "5", "version": "1"}).status_code == 412
    assert sign_in("ana").post(f"{ALERTS}budget/", {"per_week": "5"}).status_code == 403


def test_named_authors_are_kept_on_a_page(sign_in, brands):
    desk = sign_in("lea")
    assert "No named authors" in desk.get(AUTHORS).content.decode()
    given = {"name": "Nards Villamor", "note": "radio", "severity": "3"}
    assert desk.post(f"{AUTHORS}new/", given).status_code == 303
    answer = desk.post(f"{AUTHORS}new/", given | {"name": "NARDS  villamor"})
    assert answer.status_code == 422 and "NARDS  villamor" in answer.content.decode()
    author = inside(brands, NamedAuthor.objects.get)
    answer = desk.post(f"{AUTHORS}{author.pk}/", given | {"note": "radio, Calapan", "version": "1"})
    assert answer.status_code == 303
    assert "radio, Calapan" in desk.get(AUTHORS).content.decode()
    assert sign_in("ana").get(f"{AUTHORS}new/").status_code == 403
    assert sign_in("lea").post(f"{AUTHORS}{author.pk}/remove/").status_code == 303
    assert not inside(brands, NamedAuthor.objects.exists)


# --- the replay


@pytest.fixture
def monday(now):
    """The last Monday noon: the same draws whenever this runs."""
    return (now - timedelta(days=now.weekday() or 7)).replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def watched(brands, by, monday):
    """A rule with a month behind it, and a storm twelve days ago."""
    now = monday
    with context.inside(brands.isla):
        source = feed(by.lea, now)
        found = rule(by.lea, now, query="sunog", alert_after=500)
        Rule.objects.filter(pk=found.pk).update(created_at=now - 40 * DAY)
        past(source, now, per_hour=3, days=35, of=found)
        then = now - 12 * DAY
        ingest(source, items(80, "sunog sa barko", now=then, apart=timedelta(seconds=10)), now=then)
        return Rule.objects.get(pk=found.pk)


def test_the_replay_says_what_live_looks_would_have_said(brands, watched, monday):
    now = monday
    with context.inside(brands.isla):
        found = sensitivity.replay(query="sunog", alert_after=500, rule=watched, now=now)
        assert [each.kind for each in found.alerts] == ["spike"]
        then = found.alerts[0].at
        assert abs(then - (now - 12 * DAY)) < HOUR
        for hours in range(-6, 7):
            noticing.look(now=then + hours * HOUR + timedelta(minutes=4))
        live = Alert.objects.exclude(kind="match").get(rule=watched)
        assert (live.kind, live.why["at"]) == ("spike", then.isoformat())
        quieter = sensitivity.replay(query="sunog", alert_after=500, rule=watched, now=then - HOUR)
        assert quieter.alerts == []  # what comes later changes nothing
        many = sensitivity.replay(query="sunog", alert_after=50, rule=watched, now=now)
        assert {each.kind for each in many.alerts} == {"match", "spike"}


def test_the_rule_page_shows_it_without_saving(sign_in, brands, watched):
    desk = sign_in("lea")
    given = {
        "name": "sunog", "query": "sunog", "alert_after": "500", "severity": "0", "sensitivity": "more",
        "watches": "brand", "is_active": "on", "raises_alert": "on", "replay": "1",
    }  # fmt: skip
    page = desk.post(f"{RULES}{watched.pk}/", given).content.decode()
    assert "At “more” it would have alerted you" in page
    assert f"/b/isla/feed/?rule={watched.pk}&amp;since=" in page
    assert inside(brands, lambda: Rule.objects.get(pk=watched.pk)).sensitivity == "balanced"
    fresh = desk.post(f"{RULES}new/", given | {"query": "usok"}).content.decode()
    assert "it would not have alerted you" in fresh
    assert desk.post(f"{RULES}new/", given | {"query": "(usok"}).status_code == 422
    saved = {name: value for name, value in given.items() if name != "replay"} | {"subject": "Luntian"}
    assert desk.post(f"{RULES}{watched.pk}/", saved | {"watches": "competitor"}).status_code == 303
    kept = inside(brands, lambda: Rule.objects.get(pk=watched.pk))
    assert (kept.sensitivity, kept.watches, kept.subject) == ("more", "competitor", "Luntian")


# --- the API


@pytest.fixture
def machine(client, brands, by, now):
    with context.inside(brands.isla):
        key = keys.issue(name="all", scopes=list(Scope), by=by.ramon, now=now)[1]

    def call(method, path, body=None, **headers):
        return client.generic(
            method, API + path, json.dumps(body) if body is not None else "",
            "application/json", HTTP_AUTHORIZATION=f"Bearer {key}", **headers,
        )  # fmt: skip

    return call


def test_the_api_snoozes_wakes_and_budgets(machine, alert, now):
    path = f"/alerts/alr_{alert.pk}"
    until = (now + HOUR).isoformat().replace("+00:00", "Z")
    answer = machine("POST", f"{path}/snooze", {"until": until}, HTTP_IF_MATCH="*")
    assert answer.status_code == 200 and answer.json()["snoozed_by"] == "all"
    assert answer.json()["because"].startswith("12 matches")
    assert machine("POST", f"{path}/wake", HTTP_IF_MATCH="*").json()["snoozed_until"] is None
    late = (now + 20 * DAY).isoformat().replace("+00:00", "Z")
    assert machine("POST", f"{path}/snooze", {"until": late}, HTTP_IF_MATCH="*").status_code == 422
    assert machine("POST", "/budget", {"per_week": 3}).json()["per_week"] == 3
    assert machine("GET", "/budget").json() == {
        "per_week": 3, "spent": 1, "held": 0, "acted": 0, "dismissed": 0
    }  # fmt: skip


def test_the_api_names_authors_and_replays(machine, watched):
    made = machine("POST", "/authors", {"name": "Nards Villamor", "severity": 3})
    assert made.status_code == 201
    assert machine("POST", "/authors", {"name": "@nards villamor"}).status_code == 422
    path = f"/authors/{made.json()['id']}"
    assert machine("PATCH", path, {"note": "radio"}, HTTP_IF_MATCH="*").json()["note"] == "radio"
    assert machine("DELETE", path, HTTP_IF_MATCH="*").status_code == 204
    asked = {"query": "sunog", "alert_after": 500, "rule": f"rul_{watched.pk}", "sensitivity": "balanced"}
    found = machine("POST", "/rules/replay", asked).json()
    assert (found["count"], found["alerts"][0]["kind"]) == (1, "spike")


def test_share_of_voice_holds_the_brand_beside_its_rivals(machine, brands, by, now):
    with context.inside(brands.isla):
        source = feed(by.lea, now)
        rival = rule(by.lea, now, query="luntian", watches="competitor", subject="Luntian Lines")
        topic = rule(by.lea, now, query="presyo", watches="industry")
        quiet = rule(by.lea, now, query="tala", watches="competitor")
        past(source, now, per_hour=1, days=2)
        at = (now - 3 * HOUR).replace(minute=0, second=0, microsecond=0)
        for each, count in ((rival, 30), (topic, 500)):
            RuleHour.objects.create(rule=each, hour=at, negative=count // 3, neutral=count - count // 3)
        brand, first, second = share_of_voice(now - 3 * DAY, now)
        assert (brand.subject, first.subject, second.subject) == ("", "Luntian Lines", quiet.name)
        assert (first.count, second.count) == (30, 0)
        assert brand.share + first.share == pytest.approx(1)
        assert first.negative == pytest.approx(1 / 3)
    since, until = ((now - n * DAY).isoformat().replace("+00:00", "Z") for n in (3, 0))
    voices = machine("POST", "/share-of-voice", {"since": since, "until": until}).json()["voices"]
    assert [each["subject"] for each in voices] == ["", "Luntian Lines", "tala"]
    assert machine("POST", "/share-of-voice", {"since": until, "until": since}).status_code == 422
