"""The same POST twice acts once: `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header).

The answer is kept in the transaction of the deed, so there is never one without the other.
"""

import hashlib
import json
import re
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Min
from django.http import JsonResponse
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from responses import due
from tenants import context

from .models import IdempotentRequest
from .problems import MEDIA_TYPE, Problem

KEPT = timedelta(hours=24)
KEY = re.compile(r"[\x21-\x7e]{1,255}")
OF_THE_MOMENT = {409, 412, 428, 429}  # what may be answered otherwise a moment later is not kept
HEADERS = ("ETag", "Location")


def named(request, required: bool) -> str:
    """The request's key; empty when it has none and needs none."""
    given = request.headers.get("Idempotency-Key")
    if given is None and not required:
        return ""
    if given is None:
        words = _("Send Idempotency-Key with a value of your own, so that trying again cannot do this twice.")
        raise Problem(400, "idempotency_key_required", words)
    if not KEY.fullmatch(given):
        raise Problem(
            400, "bad_idempotency_key", _("An Idempotency-Key is 1 to 255 visible ASCII characters.")
        )
    return given


def once(request, key: str, caller: str, now, act):
    """`act()` once per key and caller; again, the answer it gave. In flight 409, another body 422."""
    mine = {"caller": caller, "method": request.method, "path": request.path[:500], "key": key}
    printed = fingerprint(request)
    with transaction.atomic():
        if not taken(mine):
            words = _("The first request with this Idempotency-Key is still being worked on.")
            raise Problem(409, "in_flight", words, headers={"Retry-After": "1"})
        before = IdempotentRequest.objects.filter(**mine).first()
        if before and before.created_at > now - KEPT:
            return repeated(before, printed)
        if before:
            before.delete()
        response = act()
        if response.status_code >= 500 or response.status_code in OF_THE_MOMENT:
            transaction.set_rollback(True)
        else:
            IdempotentRequest.objects.create(**mine, fingerprint=printed, created_at=now, **kept(response))
    return response


def taken(mine: dict) -> bool:
    """Whether this request is the only one of its key right now; held until the transaction ends."""
    brand = context.current()
    name = json.dumps([brand and brand.schema_name, *mine.values()])
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return cursor.fetchone()[0]


def fingerprint(request) -> str:
    return hashlib.sha256(request._request.body).hexdigest()


def kept(response) -> dict:
    raw = JSONRenderer().render(response.data) if isinstance(response, Response) else response.content
    headers = {name: response[name] for name in HEADERS if name in response}
    return {"status": response.status_code, "body": {"body": json.loads(raw or "null"), "headers": headers}}


def repeated(before: IdempotentRequest, printed: str):
    if before.fingerprint != printed:
        words = _("This Idempotency-Key was used for another body. Use a new one.")
        raise Problem(422, "idempotency_key_reused", words)
    status, told = before.status or 500, before.body or {}
    media_type = MEDIA_TYPE if status >= 400 else "application/json"
    response = JsonResponse(told["body"], status=status, safe=False, content_type=media_type)
    for name, value in told["headers"].items():
        response[name] = value
    response["Idempotency-Replayed"] = "true"
    return response


# --- forgetting


@due.when_due
def forget(brand, now):
    IdempotentRequest.objects.filter(created_at__lte=now - KEPT).delete()


@due.comes_next
def forget_at(now):
    oldest = IdempotentRequest.objects.aggregate(at=Min("created_at"))["at"]
    return oldest + KEPT if oldest else None
