"""A browser that lost its connection sends again, by itself or by its person's hand, what had arrived."""

from responses.statements.models import Step


def is_repeat(request, step: Step, person_id: str) -> bool:
    """Whether this person has given exactly this answer, from a page that marks it as to be counted once.

    Anything else that is sent a second time is refused in words: it may be another person's hand or mind.
    """
    if not request.POST.get("once"):
        return False
    given = tuple(request.POST.get(name, "").strip() for name in ("verdict", "comment", "revision_hash"))
    mine = step.decisions.filter(person_id=person_id).values_list("verdict", "comment", "revision_hash")
    return given in set(mine)
