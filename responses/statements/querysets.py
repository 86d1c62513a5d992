"""What the pages of statements ask: the list with who is waited for, and a review with its people."""

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, Value, When

from . import entitling, states, tongues
from .glass_models import Glass
from .models import Channel, Decision, Review, Revision, Statement, Step, asks_client
from .writing_models import StatementTemplate

DONE = (states.PUBLISHED, states.WITHDRAWN)


def listed(incident_id=None, show="open"):
    """Statements, first those that wait for a decision, the first due on top; `show` is open, done or all."""
    active = Step.objects.filter(review__revision__statement=OuterRef("pk"), status=states.ACTIVE)
    found = Statement.objects.select_related("incident").annotate(
        waits_for=Subquery(active.values("function")[:1]),
        asked=Subquery(active.values("groups")[:1]),
        decide_by=Subquery(active.values("due_at")[:1]),
        revision_count=Count("revisions"),
        turn=turns(),
    )
    if incident_id:
        found = found.filter(of_incident(incident_id))
    if show == "open":
        found = found.exclude(status__in=DONE)
    elif show == "done":
        found = found.filter(status__in=DONE)
    return found.order_by("turn", F("decide_by").asc(nulls_last=True), "-created_at", "-pk")


def of_incident(incident_id) -> Q:
    """Written for it, or let out for it by breaking the glass."""
    let_out = Glass.objects.filter(incident=incident_id, status__in=states.LET_OUT)
    return Q(incident=incident_id) | Q(pk__in=let_out.values("statement"))


def turns():
    order = (states.IN_REVIEW, states.CHANGES_REQUESTED, states.DRAFT, states.APPROVED)
    whens = (When(status=status, then=Value(place)) for place, status in enumerate(order))
    return Case(*whens, default=Value(len(order)), output_field=IntegerField())


def channels():
    return list(Channel.objects.filter(is_active=True))


def revisions_of(statement):
    """Newest first, each with its review when it had one."""
    return list(statement.revisions.select_related("review").order_by("-number"))


def last_review(statement) -> Review | None:
    return (
        Review.objects.filter(revision__statement=statement)
        .select_related("revision__statement__incident")
        .order_by("-revision__number")
        .first()
    )


def steps_of(review, now):
    """The steps in order, each with its groups: who decided, how many still must, who may."""
    steps = list(review.steps.prefetch_related("decisions"))
    for step in steps:
        step.review = review
        step.is_open = entitling.is_open(step)
        step.progress = entitling.Circle(step, now).progress()
    return steps


def seen_before(revision, person_id) -> Revision | None:
    """The wording to compare with: the last one this person decided on, else the last that was in review."""
    earlier = revision.statement.revisions.filter(number__lt=revision.number).order_by("-number")
    decided = Decision.objects.filter(person_id=person_id).values("step__review__revision")
    return (
        earlier.filter(pk__in=decided).first()
        or earlier.filter(review__isnull=False).first()
        or earlier.first()
    )


def shown_to_client(revision) -> Revision | None:
    """The last earlier wording that reached the client."""
    opened = Step.objects.filter(asks_client(), opened_at__isnull=False)
    earlier = revision.statement.revisions.filter(number__lt=revision.number)
    return earlier.filter(pk__in=opened.values("review__revision")).order_by("-number").first()


def side_by_side(old, new):
    """Per channel and language (channel, old text, new text, language); what one of them lacks is empty.

    English stands before Filipino, so that of two versions each has its column.
    """
    before, after, found = variants(old), variants(new), {}
    for key, variant in (*before.items(), *after.items()):
        found[key] = variant.channel
    ordered = sorted(found, key=lambda key: (found[key].position, key[0], tongues.order(key[1]), key[1]))
    return [(found[key], text_of(before.get(key)), text_of(after.get(key)), key[1]) for key in ordered]


def variants(revision) -> dict:
    """By channel id and language."""
    rows = revision.variants.select_related("channel") if revision else ()
    return {(row.channel_id, row.language): row for row in rows}


def text_of(variant) -> str:
    return variant.text if variant else ""


def titles(old, new) -> list[tuple[str, str, str]]:
    """Per language of the new one (language, old title, new title), English before Filipino."""
    ordered = sorted(new.languages, key=tongues.order)
    before = old.languages if old else ()
    return [(code, old.title_in(code) if code in before else "", new.title_in(code)) for code in ordered]


def texts(revision) -> dict[int, str]:
    """Those of its first language."""
    return {} if revision is None else tongues.texts_of(revision, revision.language)


def template_in_use(pk) -> StatementTemplate | None:
    return StatementTemplate.objects.filter(pk=pk, is_active=True).first()


def templates_in_use(type: str):
    return StatementTemplate.objects.filter(type=type, is_active=True)
