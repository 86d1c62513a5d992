"""People: who holds which seat, invitations, and the door that an invitation opens."""

from itertools import groupby

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from . import people, reach
from .access import agency_may, public_page
from .forms import AcceptForm, InviteForm, RoleForm
from .models import Invitation
from .roles import May, Role

EVENTS_SHOWN = 30


@agency_may(May.PEOPLE)
@require_safe
def show(request):
    """Everyone by brand and role, open invitations, and what was done lately."""
    seats = reach.seats_managed(request.user).order_by("brand__name", "role", "user__name")
    by_brand = [
        (brand, list(group)) for brand, group in groupby(in_order(seats), key=lambda seat: seat.brand)
    ]
    context = {
        "by_brand": by_brand,
        "invitations": invitations(request.user),
        "events": reach.events_of_interest(request.user)[:EVENTS_SHOWN],
        "outside": reach.people_managed(request.user).filter(is_active=False),
        "now": timezone.now(),
    }
    return render(request, "agency/people.html", context)


def in_order(seats):
    """Directors first, then brand by brand, in each the roles as the table of roles has them."""
    rank = {role: number for number, role in enumerate(Role.values)}
    return sorted(
        seats,
        key=lambda seat: (seat.brand is not None, str(seat.brand or ""), rank[seat.role], seat.user.name),
    )


def invitations(by):
    """The open ones that this person may take back."""
    found = Invitation.objects.filter(accepted_at=None, revoked_at=None).select_related("brand", "invited_by")
    mine = found.filter(brand__in=reach.brands_managed(by))
    if reach.directs(by, by.agency):
        mine = mine | found.filter(agency=by.agency, brand=None)
    return mine.order_by("-created_at")


@agency_may(May.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request):
    form = InviteForm(request.POST or None, by=request.user, initial={"brand": request.GET.get("brand")})
    if request.method == "POST" and form.is_valid():
        try:
            sent = people.invite(**form.cleaned_data, by=request.user, now=timezone.now())
        except people.NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The letter to %(email)s is on its way.") % {"email": sent.email})
            return redirect("people")
    return render(request, "agency/invite.html", {"form": form}, status=422 if form.errors else 200)


@agency_may(May.PEOPLE)
@require_safe
def person(request, pk):
    """One person: their seats that I look after, with what can be done about each."""
    who = get_object_or_404(reach.people_managed(request.user), pk=pk)
    seats = in_order(reach.seats_managed(request.user).filter(user=who))
    context = {
        "who": who,
        "seats": [(seat, RoleForm(seat=seat, prefix=f"seat-{seat.pk}")) for seat in seats],
        "events": reach.events_of_interest(request.user).filter(person_id=who.pk)[:EVENTS_SHOWN],
        "is_me": who == request.user,
    }
    return render(request, "agency/person.html", context)


def done(request, who, words, deed, *args, **kwargs):
    """Do it, or say why not; back to the person either way."""
    try:
        deed(*args, by=request.user, now=timezone.now(), **kwargs)
    except people.NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("person", who.pk)


@agency_may(May.PEOPLE)
@require_POST
def change_role(request, pk):
    seat = get_object_or_404(reach.seats_managed(request.user), pk=pk)
    form = RoleForm(request.POST, seat=seat, prefix=f"seat-{seat.pk}")
    if not form.is_valid():
        messages.error(request, _("Choose another role."))
        return redirect("person", seat.user_id)
    role = form.cleaned_data["role"]
    words = _("%(name)s is %(role)s now.") % {"name": seat.user.name, "role": Role(role).label}
    return done(request, seat.user, words, people.change_role, seat, role)


@agency_may(May.PEOPLE)
@require_POST
def end_seat(request, pk):
    seat = get_object_or_404(reach.seats_managed(request.user), pk=pk)
    words = _("The seat has ended.")
    response = done(request, seat.user, words, people.end_seat, seat)
    still = reach.people_managed(request.user).filter(pk=seat.user_id).exists()
    return response if still else redirect("people")


@agency_may(May.PEOPLE)
@require_POST
def deactivate(request, pk):
    who = get_object_or_404(reach.people_managed(request.user), pk=pk)
    words = _("%(name)s is signed out everywhere and cannot come in.") % {"name": who.name}
    response = done(request, who, words, people.deactivate, who)
    still = reach.people_managed(request.user).filter(pk=who.pk).exists()
    return response if still else redirect("people")


@agency_may(May.PEOPLE)
@require_POST
def reactivate(request, pk):
    who = get_object_or_404(reach.people_managed(request.user), pk=pk)
    return done(request, who, _("%(name)s can come in again.") % {"name": who.name}, people.reactivate, who)


@agency_may(May.PEOPLE)
@require_POST
def revoke(request, pk):
    found = get_object_or_404(invitations(request.user), pk=pk)
    try:
        people.revoke(found, by=request.user, now=timezone.now())
        messages.success(request, _("The invitation is taken back; its link does nothing any more."))
    except people.NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("people")


@public_page
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """Looking at an invitation uses nothing up, so a mail scanner does no harm; the button does."""
    found, now = people.find(token), timezone.now()
    state = people.state_of(found, now)
    if state != "open":
        return over(request, found, state, 410)
    if words := people.objection(found):
        return over(request, found, words, 409)
    account = people.User.objects.filter(email__iexact=found.email).first()
    if account and request.user != account:
        return not_signed_in(request, found)
    form = AcceptForm(request.POST or None, email=found.email, initial={"name": found.name})
    if request.method == "POST" and (account or form.is_valid()):
        return accepted(request, found, {} if account else form.cleaned_data, now)
    context = {"invitation": found, "form": form, "known": account, "now": now}
    return render(request, "agency/invitation.html", context, status=422 if form.errors else 200)


def not_signed_in(request, found):
    """The letter is for somebody who has an account: they sign in with it, and come back here."""
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect_to_login(request.path)
    status = 403 if request.method == "POST" else 200
    return render(request, "agency/invitation_known.html", {"invitation": found}, status=status)


def accepted(request, found, typed, now):
    """Accept and send on to the sign-in page, or to the first page who is in; or say why not."""
    by = request.user if request.user.is_authenticated else None
    try:
        user = people.accept(
            found, name=typed.get("name", ""), password=typed.get("password"), now=now, by=by
        )
    except people.NotAllowed as refusal:
        return over(request, found, str(refusal), 409)
    if user == by:
        messages.success(request, _("Welcome. Your new seat is ready."))
        return redirect("home")
    messages.success(request, _("Welcome. Sign in with your e-mail and password."))
    return redirect("account_login")


def over(request, found, state, status):
    context = {"state": state, "invitation": found}
    return render(request, "agency/invitation_over.html", context, status=status)
