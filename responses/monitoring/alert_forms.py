"""What people type about alerts, the noise budget and named authors. A refused form keeps every word."""

from django import forms
from django.utils.translation import gettext_lazy as _

from . import budgeting, snoozing
from .forms import LEVELS
from .models import NamedAuthor
from .source_forms import Versioned


class DismissForm(Versioned):
    reason = forms.CharField(
        label=_("Why does this need no action?"),
        max_length=300,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class SnoozeForm(Versioned):
    """For how long; a time of one's own is read on the person's clock."""

    choice = forms.ChoiceField(label=_("Snooze it"), choices=snoozing.CHOICES, initial=snoozing.HOUR_1)
    until = forms.DateTimeField(
        label=_("A time of your own"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )


class BudgetForm(Versioned):
    per_week = forms.IntegerField(
        label=_("Alerts a week we are willing to look at"), min_value=1, max_value=budgeting.MOST
    )


class AuthorForm(Versioned):
    name = forms.CharField(
        label=_("Name or handle"),
        max_length=200,
        help_text=_("As sources spell it. Capitals, accents and the @ do not matter."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("Who it is"),
        max_length=200,
        required=False,
        help_text=_("For colleagues: a consumer reporter, the harbour authority."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    severity = forms.TypedChoiceField(label=_("Level of the alert"), choices=LEVELS, coerce=int, initial=2)

    @classmethod
    def about(cls, author: NamedAuthor, data=None) -> "AuthorForm":
        known = {name: getattr(author, name) for name in cls.base_fields}
        return cls(data, initial=known)

    def fields_of_author(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
