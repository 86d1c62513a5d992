"""Brands: the list, a new one and how far it has come, and suspending, taking up again or closing one."""

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tenants import jobs, provisioning, states
from tenants.models import Brand

from . import people
from .access import agency_may
from .forms import BrandChangeForm, BrandForm
from .models import Engagement
from .roles import May

VERBS = {"suspend": states.SUSPENDED, "take-up": states.ACTIVE, "close": states.CLOSED}


def engaged(user):
    """Every brand the person's agency is engaged for, closed ones too."""
    return Brand.objects.filter(engagements__agency=user.agency, engagements__ended_at=None)


@agency_may(May.BRANDS)
@require_safe
def show(request):
    found = engaged(request.user).select_related("pulse").order_by("status", "name")
    return render(request, "agency/brands.html", {"brands": found, "now": timezone.now()})


@agency_may(May.BRANDS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    initial = {"time_zone": settings.TUGON_TIME_ZONE, "language": "en"}
    form = BrandForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            brand = order(form.cleaned_data, request.user, timezone.now())
            return redirect("brand_progress", brand.pk)
        except IntegrityError:  # two people, the same short name, the same second
            form.add_error("slug", _("Somebody has just taken this short name."))
    return render(request, "agency/brand_new.html", {"form": form}, status=422 if form.errors else 200)


@agency_may(May.BRANDS)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request, pk):
    """How a brand is called and looks, what it speaks and which clock it keeps."""
    brand = get_object_or_404(engaged(request.user).exclude(status=states.CLOSED), pk=pk)
    form = BrandChangeForm(request.POST or None, instance=brand)
    if request.method == "POST" and form.is_valid():
        if form.has_changed():
            save(brand, form.changed_data, request.user, timezone.now())
        messages.success(request, _("%(name)s is saved.") % {"name": brand.name})
        return redirect("brands")
    known = Brand.objects.get(pk=pk)  # the form has written what was typed into the other one
    context = {"form": form, "subject": known}
    return render(request, "agency/brand_change.html", context, status=422 if form.errors else 200)


@transaction.atomic
def save(brand, names, by, now) -> None:
    brand.save(update_fields=names)
    jobs.enqueue("rewrite_newsroom", brand)
    people.note("brand.changed", by.agency, by, now, brand=brand)


@transaction.atomic
def order(fields, by, now) -> Brand:
    """The brand, its bond with the agency, a line of history: all or nothing. A job makes the schema."""
    brand = provisioning.order(**fields)
    Engagement.objects.create(agency=by.agency, brand=brand)
    people.note("brand.ordered", by.agency, by, now, brand=brand)
    return brand


@agency_may(May.BRANDS)
@require_safe
def progress(request, pk):
    """How far the setting up has come; polled until it is done."""
    brand = get_object_or_404(engaged(request.user), pk=pk)
    template = "agency/brand_progress.html#steps" if request.htmx else "agency/brand_progress.html"
    return render(request, template, {"subject": brand, "steps": steps_of(brand), "now": timezone.now()})


def steps_of(brand):
    """(words, state) of each step, as the progress list shows it."""
    words = [_("Make its rooms"), _("Furnish them"), _("Give its people their keys"), _("Open the door")]
    ready = brand.status != states.PROVISIONING
    for number, text in enumerate(words):
        if ready or number < brand.provision_step:
            yield text, "done"
        elif number == brand.provision_step:
            yield text, "failed" if brand.provision_error else "now"
        else:
            yield text, "wait"


@agency_may(May.BRANDS)
@require_POST
def go_on(request, pk):
    brand = get_object_or_404(engaged(request.user), pk=pk)
    provisioning.go_on(brand)
    return redirect("brand_progress", brand.pk)


@agency_may(May.BRANDS)
@require_POST
def move(request, pk, verb):
    """Suspend, take up again or close."""
    brand = get_object_or_404(engaged(request.user), pk=pk)
    if verb not in VERBS:
        raise Http404
    now = timezone.now()
    try:
        with transaction.atomic():
            provisioning.move(brand, VERBS[verb], now)
            people.note(f"brand.{brand.status}", request.user.agency, request.user, now, brand=brand)
    except provisioning.NotAllowed:
        messages.error(request, _("%(name)s is not in a state for that any more.") % {"name": brand.name})
    else:
        status = brand.get_status_display()
        messages.success(request, _("%(name)s is %(status)s now.") % {"name": brand.name, "status": status})
    return redirect("brands")
