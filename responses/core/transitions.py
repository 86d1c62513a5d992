"""The one door of every state change: guard, compare-and-set, Event, effect on commit, in that order."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from responses.errors import Conflict, NotAllowed

from . import history
from .actors import Actor

CHANGED = _L("Somebody changed this while you were looking at it. Look again, then decide.")


def guard(thing, to: str) -> None:
    """Refuse a move that the model's table of moves does not know."""
    if to not in thing.MOVES[thing.status]:
        raise NotAllowed(
            _("This is “%(now)s” now, so it cannot become “%(to)s”.")
            % {"now": thing.get_status_display(), "to": dict(thing._meta.get_field("status").choices)[to]}
        )


def move(thing, to: str, *, by: Actor, now, kind: str, incident=None, data=None, **fields):
    """Move `thing` to state `to`, if it still is as we read it, and write the event `kind`.

    `fields` are columns to set with the state. The model has `MOVES`, `status` and `version`.
    Raises NotAllowed or Conflict and changes nothing.
    """
    guard(thing, to)
    with transaction.atomic():
        change(thing, status=to, **fields)
        history.record(kind, by=by, now=now, subject=thing, incident=incident, **(data or {}))
    return thing


def change(thing, **fields):
    """Compare-and-set columns on the version we read; the caller writes the event in the same transaction."""
    rows = type(thing).objects.filter(pk=thing.pk, version=thing.version)
    if not rows.update(version=F("version") + 1, **fields):
        raise Conflict(CHANGED)
    thing.version += 1
    for name, value in fields.items():
        setattr(thing, name, value)
    return thing
