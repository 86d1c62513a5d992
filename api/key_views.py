"""The page of a brand's keys: making one, seeing it once, taking it back."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from agency.access import may
from agency.roles import May
from responses.core import secrets
from responses.core.actors import acting
from responses.core.pages import refusals, see_other
from responses.errors import Refused

from . import keys
from .forms import KeyForm
from .models import ApiKey

ONCE = "new key"


@may(May.CONNECT)
@never_cache
def page(request):
    """The keys there are; a new one is shown here right after it was made, and never again."""
    form, status = KeyForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and issued(request, form):
            return see_other("keys:keys", request.brand.slug)
    sealed = request.session.pop(f"{ONCE} {request.brand.pk}", "") if request.method == "GET" else ""
    now = timezone.now()
    rows = list(ApiKey.objects.all())
    for key in rows:
        key.is_open = key.works(now)
        key.is_working = key.is_open and keys.has_maker(key, request.brand)
    shown = {"rows": rows, "form": form, "new_key": secrets.decrypt(sealed) if sealed else "", "now": now}
    return render(request, "api/keys.html", shown, status=status)


def issued(request, form) -> bool:
    typed = form.cleaned_data
    try:
        _key, spelled = keys.issue(
            name=typed["name"],
            scopes=typed["scopes"],
            expires_at=form.expires_at(),
            by=acting(request),
            now=timezone.now(),
        )
    except Refused as refusal:
        field = "last_day" if refusal.field == "expires_at" else refusal.field
        form.add_error(field if field in form.fields else None, refusal.message)
        return False
    # It waits in the session, sealed with the brand's own key, for the one page that shows it.
    request.session[f"{ONCE} {request.brand.pk}"] = secrets.encrypt(spelled)
    return True


@may(May.CONNECT)
@require_POST
@refusals
def revoke(request, pk):
    keys.revoke(get_object_or_404(ApiKey, pk=pk), by=acting(request), now=timezone.now())
    return see_other("keys:keys", request.brand.slug)
