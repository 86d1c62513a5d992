"""The client's pages by account: what waits, one decision in two taps, what was decided."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from agency.access import may
from agency.roles import May
from responses.core import proving
from responses.core.actors import acting
from responses.core.pages import see_other, typed
from responses.errors import Refused
from responses.statements import breaking, commenting, reviewing, seeing
from responses.statements.forms import DecisionForm

from . import access, showing
from .repeating import is_repeat


@may(May.PORTAL)
@require_safe
def home(request):
    now, waiting = timezone.now(), access.waiting()
    mine, others = access.parted(waiting, acting(request).id, now)
    context = {
        "waiting": waiting,
        "mine": mine,
        "others": others,
        "recent": with_outcome(access.ended()[:3]),
        "glasses": breaking.unsettled(),
    }
    return render(request, "portal/home.html", showing.frame(request, now, **context))


@may(May.PORTAL)
@require_safe
def decided(request):
    page = Paginator(access.ended(), 30).get_page(request.GET.get("page"))
    context = {"page": page, "ended": with_outcome(page.object_list)}
    return render(request, "portal/decided.html", showing.frame(request, timezone.now(), **context))


def with_outcome(steps):
    return [(step, showing.outcome(step)) for step in steps]


@may(May.PORTAL)
@require_safe
def decision(request, pk):
    step = get_object_or_404(access.shown_steps(), pk=pk)
    seeing.saw(request, step.review.revision, by=acting(request), now=timezone.now())
    return decision_page(request, step, way=request.GET.get("do", ""))


def decision_page(request, step, way="", form=None, refusal=None, status=None, remark=None, kept=None):
    now, slug, me = timezone.now(), request.brand.slug, acting(request)
    may_approve = request.standing.may(May.APPROVE) or showing.is_asked(step, me, now)  # a deputy may
    door = reverse("portal:comment", args=[slug, step.pk])
    may_comment = commenting.speaks_for_client(
        request.standing, me.id, step.review.revision.statement_id, now
    )
    comments = showing.comments_of(step, me.id, door, may_comment, remark, kept)
    facts = showing.decision(step, me, now, way, request.GET.get("against", ""), comments)
    if not may_approve:
        facts["way"] = ""
    context = {
        **facts,
        "form": form or DecisionForm(),
        "refusal": refusal,
        "may_approve": may_approve,
        "unsent_remark": typed(request, "text", commenting.MOST) if not may_comment else "",
        "page_url": (page_url := reverse("portal:decision", args=[slug, step.pk])),
        "done_url": page_url,
        "decide_url": reverse("portal:decide", args=[slug, step.pk]),
        "pictures_at": reverse("portal:image", args=[slug, "x"])[:-1],
    }
    status = status or (refusal.status if refusal else 200)
    return render(request, "portal/decision.html", showing.frame(request, now, **context), status=status)


@may(May.PORTAL)  # whether it is theirs to decide, the step says: an observer may be a deputy
def decide(request, pk):
    """The second tap. A refusal shows the page as it is now, with what was typed."""
    step = get_object_or_404(access.shown_steps(), pk=pk)
    page = reverse("portal:decision", args=[request.brand.slug, pk])
    if request.method != "POST":
        return redirect(page)
    if is_repeat(request, step, acting(request).id):
        return see_other(page)
    form = DecisionForm({"step": pk, **request.POST.dict()})
    way = showing.WAYS[request.POST.get("verdict") == "changes"]
    if not form.is_valid():
        return decision_page(request, step, way, form)
    try:
        reviewing.decide(
            step,
            revision_hash=form.cleaned_data["revision_hash"],
            verdict=form.cleaned_data["verdict"],
            comment=form.cleaned_data["comment"],
            by=proving.acting_now(request, form.cleaned_data["code"]),
            now=timezone.now(),
        )
    except Refused as refusal:
        return decision_page(request, access.shown_steps().get(pk=pk), way, form, refusal)
    return see_other(page)
