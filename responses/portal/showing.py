"""All that one decision needs on one phone screen, the same by account and by link."""

from datetime import timedelta

from django.db.models import F, Sum
from django.utils.translation import get_language

from responses.core import proving
from responses.monitoring.models import HourCount
from responses.statements import (
    commenting,
    comparing,
    entitling,
    illustrating,
    lagging,
    links,
    querysets,
    reviewing,
    showing_lint,
    states,
    tongues,
)
from responses.statements.models import Decision, Step
from responses.statements.showing_comments import Doors, Panel, Reader, panel
from tenants import context

from . import access

WAYS = ("approve", "changes")  # the second tap


def frame(request, now, **facts) -> dict:
    return {"agency_name": access.agency_name(request.brand), "now": now, **facts}


def decision(step, by, now, way: str = "", against: str = "", comments=None) -> dict:
    """What is asked, what it answers, what changed, who has decided and whether this person may."""
    revision = step.review.revision
    statement = revision.statement
    comparison = compare(revision, against)
    before = comparison.before
    active = step.status == states.ACTIVE
    return {
        "step": step,
        "answer_key": answer_key(step),
        "revision": revision,
        "statement": statement,
        "incident": statement.incident,
        "before": before,
        "comparison": comparison,
        "comments": comments,
        "lint": showing_lint.of_revision(revision),
        "pictures": illustrating.side_by_side(before, revision),
        "rows": rows(before, revision, comments),
        "lags": lagging.of_revision(revision),
        "loud": voices(now) if statement.incident else None,
        "decisions": Decision.objects.filter(step__review=step.review_id).select_related("step"),
        "mine": step.decisions.filter(person_id=by.id).first(),
        "active": active,
        **(asked(step, by, now) if active else {"why_not": "", "right": None, "others": []}),
        "way": way if way in WAYS and active else "",
        "packs": access.packs(statement) if not active else [],
        "overdue": now - step.due_at if active and step.due_at and step.due_at < now else None,
    }


def is_asked(step, by, now) -> bool:
    return entitling.Circle(step, now).right_of(by.id) is not None


def asked(step, by, now) -> dict:
    """Who is asked in this step, and what it is to this person."""
    circle = entitling.Circle(step, now)
    is_asked = reviewing.asks_second_factor(step.review)
    right = circle.right_of(by.id)
    return {
        "right": right,
        "is_last": right is not None and is_last(step, circle.progress(), right),
        "why_not": circle.why_not(by.id),
        "others": [one for one in circle.progress() if others_of(one, by.id) or one.given],
        "factor": proving.asked_of(links.user_of(by.id), is_asked=is_asked, is_fresh=by.is_fresh),
    }


def is_last(step, progress, right) -> bool:
    """Whether nothing more is asked once this person approves."""
    if step.review.steps.filter(status=states.WAITING).exists():
        return False
    return all(one.is_met or would_meet(one, right.function) for one in progress)


def would_meet(one, function) -> bool:
    return one.group.function == function and one.approved + 1 >= one.needed


def others_of(progress, person_id: str) -> list:
    """Who else is waited for; one of several in one function is enough, so it is said with them."""
    return [user for user, _right in progress.waits_for if f"user:{user.pk}" != person_id]


def compare(revision, against: str) -> comparing.Comparison:
    """With what the client saw last, or any other wording that reached them."""
    shown = revision.statement.revisions.filter(pk__in=commenting.shown_to_client())
    return comparing.compare(revision, against, querysets.shown_to_client(revision), among=shown)


def rows(before, revision, comments) -> list[tuple]:
    """The text as the public will see it, with its title before and now; what changed is told below it.

    The versions in the reader's own language come first.
    """
    titles = {code: (old, new) for code, old, new in querysets.titles(before, revision)}
    found = comparing.rows(before, revision, comments and comments.places, diff=False)
    own = tongues.base(get_language() or "")
    found.sort(key=lambda row: tongues.base(row.language) != own)
    return [(*row, *titles.get(row.language, ("", ""))) for row in found if row.old or row.new]


def comments_of(step, person_id: str, door: str, may_write: bool, form=None, kept=None) -> Panel:
    """What was said to the client about this statement; `door` takes all that is said here."""
    revision = step.review.revision
    said = commenting.for_client().filter(statement=revision.statement_id)
    may_write = may_write and revision.statement.status in states.EDITABLE
    reader = Reader(person_id, is_client=True, may_write=may_write)
    return panel(revision, said, Doors(door, lambda _comment: door), reader, form=form, kept=kept)


def answer_key(step: Step) -> str:
    """What the browser keeps a comment under until it has arrived."""
    return f"{context.here().slug}-{step.pk}"


def voices(now) -> dict:
    """How many mentions were counted since the start of the hour before this one."""
    since = (now - timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    counted = HourCount.objects.filter(hour__gte=since)
    total = counted.aggregate(n=Sum(F("negative") + F("neutral") + F("positive")))["n"]
    return {"count": total or 0, "since": since}


def outcome(step: Step) -> Decision | None:
    """What the client decided on this step, if anybody did; the last word when there were several."""
    return next(reversed(step.decisions.all()), None)
