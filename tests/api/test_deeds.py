"""Each endpoint does the deed that the page does, and history says so once."""

import pytest
from django.utils import timezone

from responses.core import history
from responses.core.models import Event
from responses.monitoring import sourcing, viewing
from responses.monitoring.models import Source
from responses.publishing.models import Publication
from responses.statements import drafting, reviewing
from tenants.models import BrandPulse
from tests import everything


@pytest.fixture
def world(isla, by, now):
    return everything.make(by, now)


@pytest.fixture
def does(world):
    """does(kinds, act) → the answer, once the events written meanwhile are exactly these, by the caller."""

    def done(kinds, act):
        before = history_head()
        response = act()
        assert response.status_code < 300, response.content
        written = Event.objects.filter(seq__gt=before).order_by("seq")
        assert list(written.values_list("kind", flat=True)) == kinds
        assert {event.actor_via for event in written} <= {"api"}
        assert history.verify() == []
        return response

    return done


def history_head():
    return Event.objects.order_by("-seq").values_list("seq", flat=True).first()


def test_mentions_are_pushed_once(machine, does, world):
    body = {
        "source": f"src_{world.source.pk}",
        "mentions": [
            {"external_id": "a", "text": "the ferry is late", "published_at": "2026-11-23T05:00:00+08:00"},
            {"external_id": "b", "text": f"no {everything.CANARY} today"},
        ],
    }
    first = does(["mention.ingested"], lambda: machine.post("mentions", body))
    assert first.json() == {"new": 2, "known": 0, "matches": 1}
    again = does([], lambda: machine.post("mentions", body))
    assert again.json() == {"new": 0, "known": 2, "matches": 0}
    newest = machine.get("mentions?q=late").json()["items"][0]
    assert newest["published_at"] == "2026-11-22T21:00:00Z"


def test_mentions_only_into_a_webhook_that_listens(machine, world, by, now):
    body = {"source": f"src_{world.source.pk}", "mentions": [{"text": "x"}]}
    sourcing.pause(world.source, by=by.lea, now=now)
    assert machine.post("mentions", body).status_code == 409
    other = sourcing.add_source(kind="csv", name="File", config={}, by=by.lea, now=now)
    assert machine.post("mentions", body | {"source": f"src_{other.pk}"}).status_code == 422


def test_sources(machine, does):
    made = does(
        ["source.added"],
        lambda: machine.post(
            "sources", {"kind": "rss", "name": "Daily", "config": {"url": "https://example.com/f"}}
        ),
    )
    here = made["Location"]
    assert made.json()["config"] == {"url": "https://example.com/f"}
    assert "secret" not in made.json()
    does(["source.paused"], lambda: machine.act(here, "pause"))
    does(["source.resumed"], lambda: machine.act(here, "resume"))
    tag = machine.get(here)["ETag"]
    does(["source.changed"], lambda: machine("patch", here, {"name": "Weekly"}, if_match=tag))
    answer = machine.get(here).json()
    assert (answer["name"], answer["config"]) == ("Weekly", {"url": "https://example.com/f"})
    assert does([], lambda: machine.post(f"{here}/read")).json()["due_at"] is not None
    Source.objects.update(last_tried_at=timezone.now())
    assert machine.post(f"{here}/read").status_code == 409
    tag = machine.get(here)["ETag"]
    does(["source.removed"], lambda: machine("delete", here, if_match=tag))
    assert machine.get(here).status_code == 404
    assert "Weekly" not in str(machine.get("sources").json())


