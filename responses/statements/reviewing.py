"""Approval of one revision by the steps of its policy: in order, and nobody their own words.

Every deed locks the statement before anything else, so an edit and a decision can never both win.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from responses import due
from responses.core import history, transitions
from responses.core.actors import TUGON
from responses.errors import Conflict, Forbidden, Invalid, NotAllowed, SecondFactorNeeded

from . import entitling, hashing, overruling, policies, states
from .models import Decision, Review, Statement
from .reporting import facts, told_all, told_of

READ_AGAIN = [
    "status", "version", "due_at", "opened_at", "closed_at",
    "reminded_at", "deputies_called_at", "escalated_at",
]  # fmt: skip
ASK_AGAIN = timedelta(minutes=1)  # how often a step that some have approved is asked whether all have


def lock(statement: Statement) -> Statement:
    """The statement as it is now, ours until the transaction ends."""
    statement.refresh_from_db(from_queryset=Statement.objects.select_for_update())
    return statement


def lock_as_seen(statement: Statement) -> Statement:
    """The same, for who would act on the text they have read: Conflict when it is another by now."""
    seen = statement.version
    if lock(statement).version != seen:
        raise Conflict(transitions.CHANGED)
    return statement


# --- sending to review


@transaction.atomic
def submit(
    statement, *, by, now, release_on_approval: bool | None = None, stands_by: bool | None = None
) -> Review:
    """Ask people to approve the latest revision, to go out or to stand by: see breaking.py."""
    lock_as_seen(statement)
    transitions.guard(statement, states.IN_REVIEW)
    fields = settings_of(statement, release_on_approval, stands_by)
    revision = statement.latest
    if Review.objects.filter(revision=revision).exists():
        raise NotAllowed(_("This text was sent back. Change it first, then send it again."))
    overruling.refuse_serious(revision)
    plan = policies.choose(revision)
    review = Review.objects.create(
        revision=revision,
        submitted_by_id=by.id,
        submitted_by_name=by.name,
        submitted_at=now,
        policy_name=plan.name,
        policy_version=plan.version,
        second_factor=plan.second_factor,
    )
    told_all(statement, states.IN_REVIEW, "statement.submitted", revision, by=by, now=now, **fields)
    open_step(policies.make_steps(review, plan)[0], by=by, now=now)
    return review


def settings_of(statement, release_on_approval, stands_by) -> dict:
    """What is chosen anew each time it is sent. A text that stands by goes out by no approval."""
    if stands_by and (statement.type != Statement.Type.HOLDING or statement.incident_id):
        raise NotAllowed(_("Only a holding statement without an incident can stand by."))
    stands_by = statement.stands_by if stands_by is None else stands_by
    at_once = False if stands_by else release_on_approval
    return {"stands_by": stands_by} | ({} if at_once is None else {"release_on_approval": at_once})


def open_step(step, *, by, now) -> None:
    """Its turn: from now on the people of this step may decide, and their time runs."""
    statement = step.review.revision.statement
    given = policies.time_for(step, statement)
    due_at = now + given
    transitions.move(
        step,
        states.ACTIVE,
        by=by,
        now=now,
        kind="review.step_opened",
        incident=statement.incident_id,
        data=facts(step, due_at=due_at.isoformat()),
        opened_at=now,
        due_at=due_at,
    )
    due.by(now + given / 2)  # hurrying.py: the first thing that happens when nobody answers


# --- deciding


@transaction.atomic
def decide(step, *, revision_hash: str, verdict: str, by, now, comment: str = "") -> Decision:
    """One person's word on exactly the text whose hash they had before their eyes."""
    take(step)
    refuse_over(step)
    refuse_other_text(step.review.revision, revision_hash)
    right = right_of(step, by, now)
    comment = checked_comment(verdict, comment)
    if verdict == Decision.Verdict.APPROVED:
        refuse_weak(step, by)
    decision = write(step, right, revision_hash, verdict, comment, by=by, now=now)
    if verdict == Decision.Verdict.CHANGES:
        send_back(decision, by=by, now=now)
    else:
        approve(decision, by=by, now=now)
    return decision


def take(step) -> None:
    """Lock the statement and the review, and read the step as it is now."""
    lock(step.review.revision.statement)
    reviews = Review.objects.select_for_update(of=("self",)).select_related("revision__statement__incident")
    step.review = reviews.get(pk=step.review_id)
    step.refresh_from_db(fields=READ_AGAIN)


def write(step, right, revision_hash, verdict, comment, *, by, now) -> Decision:
    return Decision.objects.create(
        review=step.review,
        step=step,
        person_id=by.id,
        person_name=by.name,
        function=right.function,
        for_id=right.for_id,
        for_name=right.for_name,
        verdict=verdict,
        comment=comment,
        revision_hash=revision_hash,
        via=by.via,
        strength=by.strength,
        decided_at=now,
    )


def refuse_over(step) -> None:
    """Say which of the many ways it is that nothing can be decided here any more."""
    if step.review.status == states.VOIDED:
        raise NotAllowed(over_words(step.review.revision.statement))
    if step.status == states.WAITING:
        raise NotAllowed(_("It is not this step's turn yet."))
    if step.status != states.ACTIVE:
        raise NotAllowed(_("This was decided already. Nothing is left to do."))


def over_words(statement) -> str:
    if statement.status == states.WITHDRAWN:
        return _("The agency withdrew this statement. Nothing is left to decide.")
    return _("The text was edited, so this version can no longer be decided. A new one will come to you.")


