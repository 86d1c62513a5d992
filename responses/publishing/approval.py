"""What people approved, and whether what is about to go out still is that, to the byte."""

from django.utils.translation import gettext as _

from responses.statements import breaking, entitling, hashing, states
from responses.statements.models import Decision, Review, Revision, Step

from . import vouching
from .models import Publication


def approved_hash(revision: Revision) -> str:
    """The hash that the people of every step approved; empty unless the review of this revision passed."""
    if revision.statement.stands_by and not breaking.is_broken_for(revision):
        return ""
    review = Review.objects.filter(revision=revision, status=states.PASSED).first()
    steps = list(review.steps.prefetch_related("decisions")) if review else []
    hashes = {revision.hash}.union(*(hashes_of(step) for step in steps))
    return revision.hash if steps and len(hashes) == 1 else ""


def hashes_of(step: Step) -> set[str]:
    """What the step's approvals point to; a step that did not pass, or lacks approvals, points nowhere."""
    given = [each for each in step.decisions.all() if each.verdict != Decision.Verdict.CHANGES]
    if step.status != states.STEP_PASSED or not entitling.was_enough(step, given):
        return {""}
    return {each.revision_hash for each in given}


def objection(publication: Publication) -> str:
    """Why this may not go out, in words; empty when it is exactly what was approved.

    Reads the rows anew, computes the hash again and asks history, so that a change by SQL is found too.
    """
    revision = Revision.objects.get(pk=publication.revision_id)
    if publication.statement.status not in {states.APPROVED, states.PUBLISHED}:
        return _("The statement is no longer approved.")
    if revision.statement.stands_by and not breaking.is_broken_for(revision):
        return _("This text stands by: it goes out only when two named people break the glass.")
    if approved_hash(revision) != publication.approved_hash:
        return _("The approval is not of this wording.")
    return altered(publication, revision) or vouching.objection(publication, revision)


def altered(publication: Publication, revision: Revision) -> str:
    """What the rows say now that people did not approve, in words."""
    if hashing.hash_of(revision) != publication.approved_hash:
        return _("The text is not the one that was approved: somebody changed it in the database.")
    variant = publication.variant
    if (variant.revision_id, variant.channel_id) != (revision.pk, publication.channel_id):
        return _("The text belongs to another wording or another channel.")
    return ""


def doubt(publication: Publication) -> str:
    """Why what was released may not be said once more, to whoever has not heard it yet."""
    revision = Revision.objects.get(pk=publication.revision_id)
    return altered(publication, revision) or vouching.doubt(publication, revision)
