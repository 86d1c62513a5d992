"""What the rules of a brand share: saved queries and exclusions."""

from agency.roles import May
from api.scopes import Scope
from api.v1.serializers import lists as shapes
from responses.monitoring import excluding, naming
from responses.monitoring.models import Exclusion, NamedQuery

from .base import Desk, Lists, Reads, deed

READ = {"list": May.SEE, "retrieve": May.SEE}
READ_SCOPES = {"list": Scope.READ, "retrieve": Scope.READ}


class NamedQueries(Lists, Reads, Desk):
    """A part of queries, written once and used in rules as `saved:name`."""

    noun, prefix = "named-queries", "nqu"
    queryset = NamedQuery.objects.all()
    serializer_class = shapes.NamedQueryShown
    versioned = True
    may = READ | dict.fromkeys(("create", "change", "remove"), May.LISTEN)
    scopes = READ_SCOPES | dict.fromkeys(("create", "change", "remove"), Scope.MONITORING)

    @deed(shapes.NamedQueryGiven, status=201)
    def create(self, **given):
        """Save a query under a name."""
        return naming.add_named_query(**given)

    @deed(shapes.NamedQueryChange)
    def change(self, named, *, by, now, **given):
        """Write it anew; the rules that use it look at the last month again."""
        if given:
            naming.change_named_query(named, by=by, now=now, **given)

    @deed(status=204)
    def remove(self, named, *, by, now):
        """Remove one that no rule uses."""
        naming.remove_named_query(named, by=by, now=now)


class Exclusions(Lists, Reads, Desk):
    """What the brand wants to hear no more of; such mentions are kept, but set aside."""

    noun, prefix = "exclusions", "exc"
    queryset = Exclusion.objects.all()
    serializer_class = shapes.ExclusionShown
    may = READ | dict.fromkeys(("create", "remove"), May.LISTEN)
    scopes = READ_SCOPES | dict.fromkeys(("create", "remove"), Scope.MONITORING)

    @deed(shapes.ExclusionGiven, status=201)
    def create(self, **given):
        """Exclude an author, a site or words from now on."""
        return excluding.add_exclusion(**given)

    @deed(status=204)
    def remove(self, exclusion, *, by, now):
        """Hear it again from now on."""
        excluding.remove_exclusion(exclusion, by=by, now=now)
