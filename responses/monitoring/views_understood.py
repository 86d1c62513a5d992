"""What Tugon understood of a mention, people's word on it, and the stories that mentions make."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agency.access import may
from agency.roles import May
from responses.core.actors import acting
from responses.core.pages import refusals, see_other, typed

from . import querysets, spreading
from .correcting import correct
from .explaining import figure
from .marking import dressed
from .models import Correction, Mention, Story

SHOWN = 50
DAYS = (1, 7, 30)


def understood(request, mention: Mention) -> dict:
    """What the part `understood.html` of a mention's page needs."""
    return {
        "understood": {
            "reach": "" if mention.reach is None else figure(mention.reach),
            "story": mention.story,
            "corrections": mention.corrections.all()[:10],
            "choices": Mention.Sentiment.choices,
            "may_correct": request.standing.may(May.TRIAGE),
        }
    }


@may(May.TRIAGE)
@require_POST
@refusals
def mention_correct(request, pk):
    """One press; the same press of a colleague changes nothing."""
    found = get_object_or_404(Mention.objects.defer("search"), pk=pk)
    correct(found, typed(request, "sentiment", 10), by=acting(request), now=timezone.now())
    said = _("Kept: this mention is %(tone)s. Tugon learns from it for this brand.")
    messages.success(request, said % {"tone": found.get_sentiment_display()})
    return see_other("responses:mention", request.brand.slug, pk)


@may(May.SEE)
def corrections(request):
    """Who corrected what, the newest first."""
    rows = Correction.objects.select_related("mention__source").defer("mention__search")
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    return render(request, "monitoring/corrections.html", {"page": page, "now": timezone.now()})


@may(May.SEE)
def stories(request):
    """The stories of the last days, the most told first."""
    now = timezone.now()
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, DAYS) else DAYS[1]
    page = Paginator(spreading.going_round(now - timedelta(days=days)), SHOWN).get_page(
        request.GET.get("page")
    )
    found = Story.objects.in_bulk([pk for pk, _told in page])
    rows = [(found[pk], told, figure(found[pk].reach) if found[pk].reach else "") for pk, told in page]
    most = max((told for _story, told, _reach in rows), default=0)
    shown = {"page": page, "rows": rows, "most": most, "days": days, "choices": DAYS, "now": now}
    return render(request, "monitoring/stories.html", shown)


@may(May.SEE)
def story(request, pk):
    """One story: how it spread, where, and its mentions."""
    found = get_object_or_404(Story.objects.select_related("first_mention__source"), pk=pk)
    rows = querysets.rich(Mention.objects.filter(story=found)).order_by("-published_at", "-pk")
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    shown = {
        "story": found,
        "reach": figure(found.reach) if found.reach else "",
        "buckets": spreading.over_time(found),
        "sources": spreading.by_source(found),
        "page": page,
        "rows": dressed(list(page), ""),
        "now": timezone.now(),
    }
    return render(request, "monitoring/story.html", shown)
