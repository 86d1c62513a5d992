"""From approved to out: each variant becomes one row of the outbox, and each row is sent exactly once.

A row is claimed (`claiming`), compared with what people approved (`approval`), sent (`sending`), and its
outcome written by whoever still holds it (`settling`). What stays unknown is for `deciding`.
"""

import time
from datetime import timedelta

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from responses import due
from responses.core import history, transitions
from responses.core.actors import TUGON
from responses.errors import NotAllowed
from responses.statements import breaking, tongues
from responses.statements import states as statement_states
from responses.statements.models import Revision, Statement
from tenants import context, jobs

from . import approval, deciding, requeuing, scheduling, sending, states
from .claiming import claim, waiting
from .models import Publication
from .settling import MOST_ATTEMPTS, Outcome, settle

JOB_SECONDS = 15  # begin nothing later than this: one call may take 40 s, and the queue ends a job after 60


def queue(statement: Statement, *, by, now, again: bool = False) -> list[Publication]:
    """One publication per channel of the approved revision. Asked again it adds nothing.

    `again`: a person lets out what was called off on all channels. Nothing else brings such a row back.
    """
    with transaction.atomic():
        statement = Statement.objects.select_for_update().get(pk=statement.pk)
        revision = approved_revision(statement)
        times = {} if statement.stands_by else scheduling.times_of(statement)  # once broken, at once
        rows = [
            queue_one(revision, variant, times.get(variant.channel_id), by=by, now=now)
            for variant in tongues.leading(revision)
        ]
        if again and all(row.status == states.CANCELLED for row in rows):
            rows = requeuing.queue_again(rows, times, by=by, now=now)
        for at in {row.due_at for row in rows}:
            due.by(at)
        jobs.enqueue("release_publications", context.current())
    return rows


def approved_revision(statement: Statement) -> Revision:
    """The latest revision, if people approved exactly that."""
    revision = statement.latest
    done = statement.status in {statement_states.APPROVED, statement_states.PUBLISHED}
    if statement.stands_by and done and revision and not breaking.is_broken_for(revision):
        raise NotAllowed(_("This text stands by: it goes out only when two named people break the glass."))
    if not done or revision is None or not approval.approved_hash(revision):
        raise NotAllowed(_("This is not approved yet, so it cannot be published."))
    return revision


def queue_one(revision: Revision, variant, at, *, by, now) -> Publication:
    """`at` is when people want it out there; one that is over means now."""
    at = at if at and at > now else None
    publication, is_new = Publication.objects.get_or_create(
        revision=revision,
        channel_id=variant.channel_id,
        defaults={
            "statement": revision.statement,
            "variant": variant,
            "approved_hash": approval.approved_hash(revision),
            "created_at": now,
            "due_at": at or now,
            "scheduled_at": at,
        },
    )
    if is_new:
        told = {
            "statement": revision.statement_id,
            "title": revision.title,
            "revision": revision.number,
            "channel": variant.channel.name,
            "channel_kind": variant.channel.kind,
            "key": str(publication.key),
            **({"at": at.isoformat()} if at else {}),
        }
        incident = breaking.incident_of(revision.statement)
        history.record("publication.queued", by=by, now=now, subject=publication, incident=incident, **told)
    return publication


def release(publication: Publication, token: int, *, now) -> bool:
    """Send a claimed publication and write its outcome; False when the claim was lost meanwhile."""
    started = time.monotonic()
    outcome = outcome_of(publication, token, now)
    return settle(publication, token, outcome, now=now + timedelta(seconds=time.monotonic() - started))


def outcome_of(publication: Publication, token: int, now) -> Outcome:
    claimed = Publication.objects.select_related("statement", "revision", "channel", "variant")
    fresh = claimed.get(pk=publication.pk)
    fresh.taken_over = publication.taken_over
    if fresh.attempts_made > MOST_ATTEMPTS:
        words = _("Tried %(times)s times without an end.") % {"times": MOST_ATTEMPTS}
        return sending.not_sent(fresh, words)
    if reason := approval.objection(fresh):
        # A sender that died here may have sent it while it still was approved: find out, then say so.
        return Outcome(states.UNKNOWN if fresh.taken_over else states.BLOCKED, reason)
    if not Publication.objects.filter(pk=fresh.pk, token=token, status=states.SENDING).exists():
        return Outcome(states.UNKNOWN, _("Another sender took over."))
    return sending.send(fresh, now=now)


def release_due(now, limit=200) -> int:
    """Send what is due and read back what is unknown; returns how many rows were worked on."""
    worked_on = 0
    for moment in moments(now, limit):
        publication = claim(now=moment)
        if publication is None:
            break
        release(publication, publication.token, now=moment)
        worked_on += 1
    return worked_on + deciding.reconcile_due(now)


def moments(now, limit):
    """The clock, read anew for each row: a lease counted from the job's start would be over too soon."""
    started = time.monotonic()
    for _number in range(limit):
        passed = time.monotonic() - started
        if passed > JOB_SECONDS:
            return
        yield now + timedelta(seconds=passed)


def is_due(now) -> bool:
    return waiting(now).exists() or deciding.unknown(now).exists()


@due.when_due
def work_due(brand, now):
    if is_due(now):
        jobs.enqueue("release_publications", brand)


@due.comes_next
def next_due_at(now):
    return Publication.objects.filter(status__in=states.OPEN).aggregate(at=Min("due_at"))["at"]


def conclude(statement_id: int, *, now) -> None:
    """When all of the approved revision is out, the statement is published."""
    with transaction.atomic():
        statement = Statement.objects.select_for_update().get(pk=statement_id)
        rows = list(Publication.objects.filter(revision=statement.latest).select_related("channel"))
        ends = {row.status for row in rows}
        if statement.status != statement_states.APPROVED or states.PUBLISHED not in ends:
            return
        if ends <= {states.PUBLISHED, states.CANCELLED}:
            urls = {row.channel.name: row.url for row in rows if row.status == states.PUBLISHED}
            told = {"title": statement.title, "type": statement.type, "channels": list(urls), "urls": urls}
            transitions.move(
                statement,
                statement_states.PUBLISHED,
                by=TUGON,
                now=now,
                kind="statement.published",
                incident=breaking.incident_of(statement),
                data=told,
                closed_at=now,
            )
