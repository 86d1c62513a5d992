"""Mail sent to a source's own address: who may come in, what becomes of it, what is told of the box.

deliver(address, raw) the mail server's pipe ─┐
receive(source, headers, body) a provider's   ├─▶ take ─▶ keep: ingested, counted, remembered once
"""

import base64
import hmac
import re
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from responses.errors import Forbidden, Invalid, NotAllowed, Refused
from tenants import context
from tenants.models import Brand

from . import receiving, sourcing, states
from .mailbox import note_refusal, note_taken
from .models import Source
from .receiving import Receipt, TooLarge
from .sources import mailed, webhook
from .sources.base import Item, SourceError
from .sources.cleaning import fingerprint
from .sources.mailed import Mail

# Mail servers and forms may write it in capitals; forms that refuse a + take a dot.
ADDRESS = re.compile(r"([a-z][a-z0-9-]{1,39})[+._]([0-9]{1,18})-([a-z2-7]{16})")


class NobodyHere(Refused):
    """No source that takes mail has this address. Who asks is not told which part of it is wrong."""

    code = "no_such_address"
    status = 404


# --- addresses


def address_of(source: Source) -> str:
    """Where to send mail. It lets in whoever knows it: only for people who may set up sources."""
    if not settings.TUGON_MAIL_DOMAIN or not source.secret:
        return ""
    word = word_of(source.secret)
    return f"{context.here().slug}+{source.pk}-{word}@{settings.TUGON_MAIL_DOMAIN}"


def word_of(secret: str) -> str:
    """80 bits that stand in the address for the secret: who reads them cannot sign with it."""
    digest = hmac.digest(secret.encode(), b"tugon mail address", "sha256")
    return base64.b32encode(digest[:10]).decode().lower()


def opens(source: Source, word: str, now) -> bool:
    good = [word_of(secret) for secret in sourcing.secrets_of(source, now) if secret]
    return any(hmac.compare_digest(each, word) for each in good)


# --- the two doors


def deliver(address: str, raw: bytes, *, now) -> Receipt:
    """Take in what a mail server hands over for an address, whichever brand's it is."""
    parts = taken_apart(address)
    brand = Brand.objects.filter(slug=parts.group(1)).first() if parts else None
    if parts is None or brand is None or not brand.works:
        raise nobody()
    with context.inside(brand):
        source = mail_sources().filter(pk=int(parts.group(2))).first()
        if source is None:
            raise nobody()
        if not opens(source, parts.group(3), now):
            note_refusal(source, "address", now)
            raise nobody()
        return take(source, raw, now=now)


def taken_apart(address: str) -> re.Match[str] | None:
    """Brand, source and word. What stands after the @ is the mail server's business."""
    return ADDRESS.fullmatch(address.strip().strip("<>").partition("@")[0].lower())


def looks_ours(address: str) -> bool:
    return taken_apart(address) is not None


def nobody() -> NobodyHere:
    return NobodyHere(_("There is no such address here."))


def mail_sources():
    return Source.objects.filter(kind=Source.Kind.EMAIL).exclude(status=states.REMOVED)


def receive(source: Source, headers, body: bytes, *, now) -> Receipt:
    """Take in what a provider posts, signed like a webhook's delivery."""
    try:
        receiving.verified(source, headers, body, now, verify=webhook.verify_bytes)
    except Refused:
        note_refusal(source, "signature", now)
        raise
    return take(source, body, now=now)


def refuse_large(source: Source, now) -> TooLarge:
    note_refusal(source, "large", now)
    return TooLarge(_("The message is larger than 25 MiB. Nothing was stored."))


# --- what becomes of it


def take(source: Source, raw: bytes, *, now) -> Receipt:
    """Whoever brought it may come in; the mail itself may still be none for this source."""
    if source.status != states.LISTENING:
        note_refusal(source, "paused", now)
        raise NotAllowed(_("This source is paused. Nothing was stored; send it again later."))
    if len(raw) > mailed.LARGEST:
        raise refuse_large(source, now)
    try:
        mail = mailed.read(raw, now, mode=source.config.get("mode") or mailed.WHOLE)
    except SourceError as error:
        note_refusal(source, "no_mail", now)
        raise Invalid(error.message) from error
    if not is_welcome(mail, source.config):
        note_refusal(source, "sender", now, who=who(mail))
        raise Forbidden(_("This address does not take mail from %(who)s.") % {"who": who(mail)})
    return keep(source, mail, now)


@transaction.atomic
def keep(source: Source, mail: Mail, now) -> Receipt:
    receipt = receiving.take(source, fingerprint("mail", mail.identity), mail.items, now, via="mail")
    if not receipt.is_repeat:
        note_taken(source, mail, now)
    return Receipt(receipt.stored, receipt.known, receipt.is_repeat, mail.why)


def is_welcome(mail: Mail, config: dict) -> bool:
    """Whether all it says it is from are wanted; with no list everybody is."""
    wanted = config.get("senders") or []
    return not wanted or (bool(mail.senders) and all(is_among(each, wanted) for each in mail.senders))


def is_among(sender: str, wanted: list[str]) -> bool:
    domain = sender.rpartition("@")[2]
    return any(
        sender == each if "@" in each else domain == each or domain.endswith(f".{each}") for each in wanted
    )


def who(mail: Mail) -> str:
    return ", ".join(mail.senders)[:200] or _("nobody named")


# --- before it is saved


@dataclass(frozen=True)
class Sampled:
    """What would become of a message; `refused` is who would not be let in."""

    items: list[Item]
    attachments: int
    why: str
    refused: str


def sample(raw: bytes, config: dict, *, now) -> Sampled:
    """What would become of a message, nothing kept. Raises SourceError."""
    mail = mailed.read(raw, now, mode=config.get("mode") or mailed.WHOLE)
    refused = "" if is_welcome(mail, config) else who(mail)
    return Sampled([] if refused else mail.items, mail.attachments, mail.why, refused)
