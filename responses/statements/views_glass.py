"""Breaking the glass: the brand's rule, the page on which two let a text out, and the approval afterwards."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agency.access import may, people_who_may
from agency.roles import May
from responses.core import proving
from responses.core.actors import acting
from responses.core.pages import see_other
from responses.errors import Invalid, Refused
from responses.incidents import states as incident_states
from responses.incidents.models import Incident, Severity

from . import breaking, comparing, states
from .glass_forms import GlassForm, GlassRuleForm
from .glass_models import GlassRule
from .models import Statement
from .views import page_of


@may(May.GOVERN)
def glass_rule(request):
    held = GlassRule.objects.first()
    initial = {"is_on": held.is_on, "people": [one["id"] for one in held.people]} if held else {}
    people = people_who_may(request.brand, May.SEE)
    form = GlassRuleForm(request.POST or None, initial=initial, people=people)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("is_on", "people")}
        try:
            breaking.set_rule(**given, by=acting(request), now=timezone.now())
        except Refused as refusal:
            form.refuse(refusal, held)
        else:
            messages.success(request, _("Saved."))
            return see_other(page_of(request, "glass_rule"))
    context = {
        "form": form,
        "rule": held,
        "ready": Statement.objects.filter(stands_by=True, status=states.APPROVED),
        "now": timezone.now(),
    }
    return render(request, "statements/glass_rule.html", context, status=422 if form.errors else 200)


@may(May.SEE)
@require_safe
def glass(request, pk):
    return glass_page(request, get_object_or_404(Statement, pk=pk, stands_by=True))


def glass_page(request, statement, form=None, refusal=None):
    me, found = acting(request), breaking.current(statement, timezone.now())
    revision = found.revision if found else statement.latest
    allowed = breaking.rule()
    context = {
        "statement": statement,
        "revision": revision,
        "glass": found,
        "words": list(found.words.all()) if found else [],
        "spoken": found is not None and found.words.filter(person_id=me.id).exists(),
        "rows": comparing.rows(None, revision),
        "rule": allowed,
        "named": allowed is not None and me.id in {one["id"] for one in allowed.people},
        "incidents": critical(),
        "waits_for": breaking.waits_for(found) if found else [],
        "factor": proving.asked_of(request.user, is_asked=True, is_fresh=me.is_fresh),
        "form": form or GlassForm(),
        "refusal": refusal,
        "now": timezone.now(),
    }
    return render(request, "statements/glass.html", context, status=refusal.status if refusal else 200)


def critical():
    live = Incident.objects.filter(status__in=incident_states.LIVE, severity=Severity.CRITICAL)
    return live.order_by("-opened_at")


@may(May.SEE)  # whether they may let it out or judge it, the deed says: named people, and functions
@require_POST
def glass_say(request, pk):
    statement = get_object_or_404(Statement, pk=pk, stands_by=True)
    form = GlassForm(request.POST)
    try:
        if not form.is_valid():
            raise Invalid(_("Choose what to do."))
        said(statement, form.cleaned_data, proving.acting_now(request, form.cleaned_data["code"]))
    except Refused as refusal:
        return glass_page(request, statement, form, refusal)
    messages.success(request, WORDS[form.cleaned_data["do"]]())
    return see_other(page_of(request, "glass", pk))


WORDS = {
    "ask": lambda: _("You have asked. Another of the named people has half an hour to agree."),
    "agree": lambda: _("The glass is broken: the text goes out, and everybody is told."),
    "uphold": lambda: _("You approved it afterwards."),
    "regret": lambda: _("Everybody reads that this should not have gone out, and why."),
}


def said(statement, typed, by) -> None:
    """The deed that the button stands for."""
    given = {
        "revision_hash": typed["revision_hash"],
        "reason": typed["reason"],
        "by": by,
        "now": timezone.now(),
    }
    found = breaking.current(statement, timezone.now())
    if typed["do"] == "ask":
        incident = Incident.objects.filter(pk=typed["incident"]).first()
        breaking.ask(statement, incident=incident, **given)
        return
    if found is None:
        raise Invalid(_("Nobody has asked for it."))
    if typed["do"] == "agree":
        breaking.agree(found, **given)
    else:
        judged(found, typed, by)


def judged(found, typed, by) -> None:
    is_right = typed["do"] == "uphold"
    breaking.judge(found, is_right=is_right, comment=typed["reason"], by=by, now=timezone.now())
