"""Inviting people, giving, changing and ending seats. Each deed writes one line of the agency's history."""

import hashlib
import secrets
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tenants.models import Brand

from . import access
from .models import Agency, AgencyEvent, Invitation, Seat, User
from .reach import NotAllowed, guard_place, guard_removal, guard_whole
from .roles import AGENCY_ROLES, Role

VALID_FOR = timedelta(days=7)


def seat_directors(brand):
    """Provisioning step: nothing to write — a director's seat has no brand and covers it already."""


# --- invitations


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(*, email, name, role, brand, by: User, now) -> Invitation:
    """Send a letter with a link that is good for one seat, once, for seven days."""
    guard_place(by, role, brand)
    if Seat.objects.filter(user__email__iexact=email, brand=brand, role=role, is_active=True).exists():
        raise NotAllowed(_("This person has that seat already."))
    take_back(Invitation.objects.filter(email__iexact=email, brand=brand, role=role), by, now)
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


def objection(invitation: Invitation) -> str:
    """Why an open invitation gives nothing all the same, in words for who got it; empty when it does."""
    if User.objects.filter(email__iexact=invitation.email, is_active=False).exists():
        return _("This account was closed. Ask the agency to open it again.")
    if invitation.brand and invitation.brand.status == Brand.Status.CLOSED:
        return _("This brand was closed, so there is no seat to take.")
    try:
        guard_place(invitation.invited_by, invitation.role, invitation.brand)
    except NotAllowed:
        return _("Who invited you may not give this seat any more. Ask the agency for a new invitation.")
    return ""


@transaction.atomic
def accept(invitation: Invitation, *, name, password, now, by: User | None = None) -> User:
    """Use the invitation up and give its seat. Who has an account is `by`, and keeps name and password."""
    open_one = Invitation.objects.filter(
        pk=invitation.pk, accepted_at=None, revoked_at=None, expires_at__gt=now
    )
    if not open_one.update(accepted_at=now):
        raise NotAllowed(_("This invitation is not open any more."))
    if words := objection(invitation):
        raise NotAllowed(words)
    user = User.objects.filter(email__iexact=invitation.email).first()
    if user is None:
        language = translation.get_language()  # the one they have just read the invitation in
        user = User.objects.create_user(invitation.email, password, name=name, language=language)
    elif by != user:
        raise NotAllowed(_("There is an account with this address. Sign in with it, then accept."))
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


def take_back(invitations, by: User, now) -> None:
    """Revoke those of them that are still open."""
    for invitation in invitations.filter(accepted_at=None, revoked_at=None).select_related("agency", "brand"):
        revoke(invitation, by=by, now=now)


# --- seats and people


@transaction.atomic
def change_role(seat: Seat, role: str, *, by: User, now) -> Seat:
    """Another role at the same brand: the old seat ends and a new one begins, in one step."""
    guard_place(by, role, seat.brand)
    guard_removal(seat, by)
    close(seat, by, now)
    new = give_seat(seat.user, role, seat.brand, seat.agency, by=by, now=now)
    note("seat.changed", seat.agency, by, now, person=seat.user, brand=seat.brand, role=role)
    return new


@transaction.atomic
def end_seat(seat: Seat, *, by: User, now) -> None:
    """The person loses what this seat gave, at once, in every open tab."""
    guard_removal(seat, by)
    close(seat, by, now)
    note("seat.ended", seat.agency, by, now, person=seat.user, brand=seat.brand, role=seat.role)


def close(seat: Seat, by: User, now) -> None:
    """No letter that is still on its way gives the person a seat there again."""
    if not Seat.objects.filter(pk=seat.pk, is_active=True).update(is_active=False, ended_at=now):
        raise NotAllowed(_("This seat has ended already."))
    take_back(Invitation.objects.filter(email__iexact=seat.user.email, brand=seat.brand), by, now)


@transaction.atomic
def deactivate(user: User, *, by: User, now) -> None:
    """Shut a person out: no sign-in, no session, no open letter to or by them. History keeps their name."""
    if user.pk == by.pk:
        raise NotAllowed(_("You cannot shut yourself out. Ask another director."))
    for seat in access.seats_of(user):
        guard_removal(seat, by)
    guard_whole(user, by)
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        raise NotAllowed(_("This account is closed already."))
    user.is_active = False
    take_back(Invitation.objects.filter(Q(email__iexact=user.email) | Q(invited_by=user)), by, now)
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
