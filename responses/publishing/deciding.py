"""What a machine may not guess: an unknown outcome is read back, or decided by a person with a reason."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from responses.core import history, transitions
from responses.core.actors import TUGON
from responses.errors import Forbidden, Invalid, NotAllowed
from responses.statements import breaking, entitling
from responses.statements.glass_models import Glass
from tenants import context, jobs

from . import sending, states
from .models import Publication
from .settling import MOST_ATTEMPTS, Outcome, has_failed, is_out, locked, move, wait_before

IS_OUT, NOT_OUT = "out", "not_out"
LOOK_AGAIN = (20, 3600)  # seconds: as long again as it has been unknown, between these


def unknown(now):
    return Publication.objects.filter(status=states.UNKNOWN, due_at__lte=now)


def reconcile_due(now, limit=20) -> int:
    """Read back what is unknown and due for a look; returns how many were looked at."""
    rows = list(unknown(now).select_related("channel", "variant", "revision", "statement")[:limit])
    for publication in rows:
        reconcile(publication, now=now)
    return len(rows)


def reconcile(publication: Publication, *, now) -> str:
    """Read an unknown one back and write what was found; returns its state after.

    Absent for sure, it goes again where a repeat is a no-op; anywhere else a person decides.
    """
    outcome, repeatable = look_at(publication, now)
    with transaction.atomic():
        held = locked(publication)
        if held.status == states.UNKNOWN and held.version == publication.version:
            write_found(held, outcome, repeatable, now)
    return held.status


def look_at(publication: Publication, now) -> tuple[Outcome, bool]:
    """What is there, and whether the channel takes a repeat as a no-op."""
    try:
        speaker = sending.adapter(publication.channel, now=now)
    except Exception as error:  # one channel that is not set up must not keep the others from being looked at
        return Outcome(states.UNKNOWN, repr(error)), False
    return sending.look(publication, speaker), speaker.repeatable


def write_found(held: Publication, outcome: Outcome, repeatable: bool, now) -> None:
    if outcome.status == states.PUBLISHED:
        told = {"outcome": IS_OUT, "reason": _("It was read back there.")}
        is_out(held, outcome, now, kind="publication.resolved", told=told)
    elif not (outcome.absent and repeatable):
        look_later(held, outcome, now)
    elif held.attempts_made < MOST_ATTEMPTS:
        patience = wait_before(held.attempts_made, None) if held.attempts_made > 1 else timedelta()
        send_again(held, by=TUGON, now=now, at=now + patience, reason=_("It is not there, so it goes again."))
    else:
        has_failed(held, outcome, now)


def look_later(held: Publication, outcome: Outcome, now) -> None:
    """Nothing changed but the hour of the next look."""
    least, most = LOOK_AGAIN
    since = held.attempts.order_by("-token").values_list("started_at", flat=True).first() or held.created_at
    wait = min(max((now - since).total_seconds(), least), most)
    transitions.change(held, due_at=now + timedelta(seconds=wait), error=outcome.detail)


def send_again(held: Publication, *, by, now, at=None, **told) -> None:
    told = {"outcome": NOT_OUT, **told}
    move(held, states.QUEUED, "publication.resolved", by=by, now=now, data=told, due_at=at or now, error="")
    jobs.enqueue("release_publications", context.current())


def decide_unknown(publication: Publication, outcome: str, *, reason: str, by, now) -> Publication:
    """A person says it is out; two say that it is not and may go again. None who wrote it, with a reason."""
    reason = reason.strip()
    if outcome not in {IS_OUT, NOT_OUT}:
        raise Invalid(_("Say whether it is out or not."), field="outcome")
    if not reason:
        raise Invalid(_("Say how you know."), field="reason")
    with transaction.atomic():
        held = locked(publication)
        if held.status != states.UNKNOWN:
            raise NotAllowed(_("The outcome is known by now. Look again."))
        refuse_writer(held, by)
        if outcome == IS_OUT:
            told = {"outcome": IS_OUT, "reason": reason}
            is_out(held, Outcome(states.PUBLISHED), now, kind="publication.resolved", by=by, told=told)
        elif held.again_by_id in ("", by.id):
            ask_for_a_second(held, reason, by, now)
        else:
            first = {"first": held.again_by_name, "first_reason": held.again_reason}
            transitions.change(held, attempts_made=0)
            send_again(held, by=by, now=now, reason=reason, **first)
    return held


def ask_for_a_second(held: Publication, reason: str, by, now) -> None:
    """One person's word is not enough to say something in public a second time."""
    if held.again_by_id == by.id:
        raise NotAllowed(_("You have said so already. A second person must look too before it goes again."))
    transitions.change(held, again_by_id=by.id, again_by_name=by.name, again_reason=reason, again_at=now)
    told = {"statement": held.statement_id, "title": held.revision.title, "channel": held.channel.name}
    incident = breaking.incident_of(held.statement)
    history.record(
        "publication.again_asked", by=by, now=now, subject=held, incident=incident, reason=reason, **told
    )


def refuse_writer(publication: Publication, by) -> None:
    """Four eyes here too: whoever wrote it wants it out, and must not be the one to send it a second time."""
    if not by.is_person:
        raise Forbidden(_("Only a person can decide this."))
    if by.id in entitling.authors(publication.statement_id):
        raise Forbidden(_("You wrote this statement, so somebody else must decide."))


def try_again(publication: Publication, *, by, now) -> Publication:
    """Send a failed one again, when somebody has mended what was wrong."""
    with transaction.atomic():
        held = locked(publication)
        if held.status != states.FAILED:
            raise NotAllowed(_("Only what has failed can be tried again."))
        move(held, states.QUEUED, "publication.queued", by=by, now=now, due_at=now, attempts_made=0, error="")
        jobs.enqueue("release_publications", context.current())
    return held


def cancel(publication: Publication, *, by, now, reason: str = "") -> Publication:
    """Take back what has not gone out: queued, failed or blocked."""
    with transaction.atomic():
        held = locked(publication)
        told = {"reason": reason}
        move(held, states.CANCELLED, "publication.cancelled", by=by, now=now, data=told, error=reason)
    return held


def call_back(*, now) -> int:
    """Cancel what is queued of a wording that is no longer approved, or regretted; returns how many."""
    stands = Q(statement__status="approved", revision__review__status="passed")
    regretted = Q(revision__in=Glass.objects.filter(status="regretted").values("revision"))
    rows = Publication.objects.filter(~stands | regretted, status=states.QUEUED)
    for publication in rows:
        cancel(publication, by=TUGON, now=now, reason=_("The statement was changed or withdrawn."))
    return len(rows)
