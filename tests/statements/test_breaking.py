"""A7: what stands by is let out by two named people with a reason, and approved afterwards."""

from dataclasses import replace
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from agency import second_factor
from agency.models import Seat
from responses import pipeline, pulse
from responses.core import history
from responses.core.models import DeadLetter, Event
from responses.errors import Conflict, Forbidden, Invalid, NotAllowed, SecondFactorNeeded
from responses.incidents.clocks import clocks
from responses.incidents.models import Incident
from responses.publishing import deciding, newsroom, newsroom_pages, releasing, scheduling
from responses.publishing.models import Publication
from responses.statements import alarming, breaking, drafting, reviewing
from responses.statements.glass_models import Glass, GlassRule
from responses.statements.models import Statement
from tests import codes

from . import desk


@pytest.fixture
def fire(isla, now):
    return Incident.objects.create(number=950, title="Sunog sa MV Amihan", severity=4, opened_at=now)


@pytest.fixture
def stands_by(isla, by, now):
    """A holding statement that Lea and Marta approved to stand by."""
    statement = desk.draft(by.ana, now)
    reviewing.submit(statement, by=by.ana, now=now, stands_by=True)
    desk.decide(statement, by.lea, now)
    desk.decide(statement, by.marta, now)
    statement.refresh_from_db()
    return statement


@pytest.fixture
def allowed(isla, by, now):
    return breaking.set_rule(is_on=True, people=[by.tess.id, by.ramon.id, by.ong.id], by=by.ramon, now=now)


@pytest.fixture
def let_out(stands_by, fire, now):
    """let_out(first, second, …): asked and agreed; what is given otherwise is for the first."""

    def act(first, second=None, at=now, **given):
        words = {"revision_hash": stands_by.latest.hash, "reason": "The port is on fire", "now": now} | given
        glass = breaking.ask(stands_by, incident=fire, by=desk.sure(first), **words)
        if second:
            breaking.agree(glass, by=desk.sure(second), **words | {"now": at})
        return glass

    return act


def test_it_is_off_unless_the_brand_turns_it_on(stands_by, fire, let_out, by):
    assert not GlassRule.objects.exists()
    with pytest.raises(NotAllowed, match="not allowed"):
        let_out(by.tess)


def test_two_let_it_out_and_everybody_is_told(stands_by, allowed, fire, let_out, by, now, people):
    let_out(by.tess)
    alarming.send_due(now)
    assert not Publication.objects.exists()
    asked = [one.to[0] for one in mail.outbox if "will you let" in one.subject]
    assert sorted(asked) == ["ong@habi.example", "ramon@habi.example"]
    breaking.agree(
        Glass.objects.get(),
        by=desk.sure(by.ramon),
        revision_hash=stands_by.latest.hash,
        reason="Yes",
        now=now,
    )
    pipeline.follow(now)
    assert alarming.send_due(now)
    told = {one.to[0] for one in mail.outbox if "the glass is broken" in one.subject}
    assert {"marta@isla.example", "nilo@isla.example", "ana@habi.example", "tess@habi.example"} <= told
    assert "The port is on fire" in next(o.body for o in mail.outbox if "glass is broken" in o.subject)
    assert set(Publication.objects.values_list("approved_hash", flat=True)) == {stands_by.latest.hash}
    event = Event.objects.get(kind="glass.broken")
    assert event.data["people"] == ["Tess", "Ramon"] and event.incident_id == fire.pk
    letters = len(mail.outbox)
    assert alarming.send_due(now)
    assert len(mail.outbox) == letters
    assert history.verify() == []


def test_one_person_is_not_two(allowed, let_out, by, now):
    with pytest.raises(Forbidden, match="two people"):
        let_out(by.tess, by.tess)
    assert Glass.objects.get().status == "asked"


@pytest.mark.parametrize("name", ["lea", "ana", "marta", "charlie", "nobody"])
def test_only_the_named(allowed, let_out, by, name):
    with pytest.raises(Forbidden):
        let_out(getattr(by, name))
    with pytest.raises(Forbidden):
        let_out(by.tess, getattr(by, name))


