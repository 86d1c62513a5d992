"""Asking for letters, confirming and leaving: public, without a session, in few words.

A look changes nothing, since mail scanners follow every link; a button does. The one click of a mail program
is a POST (RFC 8058). No CSRF token: there is no session that somebody else could ride on, and whoever can
make a browser send this could as well send it themselves.
"""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency.access import brand_public
from responses.errors import Invalid

from . import newsroom_pages, subscribing
from .newsroom_pages import Place
from .newsroom_views import place_of

FROM_ONE_PLACE = 20  # addresses asked for from one IP address in an hour
HOUR = 3600


@csrf_exempt
@brand_public
@require_POST
def subscribe(request):
    """The same answer for every address, so that nobody learns who reads along."""
    place = place_of(request, spoken(request))
    with translation.override(place.spoken):
        if request.POST.get("website"):  # no person sees that field
            return see_other_in(place, "subscribed")
        if is_too_many(request):
            return page(place, _("Too many at once"), _("Try again in an hour."), status=429)
        try:
            subscribing.ask(request.POST.get("email", ""), place.spoken, now=timezone.now())
        except Invalid as refusal:
            typed = request.POST.get("email", "")[:254]
            return page(
                place, _("Statements by e-mail"), error=refusal.message, ask=True, typed=typed, status=422
            )
    return see_other_in(place, "subscribed")


def spoken(request) -> str:
    """The language of the page the form stood on; empty for the brand's own."""
    given = request.POST.get("language", "")
    return given if given in newsroom_pages.LANGUAGES and given != request.brand.language else ""


def is_too_many(request) -> bool:
    key = f"subscribe-{request.brand.pk}-{get_adapter().get_client_ip(request)}"
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key) > FROM_ONE_PLACE
    except ValueError:  # it ended in between
        return False


@brand_public
@require_safe
def subscribed(request):
    place = place_of(
        request, request.GET.get("in", "") if request.GET.get("in") in newsroom_pages.LANGUAGES else ""
    )
    with translation.override(place.spoken):
        words = _("If the address is right, a letter is on its way. Open it and press the button in it.")
        return page(place, _("Look into your mailbox"), words)


@csrf_exempt
@brand_public
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, token):
    found = subscribing.find(token, subscribing.CONFIRM)
    place = place_for(request, found)
    with translation.override(place.spoken):
        if found is None:
            return unknown(place)
        if request.method == "POST":
            subscribing.confirm(found, now=timezone.now())
            words = _("From now on %(email)s gets every statement.") % {"email": found.email}
            return page(place, _("It is done"), words)
        words = _("Shall %(email)s get every official statement?") % {"email": found.email}
        return page(place, _("Statements by e-mail"), words, button=_("Yes, write to me"))


@csrf_exempt
@brand_public
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request, token):
    found = subscribing.find(token, subscribing.LEAVE)
    place = place_for(request, found)
    with translation.override(place.spoken):
        if found is None:
            return unknown(place)
        if request.method == "POST":
            subscribing.leave(found, now=timezone.now())
            return page(place, _("It is done"), _("%(email)s gets no more letters.") % {"email": found.email})
        words = _("Shall %(email)s get no more letters?") % {"email": found.email}
        return page(place, _("No more letters"), words, button=_("No more letters"))


def place_for(request, found) -> Place:
    language = found.language if found else ""
    return place_of(request, language if language != request.brand.language else "")


def unknown(place: Place) -> HttpResponse:
    return page(place, _("This link leads nowhere"), _("It may be mistyped, or too old."), status=404)


def page(place: Place, heading: str, words: str = "", status: int = 200, **more) -> HttpResponse:
    """Never kept by a cache, never told on: the address may be a secret."""
    context = newsroom_pages.shared(place, None) | {"heading": heading, "words": words} | more
    response = HttpResponse(render_to_string("newsroom/subscription.html", context), status=status)
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def see_other_in(place: Place, name: str) -> HttpResponse:
    address = place.path(name=name)
    return HttpResponse(
        status=303, headers={"Location": address + (f"?in={place.language}" if place.language else "")}
    )
