"""A client's deputy: who decides for them while they are away."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agency.access import may, people_who_may
from agency.roles import May
from responses.core.actors import acting
from responses.core.pages import refusals, see_other
from responses.errors import Refused
from responses.statements import deputising
from responses.statements.policy_forms import DeputyForm
from responses.statements.policy_models import Deputy

from . import showing


@may(May.PORTAL)
def deputy(request):
    house = [user for user in people_who_may(request.brand, May.PORTAL) if user != request.user]
    data = {**request.POST.dict(), "person": request.user.pk} if request.method == "POST" else None
    form = DeputyForm(data, for_whom=[request.user], people=house)
    now = timezone.now()
    if form.is_valid():
        try:
            deputising.name_deputy(**form.cleaned_data, by=acting(request), now=now)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The deputy is named."))
            return see_other(here(request))
    context = {"form": form, "named": own(request).first(), "house": house}
    page = showing.frame(request, now, **context)
    return render(request, "portal/deputy.html", page, status=422 if form.errors else 200)


def own(request):
    return Deputy.objects.filter(person_id=acting(request).id)


def here(request) -> str:
    return reverse("portal:deputy", args=[request.brand.slug])


@may(May.PORTAL)
@require_POST
@refusals
def deputy_end(request):
    deputising.let_go(get_object_or_404(own(request)), by=acting(request), now=timezone.now())
    messages.success(request, _("Nobody stands in any more."))
    return see_other(here(request))
