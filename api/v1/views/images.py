"""Pictures of statements: handed in by a form with a file, shown by the revisions that name them."""

from rest_framework.parsers import MultiPartParser

from agency.roles import May
from api.scopes import Scope
from api.v1.serializers import images as shapes
from responses.statements import illustrating, imaging
from responses.statements.image_models import Image

from .base import Desk, Lists, Reads, deed
from .incidents import READING, SEEING


class Images(Lists, Reads, Desk):
    """A picture as it would go out: drawn anew, without anything that was hidden in the file."""

    noun, prefix, order, tag = "images", "img", ("id",), "statements"
    queryset = Image.objects.defer("content")
    serializer_class = shapes.ImageShown
    parser_classes = [MultiPartParser]
    may = SEEING | {"create": May.WRITE}
    scopes = READING | {"create": Scope.STATEMENTS}

    def initial(self, request, *args, **kwargs):
        # The check of a signed-in person's request reads a form; afterwards its bytes could not be had.
        request._request.body  # noqa: B018
        super().initial(request, *args, **kwargs)

    @deed(shapes.ImageGiven, status=201)
    def create(self, *, file, by, now):
        """Hand in a picture, as a form with a file. The same picture is kept once.

        It is drawn anew and made smaller where it must be. A revision shows it by naming it in `images`.
        """
        return illustrating.add_image(file.read(imaging.MOST_BYTES + 1), by=by, now=now)
