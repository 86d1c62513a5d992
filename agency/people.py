"""Inviting people, giving, changing and ending seats. Each deed writes one line of the agency's history."""

import hashlib
import secrets
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from . import access
from .models import Agency, AgencyEvent, Invitation, Seat, User
from .roles import AGENCY_ROLES, CAPABILITIES, May, Role

VALID_FOR = timedelta(days=7)
MANAGERS = frozenset(role for role, may in CAPABILITIES.items() if May.PEOPLE in may)


class NotAllowed(Exception):
    """The deed cannot be done; the message says why, in words for the person."""


def seat_directors(brand):
    """Provisioning step: nothing to write — a director's seat has no brand and covers it already."""


# --- how far a person's say goes


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
    live = Seat.objects.filter(user=user, is_active=True)
    if live.exclude(pk__in=seats_managed(by).values("pk")).exists():
        raise NotAllowed(
            _("This person also has seats that you do not look after, so leave the account alone.")
        )


# --- invitations


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(*, email, name, role, brand, by: User, now) -> Invitation:
    """Send a letter with a link that is good for one seat, once, for seven days."""
    guard_place(by, role, brand)
    if Seat.objects.filter(user__email__iexact=email, brand=brand, role=role, is_active=True).exists():
        raise NotAllowed(_("This person has that seat already."))
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        agency=agency_for(by, brand),
        brand=brand,
        email=email.lower(),
        name=name,
        role=role,
        token_hash=hash_of(token),
        invited_by=by,
        expires_at=now + VALID_FOR,
    )
    note("invitation.sent", invitation.agency, by, now, name=name, brand=brand, role=role)
    post(invitation, token, by)
    return invitation


def agency_for(by: User, brand) -> Agency:
    """The agency that is engaged for the brand; for a director's seat the inviter's own."""
    agency = brand.engagements.get(ended_at=None).agency if brand else by.agency
    if agency is None:
        raise NotAllowed(_("Only a director makes another director."))
    return agency


def post(invitation: Invitation, token: str, by: User) -> None:
    """The letter goes out inside the transaction: one that cannot be sent leaves no invitation behind."""
    path = reverse("invitation", args=[token])
    context = {"invitation": invitation, "by": by, "link": f"{settings.TUGON_ADDRESS}{path}"}
    language = invitation.brand.language if invitation.brand else by.language
    with translation.override(language):
        subject = _("%(name)s invites you to Tugon") % {"name": by.name}
        text = render_to_string("emails/invitation.txt", context)
        try:
            send_mail(subject, text, None, [invitation.email])
        except (SMTPException, OSError) as error:
            raise NotAllowed(_("The letter could not be sent, so nobody was invited. Try again.")) from error


def state_of(invitation: Invitation | None, now) -> str:
    """unknown, accepted, revoked, expired or open."""
    if invitation is None:
        return "unknown"
    if invitation.accepted_at:
        return "accepted"
    if invitation.revoked_at:
        return "revoked"
    return "expired" if invitation.expires_at <= now else "open"


def find(token: str) -> Invitation | None:
    return (
        Invitation.objects.select_related("brand", "agency", "invited_by")
        .filter(token_hash=hash_of(token))
        .first()
    )


@transaction.atomic
def accept(invitation: Invitation, *, name, password, now) -> User:
    """Use the invitation up and give its seat. Who has an account keeps their name and password."""
    open_one = Invitation.objects.filter(
        pk=invitation.pk, accepted_at=None, revoked_at=None, expires_at__gt=now
    )
    if not open_one.update(accepted_at=now):
        raise NotAllowed(_("This invitation is not open any more."))
    user = User.objects.filter(email__iexact=invitation.email).first()
    if user is None:
        language = translation.get_language()  # the one they have just read the invitation in
        user = User.objects.create_user(invitation.email, password, name=name, language=language)
    if not user.is_active:
        raise NotAllowed(_("This account was closed. Ask the agency to open it again."))
    give_seat(user, invitation.role, invitation.brand, invitation.agency, by=invitation.invited_by, now=now)
    return user


