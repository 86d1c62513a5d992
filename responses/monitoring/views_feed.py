"""The feed: what is being said, as it comes in."""

from datetime import timedelta

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agency.access import may
from agency.roles import May
from responses.core.pages import unchanged

from . import querysets, states
from .explaining import figure
from .filtering import FilterForm
from .marking import dressed
from .models import Alert, HourCount, Mention, Source
from .usual import mentions_per_hour
from .views_triage import undo_key, views_for
from .views_understood import understood

HOUR = timedelta(hours=1)


@may(May.SEE)
def feed(request):
    """The newest mentions, as filtered by the address."""
    now, form = timezone.now(), FilterForm(request.GET)
    filters = form.filters()
    page = querysets.page_of(filters, request.GET.dict())
    shown = {
        "now": now,
        "form": form,
        "filters": filters,
        "page": page,
        "rows": dressed(page.mentions, filters.q),
        "seen": querysets.newest(),
        "query": querysets.address(request.GET.dict()).lstrip("?"),
        "views": views_for(request),
        "undo": request.session.get(undo_key(request)),
        "in_feed": True,
        "may_triage": request.standing.may(May.TRIAGE),
        "has_sources": Source.objects.exists(),
        "buckets": hours_of_day(now),
        "alerts": Alert.objects.filter(status__in=states.ALERT_LIVE).order_by("-severity", "-last_at")[:5],
        "may_listen": request.standing.may(May.LISTEN),
        **now_in_words(now),
    }
    return render(request, "monitoring/feed.html", shown)


@may(May.SEE)
def feed_news(request):
    """What a feed that is open asks every ten seconds: how many are new, and how it is now."""
    filters, seen = FilterForm(request.GET).filters(), request.GET.get("seen", "")
    seen = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 18 else 0
    found, words = querysets.news(filters, seen), now_in_words(timezone.now())
    etag = f"{seen}-{found['last']}-{found['count']}-{words['last_hour']}-{request.LANGUAGE_CODE}"
    answer = unchanged(request, etag) or render(
        request,
        "monitoring/feed.html#news",
        {
            "count": found["count"],
            "most": querysets.MOST_NEWS,
            "seen": seen,
            "query": querysets.address(request.GET.dict())[1:],
            **words,
        },
    )
    answer["ETag"] = f'"{etag}"'
    answer["Cache-Control"] = "private, no-cache"
    return answer


@may(May.SEE)
def mention(request, pk):
    """One mention, with what matched it and what else its author said."""
    found = get_object_or_404(querysets.rich(Mention.objects), pk=pk)
    same = Mention.objects.filter(source=found.source_id, author=found.author).exclude(pk=pk)
    others = querysets.rich(same).order_by("-published_at")[:5] if found.author else []
    alerts = Alert.objects.filter(matches__mention=found).distinct()
    shown = {
        "now": timezone.now(),
        "mention": dressed([found], "", longest=None)[0],
        "others": dressed(others, ""),
        "thread": dressed(querysets.thread_of(found), ""),
        "may_triage": request.standing.may(May.TRIAGE),
        "alerts": alerts,
        **understood(request, found),
    }
    return render(request, "monitoring/mention.html", shown)


def hours_of_day(now):
    """Mentions per hour of the last day, for the chart."""
    first = now.replace(minute=0, second=0, microsecond=0) - 23 * HOUR
    known = {row.hour: row for row in HourCount.objects.filter(hour__gte=first)}
    if not known:
        return []
    hours = [known.get(first + n * HOUR) or HourCount(hour=first + n * HOUR) for n in range(24)]
    return [{"at": h.hour, "neg": h.negative, "neu": h.neutral, "pos": h.positive} for h in hours]


def now_in_words(now) -> dict:
    """The last hour as a sentence, and its figures."""
    tones = querysets.last_hour(now)
    count, usual = tones["all"], mentions_per_hour(now)
    if not count:
        sentence = _("Nothing was said in the last hour")
    else:
        sentence = ngettext("One mention in the last hour", "%(n)s mentions in the last hour", count)
        sentence %= {"n": figure(count)}
        if tones["negative"] * 2 > count > 1:
            sentence = _("%(sentence)s, most of them negative") % {"sentence": sentence}
    return {"sentence": sentence, "usual": usually(usual), "last_hour": count, "tones": tones}


def usually(usual) -> str:
    if usual is None:
        return _("Tugon has not listened long enough to say what is usual.")
    return _("Usually %(n)s an hour.") % {"n": figure(usual)}
