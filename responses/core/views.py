"""The history of a brand as a page, and the proof that it is as it was written."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agency.access import may
from agency.roles import May
from tenants.models import BrandPulse

from . import history as proof
from . import timeline
from .models import Event

PER_PAGE = 100


@dataclass(frozen=True)
class Page:
    """Older and newer by sequence number, so that a page costs the same however long the history is."""

    next_url: str | None
    previous_url: str | None


@may(May.SEE)
def history(request):
    return show(request)


@may(May.SEE)
@require_POST
def history_verify(request):
    """Walk the whole chain and say in words what was found. Changes nothing."""
    return show(request, verdict=verified(request.brand))


def show(request, verdict=None):
    tab = request.GET.get("tab", timeline.EVERYTHING)
    before = request.GET.get("before", "")
    found = timeline.events(which=tab)
    if before.isdecimal() and len(before) < 18:
        found = found.filter(seq__lt=int(before))
    events = list(found[: PER_PAGE + 1])
    lines = timeline.lines(events[:PER_PAGE], request.brand)
    here = f"{reverse('responses:history', args=[request.brand.slug])}?{urlencode({'tab': tab})}"
    older = f"{here}&before={lines[-1].seq}" if len(events) > PER_PAGE else None
    newest = here if before else None
    shown = {
        "lines": lines,
        "page": Page(older, newest),
        "tabs": [(name, words) for name, (words, _kinds) in timeline.FILTERS.items()],
        "tab": tab,
        "verdict": verdict,
        "now": timezone.now(),
    }
    return render(request, "core/history.html", shown)


def verified(brand) -> dict:
    """What `history.verify` found, against the head noted outside the schema."""
    pulse = BrandPulse.objects.filter(brand=brand).first()
    anchor = (pulse.history_seq, pulse.history_hash) if pulse else (0, "")
    broken = proof.verify(*anchor)
    kinds = dict(Event.objects.filter(seq__in=[row.seq for row in broken]).values_list("seq", "kind"))
    return {
        "broken": [
            {"seq": row.seq, "kind": kinds.get(row.seq, ""), "words": in_words(row.what)} for row in broken
        ],
        "count": Event.objects.count(),
        "anchor_seq": anchor[0],
    }


def in_words(what: str) -> str:
    return {
        "altered": _("it was altered"),
        "removed": _("it was removed"),
        "reordered": _("it stands in the wrong place"),
    }[what]
