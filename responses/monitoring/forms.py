"""What people type about sources, rules and alerts. A refused form keeps every word of it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Rule
from .source_forms import Versioned

LEVELS = [
    (0, _("Undetermined")),
    (1, _("Low")),
    (2, _("Moderate")),
    (3, _("High")),
    (4, _("Critical")),
]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("The first line names the columns. One must be “text”; url, author and date help."),
        widget=forms.ClearableFileInput({"accept": ".csv,text/csv"}),
    )


class RuleForm(Versioned):
    """A rule. Its query is checked by the language itself, so that the page and the matching agree."""

    caret = ""  # the wrong query with a ^ under the mistake
    wrong_query = ""

    name = forms.CharField(label=_("Name"), max_length=120)
    query = forms.CharField(
        label=_("What to look for"),
        max_length=4096,
        widget=forms.Textarea({"rows": 3, "class": "mono", "spellcheck": "false"}),
        help_text=_("Words, “a phrase” in quotation marks, OR, NOT, parentheses. A word end may be a *."),
    )
    watches = forms.ChoiceField(
        label=_("About"), choices=Rule.Watches.choices, initial=Rule.Watches.BRAND, required=False
    )
    subject = forms.CharField(
        label=_("Its name"),
        max_length=80,
        required=False,
        help_text=_("The competitor's or the topic's, as charts shall call it. Empty: the name of the rule."),
    )
    raises_alert = forms.BooleanField(label=_("Raise an alert"), required=False, initial=True)
    sensitivity = forms.ChoiceField(
        label=_("How easily it alerts to what is unusual"),
        choices=Rule.Sensitivity.choices,
        initial=Rule.Sensitivity.BALANCED,
        required=False,
        help_text=_("Storms, falls of tone, slow rises, the return after quiet."),
    )
    alert_after = forms.IntegerField(
        label=_("After how many matches within an hour"), min_value=1, max_value=10_000, initial=1
    )
    severity = forms.TypedChoiceField(label=_("Level of the alert"), choices=LEVELS, coerce=int, initial=0)
    opens_incident = forms.BooleanField(
        label=_("Open an incident by itself"),
        required=False,
        help_text=_("Without asking anybody. For what can never wait."),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def fields_of_rule(self) -> dict:
        """What was filled in; a choice that was not made leaves the rule's as it is."""
        left = {"version", *(name for name in ("watches", "sensitivity") if not self.cleaned_data[name])}
        return {name: value for name, value in self.cleaned_data.items() if name not in left}
