"""The pictures of the editor as fields of its form, so that they are kept, restored and saved like its words.

Picture number 2 is `image_2` (its id), `alt_2` (its words) and `off_2_7` for each channel (here 7) that goes
without it.
"""

import re
from collections.abc import Iterable, Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from . import alt_lint, illustrating
from .image_models import Image
from .models import Channel

NAMES = re.compile(r"(?:image|alt|off)_\d")
PLACES = range(1, illustrating.MOST + 1)
ID = re.compile(r"[1-9]\d{0,17}")


def is_one(name: str) -> bool:
    return NAMES.match(name) is not None


def add_to(form: forms.Form, channels: Iterable[Channel]) -> None:
    """Give the form its places for pictures. What holds is for the deed to say."""
    for place in PLACES:
        form.fields[f"image_{place}"] = forms.CharField(required=False, widget=forms.HiddenInput)
        form.fields[f"alt_{place}"] = forms.CharField(
            label=_("What it shows"),
            required=False,
            help_text=_("For those who do not see it. It goes out with the picture."),
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        for channel in channels:
            if channel.kind in illustrating.CARRIES:
                form.fields[f"off_{place}_{channel.pk}"] = forms.BooleanField(
                    label=channel.name, required=False
                )


def as_fields(shown: Iterable[illustrating.Illustration]) -> dict[str, str]:
    """As the form holds them."""
    return {
        name: value
        for place, each in enumerate(shown, 1)
        for name, value in (
            (f"image_{place}", str(each.image.pk)),
            (f"alt_{place}", each.alt),
            *((f"off_{place}_{pk}", "on") for pk in each.left_out),
        )
    }


def given(fields: Mapping[str, str]) -> list[dict]:
    """What drafting asks for, from what the form holds."""
    return [
        {
            "image": int(fields[f"image_{place}"]),
            "alt": fields.get(f"alt_{place}", ""),
            "left_out": left_out(fields, place),
        }
        for place in PLACES
        if ID.fullmatch(fields.get(f"image_{place}") or "")
    ]


def left_out(fields: Mapping[str, str], place: int) -> list[int]:
    start = f"off_{place}_"
    found = [name.removeprefix(start) for name, value in fields.items() if name.startswith(start) and value]
    return sorted(int(pk) for pk in found if ID.fullmatch(pk))


def rows(form: forms.Form) -> list[dict]:
    """Each picture in its place, with its fields, for the page."""
    ids = {place: str(form[f"image_{place}"].value() or "") for place in PLACES}
    found = Image.objects.defer("content").in_bulk([int(pk) for pk in ids.values() if ID.fullmatch(pk)])
    for place, pk in ids.items():
        form.fields[f"alt_{place}"].required = bool(ID.fullmatch(pk))  # so that the browser asks for it
    return [
        {
            "place": place,
            "image": found.get(int(pk)),
            "id": form[f"image_{place}"],
            "alt": form[f"alt_{place}"],
            "hints": alt_lint.hints(str(form[f"alt_{place}"].value() or "")),
            "off": [form[name] for name in form.fields if name.startswith(f"off_{place}_")],
        }
        for place, pk in ids.items()
        if ID.fullmatch(pk)
    ]


def name_of(place: str) -> str:
    """The field a fault is about: `images.0.alt` of the deed is the first picture's words."""
    found = re.fullmatch(r"images\.(\d)\.alt", place)
    return f"alt_{int(found[1]) + 1}" if found else place


# --- put in order


def appended(fields: Mapping[str, str], image: Image) -> dict[str, str]:
    """With one more picture at the end; one that is there already stays where it is."""
    there = given(fields)
    illustrating.refuse_more(len(there))
    if any(row["image"] == image.pk for row in there):
        return dict(fields)
    return arranged(fields, [*there, {"image": image.pk, "alt": "", "left_out": []}])


def without(fields: Mapping[str, str], place: int) -> dict[str, str]:
    return arranged(fields, [row for each, row in placed(fields) if each != place])


def earlier(fields: Mapping[str, str], place: int) -> dict[str, str]:
    """The one in this place changes places with the one before it."""
    order = placed(fields)
    at = next((number for number, (each, _row) in enumerate(order) if each == place), 0)
    if at:
        order[at - 1], order[at] = order[at], order[at - 1]
    return arranged(fields, [row for _place, row in order])


def placed(fields: Mapping[str, str]) -> list[tuple[int, dict]]:
    taken = [place for place in PLACES if ID.fullmatch(fields.get(f"image_{place}") or "")]
    return list(zip(taken, given(fields), strict=True))


def arranged(fields: Mapping[str, str], order: list[dict]) -> dict[str, str]:
    kept = {name: value for name, value in fields.items() if not is_one(name)}
    for place, row in enumerate(order, 1):
        kept |= {f"image_{place}": str(row["image"]), f"alt_{place}": row["alt"]}
        kept |= {f"off_{place}_{pk}": "on" for pk in row["left_out"]}
    return kept
