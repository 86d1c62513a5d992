"""After it went out: is it still there, and does it still say what was approved?

It is read back five minutes, an hour, six hours, a day and a week later. What somebody changed or deleted
outside is told in the history, as an alarm, and on the page; nothing is done about it.
"""

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import Min

from responses import due
from responses.core import history, transitions
from responses.core.actors import TUGON
from responses.statements import breaking
from tenants import jobs

from . import sending, states
from .channels.base import ReadBack
from .models import Publication
from .settling import locked

log = logging.getLogger(__name__)
LOOKS = [
    timedelta(minutes=5),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=7),
]
JOB_SECONDS = 15
Outside = Publication.Outside
KINDS: dict[str, str] = {
    Outside.CHANGED: "publication.changed_outside",
    Outside.GONE: "publication.gone_outside",
    Outside.SAME: "publication.same_again",
}


def to_be_looked_at(now):
    return Publication.objects.filter(status=states.PUBLISHED, look_at__lte=now).order_by("look_at")


def look_due(now) -> int:
    """Look at what is due for a look; returns how many. What there is no time for stays due."""
    started, count = time.monotonic(), 0
    for publication in list(to_be_looked_at(now).select_related("channel", "variant", "revision")[:50]):
        if time.monotonic() - started > JOB_SECONDS:
            break
        look(publication, now=now)
        count += 1
    return count


def look(publication: Publication, *, now) -> str:
    """Read one back and write down what was found; returns what is known of it then."""
    try:
        speaker = sending.adapter(publication.channel, now=now)
        if not speaker.readable:
            return write(publication, "", None, now, again=False)
        found = speaker.read_back(sending.post_of(publication), publication.external_id)
    except Exception as error:  # that it cannot be read says nothing of it
        log.warning("publication %s cannot be looked at: %s", publication.pk, error)
        return write(publication, "", None, now)
    return write(publication, meaning(publication, found), found, now)


def meaning(publication: Publication, found: ReadBack | None) -> str:
    """One that only a person saw, and that has no id, is not gone because it is not found."""
    if found is None:
        return Outside.GONE if publication.external_id else ""
    return Outside.SAME if sending.is_as_approved(publication, found) else Outside.CHANGED


def write(publication: Publication, outside: str, found: ReadBack | None, now, *, again=True) -> str:
    with transaction.atomic():
        held = locked(publication)
        fields = {"look_at": next_look(held, now) if again else None}
        if outside:
            text = found.text if found and outside == Outside.CHANGED else ""
            fields |= {"looked_at": now, "outside": outside, "outside_text": text[:20_000]}
            tell_if_new(held, outside, text, now)
        if found and not held.external_id:
            fields |= {"external_id": found.external_id, "url": found.url}
        transitions.change(held, **fields)
        due.by(fields["look_at"])
    return held.outside


def tell_if_new(held: Publication, outside: str, text: str, now) -> None:
    """Once for each change; that it still is as it was is no news."""
    before = held.outside or Outside.SAME
    if outside == before and text == held.outside_text:
        return
    told = {"statement": held.statement_id, "title": held.revision.title, "channel": held.channel.name}
    told |= {"url": held.url, "alarm": outside != Outside.SAME} | ({"found": text[:500]} if text else {})
    incident = breaking.incident_of(held.statement)
    history.record(KINDS[outside], by=TUGON, now=now, subject=held, incident=incident, **told)


def next_look(publication: Publication, now):
    """None after the last."""
    began = publication.published_at or now
    moments = [began + each for each in LOOKS]
    return next((at for at in moments if at > now), None)


@due.when_due
def work_due(brand, now):
    if to_be_looked_at(now).exists():
        jobs.enqueue("look_after_publications", brand)


@due.comes_next
def next_due_at(now):
    return Publication.objects.filter(look_at__isnull=False).aggregate(at=Min("look_at"))["at"]
