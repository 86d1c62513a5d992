"""Letters for whoever asks: asked for on the newsroom, confirmed by the address's owner, left in one click.

An address is written to only after its owner has pressed a button behind a link that only they got. The same
answer is given whether an address is known or not. The link's token is a keyed hash: nothing secret is kept.
"""

import base64
import hmac
from datetime import timedelta
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from responses.core.secrets import keys
from responses.errors import Invalid
from tenants import context

from . import newsroom
from .models import Subscriber

ASK_AGAIN = timedelta(minutes=10)  # an address gets one letter in so long, however often somebody types it
PENDING_FOR = timedelta(days=7)  # then an address nobody confirmed is forgotten
CONFIRM, LEAVE = "confirm", "leave"


def ask(email: str, language: str, *, now) -> None:
    """Somebody typed an address: write to it once, whatever state it is in."""
    email = checked(email)
    subscriber, is_new = Subscriber.objects.get_or_create(
        email=email, defaults={"language": language, "asked_at": now}
    )
    if subscriber.is_confirmed or (not is_new and now - subscriber.asked_at < ASK_AGAIN):
        return
    Subscriber.objects.filter(pk=subscriber.pk).update(asked_at=now, language=language, left_at=None)
    subscriber.language = language
    letter_to_confirm(subscriber).send()


def checked(email: str) -> str:
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid(_("This is not an e-mail address."), field="email") from None
    if len(email) > 254:
        raise Invalid(_("This is not an e-mail address."), field="email")
    name, _at, domain = email.rpartition("@")
    return f"{name}@{domain.lower()}"


def confirm(subscriber: Subscriber, *, now) -> None:
    Subscriber.objects.filter(pk=subscriber.pk, confirmed_at=None).update(confirmed_at=now, left_at=None)


def leave(subscriber: Subscriber, *, now) -> None:
    """Asked twice it is done once; what was sent stays in the record of letters."""
    Subscriber.objects.filter(pk=subscriber.pk).update(confirmed_at=None, left_at=now)


def forget(now) -> int:
    """Addresses that nobody confirmed are not ours to keep, nor those whose owners left a month ago."""
    pending = Subscriber.objects.filter(confirmed_at=None, left_at=None, asked_at__lt=now - PENDING_FOR)
    left = Subscriber.objects.filter(left_at__lt=now - timedelta(days=30))
    return pending.delete()[0] + left.delete()[0]


# --- links


def token(subscriber: Subscriber, what: str) -> str:
    return f"{subscriber.pk}-{marks(subscriber, what)[0]}"


def marks(subscriber: Subscriber, what: str) -> list[str]:
    """By each key there is, the first one today's: a link in an old letter outlives a change of keys."""
    words = f"{context.here().schema_name}\n{subscriber.pk}\n{subscriber.email}\n{what}".encode()
    made = (hmac.new(key, words, sha256).digest() for _name, key in keys())
    return [base64.urlsafe_b64encode(each[:24]).decode() for each in made]


def find(given: str, what: str) -> Subscriber | None:
    number, _dash, mark = given.partition("-")
    if not number.isascii() or not number.isdigit() or len(number) > 17:
        return None
    subscriber = Subscriber.objects.filter(pk=int(number)).first()
    if subscriber is None:
        return None
    known = [hmac.compare_digest(each.encode(), mark.encode()) for each in marks(subscriber, what)]
    return subscriber if any(known) else None


def link(subscriber: Subscriber, what: str) -> str:
    return newsroom.address(reverse_path(subscriber, what))


def reverse_path(subscriber: Subscriber, what: str):
    def path(urlconf):
        words = {"brand": context.here().slug, "token": token(subscriber, what)}
        return reverse(f"newsroom:{what}", urlconf, kwargs=words)

    return path


def letter_to_confirm(subscriber: Subscriber) -> EmailMessage:
    brand = context.here()
    told = {"brand": brand, "url": link(subscriber, CONFIRM), "newsroom": newsroom.public_url()}
    with translation.override(subscriber.language):
        subject = _("%(name)s: please confirm your address") % {"name": brand.name}
        body = render_to_string("emails/subscription.txt", told)
    return EmailMessage(" ".join(subject.split()), body, to=[subscriber.email])
