"""Taking a publication in order to send it. Nobody else takes it until the lease is over.

The try is written down and committed before the call, so a try that kills its process is counted too.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from responses.core import transitions

from . import states
from .models import Attempt, Publication

LOST = "lost"  # the outcome of a try whose sender died, or was so late that another took over


def claim(*, now) -> Publication | None:
    """The publication due first, now ours; None when nothing is due.

    `taken_over` says that an earlier sender died on it, so that it may be out already. The lease's end is
    the row's `due_at` as well: whoever looks for what is due finds the dead sender's too.
    """
    with transaction.atomic():
        publication = waiting(now).select_for_update(skip_locked=True).order_by("due_at").first()
        if publication is None:
            return None
        taken_over = publication.status == states.SENDING
        if taken_over:
            publication.attempts.filter(outcome="").update(outcome=LOST)
        else:
            transitions.guard(publication, states.SENDING)
        lease(publication, now)
        Attempt.objects.create(publication=publication, token=publication.token, started_at=now)
    publication.taken_over = taken_over
    return publication


def waiting(now):
    """To be sent now, or left behind by a sender whose lease is over."""
    return Publication.objects.filter(status__in=[states.QUEUED, states.SENDING], due_at__lte=now)


def lease(publication: Publication, now) -> None:
    """No event: the try is a row of its own, and the outcome will be told."""
    until = now + timedelta(seconds=settings.TUGON_LEASE_SECONDS)
    transitions.change(
        publication,
        status=states.SENDING,
        token=publication.token + 1,
        leased_until=until,
        due_at=until,
        attempts_made=publication.attempts_made + 1,
    )
