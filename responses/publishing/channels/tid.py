"""Record keys that follow from what is published, so that sending twice writes one record.

A TID is 64 bits in 13 sortable characters: a zero, 53 bits of microseconds, 10 bits of “clock id”.
Publications released together share their time, and ten bits would not keep a hundred of them apart. So the
time is kept to the second, and the thirty bits below it come from the publication's key.
"""

import hashlib
from datetime import UTC, datetime, timedelta

ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
LENGTH = 13
MICROSECONDS = 1_000_000
CLOCK_IDS = 1024
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def record_key(created_at: datetime, publication_key: str) -> str:
    """The same time and key give the same TID; a later second gives a greater one."""
    seconds = (created_at - _EPOCH) // timedelta(seconds=1)
    digest = int.from_bytes(hashlib.sha256(publication_key.encode()).digest()[:8])
    return encode(
        (seconds * MICROSECONDS + digest // CLOCK_IDS % MICROSECONDS) * CLOCK_IDS + digest % CLOCK_IDS
    )


def encode(number: int) -> str:
    if not 0 <= number < 2**63:
        raise ValueError("A TID holds times from 1970 to 2255.")
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
