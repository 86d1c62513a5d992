"""Setting up where mentions come from."""

import base64
import json
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from responses import due as dues
from responses.core import history
from responses.core.transitions import change, move
from responses.errors import Invalid, NotAllowed
from tenants import context, jobs

from . import states
from .models import Source
from .sources.registry import SOURCES

MOST_SECONDS = 24 * 3600
LEAST_PAUSE = timedelta(seconds=Source.MINIMUM_SECONDS)
OLD_SECRET_LIVES = timedelta(hours=24)
OLD_ADDRESS_LIVES = timedelta(days=7)  # mail servers try for five days, and every sender must be told
SIGNED = (Source.Kind.WEBHOOK, Source.Kind.EMAIL)  # their secret is ours, and signs what is brought
WELL = {"failures": 0, "error": "", "error_status": None, "wait_until": None}
NO_OLD_SECRET = {"previous_secret": "", "previous_until": None}


def is_polled(kind: str) -> bool:
    """Whether we ask; of the other kinds we are told."""
    return kind in SOURCES


def credentials_of(source: Source) -> dict:
    """What the adapter needs to be let in. Never for a page, a log or the API."""
    return json.loads(source.secret) if source.secret and is_polled(source.kind) else {}


@transaction.atomic
def add_source(*, kind, name, config, by, now, every_seconds=300, credentials=None) -> Source:
    """A new source; one that we ask is read at once, one that is brought to us gets its signing secret."""
    source = Source(
        kind=kind, name=checked_name(name), config=config, every_seconds=checked_pace(every_seconds)
    )
    source.secret = json.dumps(credentials) if credentials else ""
    if kind in SIGNED:
        source.secret = new_secret()
    source.due_at = now if is_polled(kind) else None
    source.save()
    history.record("source.added", by=by, now=now, subject=source, name=source.name, kind_of_source=kind)
    read_soon(source, now)
    return source


@transaction.atomic
def change_source(source: Source, *, by, now, **fields) -> Source:
    """Change its name, address or pace; a stopped one listens again, since a person has mended it."""
    fields["name"] = checked_name(fields.get("name", source.name))
    fields["every_seconds"] = checked_pace(fields.get("every_seconds", source.every_seconds))
    refuse_removed(source)
    if given := fields.pop("credentials", None):
        fields["secret"] = json.dumps(credentials_of(source) | given)
    if is_polled(source.kind):
        is_same = "secret" not in fields and fields.get("config", source.config) == source.config
        fields |= WELL | {"due_at": soonest(source, now) if is_same else now}
    change(source, **fields)
    history.record("source.changed", by=by, now=now, subject=source, name=source.name)
    if source.status == states.STOPPED:
        resume(source, by=by, now=now)
    else:
        read_soon(source, now)
    return source


def pause(source: Source, *, by, now) -> Source:
    """Stop reading, and refuse what is delivered, until resumed."""
    return move(source, states.PAUSED, by=by, now=now, kind="source.paused", data={"name": source.name})


@transaction.atomic
def resume(source: Source, *, by, now) -> Source:
    """Listen again, from now on without the memory of failures."""
    fields = WELL | {"due_at": soonest(source, now) if is_polled(source.kind) else None}
    move(
        source,
        states.LISTENING,
        by=by,
        now=now,
        kind="source.resumed",
        data={"name": source.name},
        **fields,
    )
    read_soon(source, now)
    return source


def remove(source: Source, *, by, now) -> Source:
    """Never listen to it again. Its mentions stay, its credentials and what its adapter remembered do not."""
    return move(
        source,
        states.REMOVED,
        by=by,
        now=now,
        kind="source.removed",
        data={"name": source.name},
        secret="",
        state={},
        due_at=None,
        **WELL,
        **NO_OLD_SECRET,
    )


def refuse_removed(source: Source) -> None:
    if source.status == states.REMOVED:
        raise NotAllowed(_("This source has been removed. Add it anew."))


# --- reading it now


