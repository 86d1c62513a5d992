"""A4: whatever people do in whatever order, approved means that others kept every step of the policy.

The machine keeps a small model of its own (who holds what, who wrote, who stands in for whom, who was told)
and never asks the code under test who may: it looks at what was let through, and judges that.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from agency.models import Seat
from agency.roles import Role
from responses import pipeline
from responses.core import history
from responses.core.models import Event
from responses.errors import Refused
from responses.publishing import approval
from responses.statements import deputising, drafting, hashing, hurrying, links, policies, reviewing
from responses.statements.link_models import ApprovalLink
from responses.statements.models import Decision, Statement, Step
from responses.statements.policy_models import Deputy, ReviewPolicy

from . import desk
from .desk import AGENCY, CLIENT, LEGAL, group, step

WRITERS = ("ana", "lea", "ramon", "ong")
HOLDS = {
    "agency": {"tess", "ramon", "lea", "ong", "vic"},
    "legal": {"ong", "vic"},
    "crisis": {"tess", "lea"},
    "client": {"marta", "bea"},
    "named": {"paolo"},
}
DESK = {"tess", "ramon", "lea", "ong", "vic", "ana", "paolo"}
HOUSE = {"marta", "bea", "nilo"}
EVERYBODY = sorted(DESK | HOUSE | {"jun", "charlie"})


def plans(by):
    """Policies of every shape: in a row, side by side, counted, named, silent."""
    return [
        None,  # what ships
        [step(AGENCY), step(LEGAL, CLIENT)],
        [step(group("agency", "some", 2)), step(group("client", "all"))],
        [step(AGENCY, LEGAL), step(group("named", people=[by.paolo]), group("client", "some", 2))],
        [step(group("crisis")), step(CLIENT, silence=20), step(LEGAL)],
        [step(AGENCY), step(group("legal", "all"), CLIENT, silence=30)],
    ]


class Machine(RuleBasedStateMachine):
    """One statement, worked on by everybody; `by`, `now` and the schema come from the test around it."""

    by = brand = now = None
    approvals = silences = deputed = linked = (
        0  # over all runs: a machine that never gets there proves nothing
    )

    def __init__(self):
        super().__init__()
        self.point = transaction.savepoint()
        self.statement = desk.draft(self.by.ana, self.now)
        self.names = {getattr(self.by, name).id: name for name in EVERYBODY}
        self.wrote, self.lost = {"ana"}, set()
        self.deputies = {}  # person: (deputy, from, until)
        self.clock = self.now
        self.hashes = [self.statement.latest.hash]

    def teardown(self):
        transaction.savepoint_rollback(self.point)

    def attempt(self, deed):
        """A refusal is an answer, and must change nothing that a later deed could lean on."""
        self.clock += timedelta(seconds=20)
        try:
            with transaction.atomic():
                return deed()
        except Refused:
            return None

    # --- the rules

    @rule(who=st.sampled_from(WRITERS), words=st.sampled_from(["a", "b", "c"]), stale=st.booleans())
    def edit(self, who, words, stale):
        number = self.statement.latest.number
        by = getattr(self.by, who)
        made = self.attempt(
            lambda: desk.revise(self.statement, by, self.clock, words, base=max(1, number - stale))
        )
        if made and made.number > number:
            self.wrote.add(who)
            self.hashes.append(made.hash)

    @rule(who=st.sampled_from(WRITERS))
    def submit(self, who):
        self.attempt(lambda: reviewing.submit(self.statement, by=getattr(self.by, who), now=self.clock))

    @rule(number=st.integers(0, 5), always=st.booleans())
    def govern(self, number, always):
        """The policy changes; what runs keeps its own."""
        ReviewPolicy.objects.all().delete()
        if steps := plans(self.by)[number]:
            factor = "always" if always else "serious"
            given = {"name": "Ours", "second_factor": factor, "by": self.by.ramon, "now": self.clock}
            policies.save_policy(steps=steps, **given)

    @precondition(lambda self: Step.objects.exists())
    @rule(
        who=st.sampled_from(EVERYBODY),
        verdict=st.sampled_from(["approved"] * 4 + ["changes"]),
        fresh=st.booleans(),
        data=st.data(),
    )
    def decide(self, who, verdict, fresh, data):
        steps = list(Step.objects.filter(review__revision__statement=self.statement).order_by("pk"))
        chosen = data.draw(st.sampled_from(steps[-3:] * 3 + steps))
        shown = data.draw(st.sampled_from([chosen.review.revision.hash] * 5 + self.hashes))
        self.put(chosen, who, verdict, shown, fresh)

    def put(self, chosen, who, verdict, shown, fresh):
        by = replace(getattr(self.by, who), is_fresh=fresh)
        made = self.attempt(
            lambda: reviewing.decide(
                chosen, revision_hash=shown, verdict=verdict, comment="x", by=by, now=self.clock
            )
        )
        if made:
            assert fresh or verdict == "changes" or not made.review.second_factor
            self.judge(made, who)

    @precondition(lambda self: Step.objects.filter(status="active").exists())
    @rule(order=st.permutations(EVERYBODY))
    def agree(self, order):
        """Everybody tries to approve what is open, so that runs get as far as approved."""
        for who in order:
            chosen = Step.objects.filter(review__revision__statement=self.statement, status="active").first()
            if chosen:
                self.put(chosen, who, "approved", chosen.review.revision.hash, True)

    @rule(writers=st.permutations(WRITERS), order=st.permutations(EVERYBODY))
    def whole_round(self, writers, order):
        """Two write one after the other, then it is sent and decided."""
        for who in writers[:2]:
            self.edit(who=who, words=f"{who} at {self.clock}", stale=False)
        self.submit(who=writers[1])
        for _step in range(3):
            if Step.objects.filter(status="active").exists():
                self.agree(order=order)

    @rule(
        number=st.sampled_from([0, 1, 4, 4, 5]),
        who=st.sampled_from(["marta", "bea", "nilo"]),
        answers=st.booleans(),
    )
    def letters_go_out(self, number, who, answers):
        """A round as far as the client's letter, which is answered by its link, or by nobody."""
        self.govern(number=number, always=False)
        self.edit(who="ana", words=f"again at {self.clock}", stale=False)
        self.submit(who="ana")
        for lead in ("tess", "lea", "vic", "ong", "ramon"):
            first = Step.objects.filter(review__revision__statement=self.statement, status="active").first()
            if first and first.position == 1:
                self.put(first, lead, "approved", first.review.revision.hash, True)
        pipeline.follow(self.clock)
        if answers:
            self.by_link(who=who, renamed=False)
        else:
            self.wait(minutes=45, letters=False)

    @rule(who=st.sampled_from(["marta", "bea", "nilo"]), renamed=st.booleans())
    def by_link(self, who, renamed):
        """Whoever has a letter uses its link."""
        person = getattr(self.by, who)
        link = ApprovalLink.objects.filter(person_id=person.id).order_by("-pk").first()
        if link is None:
            return
        shown, name = link.step.review.revision.hash, "Somebody" if renamed else link.person_name
        made = self.attempt(
            lambda: links.use_link(
                link, verdict="approved", comment="", name=name, revision_hash=shown, now=self.clock
            )
        )
        if made:
            assert not renamed and made.strength == "link" and not made.review.second_factor
            type(self).linked += 1
            self.judge(made, who)

    @rule(minutes=st.sampled_from([5, 15, 45, 24 * 60]), letters=st.booleans())
    def wait(self, minutes, letters):
        """Time passes; the post may be late."""
        if letters:
            pipeline.follow(self.clock)
        self.clock += timedelta(minutes=minutes)
        with transaction.atomic():
            hurrying.hurry(self.brand, self.clock)
        for made in Decision.objects.filter(verdict="silence", decided_at=self.clock):
            self.judge_silence(made)

    @rule(
        who=st.sampled_from(["marta", "marta", "bea", "ong", "tess"]),
        deputy=st.sampled_from(["nilo", "nilo", "nilo", "paolo", "ana", "bea", "charlie"]),
        hours=st.sampled_from([None, 0, 0, 1]),
    )
    def stand_in(self, who, deputy, hours):
        start = None if hours is None else self.clock + timedelta(hours=hours)
        end = start and start + timedelta(days=2)
        named = self.attempt(
            lambda: deputising.name_deputy(
                person=getattr(self.by, who),
                deputy=getattr(self.by, deputy),
                by=self.by.ramon,
                now=self.clock,
                away_from_at=start,
                away_until_at=end,
            )
        )
        if named:
            assert {who, deputy} <= DESK or {who, deputy} <= HOUSE
            self.deputies[who] = (deputy, start, end)

    @rule(who=st.sampled_from(["lea", "ong", "marta", "nilo", "vic"]), active=st.booleans())
    def seat(self, who, active):
        Seat.objects.filter(user=getattr(self.by, who).user_id).update(is_active=active)
        (self.lost.discard if active else self.lost.add)(who)

    @rule(really=st.sampled_from([False] * 9 + [True]))
    def withdraw(self, really):
        if really:
            self.attempt(lambda: drafting.withdraw(self.statement, by=self.by.ana, now=self.clock))

    # --- what the model says of what was let through

    def judge(self, made, who):
        """This person might decide this step, in this function, at this moment."""
        asked = {one["function"] for one in made.step.groups}
        assert who not in self.wrote and who not in self.lost and made.function in asked
        assert made.revision_hash == hashing.hash_of(made.step.review.revision)
        if made.for_id:
            type(self).deputed += 1
            away = self.names[made.for_id]
            assert away not in self.wrote | self.lost and away in HOLDS[made.function]
            deputy, start, end = self.deputies[away]
            called = Step.objects.get(pk=made.step_id).deputies_called_at is not None
            assert deputy == who and (called or start <= made.decided_at < end)
        else:
            assert who in HOLDS[made.function]

    def judge_silence(self, made):
        """A silent step's time was over since somebody was told of each function still lacking."""
        type(self).silences += 1
        chosen = made.step
        told = Event.objects.filter(subject_type="step", subject_id=chosen.pk, kind__endswith="_sent")
        since = self.clock - timedelta(minutes=chosen.silence_minutes)
        heard = {
            self.names[one.data["person_id"]]
            for one in told.exclude(kind__contains="reminder")
            if one.at <= since
        }
        deputies = {deputy: who for who, (deputy, _start, _end) in self.deputies.items()}
        for one in chosen.groups:
            can = heard - self.wrote - self.lost
            voices = can | {deputies[who] for who in can if who in deputies}
            approved = made.step.decisions.filter(verdict="approved", function=one["function"])
            assert approved.exists() or voices & HOLDS[one["function"]]

    @invariant()
    def approved_means_approved(self):
        statement = Statement.objects.get(pk=self.statement.pk)
        latest = statement.latest
        review = getattr(latest, "review", None)
        assert (statement.status == "approved") == (review is not None and review.status == "passed")
        assert (statement.status == "in_review") == (review is not None and review.status == "running")
        if statement.status != "approved":
            return
        type(self).approvals += 1
        decisions = list(Decision.objects.filter(step__review=review))
        persons = [self.names[one.person_id] for one in decisions if one.verdict != "silence"]
        assert len(set(persons)) == len(persons) > 0  # four eyes, by person, over all steps
        assert not set(persons) & self.wrote
        assert {one.revision_hash for one in decisions} == {hashing.hash_of(latest)}
        steps = list(review.steps.all())
        for before, after in zip(steps, steps[1:], strict=False):
            assert before.closed_at <= after.opened_at
        for one in steps:
            self.step_is_kept(one, [each for each in decisions if each.step_id == one.pk])
        assert approval.approved_hash(latest) == latest.hash

    def step_is_kept(self, one, decisions):
        """Every group of it has as many persons as it asks, or its silence was spoken."""
        assert one.status == "passed"
        if any(each.verdict == "silence" for each in decisions):
            assert one.silence_minutes
            return
        voices = [each.for_id or each.person_id for each in decisions]
        assert len(set(voices)) == len(voices)  # a person and their deputy are one voice
        for asked in one.groups:
            spoke = {each.person_id for each in decisions if each.function == asked["function"]}
            assert len(spoke) >= (asked["need"] if asked["mode"] == "some" else 1)

    @invariant()
    def all_means_all(self):
        """Where all are asked and the step passed by people, nobody who could have spoken is left out."""
        for one in Step.objects.filter(status="passed", closed_at=self.clock):
            given = list(Decision.objects.filter(step__review=one.review_id))
            spoke = {self.names.get(each.person_id) for each in given} | {
                self.names[each.for_id] for each in given if each.for_id
            }
            if any(each.verdict == "silence" for each in given if each.step_id == one.pk):
                continue
            for asked in one.groups:
                if asked["mode"] == "all":
                    assert not HOLDS[asked["function"]] - self.wrote - self.lost - spoke

    @invariant()
    def one_step_at_most_is_open(self):
        open_steps = Step.objects.filter(review__revision__statement=self.statement, status="active")
        assert open_steps.count() == (Statement.objects.get(pk=self.statement.pk).status == "in_review")
        for one in open_steps:
            earlier = one.review.steps.filter(position__lt=one.position)
            assert all(each.status == "passed" for each in earlier)  # none was skipped


@pytest.mark.slow
def test_approved_means_that_others_kept_every_step(isla, by, now, someone):
    by.vic, by.bea = someone("Vic", Role.LEGAL), someone("Bea", Role.CLIENT_APPROVER)
    machine = type("Machine", (Machine,), {"by": by, "now": now, "brand": isla})
    bounds = settings(
        max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(machine, settings=bounds)
    assert machine.approvals > 10 and machine.silences and machine.deputed and machine.linked
    assert history.verify() == [] and not Deputy.objects.exists()
