"""How a source is doing, in words, and what a person can do about it."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agency.retelling import retell

from . import mailbox, states
from .models import Source
from .sources.registry import SOURCES
from .stream import health as stream
from .stream import living

BROKEN, FAILING, LATE, PAUSED, WAITING, WELL = range(6)  # who needs a person first
GRACE = timedelta(minutes=10)  # what the worker may be behind


@dataclass(frozen=True)
class Health:
    rank: int
    word: str
    chip: str  # the kind of chip the word is shown in
    text: str = ""
    todo: str = ""  # what a person can do, where there is something to do


def of(source: Source, now) -> Health:
    if source.status == states.REMOVED:
        return Health(PAUSED, _("removed"), "plain", _("Tugon no longer listens here. Its mentions stay."))
    if source.status == states.STOPPED:
        return Health(BROKEN, _("stopped"), "late", retell(source.error), when_stopped(source))
    if source.status == states.PAUSED:
        return Health(PAUSED, _("paused"), "plain", _("Not read until somebody resumes it."))
    if source.failures:
        return Health(FAILING, _("failing"), "late", failing(source), when_failing(source, now))
    if source.due_at is not None and now - source.due_at > timedelta(seconds=source.every_seconds) + GRACE:
        return Health(LATE, _("late"), "late", _("It should have been read by now. Is the worker running?"))
    if source.kind == Source.Kind.STREAM:
        return of_stream(now)
    if source.kind == Source.Kind.EMAIL:
        return of_mail(source, now)
    if living.is_live(source):
        return of_living(source, now)
    if source.last_success_at is None:
        return Health(WAITING, _("new"), "wait", waiting(source))
    return Health(WELL, _("well"), "done", moved(source))


def of_stream(now) -> Health:
    if why := stream.trouble(now):
        return Health(LATE, _("late"), "late", why)
    return Health(WELL, _("well"), "done", stream.last_heard(now))


def of_mail(source: Source, now) -> Health:
    box = mailbox.box_of(source, now)
    if box.taken_at is None:
        return Health(WAITING, _("new"), "wait", _("Waits for its first mail."), box.todo)
    return Health(WELL, _("well"), "done", mailbox.summary(box), box.todo)


def of_living(source: Source, now) -> Health:
    """Read now and then all the same, so trouble with its stream makes it later and not deaf."""
    if why := living.trouble(source, now):
        every = _("Until it is heard again, Tugon reads it every %(minutes)s minutes.")
        return Health(LATE, _("late"), "late", why, every % {"minutes": source.every_seconds // 60})
    return Health(WELL, _("well"), "done", living.last_heard(source, now))


def failing(source: Source) -> str:
    times = ngettext("Failed once", "Failed %(n)s times in a row", source.failures) % {"n": source.failures}
    return f"{times}: {retell(source.error)}"


def waiting(source: Source) -> str:
    if source.kind in SOURCES:
        return _("Will be read for the first time in a moment.")
    if source.kind == Source.Kind.STREAM:
        return _("Waits for the first post that one of your rules matches.")
    if source.kind == Source.Kind.CSV:
        return _("Waits for its first file.")
    return _("Waits for its first delivery.")


def moved(source: Source) -> str:
    """A feed that has moved for good is read where it is now; the address a person typed stays as typed."""
    there = source.state.get("url", "")
    if not there or there == source.config.get("url", there):
        return ""
    return _("Moved for good, so it is read at %(url)s.") % {"url": there}


def when_stopped(source: Source) -> str:
    if source.error_status == 410:
        return _("Look for its new address and save it here, or remove the source.")
    return _("Mend what it says and save: then it listens again.")


def when_failing(source: Source, now) -> str:
    status = source.error_status
    if source.wait_until is not None and source.wait_until > now:
        return _("Nothing to do: Tugon waits as long as the server asked.")
    if status in (401, 403):
        if source.secret:
            return _("Give its password or key again: it may have been changed or taken back.")
        return _("Ask the site to let Tugon in, or take another address of it.")
    if status == 404:
        return _("Open the address in a browser. If it is gone, save the new one here.")
    if status == 429:
        return _("If it stays so, read it less often.")
    return _("Mostly this passes: Tugon tries again later and later. “Read now” tries at once.")
