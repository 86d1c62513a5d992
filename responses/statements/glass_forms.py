"""What people type before and after a glass is broken."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .writing_forms import Versioned


class GlassRuleForm(Versioned):
    is_on = forms.BooleanField(
        label=_("Two named people may let a stand-by text out at Critical"), required=False
    )
    people = forms.MultipleChoiceField(
        label=_("Who may"),
        required=False,
        help_text=_("It takes two of them, each with a second factor."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, people=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [(f"user:{user.pk}", str(user)) for user in people]


class GlassForm(forms.Form):
    """Ask, agree, or judge afterwards: one form, of which the deed says what it needs."""

    do = forms.ChoiceField(choices=[(word, word) for word in ("ask", "agree", "uphold", "regret")])
    revision_hash = forms.CharField(max_length=64)
    incident = forms.IntegerField(label=_("For which incident"), required=False)
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    code = forms.CharField(required=False, max_length=12)
