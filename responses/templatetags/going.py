"""When something goes out, in the brand's own time and with its name: {% load going %}."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from agency.templatetags import wording
from responses.publishing import foretelling

register = template.Library()


@register.simple_tag(takes_context=True)
def outlook(context, revision):
    """What is still to go out of a revision, and when: see `foretelling`."""
    return foretelling.outlook(revision, wording.moment(context))


@register.simple_tag(takes_context=True)
def goes_at(context, at):
    """“today at 20:00, Manila time”: whoever reads it, wherever they are, reads the same hour."""
    words = hour_words(at, wording.moment(context), context["brand"].time_zone)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(), wording.full_words(at), words
    )


def hour_words(at: datetime, now: datetime, zone: str) -> str:
    here, today = (timezone.localtime(one, ZoneInfo(zone)) for one in (at, now))
    told = {"hour": f"{here:%H:%M}", "city": zone.rpartition("/")[2].replace("_", " ")}
    if here.date() == today.date():
        return _("today at %(hour)s, %(city)s time") % told
    day = date_format(here, "j M" if here.year == today.year else "j M Y")
    return _("%(day)s at %(hour)s, %(city)s time") % {"day": day, **told}
