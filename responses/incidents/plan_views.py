"""Pages of protocols: what was agreed before the day."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from agency.access import may
from agency.roles import May, Role
from responses.core.actors import acting
from responses.core.pages import see_other
from responses.errors import Refused

from .forms import ProtocolForm, StepFormSet
from .models import Protocol
from .protocols import save_protocol
from .views import allowed


@may(May.SEE)
def protocols(request):
    found = Protocol.objects.annotate(step_count=Count("steps")).order_by(
        "-is_active", "-from_severity", "name"
    )
    return render(request, "incidents/protocols.html", {"protocols": found} | allowed(request))


@may(May.PLAN)
def protocol_new(request):
    form = ProtocolForm(request.POST or None)
    return edit(request, None, form, StepFormSet(request.POST or None, prefix="steps"))


@may(May.SEE)
def protocol(request, pk):
    """Read it; those who may plan change it on the same page."""
    found = get_object_or_404(Protocol, pk=pk)
    if not request.standing.may(May.PLAN):
        return read(request, found)
    written = {name: getattr(found, name) for name in ("name", "description", "from_severity", "is_active")}
    steps = list(found.steps.values("title", "role", "due_minutes"))
    form = ProtocolForm(request.POST or None, initial=written, seen=found)
    return edit(request, found, form, StepFormSet(request.POST or None, initial=steps, prefix="steps"))


def read(request, found):
    if request.method == "POST":
        raise PermissionDenied(May.PLAN.label)
    steps = [
        {"title": step.title, "who": role_words(step.role), "due_minutes": step.due_minutes}
        for step in found.steps.all()
    ]
    return render(request, "incidents/protocol_read.html", {"protocol": found, "steps": steps})


def role_words(role):
    return Role(role).label if role in Role.values else role


def edit(request, found, form, steps):
    status = 200
    if request.method == "POST" and "more" in request.POST:
        steps = with_more_rows(request.POST)
    elif request.method == "POST":
        status = 422
        if form.is_valid() and steps.is_valid():
            try:
                return saved(request, found, form, steps)
            except Refused as refusal:
                form.refuse(refusal)
                status = refusal.status
    shown = {"form": form, "steps": steps, "protocol": found}
    return render(request, "incidents/protocol.html", shown, status=status)


def saved(request, found, form, steps):
    typed = dict(form.cleaned_data)
    typed.pop("version")
    if found:
        form.as_seen()
    done = save_protocol(found, **typed, steps=steps.steps, by=acting(request), now=timezone.now())
    messages.success(request, _("Saved. Incidents that are running keep the protocol they started with."))
    return see_other("responses:protocol", request.brand.slug, done.pk)


def with_more_rows(posted):
    """The same rows and three more, nothing typed lost."""
    data = posted.copy()
    shown = data.get("steps-TOTAL_FORMS") or "0"
    data["steps-TOTAL_FORMS"] = str(int(shown) + 3 if shown.isdecimal() and len(shown) < 9 else 3)
    return StepFormSet(data, prefix="steps")
