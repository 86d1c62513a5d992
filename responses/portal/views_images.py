"""The pictures of what the client was asked about, by account and by the link of a letter."""

from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_safe

from agency.access import by_link, may
from agency.roles import May
from responses.errors import Refused
from responses.statements import links
from responses.statements.image_models import Image
from responses.statements.views_images import shown

from . import access
from .views_link import for_its_reader


def of_steps(steps):
    """What these wordings show, and no other: a draft's pictures are the agency's own."""
    return Image.objects.filter(uses__revision__review__steps__in=steps).distinct()


@may(May.PORTAL)
@require_safe
def image(request, name):
    return shown(request, of_steps(access.shown_steps()), name)


@by_link
@require_safe
@for_its_reader
def link_image(request, found, token, name):
    """As long as the link shows the statement; afterwards there is nothing here either."""
    try:
        links.refuse_dead(found, timezone.now())
    except Refused:
        raise Http404 from None
    statement = found.step.review.revision.statement_id
    return shown(request, of_steps(access.shown_steps().filter(review__revision__statement=statement)), name)
