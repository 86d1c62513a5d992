"""Keys: how they are spelled, given out and taken back.

    tgn_live_<12 to look it up><32 secret><6 checksum>      written tgn_live_<lookup>_<secret><checksum>

The checksum lets a scanner of leaked secrets know one when it sees it. Only a SHA-256 is kept: the secret
has 190 bits of chance, so there is nothing to guess and nothing for a slow hash to add.
"""

import hashlib
import hmac
import re
import secrets
import zlib
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from agency import access
from agency.roles import May
from responses.core import actors, history
from responses.errors import Invalid, NotAllowed
from tenants.models import Brand

from .models import ApiKey
from .scopes import Scope

PREFIX = "tgn_live_"
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SPELLING = re.compile(r"tgn_live_([0-9A-Za-z]{12})_([0-9A-Za-z]{32})([0-9A-Za-z]{6})", re.ASCII)
NOTE_USE_EVERY = timedelta(minutes=1)
NOBODYS = hashlib.sha256(b"nobody's key").hexdigest()


def letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _each in range(count))


def checksum(text: str) -> str:
    """CRC-32 as six letters of base 62."""
    rest, spelled = zlib.crc32(text.encode()), ""
    for _each in range(6):
        rest, digit = divmod(rest, 62)
        spelled = LETTERS[digit] + spelled
    return spelled


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


# --- giving out and taking back


@transaction.atomic
def issue(*, name, scopes, by, now, expires_at=None, per_minute=600) -> tuple[ApiKey, str]:
    """A new key and, this once, how it is spelled."""
    name, scopes = checked(name, scopes, expires_at, now)
    lookup, secret = letters(12), letters(32)
    body = f"{PREFIX}{lookup}_{secret}"
    key = ApiKey.objects.create(
        name=name,
        lookup=lookup,
        secret_hash=hash_of(secret),
        scopes=scopes,
        per_minute=per_minute,
        created_by_id=by.id,
        created_by_name=by.name,
        created_at=now,
        expires_at=expires_at,
    )
    history.record("key.created", by=by, now=now, subject=key, name=name, scopes=scopes)
    return key, body + checksum(body)


def checked(name, scopes, expires_at, now):
    name, scopes = " ".join(name.split()), sorted(set(scopes))
    if not 1 <= len(name) <= 120:
        raise Invalid(_("Say in up to 120 characters what the key is for."), field="name")
    if not scopes or not set(scopes) <= set(Scope.values):
        raise Invalid(_("Choose at least one thing the key may do."), field="scopes")
    if expires_at is not None and expires_at <= now:
        raise Invalid(_("The last day must lie ahead."), field="expires_at")
    return name, scopes


@transaction.atomic
def revoke(key: ApiKey, *, by, now) -> ApiKey:
    """The key opens nothing from this moment on."""
    if not ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
        raise NotAllowed(_("This key was revoked already."))
    key.revoked_at = now
    history.record("key.revoked", by=by, now=now, subject=key, name=key.name)
    return key


# --- knowing one


def find(spelled: str, now) -> ApiKey | None:
    """The key of the current brand that is spelled so, if it works. Takes as long for a wrong secret."""
    parts = SPELLING.fullmatch(spelled)
    if not parts or not hmac.compare_digest(checksum(spelled[:-6]), parts[3]):
        return None
    key = ApiKey.objects.filter(lookup=parts[1]).first()
    same = hmac.compare_digest(hash_of(parts[2]), key.secret_hash if key else NOBODYS)
    return key if key and same and key.works(now) else None


def has_maker(key: ApiKey, brand: Brand) -> bool:
    """Whether who made the key could make it still; asked each time, so that a lost seat is lost at once.

    One that Tugon itself made has nobody to lose.
    """
    kind, _colon, pk = key.created_by_id.partition(":")
    if kind != "user":
        return key.created_by_id == actors.TUGON.id
    return access.people_who_may(brand, May.CONNECT).filter(pk=pk).exists()


def note_use(key: ApiKey, now) -> None:
    """When it was last used, written at most once a minute."""
    long_ago = now - NOTE_USE_EVERY
    if key.last_used_at and key.last_used_at > long_ago:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lte=long_ago)
    ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
