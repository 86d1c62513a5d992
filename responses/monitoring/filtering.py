"""What a person asks the feed for, as its address has it."""

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf.locale import LANG_INFO
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from . import periods
from .language import TOLD
from .models import Mention, Rule, Source
from .querysets import Filters
from .sources.reading import MOST_REACH

OWN_NAMES = {"ceb": "Cebuano", "km": "ខ្មែរ", "zh": "中文"}  # which Django does not have in themselves
HOME = {"en": _("English"), "fil": _("Filipino"), "taglish": _("Taglish")}
LANGUAGES = [
    *((one, HOME.get(one) or OWN_NAMES.get(one) or LANG_INFO[one]["name_local"]) for one in TOLD),
    ("und", _("not told")),
]
TRIAGE = [("", _("not set aside")), *Mention.Triage.choices, ("all", _("all"))]
ORDERS = [("", _("newest first")), ("risk", _("riskiest first")), ("reach", _("widest reach first"))]
YES_NO = [("", _("all")), ("yes", _("yes")), ("no", _("no"))]
ABOUT = [("", _("all")), ("own", _("the brand")), ("others", _("others only"))]


class DayField(forms.DateField):
    """A day on which people may have said something: arithmetic with the calendar's ends overflows."""

    def to_python(self, value):
        found = self.read(value)
        if found is not None and not periods.FIRST_YEAR <= found.year <= periods.LAST_YEAR:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found

    def read(self, value):
        return super().to_python(value)


class DayOrMomentField(DayField):
    """A day; or the moment a step of a chart begins or ends, as the links of charts say it."""

    def read(self, value):
        if isinstance(value, str) and "T" in value:
            return forms.DateTimeField().to_python(value)
        return super().read(value)


class FilterForm(forms.Form):
    """The feed's filters; what cannot be read is left out, a feed never answers with an error."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    tone = forms.ChoiceField(label=_("Tone"), required=False)
    source = forms.ModelChoiceField(Source.objects.none(), label=_("Source"), required=False)
    rule = forms.ModelChoiceField(Rule.objects.none(), label=_("Rule"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    triage = forms.ChoiceField(label=_("State"), required=False, choices=TRIAGE)
    order = forms.ChoiceField(label=_("Order"), required=False, choices=ORDERS)
    since = DayOrMomentField(
        label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = DayOrMomentField(
        label=_("To"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    kind = forms.ChoiceField(label=_("Kind of source"), required=False)
    about = forms.ChoiceField(label=_("About"), required=False, choices=ABOUT)
    verified = forms.ChoiceField(label=_("Verified author"), required=False, choices=YES_NO)
    reach = forms.IntegerField(label=_("Reach from"), required=False, min_value=1, max_value=MOST_REACH)
    risk = forms.IntegerField(label=_("Risk from"), required=False, min_value=1, max_value=100)
    country = forms.RegexField("^[A-Za-z]{2}$", label=_("Country, two letters"), required=False)
    RARE = ("since", "until", "kind", "about", "verified", "reach", "risk", "country")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        every = [("", _("all"))]
        self.fields["tone"].choices = every + list(Mention.Sentiment.choices)
        self.fields["language"].choices = every + LANGUAGES
        self.fields["kind"].choices = every + list(Source.Kind.choices)
        for name, model in (("source", Source), ("rule", Rule)):
            self.fields[name].queryset = model.objects.all()
            self.fields[name].empty_label = _("all")
        for name in ("since", "until"):
            if "T" in self.data.get(name, ""):
                self.fields[name].widget = forms.TextInput({"type": "datetime-local"})
        self.fields["q"].widget.attrs |= {"type": "search", "placeholder": _('words, "a phrase", -not this')}

    @property
    def common(self):
        """The fields that everybody uses, the search apart."""
        return [bound for bound in self if bound.name not in (*self.RARE, "q")]

    @property
    def rare(self):
        return [self[name] for name in self.RARE]

    @property
    def rare_in_use(self) -> bool:
        return any(self[name].value() for name in self.RARE)

    def chips(self) -> list[dict]:
        """What narrows the feed, in words, each with the address without it."""
        self.is_valid()
        said = {name: self.data.get(name, "") for name, value in self.cleaned_data.items() if value}
        return [
            {"words": f"{self.fields[name].label}: {self.in_words(name)}", "query": without(said, name)}
            for name in said
        ]

    def in_words(self, name: str) -> str:
        value, field = self.cleaned_data[name], self.fields[name]
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            choices: Any = field.choices
            return next((str(word) for key, word in choices if key == value), value)
        if isinstance(value, datetime):
            return date_format(timezone.localtime(value), "j M H:i")
        if isinstance(value, date):
            return date_format(value, "j M Y")
        return _now("“%(words)s”") % {"words": value} if name == "q" else str(value)

    def filters(self) -> Filters:
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        for name, days in (("since", 0), ("until", 1)):
            if name in said and not isinstance(said[name], datetime):
                said[name] = midnight(said[name] + timedelta(days=days))
        for name in ("source", "rule"):
            if name in said:
                said[name] = said[name].pk
        return Filters(**said)


def midnight(day) -> datetime:
    """When the day begins where the person is."""
    return timezone.make_aware(datetime.combine(day, time.min))


def without(said: dict, name: str) -> str:
    return urlencode({other: value for other, value in said.items() if other != name})
