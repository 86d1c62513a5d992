"""Stories, and who corrected what."""

from agency.roles import May
from api.scopes import Scope
from api.v1 import filters
from api.v1.serializers import monitoring_understood as shapes
from responses.monitoring.models import Correction, Story

from .base import Desk, Lists, Reads


class Stories(Lists, Reads, Desk):
    """Copies, shares and reprints of one thing, with how it spread."""

    noun, prefix, order = "stories", "sty", ("last_at", "id")
    queryset = Story.objects.filter(mention_count__gt=1)
    serializer_class = shapes.StoryShown
    filterset_class = filters.StoryFilter
    may = {"list": May.SEE, "retrieve": May.SEE}
    scopes = {"list": Scope.READ, "retrieve": Scope.READ}


class Corrections(Lists, Desk):
    """A person said how a mention sounds; it wins, and Tugon learns from it."""

    noun, order = "corrections", ("at", "id")
    queryset = Correction.objects.all()
    serializer_class = shapes.CorrectionShown
    filterset_class = filters.CorrectionFilter
    may, scopes = {"list": May.SEE}, {"list": Scope.READ}
