import pytest

from responses import tasks
from responses.errors import Invalid
from responses.monitoring import ruling
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Match, Rule
from tenants import context, jobs
from tests.monitoring.agreeing import assert_counts_agree
from tests.monitoring.making import feed, items, rule

RULES = "/b/isla/rules/"
TYPED = {"name": "Fire", "query": "sunog OR fire", "alert_after": 3, "severity": 3, "raises_alert": "on"}


@pytest.fixture
def past(brands, by, now):
    with context.inside(brands.isla):
        source = feed(by.lea, now)
        ingest(source, items(4, "Sunog sa barko", now=now), now=now)
        ingest(source, items(6, "Ayos ang byahe", now=now, first=10), now=now)
    return source


def test_trying_shows_what_it_would_have_found_and_saves_nothing(sign_in, past, brands):
    page = sign_in("lea").post(f"{RULES}new/", {**TYPED, "try": "1"}).content.decode()
    assert "It would have matched 4 mentions" in page
    assert "of 10 since" in page
    assert "<mark>Sunog</mark>" in page
    assert 'value="Fire"' in page
    with context.inside(brands.isla):
        assert not Rule.objects.exists()


def test_a_wrong_query_is_shown_where_it_is_wrong(sign_in, db):
    for button in ("try", "save"):
        answer = sign_in("lea").post(f"{RULES}new/", {**TYPED, "query": "sunog AND (fire", button: "1"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "sunog AND (fire\n" in page
        assert "^" in page
        assert 'value="Fire"' in page


def test_what_was_probably_not_meant_is_said_under_the_field(sign_in, brands):
    desk = sign_in("lea")
    page = desk.post(f"{RULES}new/", {**TYPED, "query": "sunog or fire", "try": "1"}).content.decode()
    assert "At “or”: “or” in small letters is looked for as a word." in page
    typing = {"headers": {"HX-Request": "true"}}
    part = desk.post(
        f"{RULES}new/", {"query": "sunog fire OR\r\nusok", "lint": "1"}, **typing
    ).content.decode()
    assert part.strip().startswith("<p")
    assert "At “OR”: AND binds before OR." in part
    part = desk.post(f"{RULES}new/", {"query": "sunog AND (", "lint": "1"}, **typing)
    assert part.status_code == 200
    assert "ends too early" in part.content.decode()
    assert desk.post(f"{RULES}new/", {"query": "sunog", "lint": "1"}, **typing).content.decode().strip() == ""


def test_saving_changing_removing(sign_in, brands, past):
    desk = sign_in("lea")
    assert desk.post(f"{RULES}new/", {**TYPED, "is_active": "on"}).status_code == 303
    with context.inside(brands.isla):
        made = Rule.objects.get()
    assert (made.query, made.alert_after, made.severity, made.is_active) == ("sunog OR fire", 3, 3, True)
    again = desk.post(f"{RULES}new/", TYPED)
    assert again.status_code == 422
    assert "rule of this name already" in again.content.decode()
    stale = desk.post(f"{RULES}{made.pk}/", {**TYPED, "query": "usok", "version": made.version + 5})
    assert "Somebody changed this" in stale.content.decode()
    assert (
        desk.post(f"{RULES}{made.pk}/", {**TYPED, "query": "usok", "version": made.version}).status_code
        == 303
    )
    assert "usok" in desk.get(RULES).content.decode()
    assert desk.post(f"{RULES}{made.pk}/remove/").status_code == 303
    assert "No rules yet" in desk.get(RULES).content.decode()


def test_a_new_rule_looks_back_without_alarm(brands, by, now, past):
    with context.inside(brands.isla):
        made = rule(by.lea, now, "sunog")
        assert ruling.match_past(made, now=now) == 4
        assert ruling.match_past(made, now=now) == 4  # asked for again; nothing is stored twice
        assert Match.objects.count() == 4
        assert made.alerts.count() == 0


@pytest.fixture
def work_off(monkeypatch, now):
    """Runs what looks back, as the worker would."""
    waiting = []
    monkeypatch.setattr(jobs, "async_task", lambda _run, *job: waiting.append(job))
    monkeypatch.setattr(tasks.timezone, "now", lambda: now)

    def work():
        while waiting:
            name, brand_id, ids = waiting.pop(0)
            if name in ("match_past", "carry_on"):
                jobs.run(name, brand_id, ids)

    return work


def test_what_was_said_while_a_rule_was_off_is_found_when_it_is_switched_on(
    sign_in, brands, by, now, past, work_off
):
    desk = sign_in("lea")
    desk.post(f"{RULES}new/", TYPED)  # made switched off
    work_off()
    with context.inside(brands.isla):
        made = Rule.objects.get()
        assert (made.is_active, Match.objects.count()) == (False, 0)

    def switch(**typed):
        with context.inside(brands.isla):
            made.refresh_from_db()
        there = f"{RULES}{made.pk}/"
        assert desk.post(there, {**TYPED, **typed, "version": made.version}).status_code == 303
        work_off()

    switch(is_active="on")
    with context.inside(brands.isla):
        assert Match.objects.count() == 4
    switch()
    with context.inside(brands.isla):
        ingest(past, items(5, "Sunog na naman", now=now, first=20), now=now)
        assert Match.objects.count() == 4
    switch(is_active="on")
    switch(is_active="on")
    with context.inside(brands.isla):
        assert Match.objects.count() == 9
        assert_counts_agree()
        assert made.alerts.count() == 0, "nobody is called for what is past"


def test_the_job_of_looking_back_is_known(db):
    assert {"match_past", "read_source", "work_due", "tick"} <= set(jobs.JOBS)


def test_what_a_rule_may_not_be(isla, by, now):
    for wrong in ({"query": "NOT fire"}, {"alert_after": 0}, {"severity": 5}, {"name": " "}):
        with pytest.raises(Invalid) as refusal:
            rule(by.lea, now, **{"query": "fire", "name": "x", **wrong})
        assert refusal.value.field in wrong


def test_who_may(sign_in, db):
    assert sign_in("ana").get(RULES).status_code == 200
    assert sign_in("ana").get(f"{RULES}new/").status_code == 403
    assert sign_in("charlie").get(RULES).status_code == 404
