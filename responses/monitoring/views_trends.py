"""Trends: what a period was like, as charts; each leads to the mentions it is drawn from."""

from datetime import timedelta
from urllib.parse import urlencode

from django import forms
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agency.access import may
from agency.roles import May

from . import periods, surveying
from .explaining import figure
from .filtering import DayField
from .models import Alert, Mention, Source
from .periods import Period

NAMES = {
    "24h": gettext_lazy("24 hours"),
    "7d": gettext_lazy("7 days"),
    "30d": gettext_lazy("30 days"),
    "90d": gettext_lazy("90 days"),
}
ALIKE = 1.25  # times as much, or less than its inverse: below that it is "as much as"


class DaysForm(forms.Form):
    """Days of one's own choice; what cannot be read is left out."""

    since = DayField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = DayField(
        label=gettext_lazy("To"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def period(self, name: str, now) -> Period:
        self.is_valid()
        first, last = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        first = first or last
        if first is None:
            return periods.named(name, now)
        return periods.of_days(first, last or timezone.localtime(now).date(), now)


@may(May.SEE)
def trends(request):
    """One period beside the one before."""
    now, form = timezone.now(), DaysForm(request.GET)
    period = form.period(request.GET.get("period", ""), now)
    found = surveying.survey(period)
    shown = {
        "now": now,
        "form": form,
        "survey": found,
        "words": surveying.words(period),
        "tabs": [(name, label, name == period.name) for name, label in NAMES.items()],
        "sentence": sentence(found),
        "lead": lead(found),
        "buckets": [bucket(step) for step in found.steps],
        "feed": f"{reverse('responses:feed', args=[request.brand.slug])}?about=own",
        "marks": marks(found),
        "days": days_of(period),
        "has_any": found.tones.all or found.before.all or surveying.has_any(),
        "has_sources": Source.objects.exists(),
        "tone_choices": Mention.Sentiment,
    }
    return render(request, "monitoring/trends.html", shown)


def bucket(step) -> dict:
    """A step for the charts."""
    tones = step.tones
    return {"at": step.at, "neg": tones.negative, "neu": tones.neutral, "pos": tones.positive}


def marks(found) -> list[dict]:
    """The alerts on the chart: the one of a step by its name, several by their number."""
    first, step = found.steps[0].at, found.period.step
    rang: dict[int, list[Alert]] = {}
    for alert in found.alerts:
        place = max((alert.opened_at - first) // step, 0)
        rang.setdefault(min(place, len(found.steps) - 1), []).append(alert)
    return [
        {"at": found.steps[place].at + step / 2, "label": mark_words(alerts), "day": True}
        for place, alerts in rang.items()
    ]


def mark_words(alerts: list[Alert]) -> str:
    if len(alerts) == 1:
        return alerts[0].heading
    return ngettext("%(n)s alert", "%(n)s alerts", len(alerts)) % {"n": len(alerts)}


def days_of(period: Period) -> str:
    """The days of the period, for the address of the feed."""
    last = timezone.localtime(period.until - timedelta(microseconds=1)).date()
    return urlencode({"since": timezone.localtime(period.since).date(), "until": last})


def sentence(found) -> str:
    """How much, beside before, and in which tone."""
    if not found.tones.all:
        return _("Nothing was said in this time")
    return f"{how_much(found)}{how_toned(found)}"


def how_much(found) -> str:
    factor = found.factor
    if factor is None:
        return _("%(n)s mentions, and none before") % {"n": figure(found.tones.all)}
    if factor >= 2:
        return _("%(n)s times as much is said as before") % {"n": figure(factor)}
    if factor >= ALIKE:
        return _("More is said than before")
    if factor > 1 / ALIKE:
        return _("About as much is said as before")
    return _("Less is said than before")


def how_toned(found) -> str:
    now, before = found.tones.negative_share, found.before.negative_share
    if now >= 0.5:
        return _(", most of it negative")
    if found.before.all and now - before >= 0.1:
        return _(", and it is angrier")
    if found.before.all and before - now >= 0.1:
        return _(", and it is kinder")
    return ""


def lead(found) -> str:
    values = {"now": figure(found.tones.all), "before": figure(found.before.all)}
    return _("%(now)s mentions; %(before)s in as long before.") % values
