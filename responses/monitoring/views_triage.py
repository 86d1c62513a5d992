"""Triage in the feed: one mention or many, and back again; views to come back to."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from agency.access import may
from agency.roles import May
from responses.core.actors import acting
from responses.core.pages import refusals, see_other, typed
from responses.errors import Refused

from . import querysets, triaging, viewing
from .filtering import FilterForm
from .marking import dressed
from .models import Mention

UNDO = "triage to take back"  # in the session: what the last triage changed


@may(May.TRIAGE)
@require_POST
@refusals
def mentions_triage(request):
    """One (`one` = "12:seen"), the picked (`pick`), or all that the filter shows (`all`)."""
    by, now = acting(request), timezone.now()
    query = QueryDict(request.POST.get("query", "")[:2000])
    one, _colon, its = request.POST.get("one", "").partition(":")
    to = its or request.POST.get("to", "")
    before = triaging.triage(chosen(request, one, query), to, by=by, now=now)
    count = sum(map(len, before.values()))
    if count:
        request.session[undo_key(request)] = {"before": before, "to": to, "count": count}
    if request.htmx and one:
        return one_row(request, one, query)
    if count:
        messages.success(request, triaging.told(count, to))
    else:
        messages.info(request, _("Nothing was picked that is not so already."))
    return see_other(
        f"{reverse('responses:feed', args=[request.brand.slug])}{'?' if query else ''}{query.urlencode()}"
    )


def back_to_the_feed(request, query: QueryDict):
    address = reverse("responses:feed", args=[request.brand.slug])
    return see_other(f"{address}?{query.urlencode()}" if query else address)


def chosen(request, one: str, query: QueryDict):
    if one:
        return Mention.objects.filter(pk__in=numbers([one]))
    if request.POST.get("all"):
        return querysets.shown(FilterForm(query).filters(), seen(request))
    return Mention.objects.filter(pk__in=numbers(request.POST.getlist("pick")))


def seen(request) -> int:
    """The last mention there was when the page was made: nobody decides on what came after it."""
    return next(iter(numbers([request.POST.get("seen", "")])), 0)


def numbers(given) -> list[int]:
    return [
        int(each) for each in given[: triaging.MOST] if each.isascii() and each.isdigit() and len(each) < 18
    ]


def one_row(request, pk: str, query: QueryDict):
    """The mention as it is now, in the place where it stood; and how to take the step back."""
    found = get_object_or_404(querysets.rich(Mention.objects), pk__in=numbers([pk]))
    undo = request.session.get(undo_key(request))
    shown = {"mention": dressed([found], "")[0], "may_triage": True, "now": timezone.now(), "in_feed": True}
    shown |= {"undo": undo, "query": query.urlencode()}
    return render(request, "monitoring/row.html", shown)


def undo_key(request) -> str:
    return f"{UNDO} {request.brand.pk}"


@may(May.TRIAGE)
@require_POST
@refusals
def mentions_undo(request):
    """Take the last triage back, once."""
    last = request.session.pop(undo_key(request), None)
    query = QueryDict(request.POST.get("query", "")[:2000])
    if last is None:
        messages.info(request, _("There is nothing to take back."))
    else:
        count = triaging.put_back(last["before"], by=acting(request), now=timezone.now())
        told = ngettext("Taken back for %(n)s mention.", "Taken back for %(n)s mentions.", count)
        messages.success(request, told % {"n": count})
    return see_other(
        f"{reverse('responses:feed', args=[request.brand.slug])}{'?' if query else ''}{query.urlencode()}"
    )


@may(May.TRIAGE)
@require_POST
@refusals
def view_save(request):
    """Keep the filters under a name. A refusal keeps what was typed, and asks before one is replaced."""
    given = {"name": typed(request, "name"), "query": request.POST.get("query", "")}
    given |= {name: bool(request.POST.get(name)) for name in ("is_shared", "replace")}
    try:
        view = viewing.save_view(**given, by=acting(request), now=timezone.now())
    except Refused as refusal:
        if refusal.field != "name":
            raise
        context = {**given, "refusal": refusal, "query": viewing.plain(given["query"])}
        return render(request, "monitoring/view.html", context, status=refusal.status)
    messages.success(request, _("The view “%(name)s” has been saved.") % {"name": view.name})
    return back_to_the_feed(request, QueryDict(view.query))


@may(May.SEE)
@require_POST
@refusals
def view_remove(request, pk):
    """Remove one's own view; the team's, if one sets up what the team hears."""
    found = get_object_or_404(viewing.views_of(request.user.pk), pk=pk)
    if not viewing.may_remove(found, request.user.pk, request.standing):
        raise PermissionDenied(May.LISTEN.label)
    viewing.remove_view(found, by=acting(request), now=timezone.now())
    messages.success(request, _("The view “%(name)s” has been removed.") % {"name": found.name})
    return see_other("responses:feed", request.brand.slug)


def views_for(request) -> list[dict]:
    """The views a person may open, the present one marked."""
    here = viewing.plain(request.GET.urlencode())
    return [
        {
            "view": view,
            "current": view.query == here,
            "may_remove": viewing.may_remove(view, request.user.pk, request.standing),
        }
        for view in viewing.views_of(request.user.pk)
    ]
