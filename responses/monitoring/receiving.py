"""What is brought to us: an inbound webhook's delivery, a CSV file a person uploads. Mail: `mailing.py`."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from responses.core.actors import Actor
from responses.errors import Invalid, NotAllowed, Refused
from tenants import context

from . import sourcing, states
from .ingesting import Ingested, ingest
from .models import Delivery, Source
from .sources import csvfile, webhook
from .sources.base import SourceError
from .sources.cleaning import fingerprint
from .sources.dating import lag


class NotSigned(Refused):
    """Nobody we know sent this, or it was altered on the way, or it is old."""

    code = "bad_signature"
    status = 401


class TooLarge(Refused):
    code = "too_large"
    status = 413


@dataclass(frozen=True)
class Receipt:
    """The answer to a delivery; the same delivery twice gets the same answer."""

    stored: int
    known: int
    is_repeat: bool = field(default=False, compare=False)
    why: str = ""  # a mail of which nothing is stored: a bounce, an automatic reply


def receive(source: Source, headers, body: bytes, *, now) -> Receipt:
    """Take in a signed delivery. Its id is kept with its mentions: stored once or not at all."""
    if source.status != states.LISTENING:
        raise NotAllowed(_("This source is paused. Nothing was stored; send it again later."))
    if len(body) > webhook.LARGEST:
        raise TooLarge(_("The delivery is larger than 1 MiB. Send it in parts."))
    message_id = verified(source, headers, body, now)
    try:
        items = webhook.parse(body, now)
    except SourceError as error:
        raise Invalid(error.message) from error
    return take(source, message_id, items, now)


def verified(source: Source, headers, body: bytes, now, *, verify=webhook.verify) -> str:
    """The delivery's id, if one of the secrets that open this door signed it."""
    errors = []
    for secret in sourcing.secrets_of(source, now):
        try:
            return verify(secret, headers, body, now)
        except SourceError as error:
            errors.append(error)
    raise NotSigned(errors[0].message) from errors[0]


@transaction.atomic
def take(source: Source, message_id: str, items, now, *, via="webhook") -> Receipt:
    """What came under this id, once: the second time it gets the first one's answer."""
    message_id = message_id if len(message_id) <= 200 else fingerprint(message_id)
    delivery, first = Delivery.objects.get_or_create(
        source=source, message_id=message_id, defaults={"received_at": now}
    )
    if first:
        done = bring_in(source, items, now, by=Actor(f"source:{source.pk}", source.name, via, "key"))
        delivery.stored, delivery.known = done.new, done.known
        delivery.save(update_fields=["stored", "known"])
    return Receipt(delivery.stored, delivery.known, is_repeat=not first)


@dataclass(frozen=True)
class Report:
    """What became of an uploaded file: how many mentions, and each bad row by its line."""

    new: int
    known: int
    problems: list


def upload(source: Source, data: bytes, *, by, now) -> Report:
    """Take in a CSV file. Good rows are stored at once, bad ones reported; a bad file is refused."""
    if source.status != states.LISTENING:
        raise NotAllowed(_("This source is paused. Resume it first."))
    try:
        parsed = csvfile.parse(data, now, zone=ZoneInfo(context.here().time_zone))
    except SourceError as error:
        raise Invalid(error.message, field="file") from error
    done = bring_in(source, parsed.items, now, by=by)
    return Report(done.new, done.known, parsed.problems)


@transaction.atomic
def bring_in(source: Source, items, now, *, by) -> Ingested:
    done = ingest(source, items, now=now, by=by)
    heard = {"last_tried_at": now, "last_success_at": now}
    late = lag((item.published_at for item in items), now)
    if done.new and late is not None and source.kind != Source.Kind.CSV:  # a file is about the past
        heard["lag_seconds"] = late
    Source.objects.filter(pk=source.pk).update(**heard)
    return done
