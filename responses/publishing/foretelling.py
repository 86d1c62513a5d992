"""When a statement goes out, for those who decide on it and those who wait for it.

Before it is released its `Slot`s say so, then its rows in the outbox. A time that is over means at once.
"""

from dataclasses import dataclass, field
from datetime import datetime

from responses.statements import tongues

from . import scheduling, states
from .models import Publication


@dataclass
class Outlook:
    """What is still to go out of one revision: {time, or None for at once: channels}; at once comes first."""

    at: dict[datetime | None, list] = field(default_factory=dict)
    begun: bool = False  # it stands in the outbox
    stuck: bool = False  # the outbox holds one that only people can bring further
    called_off: bool = False  # all of it

    @property
    def is_timed(self) -> bool:
        return any(self.at)

    @property
    def times(self) -> list[tuple]:
        return sorted(self.at.items(), key=lambda one: one[0].timestamp() if one[0] else 0)


def outlook(revision, now) -> Outlook:
    rows = {row.channel_id: row for row in Publication.objects.filter(revision=revision)}
    ends = {row.status for row in rows.values()}
    saved = scheduling.times_of(revision.statement)
    found = Outlook(
        begun=bool(rows),
        stuck=bool(ends & {states.FAILED, states.BLOCKED, states.UNKNOWN}),
        called_off=ends == {states.CANCELLED},
    )
    for variant in tongues.leading(revision):
        row = rows.get(variant.channel_id)
        if row is None or row.status in (states.QUEUED, states.SENDING):
            at = row.scheduled_at if row else saved.get(variant.channel_id)
            found.at.setdefault(at if at and at > now else None, []).append(variant.channel)
    return found
