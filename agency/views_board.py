"""The board: every brand on one screen, live."""

import hashlib

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from . import access, board
from .access import signed_in
from .roles import May


@signed_in
@require_safe
def show(request):
    """Reads one public row per brand. A poll that has seen this state already gets 304."""
    now = timezone.now()
    rows = board.rows(access.brands_of(request.user), now)
    may_add = access.may_at_agency(request.user, May.BRANDS)
    if not rows and not may_add:
        raise Http404
    etag = quote_etag(fingerprint(request, rows, now))
    response = get_conditional_response(request, etag=etag) if request.htmx else None
    if response is None:
        context = {
            "rows": rows,
            "headline": board.headline(rows),
            "foot": board.foot(rows),
            "worst": next((row for row in rows if row.needs_people), None),
            "may_add": may_add,
            "now": now,
        }
        template = "agency/board.html#board" if request.htmx else "agency/board.html"
        response = render(request, template, context)
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    return response


def fingerprint(request, rows, now) -> str:
    """All that the page is made of; to the minute, because it says how late things are."""
    person, minute = request.user, now.replace(second=0, microsecond=0)
    said = [(row.brand.pk, row.brand.name, row.brand.status, row.pulse.refreshed_at) for row in rows]
    whole = (person.pk, person.language, person.time_zone, minute, said)
    return hashlib.sha256(repr(whole).encode()).hexdigest()[:32]
