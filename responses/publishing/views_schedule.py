"""The page on which people set when a statement goes out, channel by channel."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agency.access import may
from agency.roles import May
from responses.core.actors import acting
from responses.core.pages import refusals, see_other
from responses.errors import Refused
from responses.statements import tongues
from responses.statements.models import Statement

from . import requeuing, scheduling
from .forms import WhenForm


@may(May.RELEASE)
@require_http_methods(["GET", "HEAD", "POST"])
@refusals
def statement_schedule(request, pk):
    """Before it is approved, or while it waits: the times it goes out at."""
    statement = get_object_or_404(Statement, pk=pk)
    form = form_of(request, statement, statement.latest)
    if request.method == "POST" and done(request, statement, form):
        messages.success(request, _("Saved."))
        # Called off on every channel, it is not on its way: the other page has the button for that.
        page = "statement_release" if requeuing.waits_again(statement) else "statement"
        return see_other(f"responses:{page}", request.brand.slug, pk)
    context = {"statement": statement, "revision": statement.latest, "form": form}
    status = 422 if form.errors else 200
    return render(request, "publishing/schedule.html", context, status=status)


def form_of(request, statement, revision) -> WhenForm:
    return WhenForm(
        request.POST if request.method == "POST" else None,
        variants=tongues.leading(revision),
        times=scheduling.times_of(statement),
        zone=request.brand.time_zone,
    )


def done(request, statement, form) -> bool:
    """Whether the times are set; what does not hold stands at its field."""
    if not form.is_valid():
        return False
    try:
        scheduling.schedule(statement, form.times, by=acting(request), now=timezone.now())
    except Refused as refusal:
        form.refuse(refusal)
        return False
    return True
