"""What people type about saved queries and exclusions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Exclusion
from .source_forms import Versioned


class NamedQueryForm(Versioned):
    """`name` is asked only of a new one: rules know a query by its name."""

    name = forms.CharField(
        label=_("Name"),
        max_length=40,
        help_text=_("Small letters, digits and hyphens. Rules use it as saved:our-ships."),
        widget=forms.TextInput({"class": "mono", "spellcheck": "false", "placeholder": "our-ships"}),
    )
    query = forms.CharField(
        label=_("What it stands for"),
        max_length=4096,
        widget=forms.Textarea({"rows": 3, "class": "mono", "spellcheck": "false"}),
    )


class ExclusionForm(forms.Form):
    field = forms.ChoiceField(label=_("What"), choices=Exclusion.Field.choices)
    value = forms.CharField(
        label=_("Which"),
        max_length=500,
        help_text=_("A name as sources spell it, a site as in coupons.example, or a query."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    reason = forms.CharField(
        label=_("Why"), max_length=300, widget=forms.TextInput({"autocomplete": "off"}), required=False
    )