def test_a_seat_lost_is_a_name_lost(allowed, let_out, by, people):
    Seat.objects.filter(user=people.ong).update(is_active=False)
    with pytest.raises(Forbidden):
        let_out(by.ong)


def test_a_second_factor_and_a_reason(stands_by, allowed, fire, let_out, by, now):
    words = {"incident": fire, "revision_hash": stands_by.latest.hash, "now": now}
    with pytest.raises(SecondFactorNeeded):
        breaking.ask(stands_by, by=by.tess, reason="Fire", **words)
    with pytest.raises(Forbidden):
        breaking.ask(stands_by, by=replace(by.tess, id="key:1", is_fresh=True), reason="Fire", **words)
    with pytest.raises(Invalid, match="why"):
        let_out(by.tess, reason="  ")


def test_the_second_comes_in_time_or_both_begin_anew(allowed, let_out, by, now):
    with pytest.raises(NotAllowed, match="half an hour"):
        let_out(by.tess, by.ramon, at=now + timedelta(minutes=30))
    glass = let_out(by.ramon, by.tess, now=now + timedelta(minutes=31), at=now + timedelta(minutes=32))
    assert glass.status == "broken"
    assert list(Glass.objects.order_by("pk").values_list("status", flat=True)) == ["lapsed", "broken"]


@pytest.mark.parametrize("change", [{"severity": 3}, {"status": "resolved"}])
def test_at_critical_only(allowed, fire, let_out, by, now, change):
    glass = let_out(by.tess)
    Incident.objects.update(**change)
    with pytest.raises(NotAllowed, match="Critical only"):
        breaking.agree(
            glass, by=desk.sure(by.ramon), revision_hash=glass.revision_hash, reason="Yes", now=now
        )


def test_exactly_the_text_that_was_approved(stands_by, allowed, fire, let_out, by, now):
    with pytest.raises(Conflict):
        let_out(by.tess, revision_hash="0" * 64)
    glass = let_out(by.tess)
    desk.revise(stands_by, by.ana, now, "A little better")
    with pytest.raises(NotAllowed, match="approved to stand by"):
        breaking.agree(
            glass, by=desk.sure(by.ramon), revision_hash=stands_by.latest.hash, reason="Yes", now=now
        )


def test_a_text_changed_by_sql_stays_in(stands_by, allowed, let_out, by):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE responses_variant SET text = text || ' Kasalanan nila.'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    with pytest.raises(Conflict):
        let_out(by.tess)


def test_what_stands_by_goes_out_no_other_way(stands_by, allowed, let_out, by, now):
    assert stands_by.status == "approved" and not stands_by.release_on_approval
    pipeline.follow(now)
    with pytest.raises(NotAllowed, match="stands by"):
        releasing.queue(stands_by, by=by.tess, now=now)
    let_out(by.tess)
    with pytest.raises(NotAllowed, match="stands by"):
        releasing.queue(stands_by, by=by.tess, now=now)


def test_a_word_cannot_be_changed_by_sql(allowed, let_out, by):
    let_out(by.tess)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE responses_glassword SET person_id = 'user:99'")


def test_only_a_holding_statement_without_an_incident_stands_by(isla, fire, by, now):
    for statement in (desk.draft(by.ana, now, fire), desk.draft(by.ana, now)):
        Statement.objects.filter(pk=statement.pk, incident=None).update(type="apology")
        with pytest.raises(NotAllowed, match="holding"):
            reviewing.submit(statement, by=by.ana, now=now, stands_by=True)


def test_to_stand_by_is_approved_with_a_second_factor(isla, by, now):
    statement = desk.draft(by.ana, now)
    reviewing.submit(statement, by=by.ana, now=now, stands_by=True)
    step = desk.active(statement)
    with pytest.raises(SecondFactorNeeded):
        reviewing.decide(
            step, revision_hash=step.review.revision.hash, verdict="approved", by=by.lea, now=now
        )


# --- afterwards


@pytest.fixture
def broken(allowed, let_out, by):
    return let_out(by.tess, by.ramon)


def judge(glass, by, now, is_right=True, comment=""):
    return breaking.judge(
        Glass.objects.get(pk=glass.pk), is_right=is_right, comment=comment, by=desk.sure(by), now=now
    )


