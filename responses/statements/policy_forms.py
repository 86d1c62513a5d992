"""What people type about review policies and deputies. A step asks one question for each function."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from responses.incidents.forms import PersonField
from responses.incidents.models import Severity

from .groups import ALL, ANY, SOME, Function
from .models import Channel, Statement
from .policies import MOST_MINUTES, MOST_STEPS
from .policy_models import ReviewPolicy
from .writing_forms import Versioned

NOT_ASKED = ""
HOW_MANY = [
    (NOT_ASKED, _("not asked")),
    (ANY, _("one of them")),
    (ALL, _("all of them")),
    *[(str(n), _("at least %(n)d") % {"n": n}) for n in (2, 3, 4)],
]
LEVELS = (
    ("4", _("Critical")),
    ("3", _("High")),
    ("2", _("Moderate")),
    ("1", _("Low")),
    ("0", _("Undetermined")),
)
Boxes = forms.CheckboxSelectMultiple


class PolicyForm(Versioned):
    """For which statements it is."""

    name = forms.CharField(label=_("Name"), max_length=120)
    types = forms.MultipleChoiceField(
        label=_("For"),
        choices=Statement.Type.choices,
        required=False,
        help_text=_("None chosen: for every kind of statement."),
        widget=Boxes,
    )
    from_severity = forms.TypedChoiceField(
        label=_("From level"), choices=Severity.choices, coerce=int, initial=0
    )
    channels = forms.MultipleChoiceField(
        label=_("On channels"),
        choices=Channel.Kind.choices,
        required=False,
        help_text=_("None chosen: on every channel."),
        widget=Boxes,
    )
    second_factor = forms.ChoiceField(
        label=_("Second factor to approve"),
        choices=ReviewPolicy.SecondFactor.choices,
        initial=ReviewPolicy.SecondFactor.SERIOUS,
        help_text=_("A code or a passkey beside the decision. At High and Critical it is always asked."),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    @property
    def given(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def minutes_field(label, help_text=""):
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=MOST_MINUTES, help_text=help_text
    )


class PolicyStepForm(forms.Form):
    """One step: of each function how many must agree, and by when. Nobody asked: no step."""

    def __init__(self, *args, people=(), **kwargs):
        super().__init__(*args, **kwargs)
        for function in Function:
            self.fields[function] = forms.ChoiceField(label=function.label, choices=HOW_MANY, required=False)
        self.fields["people"] = forms.MultipleChoiceField(
            label=_("Which people"),
            required=False,
            choices=[(f"user:{user.pk}", str(user)) for user in people],
            widget=Boxes,
        )
        self.fields["silence_minutes"] = minutes_field(
            _("Passes when nobody objects within (minutes)"), _("Empty: it waits until people have approved.")
        )
        for level, label in LEVELS:
            self.fields[f"minutes_{level}"] = minutes_field(label)

    @property
    def is_asking(self) -> bool:
        return any(self[function].value() for function in Function)

    def asked(self):
        return [self[function] for function in Function]

    def deadlines(self):
        return [self[f"minutes_{level}"] for level, _label in LEVELS]

    @property
    def step(self) -> dict | None:
        found = self.cleaned_data
        groups = [self.group(function, found.get(function)) for function in Function if found.get(function)]
        if not groups:
            return None
        return {
            "groups": groups,
            "minutes": {level: found.get(f"minutes_{level}") for level, _label in LEVELS},
            "silence_minutes": found.get("silence_minutes"),
        }

    def group(self, function, how_many) -> dict:
        mode = how_many if how_many in (ANY, ALL) else SOME
        people = [{"id": one} for one in self.cleaned_data.get("people", ())]
        return {
            "function": function,
            "mode": mode,
            "need": int(how_many) if mode == SOME else 1,
            "people": people if function == Function.NAMED else [],
        }


def typed(step: dict) -> dict:
    """A kept step as its form shows it."""
    shown = {"silence_minutes": step["silence_minutes"], "people": []}
    for level, minutes in step["minutes"].items():
        shown[f"minutes_{level}"] = minutes
    for group in step["groups"]:
        shown[group["function"]] = str(group["need"]) if group["mode"] == SOME else group["mode"]
        shown["people"] += [one["id"] for one in group["people"]]
    return shown


_StepForms: Any = forms.formset_factory(
    PolicyStepForm, extra=0, min_num=MOST_STEPS, max_num=MOST_STEPS, absolute_max=2 * MOST_STEPS
)


class PolicyStepForms(_StepForms):
    """The steps in their order; those in which nobody is asked are left out."""

    @property
    def steps(self) -> list[dict]:
        return [form.step for form in self.forms if form.step is not None]


class DeputyForm(forms.Form):
    """Who stands in for whom; and from when until when somebody is away."""

    person = PersonField(label=_("For whom"))
    deputy = PersonField(label=_("Deputy"))
    away_from_at = forms.DateTimeField(
        label=_("Away from"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    away_until_at = forms.DateTimeField(
        label=_("Away until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_(
            "Leave both empty for a deputy in case of need: called when three quarters of the time are over."
        ),
    )

    def __init__(self, *args, for_whom=(), people=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].offer(for_whom)
        self.fields["deputy"].offer(people)

    def refuse(self, refusal) -> None:
        field = "away_until_at" if refusal.field == "until" else refusal.field
        self.add_error(field if field in self.fields else None, refusal.message)
