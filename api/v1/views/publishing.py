"""Publications: releasing, trying again, taking back, deciding what is unknown."""

from django.utils import timezone
from rest_framework.response import Response

from agency.roles import May
from api.permissions import PERSONS_ONLY
from api.scopes import Scope
from api.v1 import filters
from api.v1.serializers import publishing as shapes
from responses.publishing import deciding, releasing
from responses.publishing.evidence import giving
from responses.publishing.models import Publication
from responses.statements.models import Statement

from .base import Desk, Lists, Reads, deed
from .incidents import READING, SEEING


class Publications(Lists, Reads, Desk):
    """One revision on one channel, from queued to published, failed or unknown."""

    noun, prefix, order = "publications", "pub", ("created_at", "id")
    queryset = Publication.objects.prefetch_related("attempts")
    serializer_class = shapes.PublicationShown
    filterset_class = filters.PublicationFilter
    versioned = True
    may = SEEING | dict.fromkeys(("release", "retry", "cancel", "resolve"), May.RELEASE)
    scopes = (
        READING | dict.fromkeys(("release", "retry", "cancel"), Scope.PUBLISHING) | {"resolve": PERSONS_ONLY}
    )

    @deed(shapes.ReleaseGiven, shows=shapes.ReleaseShown, once=True)
    def release(self, *, statement, by, now, again=False):
        """Release an approved statement: one publication for each of its channels.

        Asked again it adds nothing; with `again`, what was called off on all channels, and never tried,
        goes out after all. Just before it is sent, it is compared with what people approved.
        """
        found = self.linked(Statement, statement, "statement")
        return {"items": releasing.queue(found, by=by, now=now, again=again)}

    @deed()
    def retry(self, publication, *, by, now):
        """Send a failed one again, when what was wrong has been mended."""
        deciding.try_again(publication, by=by, now=now)

    @deed(shapes.CancelGiven)
    def cancel(self, publication, *, by, now, reason=""):
        """Take back what has not gone out."""
        deciding.cancel(publication, by=by, now=now, reason=reason)

    @deed(shapes.OutcomeGiven, once=True)
    def resolve(self, publication, *, outcome, reason, by, now):
        """Decide an unknown outcome: it is out, or it is not and goes again. Nobody who wrote it may."""
        deciding.decide_unknown(publication, outcome, reason=reason, by=by, now=now)


class Evidence(Desk):
    """The evidence pack of what is out."""

    noun, prefix, tag = "publications-evidence", "pub", "publications"
    queryset = giving.whole()
    serializer_class = shapes.EvidenceShown
    may, scopes = {"evidence": May.SEE}, {"evidence": Scope.READ}
    may_not_be_yet = ("evidence",)  # 409 for what is not out

    def evidence(self, request, brand, id):
        """Take the signed proof of one publication: text, approvals, history and the provider's answers.

        Keep the JSON values as they are: `manage.py verify_evidence` proves them offline.
        """
        return Response(giving.give(self.get_object(), now=timezone.now()))
