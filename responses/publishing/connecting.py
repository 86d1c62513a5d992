"""Where the brand may speak: adding a channel, changing it, and trying the connection without publishing."""

import json
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from responses.core import history, transitions
from responses.errors import Invalid
from responses.statements.models import Channel

from . import attention, sending
from .channels.base import ChannelError, credentials_of


@transaction.atomic
def add(*, kind, name, by, now, config=None, credentials=None, speaks="") -> Channel:
    """A new channel. Its credentials are kept encrypted and never shown again."""
    refuse_taken(name)
    last = Channel.objects.order_by("-position").first()
    with refused_when_taken():
        channel = Channel.objects.create(
            kind=kind,
            name=name,
            config=config or {},
            speaks=speaks,
            secret=json.dumps(credentials) if credentials else "",
            position=last.position + 1 if last else 0,
        )
    tell("channel.added", channel, by=by, now=now)
    return channel


@transaction.atomic
def change(channel, *, name, is_active, by, now, config=None, credentials=None, speaks=None) -> Channel:
    """What is given anew takes the place of what was there; a secret that is not given stays."""
    refuse_taken(name, but=channel.pk)
    fields = {} if config is None else {"config": config}
    if credentials:
        kept = credentials_of(channel.secret)
        fields["secret"] = json.dumps(kept | credentials)
    if fields:
        fields |= {"trouble": "", "troubled_at": None}  # somebody has mended it, or will hear of it again
    speaks = channel.speaks if speaks is None else speaks
    with refused_when_taken():
        transitions.change(channel, name=name, is_active=is_active, speaks=speaks, **fields)
    tell("channel.changed", channel, by=by, now=now)
    return channel


def tell(kind, channel, *, by, now) -> None:
    """With everything but the secret."""
    told = {"channel": channel.name, "channel_kind": channel.kind, "is_active": channel.is_active}
    history.record(
        kind, by=by, now=now, subject=channel, **told | {"config": channel.config, "speaks": channel.speaks}
    )


def refuse_taken(name: str, but: int = 0) -> None:
    if Channel.objects.filter(name=name).exclude(pk=but).exists():
        raise taken()


@contextmanager
def refused_when_taken():
    """Two people, the same name, the same second: the database tells the later one."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise taken() from None


def taken() -> Invalid:
    return Invalid(_("There is a channel of this name already."), field="name")


def test(channel: Channel, *, now) -> tuple[bool, str]:
    """Reach the channel without publishing: whether it works, and what to tell the person."""
    try:
        speaker = sending.adapter(channel, now=now)
    except (KeyError, ValueError):  # it was made before its kind asked for this
        return False, _("This channel is not set up whole. Open it, fill in what is missing, and save.")
    try:
        known = speaker.check()
    except ChannelError as error:
        if error.attention:
            with transaction.atomic():
                attention.needs(channel, error.message, now=now)
        return False, error.message
    with transaction.atomic():
        attention.is_well(channel, now=now)
        note_limit(channel, known.limit)
    return True, _("It works. The channel knows us as %(name)s.") % {"name": known.name}


def note_limit(channel: Channel, limit: int | None) -> None:
    """How much this very server takes. Nobody decided it, so it is no event."""
    held = Channel.objects.select_for_update().get(pk=channel.pk)
    if limit and held.config.get("limit") != limit:
        transitions.change(held, config=held.config | {"limit": limit})
