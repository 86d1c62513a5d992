"""A2: an edit and a decision at the same moment, on real commits: exactly one of them wins."""

from datetime import timedelta

from agency.models import Seat
from agency.roles import Role
from responses.core import history
from responses.errors import Conflict, Forbidden, NotAllowed, Refused
from responses.statements import deputising, hashing, policies, reviewing
from responses.statements.models import Decision, Statement, Step

from . import desk

RACES = 200


def approved_text_is_the_text(statement):
    """What must hold after any race: approved means the latest revision's review passed, and nothing else."""
    review = getattr(statement.latest, "review", None)
    passed = review is not None and review.status == "passed"
    assert (statement.status == "approved") == passed
    if passed:
        hashes = set(Decision.objects.filter(step__review=review).values_list("revision_hash", flat=True))
        assert hashes == {hashing.hash_of(review.revision)}


def test_edit_against_last_approval(committed_brand, now):
    world, by = committed_brand, committed_brand.by
    won = {"edit": 0, "approval": 0}
    for round_number in range(RACES):
        statement = desk.with_client(by.ana, by.lea, now)
        step, mine = desk.active(statement), Statement.objects.get(pk=statement.pk)
        shown = step.review.revision.hash
        approval, edit = world.run(
            lambda step=step, shown=shown: reviewing.decide(
                step, revision_hash=shown, verdict="approved", by=by.marta, now=now
            ),
            lambda mine=mine, n=round_number: desk.revise(mine, by.ana, now, f"New words {n}", base=1),
        )
        statement.refresh_from_db()
        assert not isinstance(edit, Exception), edit  # the writer is never turned away, only the approval is
        assert statement.status == "draft" and statement.latest.number == 2
        if isinstance(approval, Decision):  # it came first, and the edit then took it back
            assert statement.revisions.get(number=1).review.status == "voided"
            won["approval"] += 1
        else:
            assert isinstance(approval, NotAllowed | Conflict), approval
            won["edit"] += 1
        approved_text_is_the_text(statement)
    assert sum(won.values()) == RACES
    assert history.verify() == []


def test_two_leads_and_two_writers_at_once(committed_brand, now):
    for _round in range(10):
        crowd(committed_brand, now)


def crowd(world, now):
    by = world.by
    statement = desk.in_review(by.ana, now)
    step = desk.active(statement)
    shown = step.review.revision.hash
    outcomes = world.run(
        *(
            lambda who=who: reviewing.decide(
                desk.active(statement), revision_hash=shown, verdict="approved", by=who, now=now
            )
            for who in (by.lea, by.ramon, by.ong)
        )
    )
    decided = [outcome for outcome in outcomes if isinstance(outcome, Decision)]
    assert len(decided) == 1, outcomes
    assert Decision.objects.filter(step=step).count() == 1
    first, second = world.run(
        *(
            lambda who=who: desk.revise(
                Statement.objects.get(pk=statement.pk), who, now, f"By {who.name}", base=1
            )
            for who in (by.ana, by.ramon)
        )
    )
    refused = [outcome for outcome in (first, second) if isinstance(outcome, Refused)]
    assert len(refused) == 1 and isinstance(refused[0], Conflict)
    assert statement.latest.number == 2


def of_two_one(world, statement, first, second):
    """Two decide one step at once: what each of the deeds came to."""
    step = desk.active(statement)
    shown = step.review.revision.hash
    return world.run(*(deed(step.pk, shown) for deed in (first, second)))


def deciding(by, verdict, now):
    def at(pk, shown):
        return lambda: reviewing.decide(
            Step.objects.select_related("review__revision__statement").get(pk=pk),
            revision_hash=shown,
            verdict=verdict,
            comment="x",
            by=by,
            now=now,
        )

    return at


def falling_silent(now):
    def at(pk, _shown):
        step = Step.objects.select_related("review__revision__statement").get(pk=pk)
        return lambda: reviewing.pass_in_silence(step, [], now=now)

    return at


def test_a_person_and_their_deputy_at_once_are_one_voice(committed_brand, now):
    """Two leads are asked. Ramon and Ana, who stands in for him, are not two, however quick they are."""
    world, by = committed_brand, committed_brand.by
    steps = [desk.step(desk.AGENCY), desk.step(desk.group("agency", "some", 2))]
    policies.save_policy(name="Two", steps=steps, by=by.ramon, now=now)
    away = {"away_from_at": now, "away_until_at": now + timedelta(days=1)}
    Seat.objects.filter(user=world.people.ana).update(role=Role.DUTY_MONITOR)
    deputising.name_deputy(person=by.ramon, deputy=by.ana, by=by.ramon, now=now, **away)
    for _round in range(20):
        statement = desk.in_review(by.marta, now)
        desk.decide(statement, by.ong, now)
        outcomes = of_two_one(
            world, statement, deciding(by.ramon, "approved", now), deciding(by.ana, "approved", now)
        )
        given = [one for one in outcomes if isinstance(one, Decision)]
        assert len(given) == 1 and any(isinstance(one, Forbidden) for one in outcomes), outcomes
        statement.refresh_from_db()
        assert statement.status == "in_review"  # one voice is not two


def test_an_objection_against_the_end_of_silence(committed_brand, now):
    world, by = committed_brand, committed_brand.by
    steps = [desk.step(desk.AGENCY), desk.step(desk.CLIENT, silence=30)]
    policies.save_policy(name="Silent", steps=steps, by=by.ramon, now=now)
    for _round in range(20):
        statement = desk.with_client(by.ana, by.lea, now)
        objection, silence = of_two_one(
            world, statement, deciding(by.marta, "changes", now), falling_silent(now)
        )
        statement.refresh_from_db()
        if silence is True:
            assert isinstance(objection, NotAllowed) and statement.status == "approved"
        else:
            assert isinstance(objection, Decision) and statement.status == "changes_requested"
    assert history.verify() == []