def give_seat(user, role, brand, agency, *, by, now) -> Seat:
    """A new seat. Agency people belong to one agency only; a client has none."""
    if role in AGENCY_ROLES and user.agency_id is None and role != Role.SPOKESPERSON:
        user.agency = agency
        user.save(update_fields=["agency"])
    if role in AGENCY_ROLES and user.agency_id not in {None, agency.pk}:
        raise NotAllowed(_("This person works for another agency."))
    seat, made = Seat.objects.get_or_create(
        user=user, brand=brand, role=role, is_active=True, defaults={"agency": agency}
    )
    if not made:
        raise NotAllowed(_("This person has that seat already."))
    note("seat.given", agency, by, now, person=user, brand=brand, role=role)
    return seat


@transaction.atomic
def revoke(invitation: Invitation, *, by: User, now) -> None:
    """Take an open invitation back."""
    if not Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(
        revoked_at=now
    ):
        raise NotAllowed(_("This invitation is not open any more."))
    note(
        "invitation.revoked",
        invitation.agency,
        by,
        now,
        name=invitation.name,
        brand=invitation.brand,
        role=invitation.role,
    )


# --- seats and people


@transaction.atomic
def change_role(seat: Seat, role: str, *, by: User, now) -> Seat:
    """Another role at the same brand: the old seat ends and a new one begins, in one step."""
    guard_place(by, role, seat.brand)
    guard_removal(seat, by)
    close(seat, now)
    new = give_seat(seat.user, role, seat.brand, seat.agency, by=by, now=now)
    note("seat.changed", seat.agency, by, now, person=seat.user, brand=seat.brand, role=role)
    return new


@transaction.atomic
def end_seat(seat: Seat, *, by: User, now) -> None:
    """The person loses what this seat gave, at once, in every open tab."""
    guard_removal(seat, by)
    close(seat, now)
    note("seat.ended", seat.agency, by, now, person=seat.user, brand=seat.brand, role=seat.role)


def close(seat: Seat, now) -> None:
    if not Seat.objects.filter(pk=seat.pk, is_active=True).update(is_active=False, ended_at=now):
        raise NotAllowed(_("This seat has ended already."))


@transaction.atomic
def deactivate(user: User, *, by: User, now) -> None:
    """Shut a person out: no sign-in, no session, no open invitation. Their name stays in history."""
    if user.pk == by.pk:
        raise NotAllowed(_("You cannot shut yourself out. Ask another director."))
    for seat in access.seats_of(user):
        guard_removal(seat, by)
    guard_whole(user, by)
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        raise NotAllowed(_("This account is closed already."))
    user.is_active = False
    Invitation.objects.filter(email__iexact=user.email, accepted_at=None, revoked_at=None).update(
        revoked_at=now
    )
    end_sessions(user, now)
    note("person.deactivated", by.agency, by, now, person=user)


@transaction.atomic
def reactivate(user: User, *, by: User, now) -> None:
    """Let a person in again, with the seats they had."""
    guard_whole(user, by)
    if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        raise NotAllowed(_("This account is open already."))
    user.is_active = True
    note("person.reactivated", by.agency, by, now, person=user)


def end_sessions(user: User, now) -> None:
    """Delete their sessions, so that an account that is opened again does not find old ones still warm."""
    for session in Session.objects.filter(expire_date__gt=now).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


def note(kind, agency, by: User, now, *, person=None, name="", brand=None, role="") -> AgencyEvent:
    """One line of the agency's history."""
    return AgencyEvent.objects.create(
        agency=agency,
        at=now,
        kind=kind,
        by_id=by.pk,
        by_name=by.name,
        person_id=person.pk if person else None,
        person_name=person.name if person else name,
        brand=brand.name if brand else "",
        role=role,
    )
