"""A channel that needs a person: a token that is taken no more, an account that may not post."""

from responses.core import history, transitions
from responses.core.actors import TUGON
from responses.statements.models import Channel

from . import states


def note(channel: Channel, trouble: str, outcome: str, *, now) -> None:
    """After a try, in its transaction: what is wrong with the channel, or that it is well again."""
    if trouble:
        needs(channel, trouble, now=now)
    elif outcome == states.PUBLISHED:
        is_well(channel, now=now)


def needs(channel: Channel, trouble: str, *, now) -> None:
    """Say it once; as long as it is the same, saying it again helps nobody."""
    held = Channel.objects.select_for_update().get(pk=channel.pk)
    if held.trouble == trouble:
        return
    transitions.change(held, trouble=trouble, troubled_at=held.troubled_at or now)
    tell("channel.troubled", held, now, error=trouble, alarm=True)


def is_well(channel: Channel, *, now) -> None:
    held = Channel.objects.select_for_update().get(pk=channel.pk)
    if held.trouble:
        transitions.change(held, trouble="", troubled_at=None)
        tell("channel.recovered", held, now)


def tell(kind, channel, now, **told) -> None:
    told = {"channel": channel.name, "channel_kind": channel.kind, **told}
    history.record(kind, by=TUGON, now=now, subject=channel, **told)
