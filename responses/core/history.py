"""Writing history, and proving that nobody rewrote it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC

from django.db import connection, transaction

from responses import due
from tenants import context, jobs

from . import telling
from .actors import Actor
from .models import Event

START = "0" * 64
LOCK = 7_360_001  # the advisory lock's class; its second number is the brand's id


def canonical(event: Event) -> bytes:
    """The bytes an event's hash is taken over: every column but the hash, in one fixed spelling."""
    line = {
        "seq": event.seq,
        "at": event.at.astimezone(UTC).isoformat(),
        "kind": event.kind,
        "actor": [event.actor_id, event.actor_name, event.actor_via, event.actor_strength],
        "subject": [event.subject_type, event.subject_id],
        "incident": event.incident_id,
        "data": event.data,
    }
    return json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def hash_of(event: Event) -> str:
    return hashlib.sha256(event.previous_hash.encode() + canonical(event)).hexdigest()


def record(kind: str, *, by: Actor, now, subject=None, incident=None, **data) -> Event:
    """Append one event in the caller's transaction and poke the readers of history.

    `subject` is the model instance it happened to, `incident` the incident (or its id) whose timeline
    it belongs on, `data` plain JSON values.
    """
    with transaction.atomic():
        brand = context.here()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, brand.pk])
        last = Event.objects.order_by("-seq").first()
        event = Event(
            seq=last.seq + 1 if last else 1,
            at=now,
            kind=kind,
            actor_id=by.id,
            actor_name=by.name,
            actor_via=by.via,
            actor_strength=by.strength,
            subject_type=subject._meta.model_name if subject is not None else "",
            subject_id=subject.pk if subject is not None else None,
            incident_id=getattr(incident, "pk", incident),
            data=json.loads(json.dumps(data)),
            previous_hash=last.hash if last else START,
        )
        event.hash = hash_of(event)
        event.save(force_insert=True)
        jobs.enqueue("follow", brand)
        due.in_case(now)
        telling.tell(kind, brand)
    return event


@dataclass(frozen=True)
class Broken:
    """What is wrong with a history, and where."""

    seq: int
    what: str  # altered, removed, reordered

    def __str__(self):
        return f"event {self.seq}: {self.what}"


def verify(anchor_seq: int = 0, anchor_hash: str = "") -> list[Broken]:
    """Walk the chain of the current schema and name each row that was altered, removed or reordered.

    `anchor_*` is a head noted outside the schema (BrandPulse): a tail cut off behind it is found too.
    """
    broken: dict[int, str] = {}
    expected, previous = 1, START
    for event in Event.objects.order_by("seq").iterator(chunk_size=2000):
        gap = range(expected, event.seq)
        broken.update((seq, "removed") for seq in gap[:100])
        for seq, what in flaws(event, previous, after_gap=bool(gap)):
            broken.setdefault(seq, what)
        if event.seq == anchor_seq and anchor_hash and event.hash != anchor_hash:
            broken.setdefault(event.seq, "altered")
        expected, previous = event.seq + 1, event.hash
    broken.update((seq, "removed") for seq in range(expected, anchor_seq + 1)[:100])
    return [Broken(seq, what) for seq, what in sorted(broken.items())]


def flaws(event: Event, previous: str, after_gap: bool):
    """Whether the row still is what was hashed, and still follows the row it followed."""
    moved = not after_gap and event.previous_hash != previous
    if hash_of(event) != event.hash:
        yield event.seq, "reordered" if moved else "altered"
    elif moved:  # this row is sound, so the one before it was changed and given a hash of its own
        yield event.seq - 1, "altered"
