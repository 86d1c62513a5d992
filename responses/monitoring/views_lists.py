"""Saved queries and exclusions: what the rules of a brand share."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from agency.access import may
from agency.roles import May
from responses.core.actors import acting
from responses.core.pages import refusals, see_other
from responses.errors import Invalid, Refused

from . import excluding, naming, ruling
from .list_forms import ExclusionForm, NamedQueryForm
from .models import Exclusion, NamedQuery


@may(May.SEE)
def lists(request):
    """Both lists, with a form for one more of each."""
    return lists_page(request)


def lists_page(request, status=200, **shown):
    rows, users = list(NamedQuery.objects.all()), naming.users()
    for named in rows:
        named.users = users.get(named.name, [])
    shown = {
        "rows": rows,
        "exclusions": Exclusion.objects.all(),
        "query_form": NamedQueryForm(auto_id="query_%s"),
        "exclusion_form": ExclusionForm(auto_id="exclusion_%s"),
        "may_listen": request.standing.may(May.LISTEN),
        "now": timezone.now(),
        **shown,
    }
    return render(request, "monitoring/lists.html", shown, status=status)


@may(May.LISTEN)
@require_POST
def named_query_add(request):
    """One more saved query."""
    form = NamedQueryForm(request.POST, auto_id="query_%s")
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = naming.add_named_query(
                name=data["name"], query=data["query"], by=acting(request), now=timezone.now()
            )
        except Refused as refusal:
            form.refuse(refusal)
            return lists_page(request, 422, query_form=form, caret=refusal.extra.get("caret", ""))
        messages.success(request, _("Saved. Use it in rules as saved:%(name)s.") % {"name": made.name})
        return see_other("responses:lists", request.brand.slug)
    return lists_page(request, 422, query_form=form)


@may(May.LISTEN)
def named_query(request, pk):
    """One saved query, to be changed; its rules look at the last month anew."""
    found = get_object_or_404(NamedQuery, pk=pk)
    known = {"name": found.name, "query": found.query, "version": found.version}
    form = NamedQueryForm(request.POST or None, initial=known)
    form.fields["name"].disabled = True
    shown: dict = {"form": form, "named": found, "users": naming.rules_using(found.name)}
    if request.method != "POST":
        return render(request, "monitoring/named_query.html", shown)
    if form.is_valid():
        found.version = form.cleaned_data["version"] or found.version
        try:
            naming.change_named_query(
                found, query=form.cleaned_data["query"], by=acting(request), now=timezone.now()
            )
        except Refused as refusal:
            form.refuse(refusal, found)
            shown["caret"] = refusal.extra.get("caret", "")
        else:
            messages.success(request, _("Saved. Its rules look at the last month anew."))
            return see_other("responses:lists", request.brand.slug)
    return render(request, "monitoring/named_query.html", shown, status=422)


@may(May.LISTEN)
@require_POST
@refusals
def named_query_remove(request, pk):
    """Only one that nothing uses."""
    found = get_object_or_404(NamedQuery, pk=pk)
    naming.remove_named_query(found, by=acting(request), now=timezone.now())
    messages.success(request, _("saved:%(name)s has been removed.") % {"name": found.name})
    return see_other("responses:lists", request.brand.slug)


@may(May.LISTEN)
@require_POST
def exclusion_add(request):
    """One more exclusion; “try” says how much of the last month it would have set aside."""
    form, shown = ExclusionForm(request.POST, auto_id="exclusion_%s"), {}
    if form.is_valid():
        data = form.cleaned_data
        try:
            if "try" in request.POST:
                shown["aside"] = aside(data["field"], data["value"])
                return lists_page(request, exclusion_form=form, **shown)
            excluding.add_exclusion(by=acting(request), now=timezone.now(), **data)
            messages.success(request, _("%(value)s is excluded from now on.") % {"value": data["value"]})
            return see_other("responses:lists", request.brand.slug)
        except Invalid as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    return lists_page(request, 422, exclusion_form=form)


def aside(field: str, value: str) -> str:
    """How many of the newest mentions of the last month it would have set aside, in words."""
    found = ruling.newest(timezone.now())
    count = excluding.kept_aside(field, value, found)
    said = ngettext(
        "It would have set aside %(n)s of the newest %(all)s mentions.",
        "It would have set aside %(n)s of the newest %(all)s mentions.",
        count,
    )
    return said % {"n": count, "all": len(found)}


@may(May.LISTEN)
@require_POST
@refusals
def exclusion_remove(request, pk):
    """Heard again from now on."""
    found = get_object_or_404(Exclusion, pk=pk)
    excluding.remove_exclusion(found, by=acting(request), now=timezone.now())
    messages.success(request, _("%(value)s is heard again from now on.") % {"value": found.value})
    return see_other("responses:lists", request.brand.slug)
