"""How far a person's say over people goes: whom they may invite, change and shut out."""

from django.db.models import Q
from django.utils.translation import gettext as _

from tenants.models import Brand

from . import access
from .models import Agency, AgencyEvent, Seat, User
from .roles import CAPABILITIES, May, Role

MANAGERS = frozenset(role for role, may in CAPABILITIES.items() if May.PEOPLE in may)


class NotAllowed(Exception):
    """The deed cannot be done; the message says why, in words for the person."""


def brands_managed(by: User):
    """The brands whose people this person may invite and change: an account lead's own, a director's all."""
    return access.brands_of(by, MANAGERS)


def directs(by: User, agency: Agency | None) -> bool:
    return access.seats_of(by).filter(role=Role.DIRECTOR, brand=None, agency=agency).exists()


def seats_managed(by: User):
    """The live seats this person may change or end."""
    here = Seat.objects.filter(is_active=True, brand__in=brands_managed(by))
    if directs(by, by.agency):
        here = here | Seat.objects.filter(is_active=True, brand=None, agency=by.agency)
    return here.select_related("user", "brand", "agency")


def people_managed(by: User):
    """Everyone with a seat this person may change, and the agency's own people who have none any more."""
    everyone = User.objects.filter(pk__in=seats_managed(by).values("user"))
    if directs(by, by.agency):
        gone = Seat.objects.filter(agency=by.agency).values("user")
        everyone = everyone | User.objects.filter(agency=by.agency) | User.objects.filter(pk__in=gone)
    return everyone.distinct()


def events_of_interest(by: User):
    """The agency's history as this person reads it: a director all, an account lead that of her brands."""
    found = AgencyEvent.objects.filter(agency=by.agency)
    if directs(by, by.agency):
        return found
    of_brands = Q(brand__in=brands_managed(by).values("name"))
    of_people = Q(brand="", person_id__in=people_managed(by).values("pk"))
    return found.filter(of_brands | of_people)


def guard_place(by: User, role: str, brand) -> None:
    """Whether this person may give that role there."""
    if brand is None:
        if role != Role.DIRECTOR:
            raise NotAllowed(_("Only a director's seat is for all brands. Choose a brand."))
        if not directs(by, by.agency):
            raise NotAllowed(_("Only a director makes another director."))
    elif role == Role.DIRECTOR:
        raise NotAllowed(_("A director's seat is for all brands. Leave the brand empty."))
    elif not brands_managed(by).filter(pk=brand.pk).exists():
        raise NotAllowed(_("You do not look after the people of this brand."))


def guard_removal(seat: Seat, by: User) -> None:
    """Nobody removes themselves or the last director. Call it in a transaction: it locks the agency."""
    if seat.user_id == by.pk:
        raise NotAllowed(_("You cannot take your own seat away. Ask another director or account lead."))
    if seat.role != Role.DIRECTOR or seat.brand_id:
        return
    Agency.objects.select_for_update().get(pk=seat.agency_id)
    live = Seat.objects.filter(
        agency=seat.agency_id, role=Role.DIRECTOR, brand=None, is_active=True, user__is_active=True
    )
    if not live.exclude(pk=seat.pk).exists():
        raise NotAllowed(_("This is the agency's last director. Make somebody else a director first."))


def guard_whole(user: User, by: User) -> None:
    """An account is shut or opened only by who looks after all of its seats."""
    live = Seat.objects.filter(user=user, is_active=True).exclude(brand__status=Brand.Status.CLOSED)
    if live.exclude(pk__in=seats_managed(by).values("pk")).exists():
        raise NotAllowed(
            _("This person also has seats that you do not look after, so leave the account alone.")
        )
