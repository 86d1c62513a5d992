"""The circles of many steps at once: what each would ask for itself is asked once for all."""

from collections import defaultdict

from . import deputising, entitling, groups
from .models import Decision


def circles(steps, now) -> list[entitling.Circle]:
    """One a step, in their order, knowing already who wrote, who decided, who holds and who stands in."""
    found = [entitling.Circle(step, now) for step in steps]
    wrote = entitling.authors_of([step.review.revision.statement_id for step in steps])
    given, held, stand_in = decisions(steps), groups.Holders(), {}
    for circle in found:
        is_called = circle.step.deputies_called_at is not None
        if is_called not in stand_in:
            stand_in[is_called] = deputising.standing_in(now, is_called=is_called)
        circle.deputies = stand_in[is_called]
        circle.authors = wrote[circle.step.review.revision.statement_id]
        circle.given = given[circle.step.review_id]
        circle.holders = {group.function: held.of(group) for group in circle.groups}
    return found


def decisions(steps) -> defaultdict[int, list[Decision]]:
    """By review."""
    found: defaultdict[int, list[Decision]] = defaultdict(list)
    reviews = [step.review_id for step in steps]
    rows = Decision.objects.filter(step__review__in=reviews).select_related("step").order_by("decided_at")
    for each in rows:
        found[each.step.review_id].append(each)
    return found
