"""The views that a team comes back to."""

from django.core.exceptions import PermissionDenied

from agency.roles import May
from api.scopes import Scope
from api.v1.serializers import triage as shapes
from responses.monitoring import viewing
from responses.monitoring.models import SavedView

from .base import Desk, Lists, Reads, deed


class Views(Lists, Reads, Desk):
    """Filters of the feed under a name: the team's, and one's own."""

    noun, prefix = "views", "viw"
    serializer_class = shapes.ViewShown
    may = {"list": May.SEE, "retrieve": May.SEE, "create": May.TRIAGE, "remove": May.SEE}
    scopes = {
        "list": Scope.READ, "retrieve": Scope.READ, "create": Scope.MONITORING, "remove": Scope.MONITORING,
    }  # fmt: skip
    queryset = SavedView.objects.all()

    def get_queryset(self):
        return viewing.views_of(getattr(self.request.user, "pk", None) or viewing.NOBODY).order_by()

    @deed(shapes.ViewGiven, status=201)
    def create(self, *, name, query, by, now, is_shared=False, replace=False):
        """Keep filters under a name. One's own of that name stays as it is unless `replace` is true."""
        given = {"name": name, "query": query, "is_shared": is_shared, "replace": replace}
        return viewing.save_view(**given, by=by, now=now)

    @deed(status=204)
    def remove(self, view, *, by, now):
        """Remove one's own view; the team's, if one sets up what the team hears."""
        standing = getattr(self.request, "standing", None)  # a key has none: its scope has been looked at
        if standing and not viewing.may_remove(view, self.request.user.pk, standing):
            raise PermissionDenied(May.LISTEN.label)
        viewing.remove_view(view, by=by, now=now)
