"""May this caller do this? Persons by the capabilities of their seats, keys by their scopes."""

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission

from agency import access

from .authentication import Machine
from .problems import Problem

PERSONS_ONLY = "persons only"


class MayOperate(BasePermission):
    """Reads `may` and `scopes` of the view: for each action what a person needs and what a key needs.

    A stranger gets 404, a colleague without the capability 403. Clients have no desk here; what is theirs
    to decide names several capabilities, of which one is enough.
    """

    def has_permission(self, request, view):
        if request.user is None:
            raise NotAuthenticated
        if isinstance(request.user, Machine):
            self.admit_key(request, view)
        else:
            self.admit_person(request, view)
        if self.changes(request, view) and not request.brand.works:
            raise Problem(403, "brand_suspended", _("This brand is suspended: it can be read, not changed."))
        return True

    def changes(self, request, view) -> bool:
        """Whether it would change anything: a question may be too long for an address, and come as a POST."""
        return request.method not in {"GET", "HEAD"} and not getattr(
            getattr(view, view.action), "reads", False
        )

    def admit_key(self, request, view):
        wanted = view.scopes[view.action]
        if wanted == PERSONS_ONLY:
            raise Problem(
                403, "persons_only", _("Only a person can do this, signed in as themselves. A key cannot.")
            )
        if wanted not in request.auth.scopes:
            words = _("The key lacks the scope “%(scope)s”. It has: %(has)s.")
            has = ", ".join(request.auth.scopes)
            raise Problem(403, "scope_missing", words % {"scope": wanted.value, "has": has})

    def admit_person(self, request, view):
        wanted = view.may[view.action]
        if not isinstance(wanted, tuple):
            access.admit(request, wanted)
            return
        request.standing = standing = access.standing(request.user, request.brand)
        if standing is None or not request.brand.is_readable:
            raise Http404
        if not any(standing.may(what) for what in wanted):
            access.admit(request, wanted[0])
