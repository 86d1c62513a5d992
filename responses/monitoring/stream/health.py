"""Whether the stream is heard, told from what its listener leaves behind."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenants.models import Heartbeat, StreamPlace

NOBODY_AFTER = timedelta(seconds=60)  # without a beat
BEHIND_AFTER = timedelta(minutes=5)  # without a word of the network's


def trouble(now) -> str:
    """Why nothing is heard, in words; "" when all is well."""
    beat = Heartbeat.objects.filter(name="listen").first()
    if beat is None or now - beat.beat_at > NOBODY_AFTER:
        return _("Nobody hears the stream. Is “manage.py listen” running?")
    at = heard_at()
    if at is not None and now - at > BEHIND_AFTER:
        return _("The network has not been heard for a while. Tugon keeps trying, and then catches up.")
    return ""


def last_heard(now) -> str:
    """How long ago anything came, in words."""
    at = heard_at()
    if at is None:
        return _("Will be heard from now on.")
    ago = max(0, int((now - at).total_seconds()))
    found = ngettext("Last heard %(n)s second ago.", "Last heard %(n)s seconds ago.", ago)
    return found % {"n": ago}


def heard_at():
    place = StreamPlace.objects.exclude(heard_at=None).order_by("-heard_at").first()
    return place.heard_at if place else None
