"""Everything that goes wrong under /api/, as RFC 9457 says it: one shape, one place."""

import logging
import math
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions

from agency.access import public_page
from responses.errors import Refused

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
DOCS = "/api/docs/"
TOLD = ("position", "caret", "latest")  # what a refusal may add; nothing else leaves the house


class Problem(Exception):
    """Raised inside this room; deeds raise Refused instead."""

    def __init__(self, status, code, detail, *, errors=(), headers=None, more=None):
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.errors, self.headers, self.more = list(errors), headers or {}, more or {}


def title(status: int) -> str:
    """The kind of trouble in a few words."""
    return {
        400: _("The request is not well formed"),
        401: _("Who are you?"),
        403: _("You may not do this"),
        404: _("There is nothing here"),
        405: _("This cannot be done here"),
        406: _("Only JSON is spoken here"),
        409: _("Not as things are"),
        410: _("It is over"),
        412: _("It was changed meanwhile"),
        413: _("Too large"),
        415: _("Send JSON"),
        422: _("What was sent does not hold"),
        428: _("Say which version you saw"),
        429: _("Too many requests"),
        503: _("Not available right now"),
    }.get(status, _("Something broke on our side"))


def answer(request, problem: Problem) -> JsonResponse:
    """The problem as a response."""
    body = {
        "type": f"{DOCS}#{problem.code}",
        "title": title(problem.status),
        "status": problem.status,
        "detail": problem.detail,
        "instance": request.path,
        "code": problem.code,
        "errors": problem.errors,
        "request_id": getattr(request, "id", ""),
    }
    body |= problem.more
    response = JsonResponse(body, status=problem.status, content_type=MEDIA_TYPE)
    for name, value in problem.headers.items():
        response[name] = value
    return response


def handle(exc, context):
    """DRF's exception handler. A database that is away is the middleware's to tell."""
    if isinstance(exc, OperationalError):
        return None
    problem = problem_of(exc)
    if problem.status == 500:
        log.exception("broken", exc_info=exc)
    return answer(context["request"], problem)


def problem_of(exc) -> Problem:
    for kind, told in KINDS:
        if isinstance(exc, kind):
            return told(exc)
    return Problem(500, "broken", _("It is not your fault. We have noted it under the request's id."))


def of_refusal(exc: Refused) -> Problem:
    faults = exc.extra.get("errors") or ({exc.field: exc.message} if exc.field else {})
    errors = [fault(field, exc.code, words) for field, words in faults.items()]
    headers = {"ETag": exc.extra["etag"]} if "etag" in exc.extra else {}
    more = {name: exc.extra[name] for name in TOLD if name in exc.extra}
    return Problem(exc.status, exc.code, str(exc.message), errors=errors, headers=headers, more=more)


def fault(field: str, code: str, words) -> dict:
    """One fault at one place of the body; `field` is dotted."""
    pointer = "/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in str(field).split("."))
    return {"pointer": pointer, "code": code, "detail": str(words)}


def of_validation(exc: exceptions.ValidationError) -> Problem:
    errors = list(faults_in(exc.get_full_details(), ""))
    return Problem(400, "invalid", _("Some of what was sent is not as it must be."), errors=errors)


def faults_in(details, pointer):
    """DRF's nested details, flat."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        yield {"pointer": pointer or "/", "code": str(details["code"]), "detail": str(details["message"])}
    elif isinstance(details, dict):
        for name, inner in details.items():
            here = pointer if name == "non_field_errors" else f"{pointer}/{name}"
            yield from faults_in(inner, here)
    else:
        for number, inner in enumerate(details):
            listed = isinstance(inner, dict) and set(inner) != {"message", "code"}
            yield from faults_in(inner, f"{pointer}/{number}" if listed else pointer)


def of_api(exc: exceptions.APIException) -> Problem:
    code = getattr(exc, "problem_code", "") or CODES.get(exc.status_code)
    code = code or str(getattr(exc, "default_code", "refused"))
    headers = {}
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = exc.auth_header
    if getattr(exc, "wait", None):
        headers["Retry-After"] = str(math.ceil(exc.wait))
    return Problem(exc.status_code, code, str(exc.detail), headers=headers)


CODES = {
    400: "bad_json",
    401: "not_known",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    415: "unsupported_media_type",
    429: "too_many_requests",
}


def of_nothing(_exc) -> Problem:
    return Problem(404, "not_found", _("There is nothing at this address."))


# Every code that `type` points to, for the page that explains them.
CATALOGUE = {
    "invalid": gettext_lazy("Something in the body is missing or not of the kind it must be; see errors."),
    "bad_json": gettext_lazy("The body is not JSON, or holds what cannot be kept."),
    "bad_parameter": gettext_lazy("A parameter of a list has a value it cannot have."),
    "unknown_parameter": gettext_lazy("A list has no such parameter."),
    "bad_cursor": gettext_lazy("The cursor is not one of this list. Begin again without it."),
    "bad_limit": gettext_lazy("The limit is out of range."),
    "idempotency_key_required": gettext_lazy("This deed needs an Idempotency-Key."),
    "bad_idempotency_key": gettext_lazy("The Idempotency-Key is empty, too long, or not visible ASCII."),
    "idempotency_key_reused": gettext_lazy("The Idempotency-Key was used for another body."),
    "in_flight": gettext_lazy(
        "The first request with this Idempotency-Key is not done. Try again in a moment."
    ),
    "not_known": gettext_lazy("There is no key, or one that does not open this brand."),
    "maker_gone": gettext_lazy(
        "Who made the key may not make keys for the brand any more. Make a new one, and revoke this one."
    ),
    "forbidden": gettext_lazy("This caller may not do this."),
    "scope_missing": gettext_lazy("The key lacks the scope."),
    "persons_only": gettext_lazy("Only a signed-in person can do this."),
    "brand_suspended": gettext_lazy("The brand can be read, not changed."),
    "not_found": gettext_lazy("There is nothing here, or nothing for this caller."),
    "method_not_allowed": gettext_lazy("This address does not take this method."),
    "not_acceptable": gettext_lazy("Only JSON is spoken here."),
    "refused": gettext_lazy("The deed cannot be done as things are."),
    "not_allowed_now": gettext_lazy("Not possible in the state the thing is in."),
    "gone": gettext_lazy("It was there and is over."),
    "changed_meanwhile": gettext_lazy("Somebody was faster. Read again, then decide."),
    "if_match_required": gettext_lazy("Send the ETag you read as If-Match."),
    "too_large": gettext_lazy("The body is larger than 6 MiB."),
    "unsupported_media_type": gettext_lazy("Send application/json."),
    "too_many_requests": gettext_lazy("The key has made its requests of this minute. See Retry-After."),
    "broken": gettext_lazy("It broke on our side. Tell us the request's id."),
    "database_away": gettext_lazy("The database does not answer right now. Try again."),
}


KINDS: tuple[tuple[Any, Callable[[Any], Problem]], ...] = (
    (Problem, lambda exc: exc),
    (Refused, of_refusal),
    (exceptions.ValidationError, of_validation),
    ((Http404, exceptions.NotFound), of_nothing),
    (exceptions.APIException, of_api),
    (PermissionDenied, lambda exc: Problem(403, "forbidden", _("Your seat does not allow this: %s") % exc)),
    (RequestDataTooBig, lambda exc: Problem(413, "too_large", _("Send at most 6 MiB at once."))),
)


@csrf_exempt
@public_page
def nothing(request, rest=""):
    """The answer at every address under /api/ that is not one."""
    return answer(request, of_nothing(None))
