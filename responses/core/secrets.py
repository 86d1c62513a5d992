"""Secrets of a brand at rest: AES-256-GCM, bound to the brand and the column, so that a moved one stays shut.

Sealed, a secret reads `key:place:base64`. The place is empty for what is in no column; the oldest ones have
no place at all and are bound to the brand alone. `manage.py rekey` seals all anew with the first key.
"""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

from tenants import context

DERIVED = "s"  # the id of the key made from SECRET_KEY


class CannotDecrypt(Exception):
    """The ciphertext is not this brand's or not this column's, or its key is gone."""


def keys() -> list[tuple[str, bytes]]:
    """(id, 32 bytes), the encrypting one first.

    Those of TUGON_FIELD_KEYS, then what SECRET_KEY and its fallbacks give: enough where no key was ever
    given, and it goes on opening what was sealed before the first one was.
    """
    given = [pair.split(":", 1) for pair in settings.TUGON_FIELD_KEYS]
    words = [str(word) for word in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return [(name, base64.b64decode(value)) for name, value in given] + [
        (DERIVED, of(word)) for word in words
    ]


def of(word: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"tugon fields").derive(word.encode())


def bound_to(place: str | None) -> bytes:
    brand = context.current()
    if brand is None:
        raise CannotDecrypt("secrets live in a brand's schema")
    return brand.schema_name.encode() if place is None else f"{brand.schema_name}\n{place}".encode()


def encrypt(plain: str, place: str = "") -> str:
    name, key = keys()[0]
    nonce = os.urandom(12)
    sealed = AESGCM(key).encrypt(nonce, plain.encode(), bound_to(place))
    return f"{name}:{place}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(sealed: str, place: str = "") -> str:
    """The secret, if it was sealed here and for this place."""
    name, *marked, body = sealed.split(":")
    bound, raw = bound_to(place if marked else None), base64.b64decode(body)
    known = [key for each, key in keys() if each == name]
    for key in known:
        try:
            return AESGCM(key).decrypt(raw[:12], raw[12:], bound).decode()
        except InvalidTag:
            continue
    raise CannotDecrypt("not this brand's or not this column's secret" if known else f"no key {name}")


def is_fresh(sealed: str, place: str) -> bool:
    """Whether it is sealed as `encrypt` would seal it today: with the first key, for its place."""
    return sealed.startswith(f"{keys()[0][0]}:{place}:")


class SecretField(models.TextField):
    """Text that is encrypted in its column and plain in Python. Never put it in a page, a log or the API."""

    @property
    def place(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def from_db_value(self, value, expression, connection):
        return decrypt(value, self.place) if value else value

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return encrypt(value, self.place) if value else value