def test_a_webhooks_secret_is_renewed_and_never_shown(machine, does, world):
    here, secret = f"sources/src_{world.source.pk}", sourcing.new_secret()
    there = f"{here}/secret"

    def put(given, **headers):
        return machine("put", there, {"secret": given}, **headers)

    assert put(secret).status_code == 428
    for wrong in ("whsec_", "whsec_YWJj", secret[6:], "whsec_" + "x" * 47, "whsec_" + "ñ" * 40):
        assert put(wrong, if_match="*").json()["errors"][0]["pointer"] == "/secret"
    made = does(["source.changed"], lambda: put(secret, if_match="*"))
    assert made.json()["previous_until"] and secret not in str(made.json())
    kept = Source.objects.get(pk=world.source.pk)
    assert (kept.secret, kept.previous_secret) == (secret, world.source.secret)
    ended = does(["source.changed"], lambda: machine("delete", there, if_match="*"))
    assert ended.json()["previous_until"] is None
    assert machine("delete", there, if_match="*").status_code == 409
    other = machine.post("sources", {"kind": "csv", "name": "File"})["Location"]
    assert machine("put", f"{other}/secret", {"secret": secret}, if_match="*").status_code == 409


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "rss", "name": "x"}, "/config/url"),
        ({"kind": "bluesky", "name": "x", "config": {}}, "/config/account"),
        ({"kind": "csv", "name": "  "}, "/name"),
    ],
)
def test_a_source_that_does_not_hold(machine, body, pointer):
    answer = machine.post("sources", body)
    assert answer.status_code in {400, 422}
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_rules(machine, does, world):
    made = does(["rule.added"], lambda: machine.post("rules", {"name": "Smoke", "query": "smoke OR usok"}))
    here = made["Location"]
    tag = made["ETag"]
    changed = does(["rule.changed"], lambda: machine("patch", here, {"severity": 3}, if_match=tag))
    assert (changed.json()["severity"], changed.json()["query"]) == (3, "smoke OR usok")
    tried = does([], lambda: machine.post("rules/preview", {"query": everything.CANARY}))
    assert (tried.json()["count"], len(tried.json()["sample"])) == (1, 1)
    does(["rule.removed"], lambda: machine("delete", here, if_match=changed["ETag"]))
    assert machine.get(here).status_code == 404


def test_a_query_that_cannot_be_read_says_where(machine):
    answer = machine.post("rules", {"name": "Smoke", "query": "smoke AND ("})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query"
    assert answer.json()["position"] > 0


def test_alerts(machine, does, world):
    here = f"alerts/alr_{world.alert.pk}"
    does(["alert.acknowledged"], lambda: machine.act(here, "acknowledge"))
    made = does(
        ["incident.opened", "alert.escalated"], lambda: machine.act(here, "escalate", {"severity": 3})
    )
    assert made.json()["alert"] == f"alr_{world.alert.pk}"
    assert machine.get(here).json()["incident"] == made.json()["id"]
    assert machine.act(here, "dismiss", {"reason": "no"}).status_code == 409


def test_an_alert_is_dismissed_with_a_reason(machine, does, world):
    here = f"alerts/alr_{world.alert.pk}"
    assert machine.act(here, "dismiss", {}).status_code == 400
    does(["alert.dismissed"], lambda: machine.act(here, "dismiss", {"reason": "An old photo."}))


def test_incidents(machine, does, world):
    made = does(["incident.opened"], lambda: machine.post("incidents", {"title": "Fire", "severity": 2}))
    here = made["Location"]
    does(["incident.acknowledged"], lambda: machine.act(here, "acknowledge"))
    louder = {"severity": 4, "reason": "Two ships now."}
    tag = machine.get(here)["ETag"]
    does(["incident.severity_changed"], lambda: machine("patch", here, louder, if_match=tag))
    does(["incident.contained"], lambda: machine.act(here, "contain"))
    noted = does(["incident.noted"], lambda: machine.post(f"{here}/notes", {"text": "The port called."}))
    assert "The port called." in noted.json()["text"]
    does(["incident.resolved"], lambda: machine.act(here, "resolve", {"resolution": "Put out."}))
    does(["incident.reopened"], lambda: machine.act(here, "reopen", {"reason": "Smoke again."}))
    kinds = [line["kind"] for line in machine.get(f"{here}/timeline").json()["items"]]
    assert kinds[0] == "incident.reopened"
    assert kinds[-1] == "incident.opened"


def test_parts(machine, does, world, people):
    here = f"incidents/inc_{world.incident.pk}/parts"
    given = does(
        ["incident.part_given"],
        lambda: machine.post(here, {"function": "voice", "person": f"usr_{people.ana.pk}"}),
    )
    assert given.json()["person"]["name"] == "Ana"
    assert {part["function"] for part in machine.get(here).json()["items"]} == {"lead", "voice"}
    stranger = machine.post(here, {"function": "voice", "person": f"usr_{people.charlie.pk}"})
    assert stranger.status_code == 422