def test_others_approve_it_afterwards_for_both_houses(isla, broken, by, now):
    for who in (by.tess, by.ramon, by.ana, by.nilo, by.paolo):
        with pytest.raises(Forbidden):
            judge(broken, who, now)
    judge(broken, by.ong, now)
    assert [one["url"] for one in pulse.waiting(isla, now)] == [
        f"/b/isla/statements/{broken.statement_id}/glass/"
    ]
    with pytest.raises(Forbidden):
        judge(broken, by.lea, now)  # the agency has spoken
    assert judge(broken, by.marta, now).status == "upheld"
    assert not breaking.unsettled().exists()
    with pytest.raises(NotAllowed):
        judge(broken, by.lea, now)


def test_or_say_that_it_should_not_have_gone_out(broken, by, now):
    with pytest.raises(Invalid):
        judge(broken, by.marta, now, is_right=False)
    assert judge(broken, by.marta, now, is_right=False, comment="Too early").status == "regretted"
    assert Event.objects.get(kind="glass.regretted").data["reason"] == "Too early"


# --- what somebody else does meanwhile


def test_what_two_let_out_nobody_alone_keeps_in(broken, stands_by, by, now):
    """Neither before the worker has heard of it nor while it waits to be sent."""
    for _moment in range(2):
        with pytest.raises(NotAllowed, match="on its way out"):
            desk.revise(stands_by, by.ana, now, "A little better")
        with pytest.raises(NotAllowed, match="on its way out"):
            drafting.withdraw(stands_by, by=by.ana, now=now)
        pipeline.follow(now)
    assert set(Publication.objects.values_list("status", flat=True)) == {"queued"}
    alarming.send_due(now)
    assert not DeadLetter.objects.exists() and Event.objects.filter(kind="glass.alarm_sent").exists()


def test_what_was_let_out_stands_in_the_room_of_its_incident(isla, broken, fire, sign_in, now):
    """A text that stood by has no incident of its own: the promise it keeps is that of the glass's."""
    pipeline.follow(now)
    releasing.release_due(now)
    sent = Event.objects.get(kind="publication.sent")
    assert sent.incident_id == fire.pk
    assert set(Event.objects.filter(kind="publication.queued").values_list("incident_id", flat=True)) == {
        fire.pk
    }
    told = {clock.label: clock for clock in clocks(fire, now)}
    assert told["Holding statement"].state == "ok" and told["Next public update"].due_at
    assert newsroom_pages.status_of(newsroom.posts()[0]).goes_on
    room = sign_in("ana").get(url("incident", fire.pk) + "?tab=public").content.decode()
    assert "Nothing has gone public yet" not in room
    listed = sign_in("ana").get(url("statements") + f"?incident={fire.pk}").content.decode()
    assert url("statement", broken.statement_id) in listed


def test_what_is_regretted_goes_nowhere_any_more(broken, stands_by, by, now):
    pipeline.follow(now)
    judge(broken, by.marta, now, is_right=False, comment="Too early")
    releasing.release_due(now)
    assert set(Publication.objects.values_list("status", flat=True)) == {"blocked"}
    desk.revise(stands_by, by.ana, now, "Better")


def test_and_what_of_it_is_queued_is_called_back(broken, by, now):
    pipeline.follow(now)
    judge(broken, by.marta, now, is_right=False, comment="Too early")
    assert deciding.call_back(now=now) == 2
    assert set(Publication.objects.values_list("status", flat=True)) == {"cancelled"}


def test_a_broken_glass_waits_for_no_hour(isla, fire, allowed, by, now):
    statement = desk.draft(by.ana, now)
    newsroom, _bluesky = desk.channels()
    tomorrow = {newsroom.pk: now + timedelta(days=1)}
    scheduling.schedule(statement, tomorrow, by=by.lea, now=now)
    reviewing.submit(statement, by=by.ana, now=now, stands_by=True)
    desk.decide(statement, by.lea, now)
    desk.decide(statement, by.marta, now)
    words = {"revision_hash": statement.latest.hash, "reason": "The port is on fire", "now": now}
    glass = breaking.ask(statement, incident=fire, by=desk.sure(by.tess), **words)
    breaking.agree(glass, by=desk.sure(by.ramon), **words)
    pipeline.follow(now)
    assert set(Publication.objects.values_list("due_at", flat=True)) == {now}
    with pytest.raises(NotAllowed, match="stands by"):
        scheduling.schedule(statement, {newsroom.pk: now + timedelta(days=2)}, by=by.lea, now=now)


