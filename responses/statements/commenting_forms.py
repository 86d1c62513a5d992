"""What a person types about a text: which words, what of them, who reads it."""

import re

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import anchoring, tongues
from .commenting_models import Comment

PLACE = re.compile(r"(\d{1,18})(?::(\d{1,9})-(\d{1,9}))?", re.ASCII)
SHOWN = 70  # letters of a sentence in the list


def spelled(variant, place: anchoring.Place | None = None) -> str:
    """A stretch as the form names it: `12` is all of variant 12, `12:4-20` a part of it."""
    return f"{variant.pk}:{place.start}-{place.end}" if place else str(variant.pk)


def choices(variants) -> list:
    """The whole statement, and per channel the whole text and its sentences."""
    return [
        ("", _("the whole statement")),
        *((name_of(variant, variants), choices_of(variant)) for variant in variants),
    ]


def name_of(variant, variants) -> str:
    """By its channel, and by its language where there are two."""
    is_one_of_two = len({each.language for each in variants}) > 1
    language = f", {tongues.name_of(variant.language)}" if is_one_of_two else ""
    return f"{variant.channel.name}{language}"


def choices_of(variant) -> list[tuple[str, str]]:
    whole = (spelled(variant), _("all of %(channel)s") % {"channel": variant.channel.name})
    sentences = [
        (spelled(variant, place), "“" + Truncator(place.of(variant.text)).chars(SHOWN) + "”")
        for place in anchoring.sentences(variant.text)
    ]
    return [whole, *sentences]


class Asked(forms.CharField):
    """Not called optional; whether it may be empty is the deed's to judge."""

    def validate(self, value):
        pass


class RemarkForm(forms.Form):
    """A comment, or with other words a suggestion. `audience` is only asked of the agency."""

    use_required_attribute = False
    place = Asked(label=gettext_lazy("About"), widget=forms.Select)
    quote = forms.CharField(
        label=gettext_lazy("or about these words"),
        help_text=gettext_lazy("Copied from the text exactly. With a mouse or a finger: mark them there."),
        required=False,
        strip=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    text = Asked(
        label=gettext_lazy("Comment"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    replacement = forms.CharField(
        label=gettext_lazy("Words to put there instead"),
        required=False,
        strip=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    leave_out = forms.BooleanField(label=gettext_lazy("Suggest to leave these words out"), required=False)
    audience = forms.ChoiceField(
        label=gettext_lazy("Who reads it"), choices=Comment.Audience, widget=forms.RadioSelect
    )

    def __init__(self, *args, variants, is_client=False, speaks=True, **kwargs):
        kwargs.setdefault("initial", {}).setdefault("audience", Comment.Audience.INTERNAL)
        super().__init__(*args, auto_id="remark_%s", **kwargs)
        self.variants = {variant.pk: variant for variant in variants}
        self.is_client = is_client
        if is_client or not speaks:
            del self.fields["audience"]
        self.fields["place"].widget.choices = self.with_typed(choices(variants))

    def with_typed(self, listed) -> list:
        """A stretch marked with the pointer is in no list: it stays chosen when the form comes back."""
        typed = str(self.data.get("place") or "")
        known = {value for _name, group in listed if isinstance(group, list) for value, _label in group}
        quote = str(self.data.get("quote") or "").strip()
        if typed and typed not in known and PLACE.fullmatch(typed) and quote:
            listed.insert(1, (typed, "“" + Truncator(quote).chars(SHOWN) + "”"))
        return listed

    def clean_place(self) -> dict:
        """Which variant, and from where to where."""
        typed = self.cleaned_data["place"]
        found = PLACE.fullmatch(typed)
        variant = self.variants.get(int(found[1])) if found else None
        if typed and variant is None:
            raise forms.ValidationError(_("This stretch is of another text. Choose it anew."))
        start, end = (int(found[2]), int(found[3])) if found and found[2] else (None, None)
        return {"variant": variant, "start": start, "end": end}

    @property
    def remark(self) -> dict:
        """What commenting asks for."""
        given = self.cleaned_data
        words = given["replacement"].replace("\r\n", "\n")
        suggests = bool(words.strip()) or given["leave_out"]
        return {
            **given["place"],
            "quote": given["quote"],
            "text": given["text"],
            "replacement": ("" if given["leave_out"] else words) if suggests else None,
            "audience": Comment.Audience.CLIENT if self.is_client else given.get("audience", "internal"),
        }

    def refuse(self, refusal) -> None:
        """Put a deed's refusal at the field it is about."""
        field = {"start": "place", "revision": "place"}.get(refusal.field or "", refusal.field)
        self.add_error(field if field in self.fields else None, refusal.message)
