"""The evidence pack of what the client approved, for the client to keep."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from agency.access import may
from agency.roles import May
from responses.publishing.evidence import giving
from responses.publishing.evidence.views import download

from . import access


@may(May.PORTAL)
@require_safe
def evidence(request, pk, ending):
    """Only of statements the client was asked about: the agency's own decisions are not theirs to read."""
    asked = access.shown_steps().values("review__revision__statement")
    return download(request.brand, get_object_or_404(giving.packed(), pk=pk, statement__in=asked), ending)