def refuse_other_text(revision, revision_hash: str) -> None:
    if revision_hash != revision.hash:
        raise Conflict(_("You were looking at another version of the text. Read this one, then decide."))
    if hashing.hash_of(revision) != revision.hash:
        raise Conflict(_("The stored text is not the one that was written. Do not approve; tell the agency."))


def right_of(step, by, now) -> entitling.Right:
    """In which function this person decides; refuses who may not, with the reason."""
    if not by.is_person or by.strength == "key":
        raise Forbidden(_("Only a person can decide, not a key."))
    circle = entitling.Circle(step, now)
    right = circle.right_of(by.id)
    if right is None:
        raise Forbidden(circle.why_not(by.id))
    return right


def asks_second_factor(review) -> bool:
    """At the high levels always, elsewhere where the policy says so. Read anew: a level may have risen."""
    statement = review.revision.statement
    incident = statement.incident
    is_serious = incident is not None and incident.severity >= policies.SERIOUS
    return review.second_factor or statement.stands_by or is_serious


def refuse_weak(step, by) -> None:
    """An approval may need a second factor; an objection never does, as it only holds a text back."""
    if asks_second_factor(step.review) and not by.is_fresh:
        raise SecondFactorNeeded(
            _("This approval needs your second factor: a code or your passkey."), field="code"
        )


def checked_comment(verdict: str, comment: str) -> str:
    if verdict not in Decision.Verdict.values:
        raise Invalid(_("Approve it or ask for changes."), field="verdict")
    comment = comment.replace("\x00", "").strip()
    if verdict == Decision.Verdict.CHANGES and not comment:
        raise Invalid(_("Say what should change, so that the writer can do it."), field="comment")
    return comment


def approve(decision, *, by, now) -> None:
    """Count it; when every group of the step has agreed, the step passes."""
    step = decision.step
    if entitling.Circle(step, now).has_agreed:
        pass_step(step, "review.step_passed", told_of(decision), by=by, now=now)
        return
    transitions.change(step)  # another version of it: who looks at the page sees the count
    due.by(now + ASK_AGAIN)  # hurrying.py: those still asked may lose their seats
    incident = step.review.revision.statement.incident_id
    history.record(
        "review.approved_in_part", by=by, now=now, subject=step, incident=incident, **told_of(decision)
    )


def pass_step(step, kind, told, *, by, now) -> None:
    """Open the next step, or approve the statement when this was the last."""
    review, statement = step.review, step.review.revision.statement
    transitions.move(
        step,
        states.STEP_PASSED,
        by=by,
        now=now,
        kind=kind,
        incident=statement.incident_id,
        data=told,
        closed_at=now,
    )
    following = review.steps.filter(status=states.WAITING).order_by("position").first()
    if following:
        open_step(following, by=by, now=now)
        return
    transitions.move(review, states.PASSED, by=by, now=now, kind="review.passed", closed_at=now)
    told_all(statement, states.APPROVED, "statement.approved", review.revision, by=by, now=now)


@transaction.atomic
def pass_in_silence(step, told_to, *, now) -> bool:
    """Nobody of those who were told has objected in time. False when somebody was quicker."""
    take(step)
    if step.status != states.ACTIVE or step.silence_minutes is None:
        return False
    revision = step.review.revision
    refuse_other_text(revision, revision.hash)
    right = entitling.Right(step.function)
    write(step, right, revision.hash, Decision.Verdict.SILENCE, "", by=TUGON, now=now)
    pass_step(step, "review.passed_in_silence", facts(step, told=told_to), by=TUGON, now=now)
    return True


@transaction.atomic
def pass_as_agreed(step, *, now) -> bool:
    """Some have approved it and whoever else was waited for is asked no more. False when that is not so."""
    take(step)
    circle = entitling.Circle(step, now)
    if step.status != states.ACTIVE or not circle.here or not circle.has_agreed:
        return False
    revision = step.review.revision
    refuse_other_text(revision, revision.hash)
    pass_step(step, "review.step_agreed", facts(step), by=TUGON, now=now)
    return True


def send_back(decision, *, by, now) -> None:
    """Changes asked for: the step and the review end, the statement goes back to its writer."""
    step = decision.step
    review, statement = step.review, step.review.revision.statement
    transitions.move(step, states.STEP_RETURNED, by=by, now=now, kind="review.step_returned", closed_at=now)
    cancel_steps(review, by=by, now=now)
    transitions.move(review, states.RETURNED, by=by, now=now, kind="review.returned", closed_at=now)
    told_all(
        statement,
        states.CHANGES_REQUESTED,
        "statement.changes_requested",
        review.revision,
        by=by,
        now=now,
        more=told_of(decision),
    )


def void(statement, *, by, now) -> bool:
    """End the review that runs or has passed: its text is no longer the text. True if there was one."""
    open_or_passed = Review.objects.select_for_update().filter(
        revision__statement=statement, status__in=[states.RUNNING, states.PASSED]
    )
    review = open_or_passed.first()
    if review is None:
        return False
    cancel_steps(review, by=by, now=now)
    transitions.move(review, states.VOIDED, by=by, now=now, kind="review.voided", closed_at=now)
    return True


def cancel_steps(review, *, by, now) -> None:
    for step in review.steps.filter(status__in=[states.WAITING, states.ACTIVE]):
        transitions.move(step, states.CANCELLED, by=by, now=now, kind="review.step_cancelled", closed_at=now)
