"""What went out by breaking the glass, for the client to approve afterwards, or not."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agency.access import may
from agency.roles import May
from responses.core import proving
from responses.core.actors import acting
from responses.core.pages import see_other
from responses.errors import Invalid, Refused
from responses.statements import breaking, querysets, states, views_glass
from responses.statements.glass_forms import GlassForm
from responses.statements.glass_models import Glass

from . import showing


def shown(pk) -> Glass:
    """Before it is broken a text that stands by is the agency's own."""
    out = Glass.objects.filter(status__in=(states.BROKEN, states.UPHELD, states.REGRETTED))
    return get_object_or_404(out.select_related("statement", "revision", "incident"), statement=pk)


@may(May.PORTAL)
@require_safe
def glass(request, pk):
    return page(request, shown(pk))


def page(request, found, form=None, refusal=None):
    me = acting(request)
    context = {
        "glass": found,
        "revision": found.revision,
        "words": list(found.words.all()),
        "spoken": found.words.filter(person_id=me.id).exists(),
        "rows": querysets.side_by_side(None, found.revision),
        "may_judge": request.standing.may(May.APPROVE) and "client" in breaking.waits_for(found),
        "factor": proving.asked_of(request.user, is_asked=True, is_fresh=me.is_fresh),
        "form": form or GlassForm(),
        "refusal": refusal,
    }
    framed = showing.frame(request, timezone.now(), **context)
    return render(request, "portal/glass.html", framed, status=refusal.status if refusal else 200)


@may(May.APPROVE)
@require_POST
def glass_judge(request, pk):
    found, form = shown(pk), GlassForm(request.POST)
    try:
        if not form.is_valid() or form.cleaned_data["do"] not in ("uphold", "regret"):
            raise Invalid(_("Choose what to do."))
        views_glass.judged(found, form.cleaned_data, proving.acting_now(request, form.cleaned_data["code"]))
    except Refused as refusal:
        return page(request, shown(pk), form, refusal)
    return see_other(reverse("portal:glass", args=[request.brand.slug, pk]))
