"""When a statement goes out, channel by channel: at once, or at a time in the brand's own zone.

The time stands in a `Slot` until the statement is released, then in the outbox row. Nothing else waits: what
stops a row, a withdrawal, an edit, a person, stops the scheduled one too.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from responses import due
from responses.core import history, transitions
from responses.errors import Invalid, NotAllowed
from responses.statements.models import Channel, Statement
from responses.statements.states import APPROVED, EDITABLE
from tenants import context, jobs

from . import states
from .models import Publication, Slot

FURTHEST = timedelta(days=366)


@transaction.atomic
def schedule(statement: Statement, times: dict, *, by, now) -> None:
    """Set when it goes out, {channel id: time, or None for at once}; channels not named keep theirs.

    What is queued already and not yet begun moves with it.
    """
    statement = Statement.objects.select_for_update().get(pk=statement.pk)
    known = times_of(statement)
    if all(known.get(pk) == at for pk, at in times.items()):
        return
    if statement.status not in EDITABLE:
        raise NotAllowed(_("This is “%(now)s” now.") % {"now": statement.get_status_display()})
    if statement.stands_by and statement.status == APPROVED and any(times.values()):
        raise NotAllowed(_("This text stands by: it goes out only when two named people break the glass."))
    channels = Channel.objects.in_bulk(times)
    for pk, at in times.items():
        check(pk, at, channels, now)
    changed = [pk for pk, at in times.items() if put(statement, pk, at, by)]
    for pk in changed:
        move_queued(statement, pk, times[pk], by=by, now=now)
    if changed:
        told = {channels[pk].name: times[pk].isoformat() if times[pk] else "" for pk in changed}
        incident = statement.incident_id
        named = {"title": statement.title, "times": told}
        history.record("statement.scheduled", by=by, now=now, subject=statement, incident=incident, **named)


def check(pk: int, at: datetime | None, channels, now) -> None:
    field = f"times.{pk}"
    if pk not in channels:
        raise Invalid(_("There is no such channel in use."), field=field)
    if at is not None and at <= now:
        raise Invalid(_("This time is over."), field=field)
    if at is not None and at > now + FURTHEST:
        raise Invalid(_("This is more than a year away."), field=field)


def put(statement: Statement, pk: int, at: datetime | None, by) -> bool:
    """Whether it is another time than before."""
    before = Slot.objects.filter(statement=statement, channel=pk).first()
    if (before.go_at if before else None) == at:
        return False
    if at is None:
        Slot.objects.filter(statement=statement, channel=pk).delete()
    else:
        given = {"go_at": at, "set_by_name": by.name}
        Slot.objects.update_or_create(statement=statement, channel_id=pk, defaults=given)
    return True


def move_queued(statement: Statement, pk: int, at: datetime | None, *, by, now) -> None:
    """One that was tried already keeps the hour its channel asked for."""
    rows = Publication.objects.filter(statement=statement, channel=pk, status=states.QUEUED, attempts_made=0)
    for row in rows.select_for_update():
        transitions.change(row, due_at=at or now, scheduled_at=at)
        told = {"statement": statement.pk, "title": statement.title, "channel": row.channel.name}
        told["at"] = (at or now).isoformat()
        incident = statement.incident_id
        history.record("publication.rescheduled", by=by, now=now, subject=row, incident=incident, **told)
        due.by(row.due_at)
        if at is None:
            jobs.enqueue("release_publications", context.current())


def times_of(statement: Statement) -> dict[int, datetime]:
    return dict(Slot.objects.filter(statement=statement).values_list("channel_id", "go_at"))


def local(written: str, zone: str) -> datetime | None:
    """What a person typed in a field for date and time, in this zone; None for nothing."""
    written = written.strip()
    if not written:
        return None
    try:
        at = datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone))
        round_trip = datetime.fromtimestamp(at.timestamp(), at.tzinfo)
    except (ValueError, OverflowError, OSError):
        raise Invalid(_("Give the day and the time, like 2026-11-23 14:05.")) from None
    if round_trip.replace(tzinfo=None) != at.replace(tzinfo=None):
        raise Invalid(_("The clocks skip this hour on that day. Choose another."))
    return round_trip


def typed(at: datetime | None, zone: str) -> str:
    """For such a field."""
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if at else ""
