"""Who gets the statements by letter, for those who look after the channels."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agency.access import may
from agency.roles import May
from responses.core.pages import see_other

from . import newsroom, subscribing
from .models import Subscriber


@may(May.CONNECT)
@require_safe
def subscribers(request):
    rows = Subscriber.objects.exclude(confirmed_at=None)
    context = {
        "page": Paginator(rows, 100).get_page(request.GET.get("page")),
        "waiting": Subscriber.objects.filter(confirmed_at=None, left_at=None).count(),
        "newsroom_url": newsroom.path(request.brand),
    }
    return render(request, "publishing/subscribers.html", context)


@may(May.CONNECT)
@require_POST
def subscriber_remove(request, pk):
    """Asked for by telephone, say: as if they had pressed the button themselves."""
    found = get_object_or_404(Subscriber, pk=pk)
    subscribing.leave(found, now=timezone.now())
    messages.success(request, _("%(email)s gets no more letters.") % {"email": found.email})
    return see_other("responses:subscribers", request.brand.slug)
