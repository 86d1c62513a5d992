"""Publishing after all what people called off on every channel.

The row itself goes back into the queue, so there is never a second one for the same text on the same channel.
Only one that no sender ever claimed goes back: of such a row it is certain that nothing is out.
"""

from django.utils.translation import gettext as _

from responses.errors import NotAllowed
from responses.statements import states as statement_states
from responses.statements.models import Statement

from . import states
from .models import Publication
from .settling import locked, move


def untried(revision):
    """Called off before anybody began to send it."""
    return Publication.objects.filter(revision=revision, status=states.CANCELLED, token=0, attempts=None)


def waits_again(statement: Statement) -> bool:
    """Approved, called off on every channel, and there is something that can still go out."""
    revision = statement.latest
    if statement.status != statement_states.APPROVED or revision is None:
        return False
    others = Publication.objects.filter(revision=revision).exclude(status=states.CANCELLED)
    return untried(revision).exists() and not others.exists()


def queue_again(rows: list[Publication], times: dict, *, by, now) -> list[Publication]:
    """The rows as they are now; inside the transaction that holds the statement."""
    held = [locked(row) for row in rows]
    fresh = [row for row in held if row.token == 0 and not row.attempts.exists()]
    if not fresh:
        raise NotAllowed(_("It was tried before it was called off. Only a new revision can go out."))
    for row in fresh:
        at = times.get(row.channel_id)
        at = at if at and at > now else None
        told = {"at": at.isoformat()} if at else {}
        fields = {"due_at": at or now, "scheduled_at": at, "error": ""}
        move(row, states.QUEUED, "publication.queued", by=by, now=now, data=told, **fields)
    return held
