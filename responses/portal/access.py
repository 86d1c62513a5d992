"""What a client may see of a brand: the statements that reached the client, and nothing of the desk."""

from django.utils.translation import gettext as _

from agency.models import Agency
from responses.publishing import states as publishing_states
from responses.publishing.models import Publication
from responses.statements import circling, states
from responses.statements.models import Step, asks_client

CHAIN = "review__revision__statement__incident"


def shown_steps():
    """The client's steps that have been opened: before its turn a text is the agency's own."""
    return Step.objects.filter(asks_client(), opened_at__isnull=False).select_related(CHAIN)


def waiting():
    """What waits for the client, the first due first."""
    return shown_steps().filter(status=states.ACTIVE).order_by("due_at", "pk")


def parted(steps, person_id: str, now) -> tuple[list, dict[str, list]]:
    """The steps that wait for this person; and those that wait for others, by why it is not for them."""
    mine: list = []
    others: dict[str, list] = {}
    for circle in circling.circles(steps, now):
        words = why_others(circle, person_id)
        (others.setdefault(words, []) if words else mine).append(circle.step)
    return mine, others


def why_others(circle, person_id: str) -> str:
    """Why a step waits for others than this person; empty when it waits for them."""
    if person_id in circle.decided:
        return _("You have approved; others are still asked.")
    if person_id in circle.authors or person_id in circle.stood_for:
        return circle.why_not(person_id)
    right = circle.right_of(person_id)
    if right is None:
        return _("You can read along. Others of your house decide.")
    lacking = {group.function for group in circle.groups if not circle.is_met(group)}
    return "" if right.function in lacking else _("Your house has approved; others are still asked.")


def ended():
    """What the client was asked and is over, the newest first."""
    steps = shown_steps().exclude(status=states.ACTIVE).prefetch_related("decisions")
    return steps.order_by("-closed_at", "-pk")


def packs(statement):
    """What is out of it: of each there is an evidence pack."""
    rows = Publication.objects.filter(statement=statement, status=publishing_states.PUBLISHED)
    return rows.select_related("channel").order_by("published_at", "pk")


def agency_name(brand) -> str:
    """The agency that looks after the brand now."""
    agency = Agency.objects.filter(engagements__brand=brand, engagements__ended_at=None).first()
    return agency.name if agency else ""
