"""The same decision by the link of a letter: looking changes nothing, answering uses the link up."""

from functools import wraps

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from agency.access import by_link
from responses.core.pages import see_other, typed
from responses.errors import Refused
from responses.statements import calling, links, seeing
from responses.statements.forms import DecisionForm
from responses.statements.link_models import ApprovalLink

from . import showing
from .repeating import is_repeat


def for_its_reader(view):
    """Finds the link of the token and speaks its reader's language. Nobody else's eyes: 404."""

    @wraps(view)
    def wrapped(request, token, **more):
        try:
            found = links.find(token)
        except ApprovalLink.DoesNotExist:
            raise Http404 from None
        reader = links.person_of(found)
        if reader is None or (request.user.is_authenticated and request.user != reader):
            raise Http404
        with translation.override(reader.language), timezone.override(calling.zone(reader)):
            return view(request, found, token, **more)

    return wrapped


# No CSRF token: who can make a browser send this form knows the token in the address, and then needs no
# browser. Under no-referrer a browser sends "Origin: null", which the CSRF check would have to refuse.
@csrf_exempt
@by_link
@require_http_methods(["GET", "HEAD", "POST"])
@for_its_reader
def link(request, found, token):
    now = timezone.now()
    if found.used_at and is_repeat(request, found.step, found.person_id):
        return see_other(done_url(request, token))
    try:
        links.refuse_dead(found, now)
    except Refused as refusal:
        return over(request, found, refusal)
    if request.method == "POST":
        return answer(request, found, token, now)
    seeing.link_opened(request, found, now=now)
    return page(request, found, token, now, way=request.GET.get("do", ""))


def page(request, found, token, now, way="", form=None, refusal=None, status=None, remark=None, kept=None):
    url = reverse("portal:link", args=[request.brand.slug, token])
    door = reverse("portal:link_comment", args=[request.brand.slug, token])
    comments = showing.comments_of(found.step, found.person_id, door, True, remark, kept)
    against = request.GET.get("against", "")
    context = {
        **showing.decision(found.step, links.actor_of(found), now, way, against, comments),
        "form": form or DecisionForm(),
        "name": request.POST.get("name", ""),
        "refusal": refusal,
        "may_approve": True,
        "link": found,
        "page_url": url,
        "decide_url": url,
        "account_url": reverse("portal:decision", args=[request.brand.slug, found.step_id]),
        "done_url": done_url(request, token),
        "pictures_at": reverse("portal:link_image", args=[request.brand.slug, token, "x"])[:-1],
    }
    status = status or (refusal.status if refusal else 200)
    return render(request, "portal/decision.html", showing.frame(request, now, **context), status=status)


def answer(request, found, token, now):
    form = DecisionForm({"step": found.step_id, **request.POST.dict()})
    way = showing.WAYS[request.POST.get("verdict") == "changes"]
    if not form.is_valid():
        return page(request, found, token, now, way, form)
    try:
        links.use_link(
            found,
            verdict=form.cleaned_data["verdict"],
            comment=form.cleaned_data["comment"],
            name=typed(request, "name"),
            revision_hash=form.cleaned_data["revision_hash"],
            code=form.cleaned_data["code"],
            now=now,
        )
    except Refused as refusal:
        return again(request, token, now, way, form, refusal)
    return see_other(done_url(request, token))


def done_url(request, token) -> str:
    return reverse("portal:link_done", args=[request.brand.slug, token])


def again(request, token, now, way, form, refusal):
    """The page after a refusal, as things are now: the link may have ended in the meantime."""
    found = links.find(token)
    try:
        links.refuse_dead(found, now)
    except Refused as ending:
        return over(request, found, ending)
    return page(request, found, token, now, way, form, refusal)


def over(request, found, refusal):
    kept = request.POST.get("comment") or request.POST.get("text", "")
    context = {"link": found, "refusal": refusal, "mine": own_decision(found), "comment": kept}
    context["answer_key"] = showing.answer_key(found.step)
    context = showing.frame(request, timezone.now(), **context)
    return render(request, "portal/over.html", context, status=refusal.status)


def own_decision(found):
    return found.step.decisions.filter(person_id=found.person_id).first()


@by_link
@require_safe
@for_its_reader
def link_done(request, found, token):
    """The calm page after an answer."""
    if not found.used_at:
        raise Http404
    context = {**showing.decision(found.step, links.actor_of(found), timezone.now()), "link": found}
    return render(request, "portal/done.html", showing.frame(request, timezone.now(), **context))
