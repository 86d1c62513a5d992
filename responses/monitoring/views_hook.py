"""The doors other systems knock at: signed deliveries of mentions, and of mail."""

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from agency.access import signed_request
from responses.errors import Refused

from . import mailbox, mailing, receiving
from .models import Source
from .sources import mailed, webhook


@csrf_exempt
@signed_request
@require_POST
def hook(request, pk):
    """Store what was delivered; the same delivery twice is stored once and answered alike."""
    there = Source.objects.exclude(status=Source.Status.REMOVED)
    source = get_object_or_404(there, pk=pk, kind=Source.Kind.WEBHOOK)
    try:
        receipt = receiving.receive(source, request.headers, body_of(request), now=timezone.now())
    except Refused as refusal:
        return problem(refusal)
    return JsonResponse({"stored": receipt.stored, "known": receipt.known})


@csrf_exempt
@signed_request
@require_POST
def hook_mail(request, pk):
    """Store what a raw mail says; the same mail twice, by whichever door, is stored once."""
    source, now = get_object_or_404(mailing.mail_sources(), pk=pk), timezone.now()
    try:
        if says_more_than(request, mailed.LARGEST):
            raise mailing.refuse_large(source, now)
        receipt = mailing.receive(source, request.headers, request.read(mailed.LARGEST + 1), now=now)
    except Refused as refusal:
        return problem(refusal)
    told = {"stored": receipt.stored, "known": receipt.known, "why": mailbox.why_nothing(receipt.why)}
    return JsonResponse(told)


def body_of(request) -> bytes:
    """The body, unless it says itself that it is too large: then nobody reads it."""
    if says_more_than(request, webhook.LARGEST):
        raise receiving.TooLarge(_("The delivery is larger than 1 MiB. Send it in parts."))
    return request.read(webhook.LARGEST + 1)


def says_more_than(request, most: int) -> bool:
    length = request.headers.get("Content-Length", "")
    return length.isdecimal() and int(length) > most


def problem(refusal: Refused) -> JsonResponse:
    body = {"type": "about:blank", "title": refusal.message, "status": refusal.status, "code": refusal.code}
    return JsonResponse(body, status=refusal.status, content_type="application/problem+json")
