"""One try on one channel: what the outside world said, told as an outcome. No transaction is open here."""

import logging
from dataclasses import replace
from importlib import import_module

from django.utils.translation import gettext as _

from responses.statements import illustrating, tongues
from responses.statements.models import Channel

from . import approval, states
from .channels.base import (
    CHANNELS,
    ChannelError,
    Picture,
    Post,
    ReadBack,
    Version,
    credentials_of,
)
from .claiming import LOST
from .models import Publication
from .settling import Outcome

log = logging.getLogger(__name__)


def adapter(channel: Channel, *, now):
    """The channel's adapter, ready to use; its file in channels/ is named after its kind."""
    if channel.kind not in CHANNELS:
        import_module(f"responses.publishing.channels.{channel.kind}")
    return CHANNELS[channel.kind].opened(channel.config, credentials_of(channel.secret), now=now)


def post_of(publication: Publication) -> Post:
    """What the adapter is given of a publication."""
    on_channel = Publication.objects.filter(channel=publication.channel_id).exclude(external_id="")
    others = on_channel.exclude(pk=publication.pk).values_list("external_id", flat=True)
    return Post(
        key=str(publication.key),
        created_at=publication.created_at,
        scheduled_at=publication.scheduled_at,
        text=publication.variant.text,
        langs=(publication.variant.language,),
        title=publication.revision.title_in(publication.variant.language),
        type=publication.statement.type,
        about=key_of_what_it_is_about(publication),
        others=frozenset(others),
        also=versions_beside(publication),
        pictures=pictures_of(publication),
    )


def pictures_of(publication: Publication) -> tuple[Picture, ...]:
    """Those that this channel carries, as the bytes are kept: `approval` has compared these with the hash."""
    going = illustrating.goes_to(illustrating.of(publication.revision), publication.channel)
    return tuple(
        Picture(
            bytes(each.image.content), each.image.media_type, each.image.width, each.image.height, each.alt
        )
        for each in going
    )


def versions_beside(publication: Publication) -> tuple[Version, ...]:
    """The other language of the same text, for a channel that shows both."""
    if publication.channel.kind not in tongues.SHOWS_ALL:
        return ()
    title_in = publication.revision.title_in
    rows = tongues.beside(publication.variant)
    return tuple(Version(row.language, title_in(row.language), row.text) for row in rows)


def key_of_what_it_is_about(publication: Publication) -> str:
    """The publication, on this same channel, that this one corrects, updates or retracts."""
    about = publication.statement.about_id
    rows = Publication.objects.filter(statement=about, channel=publication.channel_id) if about else []
    return next((str(row.key) for row in rows if row.status == states.PUBLISHED), "")


def send(publication: Publication, *, now) -> Outcome:
    """Send it, or find out whether a sender that died on it had sent it already."""
    channel = publication.channel
    if not channel.is_active:
        return not_sent(publication, _("This channel is switched off."))
    try:
        speaker = adapter(channel, now=now)
    except Exception as error:
        log.exception("channel %s cannot be opened", channel.pk)
        return not_sent(publication, _("This channel is not set up: %(error)s") % {"error": repr(error)})
    if publication.taken_over and not speaker.repeatable:
        return look(publication, speaker)
    if may_be_out(publication, speaker) and (found := look(publication, speaker)).place:
        return found  # people said it is not, but it has come meanwhile
    return try_once(publication, speaker)


def may_be_out(publication: Publication, speaker) -> bool:
    """An earlier try left it open, and one more look costs nothing beside a second post."""
    left_open = publication.attempts.filter(outcome__in=[states.UNKNOWN, LOST])
    return speaker.readable and not speaker.repeatable and left_open.exists()


def not_sent(publication: Publication, words: str) -> Outcome:
    """Failed, unless a sender that died here may have sent it."""
    return Outcome(states.UNKNOWN if publication.taken_over else states.FAILED, words)


def try_once(publication: Publication, speaker) -> Outcome:
    try:
        place = speaker.send(post_of(publication))
    except ChannelError as error:
        outcome = meaning(error)
        # The sender that died here may have sent it, or a part: only reading back can tell.
        return replace(outcome, status=states.UNKNOWN) if publication.taken_over else outcome
    except Exception as error:  # a fault of ours after the call began: nobody knows what the other side did
        log.exception("publication %s broke", publication.pk)
        return Outcome(states.UNKNOWN, f"{type(error).__name__}: {error}")
    return Outcome(states.PUBLISHED, place=place)


def meaning(error: ChannelError) -> Outcome:
    """Unknown outweighs all: what may be out must not be called failed."""
    if error.unknown:
        return Outcome(states.UNKNOWN, error.message, retry_after=error.retry_after)
    if error.permanent:
        return Outcome(states.FAILED, error.message, attention=error.attention)
    return Outcome(states.QUEUED, error.message, retry_after=error.retry_after)


def look(publication: Publication, speaker) -> Outcome:
    """Published when the approved text is found there. Not found says nothing: it may still be on its way."""
    if not speaker.readable:
        words = _("This channel cannot be asked what stands there: look yourself.")
        return Outcome(states.UNKNOWN, words, absent=speaker.repeatable)
    try:
        found = speaker.read_back(post_of(publication), publication.external_id)
    except Exception as error:
        log.warning("publication %s cannot be read back: %s", publication.pk, error)
        return Outcome(states.UNKNOWN, _("It could not be read back: %(error)s") % {"error": error})
    note_part(publication, found)
    if found is None:
        return Outcome(states.UNKNOWN, _("It was not found there (yet)."), absent=True)
    if not found.is_whole:
        return Outcome(states.UNKNOWN, _("Another text was found there."), absent=True)
    if not is_as_approved(publication, found):
        words = (
            _("Another text was found there.") if found.same_pictures else _("Other pictures stand there.")
        )
        return Outcome(states.UNKNOWN, words)
    return Outcome(states.PUBLISHED, place=found)


def is_as_approved(publication: Publication, found: ReadBack) -> bool:
    """What stands there is compared with our row, so that row must still be what people approved."""
    same = found.is_as_approved(publication.variant.text)
    return same and not approval.altered(publication, publication.revision)


def note_part(publication: Publication, found: ReadBack | None) -> None:
    """Keep where a part of it stands: while one does, it has not failed and is not called back."""
    rows = Publication.objects.filter(pk=publication.pk, status__in=states.OPEN)
    if found is None and publication.external_id:
        rows.update(external_id="", url="")
    elif found is not None and not found.is_whole:
        rows.update(external_id=found.external_id, url=found.url)
