"""How the stream of one Mastodon source fares, kept beside it: `manage.py listen` writes, its page reads."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agency.retelling import retell
from responses.monitoring.models import Source

SILENT_AFTER = timedelta(seconds=90)  # a server says every 15 seconds that it is there


def note(source_id: int, trouble: str, now) -> None:
    """That it was heard, or why it is not."""
    told = {"at": now.isoformat(), "trouble": trouble}
    Source.objects.filter(pk=source_id).update(live=told)


def is_live(source: Source) -> bool:
    return source.kind == Source.Kind.MASTODON and source.config.get("mode") == "stream"


def trouble(source: Source, now) -> str:
    """Why nothing is heard as it is written, in words; "" when all is well."""
    at = heard_at(source)
    if at is None or now - at > SILENT_AFTER:
        if why := source.live.get("trouble"):
            return retell(why)
        return _("Nobody hears the stream. Is “manage.py listen” running?")
    return retell(source.live.get("trouble", ""))


def last_heard(source: Source, now) -> str:
    ago = max(0, int((now - (heard_at(source) or now)).total_seconds()))
    found = ngettext("Open; last heard %(n)s second ago.", "Open; last heard %(n)s seconds ago.", ago)
    return found % {"n": ago}


def heard_at(source: Source) -> datetime | None:
    at = source.live.get("at")
    return datetime.fromisoformat(at) if at else None
