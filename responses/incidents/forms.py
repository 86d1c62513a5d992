"""What people type about incidents and protocols. Each form keeps its text when the deed refuses it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.models import User
from agency.roles import Role
from responses.core import actors
from responses.errors import Conflict, Refused

from .models import Part, Protocol, Severity
from .protocols import MOST_STEPS
from .severity import MEANINGS


class DeedForm(forms.Form):
    """A form for one deed: carries the version the person saw, and shows a refusal where it belongs."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, seen=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.seen = seen
        if seen is not None:
            self.initial.setdefault("version", seen.version)

    def as_seen(self):
        """The thing at the version the person had before their eyes."""
        if self.cleaned_data.get("version"):
            self.seen.version = self.cleaned_data["version"]
        return self.seen

    def refuse(self, refusal: Refused) -> None:
        """Put the refusal on the form; after a conflict the next try is about the thing as it is now."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
        if isinstance(refusal, Conflict):
            self.seen.refresh_from_db(fields=["version"])
            typed = {name: self.data.get(name) for name in self.data}  # **data of a QueryDict gives lists
            self.data = {**typed, self.add_prefix("version"): self.seen.version}


def people_of(brand) -> list[User]:
    """Who holds a seat at the brand, staff and client alike."""
    here = Q(seats__brand=brand) | Q(
        seats__brand=None, seats__agency__engagements__brand=brand, seats__agency__engagements__ended_at=None
    )
    return list(User.objects.filter(here, seats__is_active=True, is_active=True).distinct().order_by("name"))


class PersonField(forms.ChoiceField):
    """Somebody with a seat at the brand; cleans to their Actor, or None."""

    def offer(self, people, empty=None):
        self.people = {str(user.pk): user for user in people}
        first = [("", empty)] if empty else []
        self.choices = first + [(key, str(user)) for key, user in self.people.items()]

    def clean(self, value):
        chosen = super().clean(value)
        return actors.person(self.people[chosen]) if chosen else None


class OpenForm(forms.Form):
    """Open an incident by hand or from an alert."""

    title = forms.CharField(
        label=_("What happened"),
        max_length=200,
        help_text=_("One sentence, as you would say it on the phone."),
    )
    severity = forms.TypedChoiceField(
        label=_("Level"), choices=Severity.choices, coerce=int, initial=0, widget=forms.RadioSelect
    )
    summary = forms.CharField(
        label=_("What is known so far"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    protocol = forms.ModelChoiceField(
        Protocol.objects.none(),
        label=_("Protocol"),
        required=False,
        empty_label=_("the one for the level"),
        help_text=_("It is copied into the incident. Changing it later changes nothing here."),
    )
    alert = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["protocol"].queryset = Protocol.objects.filter(is_active=True)

    @property
    def levels(self):
        """Each level's radio with what the level means."""
        return zip(self["severity"], MEANINGS.values(), strict=True)


class MoveForm(DeedForm):
    """Contain, resolve or reopen."""

    to = forms.ChoiceField(
        choices=[("contain", ""), ("resolve", ""), ("reopen", "")], widget=forms.HiddenInput
    )
    words = forms.CharField(
        label=_("How it ended"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, seen=None, **kwargs):
        super().__init__(*args, seen=seen, **kwargs)
        if self.is_bound:  # only an ending has to be told
            self.fields["words"].required = self.data.get("to") == "resolve"


class SeverityForm(DeedForm):
    severity = forms.TypedChoiceField(label=_("Level"), choices=Severity.choices, coerce=int)
    reason = forms.CharField(
        label=_("Why"), max_length=500, help_text=_("Everybody reads this on the timeline.")
    )

    def __init__(self, *args, seen=None, **kwargs):
        super().__init__(*args, seen=seen, **kwargs)
        self.initial.setdefault("severity", seen.severity)


class PartForm(forms.Form):
    function = forms.ChoiceField(label=_("Part"), choices=Part.Function.choices)
    person = PersonField(label=_("Person"))

    def __init__(self, *args, people=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].offer(people)


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note"),
        max_length=5000,
        widget=forms.Textarea(
            attrs={"rows": 2, "placeholder": _("Who called, what was decided, what is known")}
        ),
    )


class TaskForm(forms.Form):
    title = forms.CharField(label=_("What is to be done"), max_length=200)
    owner = PersonField(label=_("Who"), required=False)
    minutes = forms.IntegerField(
        label=_("Due in minutes"), required=False, min_value=1, max_value=60 * 24 * 30
    )

    def __init__(self, *args, people=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(people, empty=_("nobody yet"))

    def due_at(self, now):
        minutes = self.cleaned_data["minutes"]
        return now + timedelta(minutes=minutes) if minutes else None


class AssignForm(DeedForm):
    person = PersonField(label=_("Who"), required=False)

    def __init__(self, *args, people=(), seen=None, **kwargs):
        super().__init__(*args, seen=seen, **kwargs)
        self.fields["person"].offer(people, empty=_("nobody yet"))


class ProtocolForm(DeedForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    description = forms.CharField(
        label=_("When to use it"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    from_severity = forms.TypedChoiceField(
        label=_("From level"),
        choices=Severity.choices,
        coerce=int,
        initial=0,
        help_text=_("An incident takes the protocol with the highest level that it reaches."),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class StepForm(forms.Form):
    """One line of a protocol. A line without words is left out."""

    title = forms.CharField(label=_("What"), required=False, max_length=200)
    role = forms.ChoiceField(label=_("Who"), required=False, choices=[("", "–"), *Role.choices])
    due_minutes = forms.IntegerField(
        label=_("Minutes after opening"), required=False, min_value=0, max_value=60 * 24 * 30
    )


_StepForms: Any = forms.formset_factory(
    StepForm, extra=3, can_order=True, can_delete=True, max_num=MOST_STEPS, absolute_max=2 * MOST_STEPS
)


class StepFormSet(_StepForms):
    """The steps in the order of their numbers, those ticked off removed."""

    @property
    def steps(self) -> list[dict]:
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data.get("title")]
        kept = [row for row in kept if not row.get("DELETE")]
        kept.sort(key=lambda row: (row.get("ORDER") is None, row.get("ORDER")))
        return [{name: row[name] for name in ("title", "role", "due_minutes")} for row in kept]
