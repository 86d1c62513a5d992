"""May I? A person's standing at a brand, and the markers every view carries.

No seat at the brand means 404, never 403: a stranger does not learn that the brand is there. A seat
without the capability means 403 with words.
"""

from dataclasses import dataclass
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from tenants.models import Brand

from . import unsent
from .models import Engagement, Seat, User
from .roles import AGENCY_ROLES, CAPABILITIES, CLIENT_ROLES, May, Role, capabilities
from .whereabouts import page_of


@dataclass(frozen=True)
class Standing:
    """What one person may do at one brand, by all their seats there."""

    user: User
    brand: Brand
    roles: frozenset

    @property
    def may_do(self) -> frozenset:
        return capabilities(self.roles)

    def may(self, what: May) -> bool:
        return what in self.may_do

    @property
    def is_agency(self) -> bool:
        return bool(self.roles & AGENCY_ROLES)

    @property
    def is_client(self) -> bool:
        return bool(self.roles & CLIENT_ROLES)


def seats_of(user):
    """The live seats of a person, each at a brand or (brand None) at all of the agency's."""
    return Seat.objects.filter(user=user, user__is_active=True, is_active=True)


def standing(user, brand: Brand | None) -> Standing | None:
    """The person's standing at the brand, read fresh each time so that a lost seat is lost at once."""
    if brand is None or not user.is_authenticated:
        return None
    here = Q(brand=brand) | Q(
        brand=None, agency__engagements__brand=brand, agency__engagements__ended_at=None
    )
    roles = frozenset(seats_of(user).filter(here).values_list("role", flat=True))
    return Standing(user, brand, roles) if roles else None


def brands_of(user, roles=AGENCY_ROLES):
    """The brands at which the person has one of the roles, closed ones left out."""
    seats = seats_of(user).filter(role__in=roles)
    wide = seats.filter(brand=None).values("agency")
    engaged = Engagement.objects.filter(agency__in=wide, ended_at=None)
    mine = Q(pk__in=seats.exclude(brand=None).values("brand")) | Q(pk__in=engaged.values("brand"))
    return Brand.objects.filter(mine).exclude(status=Brand.Status.CLOSED)


def people_who_may(brand: Brand, what: May):
    """The people whose seat at the brand gives the capability, by name."""
    return people_with(brand, [role for role, capable in CAPABILITIES.items() if what in capable])


def people_with(brand: Brand, roles):
    """The people who hold one of these roles at the brand, by name."""
    here = Q(brand=brand) | Q(
        brand=None, agency__engagements__brand=brand, agency__engagements__ended_at=None
    )
    seats = Seat.objects.filter(here, is_active=True, role__in=roles)
    return User.objects.filter(pk__in=seats.values("user"), is_active=True).order_by("name", "pk")


def may_at_agency(user, what: May) -> bool:
    """Whether any seat of the person at their own agency gives the capability (adding a brand, say)."""
    return any(what in capabilities([seat.role]) for seat in seats_of(user).filter(agency=user.agency))


def is_director(user) -> bool:
    return seats_of(user).filter(role=Role.DIRECTOR, brand=None).exists()


# --- markers: every view has exactly one, and a test refuses a view without


def public_page(view):
    """Anyone may see this page."""
    view.access = "public"
    return view


def login_required(view):
    """To the sign-in page, and from there back to where the person was."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        is_post = request.method == "POST"
        if request.user.is_authenticated:
            if is_post:
                unsent.forget(request)
            return view(request, *args, **kwargs)
        if is_post:
            unsent.keep(request, page_of(request))
        return redirect_to_login(page_of(request))

    return wrapped


def signed_in(view):
    """Any person who is signed in."""
    wrapped = login_required(view)
    wrapped.access = "signed_in"
    return wrapped


def agency_may(what: May):
    """A person whose seat at their agency gives the capability; others get 404."""

    def mark(view):
        @wraps(view)
        @login_required
        def wrapped(request, *args, **kwargs):
            if not may_at_agency(request.user, what):
                raise Http404
            return view(request, *args, **kwargs)

        wrapped.access = f"agency:{what}"
        return wrapped

    return mark


def may(what: May):
    """A person whose seat at `request.brand` gives the capability. Sets `request.standing`."""

    def mark(view):
        @wraps(view)
        @login_required
        def wrapped(request, *args, **kwargs):
            admit(request, what)
            refuse_while_suspended(request)
            kwargs.pop("brand", None)
            return view(request, *args, **kwargs)

        wrapped.access = f"brand:{what}"
        return wrapped

    return mark


class BrandSuspended(PermissionDenied):
    """Its people may look, and change nothing until it is taken up again."""


def refuse_while_suspended(request) -> None:
    if request.method not in {"GET", "HEAD"} and not request.brand.works:
        raise BrandSuspended(_("This brand is suspended: it can be read, not changed."))


def admit(request, what: May) -> None:
    """404 for a stranger or a brand that is not there, 403 for a colleague without the capability."""
    request.standing = standing(request.user, request.brand)
    if request.standing is None or not request.brand.is_readable:
        raise Http404
    if request.standing.may(what):
        return
    # A client at the desk or an agency person in the portal is in the wrong house altogether.
    if what not in {May.PORTAL, May.APPROVE} and not request.standing.is_agency:
        raise Http404
    if what in {May.PORTAL, May.APPROVE} and not request.standing.is_client:
        raise Http404
    raise PermissionDenied(what.label)


def brand_public(view):
    """Anyone may see this page of a brand that is there (the newsroom); the brand's schema is entered."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if request.brand is None or not request.brand.is_readable:
            raise Http404
        kwargs.pop("brand", None)
        return view(request, *args, **kwargs)

    wrapped.access = "brand_public"
    return wrapped


def signed_request(view):
    """Another system's request to a brand that works; the view itself checks the signature it carries."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if request.brand is None or not request.brand.works:
            raise Http404
        kwargs.pop("brand", None)
        return view(request, *args, **kwargs)

    wrapped.access = "signed"
    return wrapped


def by_link(view):
    """Whoever holds the token in the address; the view finds out whose it is and whether it still holds.

    The address is the secret, so nothing on the way may keep it: no cache, no referrer.
    """

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if request.brand is None or not request.brand.is_readable:
            raise Http404
        refuse_while_suspended(request)
        kwargs.pop("brand", None)
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    wrapped.access = "link"
    return wrapped
