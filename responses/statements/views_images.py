"""Pictures at the desk: added to what is being written, put in order, and shown to those who may see them.

The buttons belong to the editor's own form. So everything that was typed comes along, is kept as the
person's working copy, and the picture is a part of that; it becomes public only as part of a revision.
"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agency.access import may
from agency.roles import May
from responses.core.actors import acting
from responses.core.pages import see_other
from responses.errors import Invalid, Refused

from . import illustrating, image_fields, imaging, keeping
from .image_models import Image
from .models import Statement
from .views_keeping import base_of, slot_in, typed_in

IN_THE_BOX = "pictures"  # told where the pictures are: the page opens there
ORDERS = {"remove": image_fields.without, "earlier": image_fields.earlier}


@may(May.WRITE)
@require_POST
def statement_images(request, pk=None):
    """Add the chosen file, or take one out, or move one forward: as the button says that was pressed."""
    statement = get_object_or_404(Statement, pk=pk) if pk else None
    by, now = acting(request), timezone.now()
    fields = typed_in(request.POST)
    try:
        fields = changed(request, fields, by, now)
    except Refused as refusal:
        messages.error(request, refusal.message, extra_tags=IN_THE_BOX)
    slot = "" if pk else slot_in(request.POST)
    try:
        keeping.keep(statement, fields, base=base_of(request), by=by, now=now, slot=slot)
    except Refused as refusal:
        messages.error(request, refusal.message, extra_tags=IN_THE_BOX)
    place = ("statement", request.brand.slug, pk) if pk else ("statement_new", request.brand.slug)
    answer = see_other(f"responses:{place[0]}", *place[1:])
    answer["Location"] += f"?{slot}#pictures" if slot else "#pictures"
    return answer


def changed(request, fields, by, now):
    how, _colon, place = request.POST.get("picture", "add").partition(":")
    if how in ORDERS:
        return ORDERS[how](fields, int(place) if place.isdecimal() else 0)
    if has_arrived(request, fields):
        say_it_is_here(request)
        return fields
    illustrating.refuse_more(len(image_fields.given(fields)))
    image = illustrating.add_image(uploaded(request), by=by, now=now)
    say_it_is_here(request)
    if image.was_moving:
        words = _("The picture moves. Only its first frame is kept.")
        messages.info(request, words, extra_tags=IN_THE_BOX)
    return image_fields.appended(fields, image)


def has_arrived(request, fields) -> bool:
    """Choosing a file sends it. The button pressed after that sends none, and the picture is here already."""
    rows = image_fields.given(fields)
    return not request.FILES and any(not row["alt"].strip() for row in rows)


def say_it_is_here(request) -> None:
    words = _("The picture is here. Say what it shows, then save.")
    messages.success(request, words, extra_tags=IN_THE_BOX)


def uploaded(request) -> bytes:
    """Not one byte more than may be: the file lies on the disk until it is read."""
    file = request.FILES.get("file")
    if file is None:
        raise Invalid(_("Choose a picture."), field="file")
    return file.read(imaging.MOST_BYTES + 1)


@may(May.SEE)
@require_safe
def image(request, name):
    return shown(request, Image.objects.all(), name)


def pictures_at(request) -> str:
    """Where the desk's pages find a picture: its name follows."""
    return reverse("responses:image", args=[request.brand.slug, "x"])[:-1]


def of_revisions(request, before, after) -> dict:
    """What a page needs to show the pictures of a wording beside those of an earlier one."""
    return {"pictures": illustrating.side_by_side(before, after), "pictures_at": pictures_at(request)}


def shown(request, images, name: str) -> HttpResponse:
    """One of `images` by its name. It never changes, so whoever has it need not ask again."""
    found = get_object_or_404(images, sha256=name.partition(".")[0])
    response = HttpResponse(bytes(found.content), content_type=imaging.known(found.media_type))
    response["ETag"] = f'"{found.sha256[:32]}"'
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = "inline"
    return get_conditional_response(request, response["ETag"], None, response) or response
