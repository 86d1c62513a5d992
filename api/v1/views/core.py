"""History, its proof, and who is asking."""

from django.utils import timezone
from rest_framework.response import Response

from agency.roles import May
from api.authentication import Machine, by
from api.scopes import Scope
from api.v1 import filters, ids
from api.v1.serializers import core as shapes
from responses.core import history
from responses.core.models import Event
from tenants.models import BrandPulse

from .base import Desk, Lists


class Events(Lists, Desk):
    """One line of history: who did what to what, when. Append-only; each hash covers the one before."""

    noun, order = "events", ("seq",)
    queryset = Event.objects.all()
    serializer_class = shapes.EventShown
    filterset_class = filters.EventFilter
    may, scopes = {"list": May.SEE}, {"list": Scope.READ}


class Verify(Desk):
    """The proof of the history."""

    noun, tag = "history-verify", "events"
    queryset = Event.objects.all()
    serializer_class = shapes.VerdictShown
    may, scopes = {"verify": May.SEE}, {"verify": Scope.READ}

    def verify(self, request, brand):
        """Walk the whole chain and name each event that was altered, removed or reordered."""
        pulse = BrandPulse.objects.filter(brand=request.brand).first()
        broken = history.verify(pulse.history_seq, pulse.history_hash) if pulse else history.verify()
        verdict = {
            "verifies": not broken,
            "events": Event.objects.count(),
            "broken": broken,
            "checked_at": timezone.now(),
        }
        return Response(shapes.VerdictShown(verdict).data)


class Who(Desk):
    """Who you are here, and what you may do."""

    noun, tag = "whoami", "whoami"
    queryset = Event.objects.none()
    serializer_class = shapes.WhoShown
    may, scopes = {"whoami": (May.SEE, May.PORTAL)}, {"whoami": Scope.READ}

    def whoami(self, request, brand):
        """Say who is asking, and what they may do."""
        me, standing = by(request), getattr(request, "standing", None)
        answer = {
            "id": ids.of_actor(me.id),
            "name": me.name,
            "kind": "key" if isinstance(request.user, Machine) else "person",
            "brand": request.brand.slug,
            "scopes": request.auth.scopes if request.auth else [],
            "roles": sorted(standing.roles) if standing else [],
            "may": sorted(standing.may_do) if standing else [],
        }
        return Response(answer)
