"""What the desk asks of the outbox."""

from django.db.models import Case, IntegerField, Q, Value, When

from . import states
from .models import Publication

TROUBLE = [states.UNKNOWN, states.BLOCKED, states.FAILED]  # in the order in which a person must look
# Changed or deleted there, as long as it is still looked at.
TAMPERED = Q(outside__in=["changed", "gone"], look_at__isnull=False)
SHOWS = {"trouble": TROUBLE, "open": states.OPEN, "out": [states.PUBLISHED]}


def rows():
    """With all that a line of the list shows."""
    return Publication.objects.select_related("statement__incident", "revision", "channel", "variant")


def listed(show: str = ""):
    """Trouble first, then what is on its way, then the rest, newest first."""
    found = rows().filter(status__in=SHOWS[show]) if show in SHOWS else rows()
    if show == "trouble":
        found = rows().filter(Q(status__in=TROUBLE) | TAMPERED)
    rank = Case(
        *(When(status=state, then=Value(place)) for place, state in enumerate(TROUBLE)),
        When(TAMPERED, then=Value(len(TROUBLE))),
        When(status__in=[states.QUEUED, states.SENDING], then=Value(10)),
        default=Value(20),
        output_field=IntegerField(),
    )
    return found.order_by(rank, "-created_at", "channel__position")


def of_statement(statement_id: int):
    return rows().filter(statement=statement_id).order_by("-revision__number", "channel__position")
