"""What every request carries: an id, the person's language and zone, and words when the database is away."""

import contextvars
import logging
import re
import uuid
import zoneinfo

from django.db import OperationalError, connection
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from . import unsent

request_id = contextvars.ContextVar("request_id", default="-")
log = logging.getLogger(__name__)
PROPER_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


# The address of an approval link or an invitation is a secret.
LINK_TOKEN = re.compile(r"(/(?:link|invitation)/)[A-Za-z0-9_-]{16,}")


class RequestIdFilter(logging.Filter):
    """Puts the request's id on each log line; takes out line breaks, escapes and the tokens of links."""

    def filter(self, record):
        record.request_id = request_id.get()
        record.msg = re.sub(r"[\x00-\x08\x0a-\x1f\x7f]", "\u2424", record.getMessage())
        record.msg = LINK_TOKEN.sub(r"\1…", record.msg)
        record.args = ()
        return True


class RequestIdMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-Id", "")
        request.id = given if PROPER_ID.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(request.id)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-Id"] = request.id
        response["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=()"
        return response


class DatabaseAwayMiddleware:
    """A database that is away for a moment is said to be: 503, Retry-After, and nothing typed is lost."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, OperationalError):
            return None
        return away(request, exception)


def away(request, exception):
    """The answer while the database cannot be reached."""
    log.error("database away: %s", exception)
    connection.close()
    words = _("The database does not answer right now. What you typed is still in your browser: try again.")
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": words, "status": 503, "code": "database_away"}
        response = JsonResponse(problem, status=503, content_type="application/problem+json")
    elif request.path == "/healthz":  # which brand's host this is could not be asked
        response = JsonResponse({"database": "away", "worker": "unknown"}, status=503)
    else:
        response = HttpResponse(render_to_string("503.html", {"words": words}), status=503)
    response["Retry-After"] = "5"
    return response


class PersonMiddleware:
    """The signed-in person's language and time zone, whatever the browser says."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not is_for_all(request) and request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
            timezone.activate(zone(request.user.time_zone))
        else:
            timezone.activate(zone(request.brand.time_zone if request.brand else "Asia/Manila"))
        try:
            response = self.get_response(request)
        finally:
            timezone.deactivate()
        if not (is_for_all(request) or is_for_machines(request)) and request.user.is_authenticated:
            unsent.remember_person(request, response)
        return response

    def process_view(self, request, view, args, kwargs):
        """A brand found in the path is known only now: a public page speaks in the brand's own time."""
        if request.brand and (is_for_all(request) or not request.user.is_authenticated):
            timezone.activate(zone(request.brand.time_zone))


def is_for_machines(request):
    return request.path.startswith("/api/")


def is_for_all(request):
    """Pages that are the same for everybody: who asks is not asked, so no cache has to keep them apart."""
    if request.brand_host:
        return not request.path.startswith("/portal/")
    return request.path.startswith(("/static/", "/newsroom/"))


def zone(name):
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("Asia/Manila")
