"""Sources: where mentions come from, how each is doing, and setting them up."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from agency.access import may
from agency.retelling import retell
from agency.roles import May
from responses.core import secrets
from responses.core.actors import acting
from responses.core.pages import refusals, see_other
from responses.errors import Refused

from . import choosing, health, listening, mailbox, mailing, receiving, sourcing, states, usual
from .forms import UploadForm
from .models import Mention, Source
from .source_forms import FORMS, SourceForm, form_for
from .sources.base import SourceError


@may(May.SEE)
def sources(request):
    """All of them, the ones that need somebody first."""
    now = timezone.now()
    newest = Mention.objects.filter(source=OuterRef("pk")).order_by("-published_at", "-pk")
    rows = list(kept().annotate(last=Subquery(newest.values("published_at")[:1])))
    daily = usual.days_of_sources(now)
    for source in rows:
        source.health = health.of(source, now)
        source.days = daily.get(source.pk, [])
        source.said = sum(source.days)
        source.is_read_soon = is_read_soon(source, now)
    rows.sort(key=lambda source: (source.health.rank, source.name.lower()))
    shown = {"rows": rows, "groups": choosing.groups(), "now": now, **summary(rows), **allowed(request)}
    return render(request, "monitoring/sources.html", shown)


def kept():
    return Source.objects.exclude(status=Source.Status.REMOVED)


def summary(rows) -> dict:
    bad = sum(source.health.rank < health.PAUSED for source in rows)
    if bad:
        return {"sentence": ngettext("One source needs you", "%(n)s sources need you", bad) % {"n": bad}}
    return {"sentence": _("Every source is doing well") if rows else _("Nobody is listening yet")}


def allowed(request) -> dict:
    return {"may_listen": request.standing.may(May.LISTEN)}


@may(May.LISTEN)
def source_new(request, kind):
    """A new source; “try” shows what it would bring and saves nothing."""
    if kind not in FORMS:
        raise Http404
    form, shown, status = FORMS[kind](request.POST or None, request.FILES or None), {}, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if "try" in request.POST:
                shown, status = tried(kind, form, form.credentials()), 200
            elif made := added(request, kind, form):
                return see_other("responses:source", request.brand.slug, made.pk)
    shown |= {
        "form": form,
        "kind": Source.Kind(kind),
        "polled": sourcing.is_polled(kind),
        "now": timezone.now(),
    }
    return render(request, "monitoring/source_new.html", shown, status=status)


def tried(kind, form: SourceForm, credentials) -> dict:
    """A live sample of what the source says, or why there is none."""
    now = timezone.now()
    try:
        if kind == Source.Kind.EMAIL:
            mail = mailing.sample(form.message(), form.config(), now=now)
            return {"sample": mail.items, "mail": mail, "nothing": mailbox.why_nothing(mail.why)}
        return {"sample": listening.sample(kind, form.config(), credentials, now=now)}
    except SourceError as error:
        return {"sample_error": retell(error.message)}


def added(request, kind, form: SourceForm) -> Source | None:
    try:
        source = sourcing.add_source(
            kind=kind, by=acting(request), now=timezone.now(), **form.fields_of_source()
        )
    except Refused as refusal:
        form.refuse(refusal)
        return None
    if source.secret and not sourcing.is_polled(kind):  # ours to give away; what a person typed is not
        keep_for_one_look(request, source, source.secret)
    messages.success(request, _("%(name)s has been added.") % {"name": source.name})
    return source


def keep_for_one_look(request, source, secret) -> None:
    """The secret waits in the session, sealed with the brand's key, for the one page that shows it."""
    request.session[f"secret of source {source.pk}"] = secrets.encrypt(secret)


def take_the_look(request, source) -> str:
    if request.method != "GET":  # a HEAD would use it up unseen
        return ""
    sealed = request.session.pop(f"secret of source {source.pk}", "")
    return secrets.decrypt(sealed) if sealed else ""


@may(May.SEE)
@never_cache
def source(request, pk):
    """One source: how it is doing, what it was given, what it brought."""
    found = get_object_or_404(kept(), pk=pk)
    if request.htmx and request.method == "GET":
        return render(request, "monitoring/source.html#doing", doing(request, found))
    shown, status = {}, 200
    form = form_for(found, request.POST or None, request.FILES or None)
    if request.method == "POST":
        if not request.standing.may(May.LISTEN):
            raise PermissionDenied(May.LISTEN.label)
        status = 422
        if form.is_valid():
            if "try" in request.POST:
                credentials = sourcing.credentials_of(found) | form.credentials()
                shown, status = tried(found.kind, form, credentials), 200
            elif changed(request, found, form):
                return see_other("responses:source", request.brand.slug, pk)
    return render(request, "monitoring/source.html", shown | portrait(request, found, form), status=status)