def test_tasks(machine, does, world, people):
    body = {
        "incident": f"inc_{world.incident.pk}",
        "title": "Call the port",
        "due_at": "2026-11-23T08:00:00Z",
    }
    made = does(["task.added"], lambda: machine.post("tasks", body))
    here = made["Location"]
    assert made.json()["due_at"] == "2026-11-23T08:00:00Z"
    given = does(["task.assigned"], lambda: machine.act(here, "assign", {"person": f"usr_{people.lea.pk}"}))
    assert given.json()["owner"] == {"id": f"usr_{people.lea.pk}", "name": "Lea"}
    does(["task.done"], lambda: machine.act(here, "finish"))
    does(["task.reopened"], lambda: machine.act(here, "reopen"))
    does(["task.skipped"], lambda: machine.act(here, "skip", {"reason": "No port."}))


def wording(world, text="We know, and we are on it.", **more):
    texts = [{"channel": f"chn_{world.channel.pk}", "text": text}]
    return {"title": "We know", "language": "en", "texts": texts} | more


def test_statements(machine, does, world):
    body = wording(world, type="holding", incident=f"inc_{world.incident.pk}")
    made = does(["statement.drafted"], lambda: machine.post("statements", body))
    here = made["Location"]
    revised = does(
        ["statement.revised"], lambda: machine.act(here, "revise", wording(world, "Better.", base=1))
    )
    assert revised.json()["revision_number"] == 2
    assert revised["ETag"] != made["ETag"]
    late = machine.act(here, "revise", wording(world, "Late.", base=1))
    assert (late.status_code, late.json()["latest"]) == (412, 2)
    does(["statement.submitted", "review.step_opened"], lambda: machine.act(here, "submit", {}))
    does(["review.step_cancelled", "review.step_cancelled", "review.voided", "statement.withdrawn"],
         lambda: machine.act(here, "withdraw", {"reason": "Not needed."}))  # fmt: skip


def test_a_text_over_the_limit_is_refused_with_its_place(machine, world):
    answer = machine.post("statements", wording(world, "x" * 301, type="holding"))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/texts")


def test_a_person_decides(person, does, world):
    here = f"steps/stp_{world.client_step.pk}"
    body = {"revision_hash": world.revision.hash, "verdict": "approved"}
    marta = person("marta")
    does(
        ["review.step_passed", "review.passed", "statement.approved"],
        lambda: marta.act(here, "decide", body, idempotency_key="mine"),
    )
    assert marta.get(here).json()["decisions"][0]["verdict"] == "approved"


def test_deciding_another_text_is_refused(person, world):
    body = {"revision_hash": "0" * 64, "verdict": "approved"}
    answer = person("marta").act(f"steps/stp_{world.client_step.pk}", "decide", body, idempotency_key="mine")
    assert answer.status_code == 412


def test_whoever_wrote_it_does_not_decide(person, world, by, now):
    texts = {world.channel.pk: "By Lea."}
    drafting.revise(world.statement, base=1, title="Mine", texts=texts, language="en", by=by.lea, now=now)
    review = reviewing.submit(world.statement, by=by.ana, now=now)
    step = review.steps.get(position=1)
    body = {"revision_hash": review.revision.hash, "verdict": "approved"}
    answer = person("lea").act(f"steps/stp_{step.pk}", "decide", body, idempotency_key="mine")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_publications(machine, does, world, by, now):
    statement = everything.approved(world, by, now)
    body = {"statement": f"stm_{statement.pk}"}
    released = does(["publication.queued"], lambda: machine.post("publications", body, idempotency_key="r1"))
    again = does([], lambda: machine.post("publications", body, idempotency_key="r2"))
    assert again.json() == released.json()
    here = f"publications/{released.json()['items'][0]['id']}"
    does(["publication.cancelled"], lambda: machine.act(here, "cancel", {"reason": "Wait."}))
    assert machine.act(here, "retry").status_code == 409


def test_releasing_needs_an_approval_and_an_idempotency_key(machine, world):
    body = {"statement": f"stm_{world.statement.pk}"}
    assert machine.post("publications", body).json()["code"] == "idempotency_key_required"
    assert machine.post("publications", body, idempotency_key="r").status_code == 409


