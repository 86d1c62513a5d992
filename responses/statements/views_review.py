"""The reviewer's pages: send to review, read what changed, decide, look back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from agency.access import may
from agency.roles import May
from responses.core import proving
from responses.core.actors import acting
from responses.core.pages import refusals, see_other
from responses.errors import Refused

from . import (
    calling,
    comparing,
    entitling,
    lagging,
    querysets,
    reviewing,
    seeing,
    showing_lint,
    states,
    views_commenting,
    views_images,
)
from .forms import DecisionForm
from .models import Decision, Revision, Statement, Step
from .views import page_of

DECIDE = {May.REVIEW, May.LEGAL, May.LEAD, May.SPEAK}


@may(May.WRITE)
@require_POST
@refusals
def statement_submit(request, pk):
    statement = get_object_or_404(Statement, pk=pk)
    at_once = request.POST.get("release_on_approval") == "on" if "release_asked" in request.POST else None
    stands_by = request.POST.get("stands_by") == "on" if "release_asked" in request.POST else None
    by, now = acting(request), timezone.now()
    reviewing.submit(statement, by=by, now=now, release_on_approval=at_once, stands_by=stands_by)
    messages.success(request, _("Sent to review."))
    return see_other(page_of(request, "review", pk))


@may(May.SEE)
@require_safe
def review(request, pk):
    statement = get_object_or_404(Statement, pk=pk)
    found = querysets.last_review(statement)
    if found is None:
        return redirect(page_of(request, "statement", pk))
    if request.htmx and request.GET.get("part") == "steps":
        return steps_part(request, found, timezone.now())
    seeing.saw(request, found.revision, by=acting(request), now=timezone.now())
    return review_page(request, statement)


def steps_part(request, review, now):
    """The people of the review for the page that asks every few seconds; nothing when nothing happened."""
    seen = mark(review, now)
    if request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    context = {"statement": review.revision.statement, "steps": querysets.steps_of(review, now), "now": now}
    return render(request, "statements/review.html#steps", {**context, "seen": seen})


def mark(review, now) -> str:
    """Changes when a step moves or becomes late."""
    steps = [(step.version, bool(step.due_at and step.due_at < now)) for step in review.steps.all()]
    return "-".join([str(review.pk), *(f"{version}{'l' * late}" for version, late in steps)])


def review_page(request, statement, form=None, refusal=None):
    review, now = querysets.last_review(statement), timezone.now()
    me, revision = acting(request), review.revision
    seen = querysets.seen_before(revision, me.id)
    comparison = comparing.compare(revision, request.GET.get("against"), seen)
    before, comments = comparison.before, views_commenting.beside(request, revision, "review")
    steps = querysets.steps_of(review, now)
    active = next((step for step in steps if step.status == states.ACTIVE), None)
    context = {
        "statement": revision.statement,
        "review": review,
        "revision": revision,
        "before": before,
        "comparison": comparison,
        "comments": comments,
        "rows": comparing.rows(before, revision, comments.places),
        **views_images.of_revisions(request, before, revision),
        "titles": querysets.titles(before, revision),
        "lags": lagging.of_revision(revision),
        "may_say": request.standing.may(May.WRITE) and revision == statement.latest,
        "lint": showing_lint.of_revision(revision),
        "steps": steps,
        "active": active,
        **mine(request, active, me, now),
        "form": form or DecisionForm(),
        "refusal": refusal,
        "unlettered": [user for user, _right in calling.without_letter(active, now)] if active else [],
        "seen": mark(review, now),
        "now": now,
        "may_write": request.standing.may(May.WRITE),
    }
    return render(request, "statements/review.html", context, status=refusal.status if refusal else 200)


def mine(request, active, me, now) -> dict:
    """What the active step is to this person: their right, or why they have none, and the second factor."""
    if active is None:
        return {"why_not": "", "right": None}
    circle = entitling.Circle(active, now)
    asked = reviewing.asks_second_factor(active.review)
    return {
        "why_not": circle.why_not(me.id),
        "right": circle.right_of(me.id),
        "factor": proving.asked_of(request.user, is_asked=asked, is_fresh=me.is_fresh),
    }


@may(May.SEE)  # whether it is theirs to decide, the step says: policies ask functions and named people
def decide(request, pk):
    """A decision at the desk; what was typed stays when it is refused."""
    statement = get_object_or_404(Statement, pk=pk)
    if request.method != "POST":
        return redirect(page_of(request, "review", pk))
    admit(request, statement)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return review_page(request, statement, form)
    step = get_object_or_404(Step, pk=form.cleaned_data["step"], review__revision__statement=statement)
    try:
        decision = reviewing.decide(
            step,
            revision_hash=form.cleaned_data["revision_hash"],
            verdict=form.cleaned_data["verdict"],
            comment=form.cleaned_data["comment"],
            by=proving.acting_now(request, form.cleaned_data["code"]),
            now=timezone.now(),
        )
    except Refused as refusal:
        return review_page(request, statement, form, refusal)
    messages.success(request, said(decision))
    return see_other(page_of(request, "review", pk))


def admit(request, statement):
    """Who never decides at the desk is told so, unless this step names them or they stand in for somebody."""
    step = Step.objects.filter(review__revision__statement=statement, status=states.ACTIVE).first()
    named = step and entitling.Circle(step, timezone.now()).right_of(acting(request).id)
    if not request.standing.may_do & DECIDE and not named:
        raise PermissionDenied(May.REVIEW.label)


def said(decision):
    if decision.verdict != Decision.Verdict.APPROVED:
        return _("You asked for changes. The writer sees your comment.")
    following = decision.step.review.steps.filter(status=states.ACTIVE).first()
    if following is None:
        return _("You approved this revision. It was the last approval it needed.")
    if following.pk == decision.step_id:
        return _("You approved this revision. Others of this step are still asked.")
    if following.function == Step.Function.CLIENT and len(following.groups) < 2:
        return _("You approved this revision for the agency. Now it is the client's turn.")
    return _("You approved this revision. Now it is the next step's turn.")


@may(May.WRITE)
@require_POST
def letters(request, pk):
    """Write to those who may decide and have no letter yet."""
    statement = get_object_or_404(Statement, pk=pk)
    steps = Step.objects.select_related("review__revision__statement__incident")
    step = get_object_or_404(steps, review__revision__statement=statement, status=states.ACTIVE)
    sent = calling.call(step, now=timezone.now())
    words = ngettext("%(n)d letter was sent.", "%(n)d letters were sent.", sent) % {"n": sent}
    (messages.success if sent else messages.warning)(request, words)
    return see_other(page_of(request, "review", pk))


@may(May.SEE)
@require_safe
def revision(request, pk, number):
    """One wording as it was, and what it changed."""
    found = get_object_or_404(Revision.objects.select_related("statement"), statement=pk, number=number)
    last = found.statement.revisions.filter(number=number - 1).first()
    comparison = comparing.compare(found, request.GET.get("against"), last)
    before = comparison.before
    following = found.statement.revisions.filter(number=number + 1).first()
    review = getattr(found, "review", None)
    context = {
        "statement": found.statement,
        "revision": found,
        "before": before,
        "last": last,
        "comparison": comparison,
        "following": following,
        "rows": comparing.rows(before, found),
        **views_images.of_revisions(request, before, found),
        "titles": querysets.titles(before, found),
        "review": review,
        "decisions": Decision.objects.filter(step__review=review) if review else [],
        "now": timezone.now(),
    }
    return render(request, "statements/revision.html", context)
