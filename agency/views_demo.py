"""Only in the demo: signing in with one press, and the mail that was sent. Absent without TUGON_DEMO."""

import email
import email.policy
import re
from datetime import UTC
from functools import wraps
from pathlib import Path

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_POST, require_safe

from . import second_factor
from .access import public_page
from .models import User

SHOWN = 50
LINK = re.compile(r"(https?://[^\s<>\"]+)")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def in_demo(view):
    """404 unless this is the demo, even if somebody wires the address."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if not settings.TUGON_DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


@public_page
@in_demo
@require_POST
def demo_sign_in(request):
    chosen = request.POST.get("person", "")
    pk = int(chosen) if chosen.isdecimal() and len(chosen) < 10 else 0
    person = get_object_or_404(User, pk=pk, is_active=True, email__endswith=".example")
    login(request, person, backend=BACKEND)
    return redirect("home")


@public_page
@in_demo
@require_safe
def codes(request):
    """What the invented people's authenticator apps show at this moment."""
    held = Authenticator.objects.filter(type=second_factor.CODE, user__email__endswith=".example")
    rows = [(one.user, second_factor.code_of_now(one)) for one in held.select_related("user")]
    response = render(request, "agency/codes.html", {"rows": rows})
    response["Cache-Control"] = "no-store"
    return response


@public_page
@in_demo
@require_safe
def mail(request):
    """The newest letters, from the files that the file backend writes."""
    folder = Path(settings.EMAIL_FILE_PATH)
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)[:SHOWN]
    found = [letter for file in files for letter in letters(file)]
    return render(request, "agency/mail.html", {"letters": found})


def letters(file: Path):
    """The letters of one file, the newest first. The backend ends each with a line of dashes."""
    parts = [part.strip() for part in file.read_bytes().split(b"\n" + b"-" * 79 + b"\n")]
    found = [email.message_from_bytes(part, policy=email.policy.default) for part in parts if part]
    return [shown(letter) for letter in reversed(found)]


def shown(letter) -> dict:
    body = letter.get_body(preferencelist=("plain",))
    text = linked(body.get_content() if body else "")
    return {"to": letter["To"], "subject": letter["Subject"], "at": sent_at(letter), "text": text}


def sent_at(letter):
    """Django dates letters `-0000`, which Python's parser reads as UTC without saying so."""
    at = letter["Date"].datetime
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def linked(text: str):
    """The text with its addresses as links; everything else is escaped."""
    return format_html_join("", "{}", ((piece(part),) for part in LINK.split(text)))


def piece(part: str):
    return format_html('<a href="{0}">{0}</a>', part) if LINK.fullmatch(part) else part
