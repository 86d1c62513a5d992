"""Correct, update, retract: the page that begins a new statement about one that is out."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agency.access import may
from agency.roles import May
from responses.core.actors import acting
from responses.core.pages import refusals, see_other
from responses.errors import Refused

from . import breaking, drafting, following, querysets, skeletons, tongues
from .forms import WordingForm
from .models import Statement


@may(May.WRITE)
@refusals
def follow(request, pk, how):
    if how not in following.DEEDS:
        raise Http404
    about = get_object_or_404(Statement.objects.select_related("incident"), pk=pk)
    following.refuse_unspoken(about)
    channels = querysets.channels()
    if request.method == "POST":
        return begin(request, about, how, WordingForm(request.POST, channels=channels))
    return page(request, about, how, WordingForm(initial=start(about, how, channels), channels=channels))


def start(about: Statement, how: str, channels) -> dict:
    """The skeleton of the type, in the language of what was said, on the channels where it was said."""
    latest = about.latest
    fields = version(about, how, channels, latest.language)
    for language in latest.titles:
        fields |= {"other": language, **version(about, how, channels, language, f"_{language}")}
    return fields | {"language": latest.language}


def version(about: Statement, how: str, channels, language: str, ending: str = "") -> dict:
    """The title and the skeletons in one language; `ending` is that of its fields' names."""
    said, type = tongues.texts_of(about.latest, language), following.DEEDS[how]
    texts = {
        f"text_{channel.pk}{ending}": skeletons.skeleton(type, channel.kind, language)
        for channel in channels
        if channel.pk in said
    }
    with translation.override(language):
        title = following.title_of(how, about.latest.title_in(language))
    return {f"title{ending}": title, **texts}


def begin(request, about, how, form):
    if form.is_valid():
        try:
            statement = drafting.draft(
                **form.wording,
                type=following.DEEDS[how],
                incident=breaking.incident_of(about),
                about=about,
                by=acting(request),
                now=timezone.now(),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved as revision 1."))
            return see_other("responses:statement", request.brand.slug, statement.pk)
    return page(request, about, how, form, status=422)


def page(request, about, how, form, status=200):
    latest = about.latest
    context = {
        "about": about,
        "deed": following.WORDS[how],
        "form": form,
        "latest": latest,
        "said": querysets.side_by_side(None, latest),
    }
    return render(request, "statements/follow.html", context, status=status)
