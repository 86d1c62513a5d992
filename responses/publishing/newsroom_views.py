"""The public newsroom: pages that anyone and any cache may keep. No cookie is set and no session is read.

They speak the language of their address, not the reader's, so that one address is one page. They are drawn
without the request, so nothing of a person can get in. Where the pages stand as files (`newsroom_files`), a
reader gets those, and never comes here.
"""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from agency.access import brand_public
from agency.standing import CACHED, FOR_EVER
from responses.statements import imaging

from . import newsroom, newsroom_pages, newsroom_pictures
from .newsroom_pages import Page, Place


@brand_public
@require_safe
def home(request, language=""):
    place = place_of(request, language)
    return answer(request, place, newsroom_pages.home(place, page_number(request)))


def page_number(request) -> int:
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isdecimal() and 0 < len(asked) < 6 and int(asked) else 1


@brand_public
@require_safe
def post(request, slug, language=""):
    place = place_of(request, language)
    return answer(request, place, newsroom_pages.statement(place, slug))


@brand_public
@require_safe
def feed(request, language=""):
    place = place_of(request, language)
    return answer(request, place, newsroom_pages.atom(place))


@brand_public
@require_safe
def json_feed(request, language=""):
    place = place_of(request, language)
    return answer(request, place, newsroom_pages.json_feed(place))


@brand_public
@require_safe
def picture(request, slug, name):
    """Of a statement that stands here, and of no other. Other bytes have another name: it may be kept."""
    found = newsroom_pictures.find(newsroom.standing(), slug, name)
    if found is None:
        return answer(request, place_of(request), None)
    response = HttpResponse(bytes(found.content), content_type=imaging.known(found.media_type))
    response["ETag"] = f'"{found.sha256[:32]}"'
    response["Cache-Control"] = FOR_EVER
    return get_conditional_response(request, response["ETag"], None, response)


@brand_public
@require_safe
def elsewhere(request, rest):
    """Any other address in the newsroom: a statement whose last slash was lost, or nothing."""
    place = place_of(request)
    if "\0" not in rest and newsroom.standing().filter(slug=rest[:80]).exists():
        return redirect(place.path(rest), permanent=True)
    return answer(request, place, None)


def place_of(request, language="") -> Place:
    origin = request.build_absolute_uri("/")
    return Place(request.brand, origin, getattr(request, "urlconf", None) or "agency.urls", language)


def answer(request, place: Place, page: Page | None):
    """The page, or 304 for one who has it. The tag is taken over the whole page, so it never lies."""
    page = page or newsroom_pages.missing(place)
    response = HttpResponse(page.body, content_type=page.content_type, status=page.status)
    if page.status != 200:
        return response
    response["ETag"] = page.etag
    response["Content-Language"] = page.language
    if page.modified:
        response["Last-Modified"] = http_date(page.modified)
    response["Cache-Control"] = CACHED
    return get_conditional_response(request, page.etag, page.modified, response)