# --- the pages


def url(name, *args):
    return reverse(f"responses:{name}", args=["isla", *args])


def test_through_the_pages(sign_in, people, by):
    from tenants import context

    now = timezone.now()
    with context.inside(Seat.objects.get(user=people.ana).brand):
        through_the_pages(sign_in, people, by, now)


def through_the_pages(sign_in, people, by, now):
    fire = Incident.objects.create(number=951, title="Sunog", severity=4, opened_at=now)
    ramon = sign_in("ramon")
    few = ramon.post(url("glass_rule"), {"is_on": "on", "people": [by.tess.id]})
    assert few.status_code == 422 and "at least two" in few.content.decode()
    assert (
        ramon.post(url("glass_rule"), {"is_on": "on", "people": [by.tess.id, by.ramon.id]}).status_code == 303
    )
    assert sign_in("lea").get(url("glass_rule")).status_code == 403
    statement = desk.draft(by.ana, now)
    ana = sign_in("ana")
    assert "two named people break the glass" in ana.get(url("statement", statement.pk)).content.decode()
    sent = {"release_asked": "1", "release_on_approval": "on", "stands_by": "on"}
    assert ana.post(url("statement_submit", statement.pk), sent).status_code == 303
    desk.decide(statement, by.lea, now)
    desk.decide(statement, by.marta, now)
    statement.refresh_from_db()
    assert statement.stands_by and not statement.release_on_approval
    here = url("glass_say", statement.pk)
    data = {"do": "ask", "revision_hash": statement.latest.hash, "incident": fire.pk, "reason": "Fire"}
    codes.set_up(people.tess), codes.set_up(people.ramon, "GEZDGNBVGY3TQOJQ"), codes.set_up(people.marta)
    assert ana.post(here, data).status_code == 403
    assert sign_in("tess").post(here, data).status_code == 403  # without the code
    assert sign_in("tess").post(here, data | {"code": codes.code()}).status_code == 303
    page = sign_in("ramon").get(url("glass", statement.pk)).content.decode()
    assert "Do you agree?" in page and "Let it out now" in page
    data |= {"do": "agree", "code": codes.code("GEZDGNBVGY3TQOJQ")}
    assert sign_in("ramon").post(here, data).status_code == 303
    assert "not approved afterwards yet" in ana.get(url("statement", statement.pk)).content.decode()
    marta, there = sign_in("marta"), reverse("portal:glass", args=["isla", statement.pk])
    assert there in marta.get(reverse("portal:home", args=["isla"])).content.decode()
    assert "Was that right?" in marta.get(there).content.decode()
    said = {"do": "uphold", "revision_hash": statement.latest.hash, "code": codes.code()}
    assert marta.post(there + "judge/", said).status_code == 303
    assert (
        sign_in("lea").post(here, {"do": "regret", "revision_hash": "x", "reason": "Hasty"}).status_code
        == 303
    )
    assert Glass.objects.get().status == "regretted"
    assert "Hasty" in sign_in("marta").get(there).content.decode()


@pytest.mark.parametrize(("who", "page", "door"), [
    ("marta", "portal:glass", "portal:glass_judge"), ("lea", "responses:glass", "responses:glass_say"),
])  # fmt: skip
def test_the_passkey_leads_back_to_a_page_after_a_refusal(sign_in, people, broken, who, page, door):
    """The form's own address answers no GET."""
    Authenticator.objects.create(user=getattr(people, who), type=second_factor.PASSKEY, data={})
    here, there = (reverse(name, args=["isla", broken.statement_id]) for name in (page, door))
    data = {"do": "uphold", "reason": "It was right", "revision_hash": broken.revision.hash}
    refused = sign_in(who).post(there, data)
    assert refused.status_code == 403 and "It was right" in refused.content.decode()
    assert f'?next={here}"' in refused.content.decode()
    assert sign_in(who).get(here).status_code == 200
