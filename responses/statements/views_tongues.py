"""The second language in the editor, and a version that was not changed found still right."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agency.access import may
from agency.roles import May
from responses.core.actors import acting
from responses.core.pages import refusals, see_other, typed

from . import lagging, skeletons, tongues
from .models import Statement


def both(form_class, data, channels, statement=None):
    """The form as it was typed, with the second language beside the first. Nothing is saved."""
    initial = data.dict()
    first = initial.get("language") or tongues.PAIR[0]
    other = tongues.partner(first)
    type = statement.type if statement else initial.get("type", "")
    begun = {"other": other} | {
        f"text_{channel.pk}_{other}": skeletons.skeleton(type, channel.kind, other)
        for channel in channels
        if type in skeletons.SKELETONS and tongues.speaks(channel, other, first)
    }
    return form_class(
        initial=begun | {name: text for name, text in initial.items() if text}, channels=channels
    )


@may(May.WRITE)
@require_POST
@refusals
def statement_still_right(request, pk):
    """Both versions were read: the one that was not changed says the same."""
    statement = get_object_or_404(Statement, pk=pk)
    language = typed(request, "language")
    lagging.still_right(
        statement,
        language=language,
        revision_hash=typed(request, "revision_hash"),
        by=acting(request),
        now=timezone.now(),
    )
    said = _("Written down: the %(language)s is still right.") % {"language": tongues.name_of(language)}
    messages.success(request, said)
    return see_other("responses:statement", request.brand.slug, pk)
