"""The desk's view of the outbox: what is out, on its way, failed or unknown, and what a person may do."""

import hashlib

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency.access import may
from agency.roles import May
from responses.core.actors import acting
from responses.core.pages import refusals, see_other, typed, unchanged
from responses.errors import NotAllowed, Refused
from responses.statements import entitling, illustrating, tongues, views_images
from responses.statements.models import Statement

from . import deciding, lettering, querysets, releasing, requeuing, states, views_schedule
from .evidence import sealing
from .forms import DecisionForm
from .models import Publication


@may(May.SEE)
@require_safe
def publications(request):
    show = request.GET.get("show", "")
    page = Paginator(querysets.listed(show), 50).get_page(request.GET.get("page"))
    context = {"page": page, "show": show if show in querysets.SHOWS else "", "now": timezone.now()}
    return polled(request, "publishing/publications.html", context, page.object_list)


def polled(request, template, context, rows):
    """The page, or its region for htmx; 304 while no row changed."""
    seen = "".join(f"{row.pk}.{row.version} " for row in rows)
    etag = hashlib.sha256(f"{seen}{context['now']:%H:%M}{request.user.language}".encode()).hexdigest()[:24]
    if request.htmx and (same := unchanged(request, etag)):
        return same
    response = render(request, f"{template}#region" if request.htmx else template, context)
    if request.htmx:
        response["ETag"] = f'"{etag}"'
        response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "HX-Request"
    return response


@may(May.SEE)
@require_safe
def publication(request, pk):
    return show_one(request, find(pk), DecisionForm())


def find(pk) -> Publication:
    return get_object_or_404(querysets.rows(), pk=pk)


def show_one(request, found, form, status=200):
    context = {
        "publication": found,
        "attempts": found.attempts.all(),
        "beside": tongues.beside(found.variant) if found.channel.kind in tongues.SHOWS_ALL else [],
        "form": form,
        "wrote": f"user:{request.user.pk}" in entitling.authors(found.statement_id),
        "may_write": request.standing.may(May.WRITE),
        "may_release": request.standing.may(May.RELEASE),
        "letters": lettering.told(found),
        "pictures": illustrating.goes_to(illustrating.of(found.revision), found.channel),
        "pictures_at": views_images.pictures_at(request),
        "evidence_key": sealing.public_keys()[0],
        "now": timezone.now(),
    }
    return render(request, "publishing/publication.html", context, status=status)


@may(May.RELEASE)
@require_POST
def publication_decide(request, pk):
    """What was typed stays on the page when the deed refuses it."""
    found, form = find(pk), DecisionForm(request.POST)
    if not form.is_valid():
        return show_one(request, found, form, status=422)
    try:
        deciding.decide_unknown(found, **form.cleaned_data, by=acting(request), now=timezone.now())
    except Refused as refusal:
        form.add_error(refusal.field, refusal.message)
        return show_one(request, find(pk), form, status=refusal.status)
    messages.success(request, _("Noted, with your name and your reason."))
    return see_other("responses:publication", request.brand.slug, pk)


@may(May.RELEASE)
@require_POST
@refusals
def publication_retry(request, pk):
    deciding.try_again(find(pk), by=acting(request), now=timezone.now())
    messages.success(request, _("It goes again now."))
    return see_other("responses:publication", request.brand.slug, pk)


@may(May.RELEASE)
@require_POST
@refusals
def publication_cancel(request, pk):
    deciding.cancel(find(pk), by=acting(request), now=timezone.now(), reason=typed(request, "reason"))
    messages.success(request, _("Called off. It does not go out there."))
    return see_other("responses:publication", request.brand.slug, pk)


@may(May.RELEASE)
@require_http_methods(["GET", "HEAD", "POST"])
@refusals
def statement_release(request, pk):
    """What will go out, where and when, then the button that does it."""
    statement = get_object_or_404(Statement, pk=pk)
    try:
        revision = releasing.approved_revision(statement)
    except NotAllowed as refusal:
        if request.method == "POST":
            raise
        return render(request, "publishing/release.html", {"statement": statement, "refusal": refusal})
    form = views_schedule.form_of(request, statement, revision)
    if request.method == "POST" and views_schedule.done(request, statement, form):
        releasing.queue(statement, by=acting(request), now=timezone.now(), again="again" in request.POST)
        return see_other("responses:statement_publications", request.brand.slug, pk)
    context = {"statement": statement, "revision": revision, "form": form}
    context["again"] = requeuing.waits_again(statement)
    status = 422 if form.errors else 200
    return render(request, "publishing/release.html", context, status=status)


@may(May.SEE)
@require_safe
def statement_publications(request, pk):
    """A region for the statement's page, and a page of its own for those who follow the link."""
    statement = get_object_or_404(Statement, pk=pk)
    rows = list(querysets.of_statement(pk))
    begun = any(row.revision_id == statement.latest.pk for row in rows)
    may_begin = not begun or requeuing.waits_again(statement)
    is_open = any(row.status in states.OPEN for row in rows) or (not begun and statement.status == "approved")
    context = {
        "statement": statement,
        "rows": rows,
        "is_open": is_open,
        "may_release": request.standing.may(May.RELEASE) and statement.status == "approved" and may_begin,
        "now": timezone.now(),
    }
    return polled(request, "publishing/of_statement.html", context, rows)
