"""What history says of an approval: a second witness beside the rows.

Whoever can write to the tables can make the rows of an approval fit each other. Its events they cannot make
fit: each holds the fingerprint of the one before, and the last one is noted outside the brand's schema.
"""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from responses.core import history
from responses.core.models import Event
from responses.statements.models import Decision, Revision

from .models import Publication

APPROVED = "statement.approved"


def objection(publication: Publication, revision: Revision) -> str:
    """Why history speaks against sending this, in words; empty when it vouches for it."""
    if words := doubt(publication, revision):
        return words
    told = Event.objects.filter(subject_type="publication", subject_id=publication.pk)
    if publication.published_at or any(map(says_it_is_out, told)):
        return _("History says that this is out already.")
    return ""


def doubt(publication: Publication, revision: Revision) -> str:
    """The same of what may be out: whether it was approved and queued as the rows say."""
    decisions = list(agreed(revision))
    told = events_of(publication, revision, decisions)
    sound = list(as_written(told))
    if not any(
        each.kind == APPROVED and each.data.get("hash") == publication.approved_hash for each in sound
    ):
        return _("History knows of no approval of this text: somebody wrote it into the database.")
    decided = {(each.subject_id, each.actor_id, each.at) for each in sound if each.subject_type == "step"}
    if not {(each.step_id, each.person_id, each.decided_at) for each in decisions} <= decided:
        return _("History does not know one of the decisions: somebody wrote it into the database.")
    if not was_queued(publication, sound):
        return _("History does not know this publication: somebody changed it in the database.")
    return ""


def agreed(revision: Revision):
    rows = Decision.objects.filter(step__review__revision=revision)
    return rows.exclude(verdict=Decision.Verdict.CHANGES)


def events_of(publication: Publication, revision: Revision, decisions: Iterable[Decision]) -> list[Event]:
    wanted = (
        Q(subject_type="statement", subject_id=revision.statement_id, kind=APPROVED)
        | Q(subject_type="step", subject_id__in={each.step_id for each in decisions})
        | Q(subject_type="publication", subject_id=publication.pk)
    )
    return list(Event.objects.filter(wanted))


def as_written(told: Iterable[Event]) -> Iterable[Event]:
    """Those that nobody changed, and that still follow the one they followed."""
    ones = Event.objects.filter(seq__in=[each.seq - 1 for each in told])
    before = dict(ones.values_list("seq", "hash"))
    for each in told:
        if history.hash_of(each) == each.hash and each.previous_hash == before.get(
            each.seq - 1, history.START
        ):
            yield each


def was_queued(publication: Publication, told: Iterable[Event]) -> bool:
    """Under the name it has outside: under another one it could go out a second time."""
    queued = [each for each in told if each.kind == "publication.queued"]
    keys = {each.data["key"] for each in queued if "key" in each.data}
    return bool(queued) and keys <= {str(publication.key)}


def says_it_is_out(event: Event) -> bool:
    is_found = event.kind == "publication.resolved" and event.data.get("outcome") == "out"
    return event.kind == "publication.sent" or is_found
