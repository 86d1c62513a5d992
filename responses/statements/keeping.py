"""Keeping what is being typed, and saying who else is typing. Every word is on the server a second later."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from responses.errors import Invalid

from . import image_fields
from .image_models import Image
from .keeping_models import WorkingCopy
from .models import Statement

MOST = 200_000  # letters of all texts together
WRITING = timedelta(seconds=50)  # the editor says twice a minute that it is open
KEPT = timedelta(days=30)
ID = re.compile(r"[1-9][0-9]{0,17}")


@dataclass(frozen=True)
class Other:
    """Somebody else at the same text: there now, or with words that are not saved."""

    name: str
    is_there: bool
    changed_at: object


def slot_of(given: Mapping) -> str:
    """Where the text of a statement not begun lies: a place for each type, incident and template, so that
    opening another loses nothing. It is the query of the page's address, too."""
    type = given.get("type") if given.get("type") in Statement.Type.values else Statement.Type.HOLDING
    numbers = {name: str(given.get(name) or "") for name in ("incident", "template")}
    named = {name: value for name, value in numbers.items() if ID.fullmatch(value)}
    return urlencode({"type": str(type)} | named)


def keep(
    statement: Statement | None, fields: dict[str, str], *, base: int, by, now, slot: str = ""
) -> WorkingCopy:
    """The person's copy as it is now. The same again only says that the editor is open."""
    if sum(map(len, fields.values())) > MOST:
        raise Invalid(_("This is too long to be kept while you write. Save it in parts."))
    copy, is_new = WorkingCopy.objects.get_or_create(
        statement=statement,
        person_id=by.id,
        slot=slot,
        defaults={
            "person_name": by.name,
            "base": base,
            "fields": fields,
            "changed_at": now,
            "seen_at": now,
        },
    )
    if not is_new:
        if copy.fields != fields:
            copy.fields, copy.base, copy.changed_at = fields, base, now
        copy.seen_at = now
        copy.save(update_fields=["fields", "base", "changed_at", "seen_at"])
    return copy


def mine(statement: Statement | None, person_id: str, slot: str = "") -> WorkingCopy | None:
    return WorkingCopy.objects.filter(statement=statement, person_id=person_id, slot=slot).first()


def not_begun(person_id: str):
    """A person's texts of which nothing was saved yet, the last one first."""
    return WorkingCopy.objects.filter(statement=None, person_id=person_id).order_by("-changed_at", "-pk")


def drop(statement: Statement | None, person_id: str, slot: str = "") -> None:
    """It was saved, or its writer does not want it."""
    WorkingCopy.objects.filter(statement=statement, person_id=person_id, slot=slot).delete()


def others(statement: Statement, person_id: str, saved: dict[str, str], now) -> list[Other]:
    """Who else is at it. `saved`: the form's fields as the last revision has them."""
    rows = WorkingCopy.objects.filter(statement=statement).exclude(person_id=person_id)
    found = [
        Other(row.person_name, now - row.seen_at < WRITING, row.changed_at)
        for row in rows.order_by("person_name")
        if now - row.seen_at < WRITING or differs(row.fields, saved)
    ]
    return sorted(found, key=lambda one: not one.is_there)


def differs(fields: dict[str, str], saved: dict[str, str]) -> bool:
    return {name: tidy(text) for name, text in fields.items() if text} != {
        name: tidy(text) for name, text in saved.items() if text
    }


def digest(fields: Mapping) -> str:
    """To tell an editor that stands as it was opened from one in which somebody wrote."""
    texts = sorted((name, tidy(str(text))) for name, text in fields.items() if text)
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:32]


def tidy(text: str) -> str:
    """A browser sends line ends of its own."""
    return text.replace("\r\n", "\n").strip()


def forget(now) -> int:
    """What nobody came back to for a month."""
    gone = WorkingCopy.objects.filter(seen_at__lt=now - KEPT).delete()[0]
    forget_pictures(now)
    return gone


def forget_pictures(now) -> int:
    """Those that were handed in a month ago, that no revision shows and nobody's copy names."""
    unused = Image.objects.filter(uses=None, added_at__lt=now - KEPT)
    if not unused.exists():
        return 0
    copies = WorkingCopy.objects.values_list("fields", flat=True)
    named = {row["image"] for fields in copies for row in image_fields.given(fields)}
    return unused.exclude(pk__in=named).delete()[0]
