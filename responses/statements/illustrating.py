"""Pictures in a statement: taken in, put in order with their words, and which channels carry them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from responses.errors import Invalid

from . import alt_lint, hashing, imaging
from .image_models import Image, RevisionImage
from .limits import length
from .models import Channel, Revision

MOST = 4  # of one statement: what Bluesky and Mastodon take
LONGEST_ALT = 1000


@dataclass(frozen=True)
class Carries:
    """What a channel makes of pictures. `text`: how long the text beside them may be, 0 is as ever."""

    has_alt: bool = True
    text: int = 0


CARRIES = {
    "newsroom": Carries(),
    "bluesky": Carries(),
    "mastodon": Carries(),
    "telegram": Carries(has_alt=False, text=1024),
}


@dataclass(frozen=True)
class Illustration:
    """A picture as a revision shows it."""

    image: Image
    alt: str
    left_out: tuple[int, ...] = ()

    @property
    def told(self) -> dict:
        return hashing.image_of(self.image, self.alt, self.left_out)


def add_image(raw: bytes, *, by, now) -> Image:
    """Take a file in, drawn anew. The same picture is kept once; a revision shows it."""
    picture = imaging.reencoded(raw)
    fields = {
        "content": picture.content,
        "media_type": picture.media_type,
        "width": picture.width,
        "height": picture.height,
        "size": len(picture.content),
        "was_moving": picture.was_moving,
        "added_by_id": by.id,
        "added_by_name": by.name,
        "added_at": now,
    }
    name = hashlib.sha256(picture.content).hexdigest()
    return Image.objects.get_or_create(sha256=name, defaults=fields)[0]


def of(revision: Revision | None) -> tuple[Illustration, ...]:
    """The pictures of a revision, in order; their bytes are read when somebody asks for them."""
    shown = RevisionImage.objects.filter(revision=revision) if revision else RevisionImage.objects.none()
    rows = shown.select_related("image").defer("image__content")
    return tuple(Illustration(row.image, row.alt, tuple(sorted(row.left_out))) for row in rows)


def write(revision: Revision, illustrations: Iterable[Illustration]) -> None:
    RevisionImage.objects.bulk_create(
        RevisionImage(
            revision=revision,
            image=each.image,
            position=number,
            alt=each.alt,
            left_out=list(each.left_out),
        )
        for number, each in enumerate(illustrations, 1)
    )


# --- what goes where


def goes_to(illustrations: Iterable[Illustration], channel: Channel) -> list[Illustration]:
    """Those that the channel carries, in order."""
    if channel.kind not in CARRIES:
        return []
    return [each for each in illustrations if channel.pk not in each.left_out]


def why_none(illustrations: Sequence[Illustration], channel: Channel) -> str:
    """In words, where a statement has pictures and the channel shows none of them, or not all they are."""
    if not illustrations:
        return ""
    if channel.kind not in CARRIES:
        return _("Goes without pictures: Tugon sends none to this channel.")
    going = goes_to(illustrations, channel)
    if not going:
        return _("Goes without pictures, as its writer chose.")
    if not CARRIES[channel.kind].has_alt:
        return _("This channel shows pictures without their descriptions.")
    return ""


# --- what a writer hands in


def checked(given: Sequence[Mapping[str, Any]], errors: dict[str, str]) -> tuple[Illustration, ...]:
    """The pictures with their words, tidied; each fault is added to `errors` under its place."""
    if len(given) > MOST:
        errors["images"] = _("A statement shows %(most)d pictures at most.") % {"most": MOST}
        return ()
    found = Image.objects.in_bulk([row["image"] for row in given])
    shown: list[Illustration] = []
    for number, row in enumerate(given):
        image, alt = found.get(row["image"]), tidy_alt(row.get("alt", ""))
        if wrong := fault(image, alt, [each.image for each in shown]):
            errors[f"images.{number}.alt"] = wrong
        elif image is not None:
            shown.append(Illustration(image, alt, tuple(sorted(set(row.get("left_out") or ())))))
    return tuple(shown)


def tidy_alt(alt: str) -> str:
    return " ".join(
        "".join(letter for letter in str(alt) if letter.isprintable() or letter.isspace()).split()
    )


def fault(image: Image | None, alt: str, before: Sequence[Image]) -> str:
    if image is None:
        return _("This picture is not here any more. Add it again.")
    if image in before:
        return _("This picture is here twice.")
    if not alt:
        return _("Describe what this picture shows, for those who do not see it.")
    if len(alt) > LONGEST_ALT:
        over = len(alt) - LONGEST_ALT
        return _("The description is %(over)d characters too long.") % {"over": over}
    return ""


def check_beside(
    illustrations, texts: Mapping[int, str], channels: Mapping[int, Channel], errors, place=""
) -> None:
    """A channel that takes less text beside a picture says so before anything is approved.

    `place` goes before the name of the field, as in `also.fil.texts.7`.
    """
    for pk, channel in channels.items():
        most = CARRIES[channel.kind].text if channel.kind in CARRIES else 0
        text = texts.get(pk, "")
        if most and text and goes_to(illustrations, channel) and length(channel, text) > most:
            words = _(
                "Beside a picture this channel takes %(most)d characters. Shorten it, or leave out pictures."
            )
            errors.setdefault(f"{place}texts.{pk}", words % {"most": most})


def refuse_more(count: int) -> None:
    if count >= MOST:
        raise Invalid(_("A statement shows %(most)d pictures at most.") % {"most": MOST}, field="file")


# --- what changed


@dataclass(frozen=True)
class Change:
    """One picture beside what it was: `what` is added, removed, said (its words changed), moved or same."""

    shown: Illustration
    what: str
    before: Illustration | None = None

    @property
    def off(self) -> list[str]:
        """The channels that go without it, by name."""
        return list(Channel.objects.filter(pk__in=self.shown.left_out).values_list("name", flat=True))

    @property
    def hints(self) -> list[str]:
        return alt_lint.hints(self.shown.alt)


def side_by_side(old: Revision | None, new: Revision) -> list[Change]:
    """The pictures of the new wording in order, then those that are gone."""
    before, after = of(old), of(new)
    was = {each.image.pk: (place, each) for place, each in enumerate(before)}
    found = [change(place, each, was.get(each.image.pk)) for place, each in enumerate(after)]
    kept = {each.image.pk for each in after}
    gone = [Change(each, "removed", each) for each in before if each.image.pk not in kept]
    return found + gone if old else [Change(each, "same") for each in after]


def change(place: int, shown: Illustration, was: tuple[int, Illustration] | None) -> Change:
    if was is None:
        return Change(shown, "added")
    if was[1].alt != shown.alt:
        return Change(shown, "said", was[1])
    if was[1].left_out != shown.left_out:
        return Change(shown, "sent", was[1])
    return Change(shown, "same" if was[0] == place else "moved", was[1])
