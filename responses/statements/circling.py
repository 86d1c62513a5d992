"""The circles of many steps at once: what each would ask for itself is asked once for all."""

from collections import defaultdict

from . import deputising, entitling, groups, states
from .commenting_models import Comment
from .models import Decision, Revision


def circles(steps, now) -> list[entitling.Circle]:
    """One a step, in their order, knowing already who wrote, who decided, who holds and who stands in."""
    found = [entitling.Circle(step, now) for step in steps]
    wrote, given, held, stand_in = authors(steps), decisions(steps), Holders(), {}
    for circle in found:
        is_called = circle.step.deputies_called_at is not None
        if is_called not in stand_in:
            stand_in[is_called] = deputising.standing_in(now, is_called=is_called)
        circle.deputies = stand_in[is_called]
        circle.authors = wrote[circle.step.review.revision.statement_id]
        circle.given = given[circle.step.review_id]
        circle.holders = {group.function: held.of(group) for group in circle.groups}
    return found


def authors(steps) -> defaultdict[int, set[str]]:
    """By statement: who wrote any revision, whose suggestions were taken over, who gave out their keys."""
    statements = [step.review.revision.statement_id for step in steps]
    rows = [
        *Revision.objects.filter(statement__in=statements).values_list("statement_id", "author_id"),
        *Comment.objects.filter(statement__in=statements, status=states.APPLIED).values_list(
            "statement_id", "by_id"
        ),
    ]
    found: defaultdict[int, set[str]] = defaultdict(set)
    for statement_id, person_id in rows:
        found[statement_id].add(person_id)
    for ids in found.values():
        ids |= entitling.givers(ids)  # a question only where a machine wrote
    return found


def decisions(steps) -> defaultdict[int, list[Decision]]:
    """By review."""
    found: defaultdict[int, list[Decision]] = defaultdict(list)
    reviews = [step.review_id for step in steps]
    rows = Decision.objects.filter(step__review__in=reviews).select_related("step").order_by("decided_at")
    for each in rows:
        found[each.step.review_id].append(each)
    return found


class Holders:
    """Who holds a function, asked once for each."""

    def __init__(self):
        self.known: dict = {}

    def of(self, group) -> dict:
        key = group.function, tuple(one["id"] for one in group.people)
        if key not in self.known:
            self.known[key] = groups.holders(group)
        return self.known[key]
