"""Policies, deputies, steps with groups and the broken glass, as another system sees them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from responses.core.models import Event
from responses.incidents.models import Incident
from responses.statements import breaking, reviewing
from tests import codes
from tests.statements import desk

STEPS = [
    {"groups": [{"function": "agency"}], "minutes": {"critical": 5}},
    {"groups": [{"function": "legal", "mode": "all"}, {"function": "client", "mode": "some", "need": 2}]},
    {"groups": [{"function": "crisis"}], "silence_minutes": 30},
]


def policy(**more):
    return {"name": "Apologies", "types": ["apology"], "from_severity": 3, "steps": STEPS} | more


def test_a_policy_is_written_read_and_changed(person, machine, isla):
    ramon = person("ramon")
    made = ramon.post("policies", policy())
    assert made.status_code == 201
    shown = machine.get(made["Location"]).json()
    assert shown["words"] == (
        "Agency lead, then all of: legal and 2 of: client, then crisis lead "
        "(passes when nobody objects within 30 minutes)."
    )
    assert shown["lacking"] == ["Only 1 of the 2 needed can approve as: client."]
    assert shown["steps"][0]["minutes"] == {"critical": 5}
    assert shown["steps"][1]["groups"][1] == {"function": "client", "mode": "some", "need": 2, "people": []}
    changed = ramon("patch", made["Location"], {"is_active": False}, if_match=made["ETag"])
    assert changed.status_code == 200 and changed.json()["version"] == 2
    assert changed.json()["steps"] == shown["steps"]
    assert ramon("patch", made["Location"], {"name": "B"}, if_match=made["ETag"]).status_code == 412


def test_named_people_are_ids(person, people, isla):
    steps = [{"groups": [{"function": "named", "people": [f"usr_{people.paolo.pk}"]}]}]
    made = person("tess").post("policies", policy(steps=steps))
    assert made.json()["steps"][0]["groups"][0]["people"] == [
        {"id": f"usr_{people.paolo.pk}", "name": "Paolo"}
    ]
    outsider = [{"groups": [{"function": "named", "people": [f"usr_{people.charlie.pk}"]}]}]
    assert person("tess").post("policies", policy(name="B", steps=outsider)).status_code == 422


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ([{"groups": [{"function": "client"}]}], 422),
        ([{"groups": [{"function": "agency"}], "silence_minutes": 5}], 422),
        ([{"groups": [{"function": "king"}]}], 400),
        ([{"groups": [{"function": "agency", "mode": "some", "need": 0}]}], 400),
        ([{"groups": [{"function": "agency"}], "minutes": {"4": 5}}], 201),  # unknown levels are not read
        ([], 400),
    ],
)
def test_a_policy_that_cannot_be_is_refused(person, isla, steps, status):
    answer = person("ramon").post("policies", policy(steps=steps))
    assert answer.status_code == status
    if status == 422:
        assert answer.json()["errors"][0]["pointer"] == "/steps"


def test_who_may_say_who_approves(person, machine, isla):
    assert person("lea").post("policies", policy()).status_code == 403
    assert machine.post("policies", policy()).json()["code"] == "persons_only"


def test_a_step_shows_its_groups_and_who_may_decide(person, machine, agree, by, now):
    agree(desk.step(desk.AGENCY), desk.step(desk.LEGAL, desk.group("client", "some", 2)))
    statement = desk.with_client(by.ana, by.lea, now)
    desk.decide(statement, by.marta, now, comment="")
    here = f"steps/stp_{desk.active(statement).pk}"
    legal, client = machine.get(here).json()["groups"]
    assert [one["name"] for one in legal["waits_for"]] == ["Ong"] and not legal["is_met"]
    assert (client["approved"], client["needed"], client["waits_for"]) == (1, 2, [])
    review = machine.get(f"reviews/rvw_{statement.latest.review.pk}").json()
    assert review["policy_name"] == "Ours" and len(review["steps"][1]["groups"]) == 2
    decision = review["steps"][1]["decisions"][0]
    assert (decision["function"], decision["for_whom"]) == ("client", None)


def test_a_client_does_not_read_what_legal_said(person, agree, by, now):
    agree(desk.step(desk.AGENCY), desk.step(desk.LEGAL, desk.CLIENT))
    statement = desk.with_client(by.ana, by.lea, now)
    desk.decide(statement, by.ong, now, comment="We may be liable")
    here = f"steps/stp_{desk.active(statement).pk}"
    assert person("marta").get(here).json()["decisions"][0]["comment"] == ""
    assert person("lea").get(here).json()["decisions"][0]["comment"] == "We may be liable"


def test_a_decision_that_needs_a_second_factor(person, people, by, now, isla):
    fire = Incident.objects.create(number=960, title="Sunog", severity=4, opened_at=now)
    statement = desk.in_review(by.ana, now, fire)
    lea, here = person("lea"), f"steps/stp_{desk.active(statement).pk}"
    body = {"revision_hash": statement.latest.hash, "verdict": "approved"}
    weak = lea.act(here, "decide", body, idempotency_key="one")
    assert (weak.status_code, weak.json()["code"]) == (403, "second_factor_needed")
    codes.set_up(people.lea)
    wrong = lea.act(here, "decide", body | {"code": "000000"}, idempotency_key="two")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/code")
    done = lea.act(here, "decide", body | {"code": codes.code()}, idempotency_key="three")
    assert done.status_code == 200
    assert [(one["via"], one["strength"]) for one in done.json()["decisions"]] == [("api", "mfa")]


def test_guesses_count_with_a_key_of_its_own_each(person, by, now, people, settings, isla):
    """And the same request again is no second guess."""
    settings.ACCOUNT_RATE_LIMITS = {}  # allauth's own: five in five minutes
    fire = Incident.objects.create(number=962, title="Sunog", severity=3, opened_at=now)
    statement = desk.in_review(by.ana, now, fire)
    lea, here = person("lea"), f"steps/stp_{desk.active(statement).pk}"
    codes.set_up(people.lea)
    body = {"revision_hash": statement.latest.hash, "verdict": "approved"}

    def guess(code, key):
        answer = lea.act(here, "decide", body | {"code": code}, idempotency_key=key)
        return answer.status_code, answer.get("Idempotency-Replayed")

    for number in range(5):
        assert guess("000000", f"guess-{number}") == (422, None)
        assert guess("000000", f"guess-{number}") == (422, "true")
    assert guess(codes.code(), "right") == (422, None)
    settings.ACCOUNT_RATE_LIMITS = False
    assert guess(codes.code(), "later") == (200, None)


@pytest.mark.parametrize("deed", ["ask", "agree", "judge"])
def test_guesses_at_the_glass_count(deed, person, by, now, people, settings, isla):
    settings.ACCOUNT_RATE_LIMITS = {}
    fire = Incident.objects.create(number=963, title="Sunog", severity=4, opened_at=now)
    statement = desk.draft(by.ana, now)
    reviewing.submit(statement, by=by.ana, now=now, stands_by=True)
    desk.decide(statement, by.lea, now)
    desk.decide(statement, by.marta, now)
    breaking.set_rule(is_on=True, people=[by.tess.id, by.ramon.id], by=by.ramon, now=now)
    said = {"revision_hash": statement.latest.hash, "reason": "The port burns"}
    asked = said | {"statement": f"stm_{statement.pk}", "incident": f"inc_{fire.pk}"}
    moment = timezone.now()
    if deed != "ask":
        glass = breaking.ask(statement, incident=fire, by=desk.sure(by.tess), now=moment, **said)
    if deed == "judge":
        breaking.agree(glass, by=desk.sure(by.ramon), now=moment, **said)
    who = {"ask": "tess", "agree": "ramon", "judge": "ong"}[deed]
    codes.set_up(getattr(people, who))
    body = {"ask": asked, "agree": said, "judge": {"is_right": True}}[deed]
    there = "glasses" if deed == "ask" else f"glasses/gls_{glass.pk}/{deed}"

    def guess(code, key):
        given = {"idempotency_key": key, "if_match": "*"}
        return person(who).post(there, body | {"code": code}, **given).status_code

    assert {guess("000000", f"guess-{number}") for number in range(5)} == {422}
    assert guess(codes.code(), "right") == 422
    settings.ACCOUNT_RATE_LIMITS = False
    assert guess(codes.code(), "later") in {200, 201}


def test_what_stands_by_is_not_sent_at_once_by_an_integrator(person, by, now, isla):
    """Ana sent it to stand by, changed it, and her machine sends it again as it sends all."""
    statement = desk.draft(by.ana, now)
    reviewing.submit(statement, by=by.ana, now=now, stands_by=True)
    desk.decide(statement, by.lea, now, "changes", "Shorter")
    desk.revise(statement, by.ana, now, "Short.")
    sent = person("ana").act(f"statements/stm_{statement.pk}", "submit", {"release_on_approval": True})
    assert (sent.status_code, sent.json()["release_on_approval"]) == (200, False)
    statement.refresh_from_db()
    assert statement.stands_by


def test_deputies(person, machine, people, now, isla):
    marta, nilo = person("marta"), f"usr_{people.nilo.pk}"
    away = {"away_from_at": "2026-11-23T06:00:00Z", "away_until_at": "2036-11-24T06:00:00Z"}
    made = marta.post("deputies", {"deputy": nilo, **away})
    assert made.status_code == 201 and made.json()["person"]["name"] == "Marta"
    assert made.json()["away_from_at"] == "2026-11-23T06:00:00Z"
    theirs = {"person": f"usr_{people.marta.pk}", "deputy": nilo}
    assert person("lea").post("deputies", theirs).status_code == 403
    assert person("ramon").post("deputies", theirs).status_code == 201
    here = f"deputies/{made.json()['id']}"
    assert machine.get(here).json()["away_from_at"] is None
    assert marta("delete", here, if_match=machine.get(here)["ETag"]).status_code == 204
    assert machine.get("deputies").json()["items"] == []


def test_the_glass(person, people, machine, by, now, isla):
    fire = Incident.objects.create(number=961, title="Sunog", severity=4, opened_at=now)
    statement = desk.draft(by.ana, now)
    reviewing.submit(statement, by=by.ana, now=now, stands_by=True)
    desk.decide(statement, by.lea, now)
    desk.decide(statement, by.marta, now + timedelta(minutes=1))
    breaking.set_rule(is_on=True, people=[by.tess.id, by.ramon.id], by=by.ramon, now=now)
    codes.set_up(people.tess), codes.set_up(people.ramon, "GEZDGNBVGY3TQOJQ"), codes.set_up(people.ong)
    said = {"revision_hash": statement.latest.hash, "reason": "The port burns"}
    ask = {"statement": f"stm_{statement.pk}", "incident": f"inc_{fire.pk}", **said}
    assert machine.post("glasses", ask).json()["code"] == "persons_only"
    assert person("tess").post("glasses", ask).json()["code"] == "second_factor_needed"
    made = person("tess").post("glasses", ask | {"code": codes.code()})
    assert (made.status_code, made.json()["status"]) == (201, "asked")
    here = f"glasses/{made.json()['id']}"
    agreed = person("ramon").act(here, "agree", said | {"code": codes.code("GEZDGNBVGY3TQOJQ")})
    assert agreed.json()["status"] == "broken"
    assert [word["person"]["name"] for word in agreed.json()["words"]] == ["Tess", "Ramon"]
    judged = person("ong").act(here, "judge", {"is_right": True, "code": codes.code()})
    assert judged.status_code == 200 and judged.json()["words"][-1]["purpose"] == "uphold"


def test_who_may_break_it_is_said_by_who_says_who_approves(person, people, machine, isla):
    off = machine.get("glass-rule").json()
    assert (off["is_on"], off["people"], off["changed_at"]) == (False, [], None)
    two = {"is_on": True, "people": [f"usr_{people.tess.pk}", f"usr_{people.ramon.pk}"]}
    assert machine("put", "glass-rule", two).json()["code"] == "persons_only"
    assert person("lea")("put", "glass-rule", two).status_code == 403
    ramon = person("ramon")
    alone = ramon("put", "glass-rule", {"is_on": True, "people": two["people"][:1]})
    assert (alone.status_code, alone.json()["errors"][0]["pointer"]) == (422, "/people")
    assert ramon("put", "glass-rule", two).status_code == 200
    told = machine.get("glass-rule").json()
    assert (told["is_on"], [one["name"] for one in told["people"]]) == (True, ["Tess", "Ramon"])
    assert Event.objects.latest("seq").kind == "glass.rule_changed"
