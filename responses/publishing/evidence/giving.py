"""The pack of one publication, sealed, for whichever door asks: the desk, the portal, the API."""

from django.utils.translation import gettext as _

from responses.errors import NotAllowed
from responses.publishing import states
from responses.publishing.models import Publication

from . import packing, sealing


def whole():
    return Publication.objects.select_related("statement__incident", "revision", "channel", "variant")


def packed():
    """What there is a pack of: that which is out. Of the rest there is nothing to prove yet."""
    return whole().filter(status=states.PUBLISHED)


def give(publication: Publication, *, now) -> dict:
    if publication.status != states.PUBLISHED:
        raise NotAllowed(_("There is evidence only of what is out."))
    return sealing.seal(packing.pack(publication, now=now))
