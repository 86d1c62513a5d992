"""Making a key: what it is for, what it may do, until when."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .scopes import Scope

MOST_YEARS = 10


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("What is it for"), max_length=120, help_text=_("The name of the system that will use it.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=Scope.choices,
        initial=[Scope.READ],
        widget=forms.CheckboxSelectMultiple,
    )
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Empty: until it is revoked."),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )

    def clean_last_day(self):
        day = self.cleaned_data["last_day"]
        if day and day.year > timezone.now().year + MOST_YEARS:
            raise forms.ValidationError(_("Choose a day within the next %(n)d years.") % {"n": MOST_YEARS})
        return day

    def expires_at(self):
        """The end of the last day where the person is."""
        day = self.cleaned_data["last_day"]
        return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) if day else None
