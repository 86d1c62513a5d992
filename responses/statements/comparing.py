"""What changed from one revision to another, and where people's comments stand in it."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from agency.templatetags.tugon import changes, marked_change

from . import anchoring, querysets
from .models import Channel, Revision

NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True)
class Comparison:
    """The earlier wording that was chosen, or the one the reader knows; and those one may choose from."""

    before: Revision | None
    choices: list

    @property
    def is_worth_a_choice(self) -> bool:
        return len(self.choices) > (1 if self.before else 0)


def compare(revision: Revision, asked: str | None, default: Revision | None, among=None) -> Comparison:
    """`asked` is a revision's number as an address gives it; one that is not among them counts as nothing."""
    earlier = revision.statement.revisions if among is None else among
    choices = list(earlier.filter(number__lt=revision.number).order_by("-number"))
    number = int(asked) if asked and NUMBER.fullmatch(asked) else None
    return Comparison(next((one for one in choices if one.number == number), default), choices)


class Row(NamedTuple):
    """One text of a revision beside what it was: what one of them lacks is empty."""

    channel: Channel
    old: str
    new: str
    words: str  # the new text marked up: what changed, where comments stand
    variant: int | None  # of the new one
    language: str


def rows(before: Revision | None, revision: Revision, places=None, diff=True) -> list[Row]:
    """Each text of both. `places` are those of the comments: {(channel id, language): {thread: Place}}."""
    variants = {key: row.pk for key, row in querysets.variants(revision).items()}
    found = []
    for channel, old, new, language in querysets.side_by_side(before, revision):
        key = channel.pk, language
        words = marked(old if diff and before else new, new, (places or {}).get(key, {}))
        found.append(Row(channel, old, new, words, variants.get(key), language))
    return found


def marked(old: str, new: str, places: dict):
    """The new text with what changed, and each stretch that has comments with the number of the thread."""
    done, parts = 0, []
    for kind, text in changes(old, new):
        if kind == "del":
            parts.append(marked_change(kind, text))
            continue
        inside = {thread: shifted(place, -done, len(text)) for thread, place in places.items()}
        kept = {thread: place for thread, place in inside.items() if place.start < place.end}
        for piece, threads in anchoring.pieces(text, kept):
            parts.append(stretch(marked_change(kind, piece), threads))
            done += len(piece)
            parts += [reference(thread) for thread in threads if places[thread].end == done]
    return format_html_join("", "{}", ((part,) for part in parts))


def shifted(place, by: int, most: int) -> anchoring.Place:
    return anchoring.Place(min(max(0, place.start + by), most), min(max(0, place.end + by), most))


def stretch(words, threads):
    """Words some threads are about; others stay as they are."""
    return format_html('<mark class="stretch">{}</mark>', words) if threads else words


def reference(thread):
    """The number that leads to the thread, and back. No part of the text: scripts leave it out."""
    label = _("Comment %(number)d") % {"number": thread.number}
    address = '<a class="ref" id="place-{0}" href="#comment-{0}" aria-label="{1}" data-aside>{2}</a>'
    return format_html(address, thread.comment.pk, label, thread.number)
