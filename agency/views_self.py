"""A person's own profile, and the table of who may do what."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from . import access
from .access import signed_in
from .forms import ProfileForm
from .models import User
from .roles import CAPABILITIES, May, Role


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    person = User.objects.get(pk=request.user.pk)  # a copy: a refused form must not rename the page
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        translation.activate(person.language)
        messages.success(request, _("Saved."))
        return redirect("profile")
    seats = access.seats_of(request.user).select_related("brand", "agency").order_by("brand__name")
    status = 422 if form.errors else 200
    return render(request, "agency/profile.html", {"form": form, "seats": seats}, status=status)


@signed_in
@require_safe
def roles(request):
    """The one table of roles and capabilities, as it is enforced."""
    rows = [(may.label, [may in CAPABILITIES[role] for role in Role]) for may in May]
    return render(request, "agency/roles.html", {"rows": rows, "columns": Role.labels})
