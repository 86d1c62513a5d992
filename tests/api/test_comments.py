"""Comments and suggestions by machines and people: the same deeds, the same refusals."""

from datetime import timedelta

import pytest
from django.utils import timezone

from api.scopes import Scope
from responses.statements import commenting, deputising
from responses.statements.commenting_models import Comment
from tests.statements import desk

from .conftest import Caller, make_key


@pytest.fixture
def statement(isla, by, now):
    return desk.in_review(by.ana, now)


def given(statement, **more):
    return {"statement": f"stm_{statement.pk}", "text": "Sigurado ba ito?", **more}


def suggestion(statement, **more):
    channel = desk.channels()[0]
    words = {"quote": "Ligtas ang lahat.", "replacement": "Ligtas ang 214."}
    return given(statement, channel=f"chn_{channel.pk}", **words, **more)


def test_say_read_answer_resolve_reopen(machine, statement):
    made = machine.post("comments", given(statement, quote="may sunog"))
    assert made.status_code == 201 and made["Location"].endswith(made.json()["id"])
    told = made.json()
    assert (told["quote"], told["audience"], told["status"]) == ("may sunog", "internal", "open")
    assert desk.NEWS[told["start"] : told["end"]] == "may sunog"
    one = f"comments/{told['id']}"
    assert machine.post(f"{one}/reply", {"text": "Oo."}).status_code == 200
    assert machine.post(f"{one}/resolve").status_code == 428
    assert machine.act(one, "resolve").json()["status"] == "resolved"
    assert machine.act(one, "resolve").status_code == 409
    reopened = machine.act(one, "reopen").json()
    assert reopened["status"] == "open" and [reply["text"] for reply in reopened["replies"]] == ["Oo."]
    listed = machine.get(f"comments?statement=stm_{statement.pk}&status=open&audience=internal").json()
    assert [row["id"] for row in listed["items"]] == [told["id"]]


def test_apply_makes_a_revision_and_decline_says_why(person, statement, by):
    lea, ana = person("lea"), person("ana")
    first = lea.post("comments", suggestion(statement)).json()
    second = lea.post("comments", given(statement, quote="may sunog", replacement="", text="")).json()
    applied = ana.act(f"comments/{first['id']}", "apply").json()
    assert applied["status"] == "applied" and applied["moved_by"]["name"] == "Ana"
    revision = ana.get(f"revisions/{applied['applied_in']}").json()
    assert revision["number"] == 2 and any("214" in row["text"] for row in revision["texts"])
    declined = ana.act(f"comments/{second['id']}", "decline", {"reason": "Kailangan ito"}).json()
    assert (declined["status"], declined["reason"]) == ("declined", "Kailangan ito")
    again = ana.act(f"comments/{first['id']}", "apply")
    assert again.status_code == 409 and again.json()["code"] == "not_allowed_now"


def test_a_changed_text_refuses(person, statement, by, now):
    made = person("lea").post("comments", suggestion(statement)).json()
    desk.revise(statement, by.ana, now, "Usok lang.")
    refused = person("ana").act(f"comments/{made['id']}", "apply")
    assert refused.status_code == 409 and "does not stand there any more" in refused.json()["detail"]
    assert refused["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"quote": "wala rito"}, "/quote"),
        ({"start": 1}, "/start"),
        ({"text": " "}, "/text"),
        ({"channel": "chn_999999"}, "/channel"),
        ({"revision": "rev_999999"}, "/revision"),
        ({"statement": "stm_999999"}, "/statement"),
        ({"replacement": "x"}, "/quote"),
        ({"audience": "public"}, "/audience"),
    ],
)
def test_what_does_not_hold_names_its_field(machine, statement, wrong, pointer):
    refused = machine.post("comments", given(statement) | wrong)
    assert refused.status_code in (400, 422), refused.content
    assert [fault["pointer"] for fault in refused.json()["errors"]] == [pointer]
    assert not Comment.objects.exists()


def test_a_client_reads_and_writes_what_is_theirs(person, statement, by, now):
    marta, lea = person("marta"), person("lea")
    assert marta.post("comments", given(statement)).json()["errors"][0]["pointer"] == "/statement"
    inside = lea.post("comments", given(statement)).json()["id"]
    outside = lea.post("comments", given(statement, audience="client")).json()["id"]
    assert marta.get("comments").json()["items"] == []  # the text has not reached them
    desk.decide(statement, by.lea, now)
    assert [row["id"] for row in marta.get("comments").json()["items"]] == [outside]
    for deed in ("reply", "resolve"):
        assert marta.post(f"comments/{inside}/{deed}", {"text": "x"}, if_match="*").status_code == 404
    assert marta.post(f"comments/{outside}/reply", {"text": "Opo."}).status_code == 200
    mine = marta.post("comments", suggestion(statement)).json()
    assert (mine["audience"], mine["side"]) == ("client", "client")
    assert marta.post("comments", given(statement, audience="internal")).status_code == 403
    assert marta.act_blind(f"comments/{mine['id']}/apply").status_code == 404  # no desk, so no such door
    assert person("nilo").get("comments").json()["items"]
    assert person("nilo").post("comments", given(statement)).status_code == 403
    clock = timezone.now()
    away = {"away_from_at": clock, "away_until_at": clock + timedelta(hours=9)}
    deputising.name_deputy(person=by.marta, deputy=by.nilo, by=by.marta, now=clock, **away)
    assert person("nilo").post("comments", given(statement)).json()["side"] == "client"


def test_keys_by_their_scopes(statement, by, now):
    inside = commenting.comment(statement.latest, text="?", by=by.lea, now=now)
    reads = Caller(spelled=make_key([Scope.READ])[1])
    assert reads.get("comments").json()["items"] == []
    assert reads.get(f"comments/cmt_{inside.pk}").status_code == 404
    assert reads.post("comments", given(statement)).json()["code"] == "scope_missing"
    writes = Caller(spelled=make_key([Scope.READ, Scope.STATEMENTS])[1])
    assert writes.get(f"comments/cmt_{inside.pk}").status_code == 200


def test_the_same_request_twice_is_one_comment(machine, statement):
    for _turn in range(2):
        assert machine.post("comments", given(statement), idempotency_key="once").status_code == 201
    assert Comment.objects.count() == 1
