"""What people type about templates, the brand's rules of writing and talking points."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from responses.errors import Conflict, Refused

from .models import Statement
from .writing_models import LintRule, TalkingPoint

ANY_LANGUAGE = ("", _("both languages"))


class Versioned(forms.Form):
    """Carries the version a person saw; after a conflict the next try is about the thing as it is now."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def refuse(self, refusal: Refused, thing: Any = None) -> None:
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
        if isinstance(refusal, Conflict) and thing is not None:
            thing.refresh_from_db()
            data: Any = self.data.copy()  # type: ignore[attr-defined]
            data["version"] = thing.version
            self.data = data


class RuleForm(Versioned):
    kind = forms.ChoiceField(
        label=_("Rule"), choices=[choice for choice in LintRule.Kind.choices if choice[0] != "off"]
    )
    phrases = forms.CharField(
        label=_("Words"),
        max_length=20_000,
        help_text=_(
            "One word or phrase a line. * stands for letters, a/b for one of two words, "
            "... for words between."
        ),
        widget=forms.Textarea({"rows": 5, "spellcheck": "false"}),
    )
    severity = forms.ChoiceField(label=_("How serious"), choices=LintRule.Severity.choices)
    types = forms.MultipleChoiceField(
        label=_("For"),
        choices=Statement.Type.choices,
        required=False,
        help_text=_("None chosen: for every kind of statement."),
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(
        label=_("Language of the text"), choices=[ANY_LANGUAGE, *settings.LANGUAGES], required=False
    )
    reason = forms.CharField(
        label=_("Why"), max_length=300, required=False, help_text=_("The writer reads this beside the text.")
    )

    @property
    def given(self) -> dict:
        """What the deeds ask for."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return data | {"phrases": data["phrases"].splitlines()}

    @staticmethod
    def of(rule: LintRule) -> dict:
        names = ("kind", "severity", "types", "language", "reason", "version")
        return {name: getattr(rule, name) for name in names} | {"phrases": "\n".join(rule.phrases)}


class PointForm(forms.Form):
    kind = forms.ChoiceField(label=_("What it is"), choices=TalkingPoint.Kind.choices)
    text = forms.CharField(
        label=_("In one sentence"),
        max_length=500,
        help_text=_("A fact with its numbers and times, a message to bring across, or a name."),
    )
    origin = forms.CharField(label=_("Who confirmed it"), max_length=200, required=False)
    incident = forms.IntegerField(widget=forms.HiddenInput, required=False)


class TemplateForm(Versioned):
    name = forms.CharField(label=_("Name"), max_length=120)
    type = forms.ChoiceField(label=_("Kind of statement"), choices=Statement.Type.choices)
    language = forms.ChoiceField(label=_("Language of the text"), choices=settings.LANGUAGES)
    body = forms.CharField(label=_("Text"), strip=False, widget=forms.Textarea({"rows": 14}))
    short = forms.CharField(
        label=_("Text for short channels"),
        required=False,
        strip=False,
        help_text=_("Left empty, the text above is used."),
        widget=forms.Textarea({"rows": 4}),
    )
    also_body = forms.CharField(
        label=_("Text in the other language"),
        required=False,
        strip=False,
        help_text=_("With it, a statement begins in English and Filipino."),
        widget=forms.Textarea({"rows": 14}),
    )
    also_short = forms.CharField(
        label=_("Short text in the other language"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 4}),
    )
