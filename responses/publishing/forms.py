"""What people type about outcomes. The deeds judge it; the forms keep it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from responses.errors import Invalid

from . import scheduling

OUTCOMES = [
    ("out", _("It is out. I have seen it there.")),
    ("not_out", _("It is not out. Send it again.")),
]


class DecisionForm(forms.Form):
    """What a person found out about an unknown outcome."""

    outcome = forms.ChoiceField(label=_("What did you find?"), choices=OUTCOMES, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("How do you know?"),
        help_text=_("It goes into the history with your name."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )


class WhenForm(forms.Form):
    """For each channel a time in the brand's zone; empty is at once."""

    def __init__(self, data=None, *, variants, times, zone):
        super().__init__(data)
        self.variants, self.zone = list(variants), zone
        for variant in self.variants:
            self.fields[name_of(variant)] = forms.CharField(
                label=_("When"),
                required=False,
                max_length=40,
                initial=scheduling.typed(times.get(variant.channel_id), zone),
                widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
            )

    def rows(self):
        """Each text with the field for its time."""
        return [{"variant": variant, "field": self[name_of(variant)]} for variant in self.variants]

    def clean(self):
        given = super().clean() or self.cleaned_data
        self.times = {}
        for variant in self.variants:
            try:
                written = given.get(name_of(variant), "")
                self.times[variant.channel_id] = scheduling.local(written, self.zone)
            except Invalid as refusal:
                self.add_error(name_of(variant), refusal.message)
        return given

    def refuse(self, refusal) -> None:
        name = (refusal.field or "").replace("times.", "at_")
        self.add_error(name if name in self.fields else None, refusal.message)


def name_of(variant) -> str:
    return f"at_{variant.channel_id}"