def test_a_person_decides_what_is_unknown(person, does, world):
    Publication.objects.filter(pk=world.publication.pk).update(status="unknown")
    here = f"publications/pub_{world.publication.pk}"
    body = {"outcome": "out", "reason": "I see it there."}
    does(["publication.resolved"], lambda: person("lea").act(here, "resolve", body, idempotency_key="u"))
    assert person("lea").get(here).json()["status"] == "published"


def test_history_is_proved_here_too(machine, world, isla):
    verdict = machine.get("history/verify").json()
    assert (verdict["verifies"], verdict["broken"]) == (True, [])
    assert verdict["events"] == Event.objects.count()
    BrandPulse.objects.filter(brand=isla).update(history_seq=verdict["events"] + 1, history_hash="f" * 64)
    cut = machine.get("history/verify").json()
    assert (cut["verifies"], cut["broken"]) == (False, [{"seq": verdict["events"] + 1, "what": "removed"}])


def test_no_answer_holds_a_secret(machine, world):
    world.source.refresh_from_db()
    secret = world.source.secret.removeprefix("whsec_")
    for name in ("sources", "channels", "events", f"sources/src_{world.source.pk}"):
        assert secret not in machine.get(name).content.decode()


def test_what_helps_a_writer(machine, person, does, world):
    channel = f"chn_{world.channel.pk}"
    texts = [
        {"channel": channel, "text": "It was probably the engine. It is the fault of the crew. [what we do]"}
    ]
    found = machine.post("lint", {"type": "holding", "language": "en", "texts": texts}).json()["findings"]
    assert {"speculation", "blame"} <= {one["rule"].partition(":")[0] for one in found}
    assert all(one["channel"] == channel and one["reason"] for one in found if one["end"])
    point = {"kind": "fact", "text": "All 96 are ashore.", "incident": f"inc_{world.incident.pk}"}
    made = does(["point.added"], lambda: machine.post("points", point)).json()
    does(["point.removed"], lambda: machine("delete", f"points/{made['id']}"))
    rule = {"kind": "do_not_say", "phrases": ["boat"], "severity": "must", "reason": "It is a ship."}
    made = does(["lint_rule.added"], lambda: machine.post("lint-rules", rule)).json()
    text = [{"channel": channel, "text": "The boat is late."}]
    found = machine.post("lint", {"type": "update", "language": "en", "texts": text}).json()["findings"]
    assert "It is a ship." in {one["reason"] for one in found}
    does(["lint_rule.removed"], lambda: machine("delete", f"lint-rules/{made['id']}", if_match="*"))
    template = {"name": "Night", "type": "holding", "language": "en", "body": "At {time} {incident}."}
    made = does(["template.added"], lambda: machine.post("templates", template)).json()
    wrong = machine.post("templates", template | {"name": "Other", "body": "{nobody}"})
    assert (wrong.status_code, "{nobody}" in wrong.json()["errors"][0]["detail"]) == (422, True)
    does(["template.retired"], lambda: machine.act(f"templates/{made['id']}", "retire"))
    assert (
        machine.post(
            "overrulings", {"statement": f"stm_{world.statement.pk}", "mark": "x", "reason": "y"}
        ).status_code
        == 403
    )


def test_a_view_is_removed_by_those_who_may_on_the_page(person, world, by, now):
    """One's own by whoever has it, also after a change of seat; the team's by those who set up listening."""
    ana, lea = person("ana"), person("lea")
    saved = {"query": "q=ferry", "by": by.ana, "now": now}
    mine, ours = (
        viewing.save_view(name=name, is_shared=name == "Ours", **saved) for name in ("Mine", "Ours")
    )
    assert ana("delete", f"views/viw_{world.view.pk}").status_code == 403
    assert lea("delete", f"views/viw_{mine.pk}").status_code == 404
    assert ana("delete", f"views/viw_{mine.pk}").status_code == 204
    assert lea("delete", f"views/viw_{ours.pk}").status_code == 204


@pytest.mark.parametrize("body", [{}, {"severity": 3}, {"reason": "It burns."}])
def test_a_level_is_not_changed_without_its_reason(machine, world, body):
    address = f"incidents/inc_{world.incident.pk}"
    answer = machine("patch", address, body, if_match="*")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