@transaction.atomic
def read_now(source: Source, *, now) -> Source:
    """Have it read at once, unless it just was or the server asked for peace. Decides nothing: no event."""
    if not is_polled(source.kind) or source.status != states.LISTENING:
        raise NotAllowed(_("Only a source that Tugon reads, and that is not paused, can be read now."))
    if (at := soonest(source, now)) > now:
        told = {"seconds": round((at - now).total_seconds())}
        if at == source.wait_until:
            raise NotAllowed(_("The server asked Tugon to wait another %(seconds)s seconds.") % told)
        raise NotAllowed(_("It was read just now. It can be read again in %(seconds)s seconds.") % told)
    Source.objects.filter(pk=source.pk).update(due_at=now)
    source.due_at = now
    read_soon(source, now)
    return source


def soonest(source: Source, now):
    """When it may be read next: not twice within its shortest pace, not before the server wants."""
    rested = source.last_tried_at + LEAST_PAUSE if source.last_tried_at else now
    return max(now, rested, source.wait_until or now)


def read_soon(source: Source, now) -> None:
    """Poke the worker now; if the poke is lost the tick finds the source a minute later."""
    dues.by(now + timedelta(minutes=1))
    if is_polled(source.kind) and source.status == states.LISTENING:
        jobs.enqueue("read_source", context.current(), source_id=source.pk)


# --- the secret of a webhook, and of an address that takes mail


@transaction.atomic
def renew_secret(source: Source, *, by, now, secret: str = "") -> str:
    """A new signing secret. The old one opens the door for a while, so that no delivery is lost."""
    refuse_removed(source)
    if source.kind not in SIGNED:
        raise NotAllowed(_("Only an inbound webhook or e-mail source has a signing secret."))
    lives = OLD_ADDRESS_LIVES if source.kind == Source.Kind.EMAIL else OLD_SECRET_LIVES
    secret, until = checked_secret(secret) if secret else new_secret(), now + lives
    change(source, secret=secret, previous_secret=source.secret, previous_until=until)
    history.record("source.changed", by=by, now=now, subject=source, name=source.name, what="secret")
    dues.by(until)
    return secret


@transaction.atomic
def end_old_secret(source: Source, *, by, now) -> Source:
    """The old secret opens nothing any more, from now on."""
    if source.previous_until is None:
        raise NotAllowed(_("There is no old secret that still works."))
    change(source, **NO_OLD_SECRET)
    history.record("source.changed", by=by, now=now, subject=source, name=source.name, what="old secret")
    return source


@dues.when_due
def erase_old_secrets(brand, now) -> None:
    """What opens nothing any more is not kept."""
    Source.objects.filter(previous_until__lte=now).update(**NO_OLD_SECRET)


def secrets_of(source: Source, now) -> list[str]:
    """The secrets a delivery may be signed with: the present one, and the one before while it lives."""
    lives = source.previous_until is not None and source.previous_until > now
    return [source.secret, *([source.previous_secret] if lives else [])]


def new_secret() -> str:
    """As Standard Webhooks wants it: 32 random bytes after a telling prefix."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def checked_secret(secret: str) -> str:
    wrong = Invalid(_("Give whsec_ and then 24 to 64 bytes in base64."), field="secret")
    try:
        length = len(base64.b64decode(secret.removeprefix("whsec_"), validate=True))
    except ValueError:
        raise wrong from None
    if not secret.startswith("whsec_") or not 24 <= length <= 64:
        raise wrong
    return secret


def checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid(_("Give the source a name."), field="name")
    if len(name) > 120:
        raise Invalid(_("Use at most 120 characters."), field="name")
    return name


def checked_pace(seconds: int) -> int:
    if not Source.MINIMUM_SECONDS <= seconds <= MOST_SECONDS:
        message = _("Between %(least)s seconds and a day.") % {"least": Source.MINIMUM_SECONDS}
        raise Invalid(message, field="every_seconds")
    return seconds
