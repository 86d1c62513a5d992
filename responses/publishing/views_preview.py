"""What a statement will look like on each of its channels."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from agency.access import may
from agency.roles import May
from responses.statements import illustrating, tongues, views_images
from responses.statements.models import Statement

from . import previewing


@may(May.SEE)
@require_safe
def statement_preview(request, pk):
    """The latest revision, as it is saved."""
    statement = get_object_or_404(Statement, pk=pk)
    revision = statement.latest
    variants = revision.variants.select_related("channel")
    ordered = sorted(
        variants, key=lambda each: (each.channel.position, each.channel_id, tongues.order(each.language))
    )
    pictures = illustrating.of(revision)
    rows = [
        {
            "variant": each,
            "title": revision.title_in(each.language),
            "posts": previewing.shown(each.channel, each.text),
            "pictures": illustrating.goes_to(pictures, each.channel),
            "why_none": illustrating.why_none(pictures, each.channel),
        }
        for each in ordered
    ]
    at = views_images.pictures_at(request)
    context = {"statement": statement, "revision": revision, "rows": rows, "pictures_at": at}
    return render(request, "publishing/preview.html", context)
