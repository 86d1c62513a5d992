"""The brand's channels: which there are, adding one, changing it, and trying the connection."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agency.access import may
from agency.roles import May
from responses.core import secrets
from responses.core.actors import acting
from responses.core.pages import see_other
from responses.errors import Refused
from responses.statements.models import Channel

from . import choosing, connecting, newsroom
from .channel_forms import FORMS, ChannelForm, form_for


@may(May.SEE)
@require_safe
def channels(request):
    rows = list(Channel.objects.defer("secret"))
    for row in rows:
        row.account, row.place = FORMS.get(row.kind, ChannelForm).shown(row.config)
    context = {
        "channels": rows,
        "newsroom_url": newsroom.path(request.brand),
        "may_connect": request.standing.may(May.CONNECT),
    }
    return render(request, "publishing/channels.html", context)


@may(May.CONNECT)
@require_safe
def channel_new(request):
    """Which kind?"""
    return render(request, "publishing/channel_new.html", {"groups": choosing.groups()})


@may(May.CONNECT)
@require_http_methods(["GET", "HEAD", "POST"])
def channel_add(request, kind):
    if kind not in choosing.kinds():
        raise Http404
    form = FORMS[kind](request.POST or None)
    if request.method == "POST" and done(form, lambda: add(request, kind, form)):
        if form.made:
            return see_other("responses:channel", request.brand.slug, form.channel.pk)
        return see_other("responses:channels", request.brand.slug)
    return page(request, form, {"kind": Channel.Kind(kind)})


def add(request, kind, form):
    form.channel = channel = connecting.add(kind=kind, **form.given(), by=acting(request), now=timezone.now())
    words = _("%(name)s is added. Test the connection before you need it.")
    messages.success(request, words % {"name": channel})
    if form.made:  # it waits, sealed with the brand's key, for the one page that shows it
        request.session[in_session(channel)] = secrets.encrypt(form.made)


def in_session(channel) -> str:
    return f"secret of channel {channel.pk}"


def take_the_look(request, channel) -> str:
    if request.method != "GET":  # a HEAD would use it up unseen
        return ""
    sealed = request.session.pop(in_session(channel), "")
    return secrets.decrypt(sealed) if sealed else ""


@may(May.CONNECT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def channel(request, pk):
    found = get_object_or_404(Channel, pk=pk)
    form = form_for(found, request.POST or None)
    if request.method == "POST" and done(form, lambda: change(request, found, form)):
        return see_other("responses:channels", request.brand.slug)
    shown_once = take_the_look(request, found)
    more = {"channel": found, "kind": Channel.Kind(found.kind), "shown_once": shown_once}
    return page(request, form, more)


def change(request, found, form):
    connecting.change(found, **form.given(), by=acting(request), now=timezone.now())
    messages.success(request, _("Saved."))


def page(request, form, more):
    status = 422 if form.errors else 200
    return render(request, "publishing/channel.html", {"form": form, **more}, status=status)


def done(form, deed) -> bool:
    """Do it when the form holds; a refusal goes onto the form, with all that was typed."""
    if not form.is_valid():
        return False
    try:
        deed()
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return False
    return True


@may(May.CONNECT)
@require_POST
def channel_test(request, pk):
    works, words = connecting.test(get_object_or_404(Channel, pk=pk), now=timezone.now())
    (messages.success if works else messages.error)(request, words)
    return see_other("responses:channels", request.brand.slug)
