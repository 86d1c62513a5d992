"""The clocks on the wall of an incident room: what was promised, what was kept, what is running.

A promise made stays: a raised level brings it forward, counted from the raise; a lowered one does not
push it back. Facts about statements are read from the timeline, since statements are a later slice.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from responses.core import clocks as core
from responses.core.models import Event

from .severity import NOTICE, PROMISES

SPOKEN = {"publication.sent", "statement.published"}  # public on one channel; on all of them
ENDS = {"incident.resolved", "incident.reopened"}
KINDS = {"incident.opened", "incident.severity_changed", "statement.drafted"} | ENDS | SPOKEN
WHOLE = {"full", "apology", "denial", "resolution"}  # types that say what there is to say
TO_STAFF = "memo"
SOON_MINUTES = 15


@dataclass(frozen=True)
class Clock:
    """One promise: `value` is the figure that counts, `promised` what it is measured by."""

    label: str
    value: str
    promised: str
    state: str  # ok, late, waiting
    due_at: datetime | None = None
    is_soon: bool = False

    @property
    def look(self) -> str:
        return {"waiting": "soon" if self.is_soon else ""}.get(self.state, self.state)


def clocks(incident, now) -> list[Clock]:
    """Noticed, acknowledged, holding statement, full statement, next public update."""
    events = list(Event.objects.filter(incident_id=incident.pk, kind__in=KINDS).order_by("seq"))
    levels, spoken = levels_of(incident, events), published(events)
    end = incident.resolved_at or now
    first_word = core.earliest(*(at for at, _type in spoken))
    full = core.earliest(*(at for at, type_ in spoken if type_ in WHOLE))
    return [
        noticed(incident),
        running(
            _("Acknowledged"),
            incident,
            incident.acknowledged_at,
            due(levels, "acknowledge", incident.acknowledged_at),
            end,
        ),
        running(_("Holding statement"), incident, first_word, due(levels, "holding", first_word), end),
        running(_("Full statement"), incident, full, None, end),
        next_update(incident, levels, spoken, taken_up(events), end),
    ]


def levels_of(incident, events) -> list[tuple]:
    """(since, level), oldest first."""
    opened = [e.data.get("severity") for e in events if e.kind == "incident.opened"]
    changes = [(e.at, e.data["after"]) for e in events if e.kind == "incident.severity_changed"]
    return [(incident.opened_at, opened[0] if opened else incident.severity), *changes]


def taken_up(events) -> list:
    """When it was opened again after its end; what was only contained promised all the while."""
    ends = [event for event in events if event.kind in ENDS]
    pairs = zip(ends, ends[1:], strict=False)
    return [b.at for a, b in pairs if (a.kind, b.kind) == ("incident.resolved", "incident.reopened")]


def published(events) -> list[tuple]:
    """(when, type) of each time the public could read a word; of old ones the draft's event has the type.

    A memo to staff is out and not public.
    """
    types = {e.subject_id: e.data.get("type") for e in events if e.kind == "statement.drafted"}
    said = [
        (e.at, e.data.get("type") or types.get(e.data.get("statement", e.subject_id), ""))
        for e in events
        if e.kind in SPOKEN
    ]
    return [(at, type_) for at, type_ in said if type_ != TO_STAFF]


def due(levels, promise: str, done_at=None):
    """The earliest moment any level in force until `done_at` promised."""
    in_force = [(since, level) for since, level in levels if done_at is None or since <= done_at]
    return core.earliest(*(core.after(since, getattr(PROMISES[level], promise)) for since, level in in_force))


def noticed(incident) -> Clock:
    """From the first mention to the alert, or to the opening by hand."""
    alert = incident.alert
    if alert is None or alert.first_mention is None:
        return Clock(_("Noticed"), _("by hand"), "", "ok")
    said_at = alert.first_mention.published_at
    due_at = core.after(said_at, NOTICE)
    state = "late" if core.is_late(due_at, alert.opened_at) else "ok"
    return Clock(_("Noticed"), since(said_at, alert.opened_at), promise(said_at, due_at), state, due_at)


def running(label, incident, done_at, due_at, now) -> Clock:
    """A clock that started with the incident and stops when the thing is done."""
    opened = incident.opened_at
    if done_at:
        state = "late" if core.is_late(due_at, done_at) else "ok"
        return Clock(label, since(opened, done_at), promise(opened, due_at), state, due_at)
    if due_at is None:
        return Clock(label, "–", _("no time promised"), "waiting")
    if core.is_late(due_at, now):
        words = _("%(span)s late") % {"span": core.words(core.late_by(due_at, now))}
        return Clock(label, words, promise(opened, due_at), "late", due_at)
    if incident.resolved_at:
        return Clock(label, "–", _("the incident is resolved"), "ok", due_at)
    left = _("%(span)s left") % {"span": core.words(due_at - now)}
    return Clock(label, left, promise(opened, due_at), "waiting", due_at, soon(due_at, now))


def next_update(incident, levels, spoken, again, now) -> Clock:
    """The public is promised a next word; each statement restarts the clock at the level of the day.

    So does the day it is taken up again: while it was resolved nothing was promised.
    """
    label = _("Next public update")
    every = PROMISES[levels[-1][1]].update
    if not spoken or every is None:
        return Clock(
            label, "–", _("after the first statement") if every else _("no time promised"), "waiting"
        )
    last = max([at for at, _type in spoken] + again)
    if incident.resolved_at:
        return Clock(label, "–", _("the incident is resolved"), "ok")
    due_at = core.after(last, every)
    words = _("every %(span)s") % {"span": core.words(due_at - last)}
    if core.is_late(due_at, now):
        late = _("%(span)s late") % {"span": core.words(core.late_by(due_at, now))}
        return Clock(label, late, words, "late", due_at)
    return Clock(label, core.wall(due_at, now), words, "waiting", due_at, soon(due_at, now))


def since(start, at) -> str:
    return core.words(max(core.NO_TIME, at - start))


def promise(start, due_at) -> str:
    return _("promised %(span)s") % {"span": core.words(due_at - start)} if due_at else ""


def soon(due_at, now) -> bool:
    return due_at <= core.after(now, SOON_MINUTES)
