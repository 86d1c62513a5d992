"""Pages that belong to nobody in particular: home, language, health, and the pages for errors."""

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, OperationalError, connection
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language as set_cookie

from tenants.models import Heartbeat

from . import access
from .access import BrandSuspended, public_page, signed_in
from .middleware import away
from .models import User
from .roles import CLIENT_ROLES

BEAT_IS_LATE = 90  # seconds


@signed_in
@require_safe
def home(request):
    """Each to their own door: staff to the board, a client to the portal, a stranger to kind words."""
    if access.brands_of(request.user).exists() or access.is_director(request.user):
        return redirect("board")
    portals = list(access.brands_of(request.user, CLIENT_ROLES))
    if len(portals) == 1:
        return redirect("portal:home", portals[0].slug)
    return render(request, "agency/home.html", {"portals": portals})


@public_page
@require_POST
def set_language(request):
    """Remember the language in a cookie, and for a person in their profile."""
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=chosen)
        translation.activate(chosen)
    return set_cookie(request)


@public_page
@require_safe
def sign_in_elsewhere(request):
    """From a brand's own host to the common one: passkeys and sessions belong to one host only."""
    there = f"/portal/{request.brand.slug}/"
    asked = request.GET.get("next", "")
    if asked.startswith("/portal/"):
        there += asked.removeprefix("/portal/")
    login = reverse(settings.LOGIN_URL, urlconf=settings.ROOT_URLCONF)
    return redirect(f"{settings.TUGON_ADDRESS}{login}?{urlencode({'next': there})}")


@public_page
@require_safe
def healthz(request):
    """For monitors: 200 while the database answers and the worker's heart beats, else 503. Names nobody."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        beat = Heartbeat.objects.filter(pk="worker").first()
    except DatabaseError:
        connection.close()
        return JsonResponse({"database": "away", "worker": "unknown"}, status=503)
    age = (timezone.now() - beat.beat_at).total_seconds() if beat else None
    well = age is not None and age < BEAT_IS_LATE
    answer = {
        "database": "ok",
        "worker": "ok" if well else "late",
        "worker_beat_age_s": None if age is None else round(age),
    }
    return JsonResponse(answer, status=200 if well else 503)


# --- when it goes wrong


@public_page
def bad_request(request, exception=None):
    if isinstance(exception, RequestDataTooBig):
        return wrong(request, 413, _("Send at most 6 MiB at once."), "too_large")
    return wrong(request, 400, _("The request could not be understood."), "bad_request")


@public_page
def forbidden(request, exception=None):
    if isinstance(exception, BrandSuspended):
        return wrong(request, 403, str(exception), "brand_suspended", says_why=True)
    return wrong(request, 403, _("You may not do this."), "forbidden", may=str(exception or ""))


@public_page
def not_found(request, exception=None):
    return wrong(request, 404, _("There is nothing here."), "not_found")


@public_page
def broken(request):
    """500; but a database that is away is 503, also when it went in a middleware, before any view."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError):
        return away(request, error)
    return wrong(request, 500, _("Something broke on our side."), "broken")


@public_page
def csrf_failure(request, reason=""):
    return wrong(request, 403, _("This page was open too long. Go back, reload it and try again."), "csrf")


def wrong(request, status, words, code, **context):
    """The error as a page, or under /api/ as problem+json (RFC 9457)."""
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": words, "status": status, "code": code}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    return render(request, f"{status}.html", {"words": words, "code": code, **context}, status=status)