def changed(request, found: Source, form: SourceForm) -> bool:
    found.version = form.cleaned_data["version"] or found.version
    try:
        sourcing.change_source(found, by=acting(request), now=timezone.now(), **form.fields_of_source())
    except Refused as refusal:
        form.refuse(refusal, found)
        return False
    messages.success(request, _("Saved."))
    return True


def doing(request, found: Source) -> dict:
    """How it is doing right now: the part of its page that keeps itself fresh."""
    now = timezone.now()
    days = usual.days_of_sources(now, found.pk).get(found.pk, [])
    return {
        "source": found,
        "health": health.of(found, now),
        "now": now,
        "polled": sourcing.is_polled(found.kind),
        "is_read_soon": is_read_soon(found, now),
        "stored": found.mentions.count(),
        "days": days,
        "lately": sum(days),
        "box": mailbox.box_of(found, now) if found.kind == Source.Kind.EMAIL else None,
    }


def is_read_soon(source: Source, now) -> bool:
    """Its time has come, or the tick that finds it is the next one."""
    is_due = source.due_at is not None and source.due_at <= now + timedelta(minutes=1)
    return is_due and source.status == states.LISTENING


def portrait(request, found: Source, form) -> dict:
    return {
        "form": form,
        "secret": take_the_look(request, found),
        "hook_url": request.build_absolute_uri(reverse(door(found), args=[request.brand.slug, found.pk])),
        "address": mailing.address_of(found) if is_ours_to_show(request, found) else "",
        "upload_form": UploadForm() if found.kind == Source.Kind.CSV else None,
        "newest": found.mentions.defer("search").order_by("-published_at", "-pk")[:5],
        **doing(request, found),
        **allowed(request),
    }


def door(found: Source) -> str:
    return "responses:hook_mail" if found.kind == Source.Kind.EMAIL else "responses:hook"


def is_ours_to_show(request, found: Source) -> bool:
    """An address that takes mail lets in whoever knows it."""
    return found.kind == Source.Kind.EMAIL and request.standing.may(May.LISTEN)


@may(May.LISTEN)
@require_POST
@refusals
def source_switch(request, pk):
    """Pause a source that listens, or let one listen again."""
    found, by, now = get_object_or_404(kept(), pk=pk), acting(request), timezone.now()
    if request.POST.get("to") == "pause":
        sourcing.pause(found, by=by, now=now)
        messages.success(request, _("%(name)s is paused.") % {"name": found.name})
    else:
        sourcing.resume(found, by=by, now=now)
        messages.success(request, _("%(name)s listens again.") % {"name": found.name})
    return see_other("responses:source", request.brand.slug, pk)


@may(May.LISTEN)
@require_POST
@refusals
def source_read(request, pk):
    """Read it now, as far as politeness goes."""
    found = get_object_or_404(kept(), pk=pk)
    sourcing.read_now(found, now=timezone.now())
    messages.success(
        request, _("%(name)s is being read. What comes of it shows up here.") % {"name": found.name}
    )
    return see_other("responses:source", request.brand.slug, pk)


@may(May.LISTEN)
@require_POST
@refusals
def source_remove(request, pk):
    """Never listen there again; what it brought stays."""
    found = get_object_or_404(kept(), pk=pk)
    sourcing.remove(found, by=acting(request), now=timezone.now())
    messages.success(request, _("%(name)s has been removed. Its mentions stay.") % {"name": found.name})
    return see_other("responses:sources", request.brand.slug)


@may(May.LISTEN)
@require_POST
@refusals
def source_secret(request, pk):
    """A new secret for a webhook or an address, shown once; or the end of the old one."""
    found = get_object_or_404(kept(), pk=pk, kind__in=sourcing.SIGNED)
    by, now = acting(request), timezone.now()
    if request.POST.get("do") == "end":
        sourcing.end_old_secret(found, by=by, now=now)
        messages.success(request, _("The old secret opens nothing any more."))
    else:
        keep_for_one_look(request, found, sourcing.renew_secret(found, by=by, now=now))
    return see_other("responses:source", request.brand.slug, pk)


@may(May.LISTEN)
@require_POST
def source_upload(request, pk):
    """A CSV file: what was stored, and each row that was not, by its line."""
    found = get_object_or_404(kept(), pk=pk, kind=Source.Kind.CSV)
    form, shown, status = UploadForm(request.POST, request.FILES), {}, 422
    if form.is_valid():
        try:
            data = form.cleaned_data["file"].read()
            shown["report"] = receiving.upload(found, data, by=acting(request), now=timezone.now())
            status = 200
        except Refused as refusal:
            form.add_error("file", refusal.message)
    found.refresh_from_db()
    picture = portrait(request, found, form_for(found)) | shown | {"upload_form": form}
    return render(request, "monitoring/source.html", picture, status=status)
