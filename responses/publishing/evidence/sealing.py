"""A pack is signed with a key of this installation (Ed25519), so that nobody can write one of their own.

The key is derived from the keys that secrets are kept with, hence needs no place of its own and outlives a
restart; after a change of keys the old ones still vouch for the packs they signed.
"""

import base64
import hashlib
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from responses.core.secrets import keys

ALGORITHM = "Ed25519"


def canonical(pack: dict) -> bytes:
    """The bytes that are signed: the pack without its seal, in one fixed spelling."""
    bare = {name: value for name, value in pack.items() if name != "seal"}
    return json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def seal(pack: dict) -> dict:
    """The pack with its seal: the digest of all of it, the signature, and the key that proves it."""
    body = canonical(pack)
    key = private_keys()[0]
    return pack | {
        "seal": {
            "algorithm": ALGORITHM,
            "sha256": hashlib.sha256(body).hexdigest(),
            "key": public_of(key),
            "signature": base64.b64encode(key.sign(body)).decode(),
        }
    }


def private_keys() -> list[Ed25519PrivateKey]:
    """The signing one first, then those of former times."""
    return [Ed25519PrivateKey.from_private_bytes(derived(word)) for _name, word in keys()]


def derived(word: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"tugon evidence").derive(word)


def public_of(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def public_keys() -> list[str]:
    """Whose signatures are ours; the agency hands these on beside its packs, not inside them."""
    return [public_of(key) for key in private_keys()]


def fingerprint(key: str) -> str:
    """A key short enough to read out on the telephone: the first 16 signs of its SHA-256, in fours."""
    told = hashlib.sha256(base64.b64decode(key)).hexdigest()[:16]
    return " ".join(told[start : start + 4] for start in range(0, 16, 4))
