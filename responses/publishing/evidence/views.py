"""The pack to take away, for those at the desk."""

import json

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from agency.access import may
from agency.roles import May
from responses.publishing.models import Publication

from . import giving, typesetting


@may(May.SEE)
@require_safe
def evidence(request, pk, ending):
    return download(request.brand, get_object_or_404(giving.packed(), pk=pk), ending)


def download(brand, publication: Publication, ending: str) -> HttpResponse:
    """The pack as a file: `pdf` to read, `json` to verify."""
    pack = giving.give(publication, now=timezone.now())
    if ending == "pdf":
        lines = typesetting.lines_of(publication, pack, brand)
        body = typesetting.pdf(pack, lines, translation.get_language() or "en")
        response = HttpResponse(body, content_type="application/pdf")
    else:
        body = json.dumps(pack, ensure_ascii=False, indent=1).encode()
        response = HttpResponse(body, content_type="application/json")
    name = f"{brand.slug}-evidence-{publication.pk}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
