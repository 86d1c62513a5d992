"""Which language of a statement lags."""

from rest_framework.response import Response

from agency.roles import May
from api.permissions import PERSONS_ONLY
from api.scopes import Scope
from api.v1.serializers import tongues as shapes
from responses.statements import lagging
from responses.statements.models import Statement

from .base import Desk, deed


class Lags(Desk):
    """A version of the latest revision that stayed while the other language was changed."""

    noun, prefix, tag = "lags", "stm", "statements"
    queryset = Statement.objects.all()
    serializer_class = shapes.LagsShown
    may = {"show_lags": May.SEE, "still_right": May.WRITE}
    scopes = {"show_lags": Scope.READ, "still_right": PERSONS_ONLY}

    def show_lags(self, request, brand, id):
        """What lags, and who found it still right. Empty for a statement in one language."""
        return Response(lags_of(self.get_object()))

    @deed(shapes.StillRightGiven, shows=shapes.LagsShown, match=False)
    def still_right(self, statement, *, language, revision_hash, by, now):
        """Say that a version which was not changed is still right. It holds until the next change."""
        lagging.still_right(statement, language=language, revision_hash=revision_hash, by=by, now=now)
        return {"lags": lagging.of_revision(statement.latest)}


def lags_of(statement) -> dict:
    return shapes.LagsShown({"lags": lagging.of_revision(statement.latest)}).data
