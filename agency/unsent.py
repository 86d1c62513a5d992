"""What somebody typed into a form when their session had ended: kept until they are back, shown once more.

The fields go into the new session, with whose they are (a signed cookie tells who was last signed in here),
and come back on the page they stood on: to that person only, within an hour. Nothing is sent by itself.
"""

import re
import time
from urllib.parse import urlsplit

from django.core import signing

KEY = "unsent"
COOKIE = "tugon-was"
SALT = "agency.unsent"
LIVES = 3600  # seconds
COOKIE_LIVES = 60 * 60 * 24 * 30
MOST_LETTERS = 60_000
# What lets in is kept nowhere in the open, by whatever name a form asks for it.
LETS_IN = re.compile(r"pass|token|secret|key|code|webhook|service_account|credential")
NEVER = ("csrfmiddlewaretoken", "revision_hash", "verdict", "step")  # a decision is taken anew


def remember_person(request, response) -> None:
    """Note in the browser who is signed in, for the day their session ends while they write."""
    person = str(request.user.pk)
    if last_person(request) != person:
        response.set_cookie(
            COOKIE,
            signing.dumps(person, salt=SALT),
            max_age=COOKIE_LIVES,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )


def last_person(request) -> str:
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=COOKIE_LIVES)
    except signing.BadSignature:
        return ""


def keep(request, page: str) -> None:
    """Keep what a stranger to the server posted, if we know whose browser it is and there is text in it."""
    person = last_person(request)
    if not person:
        return
    fields = [(name, value) for name, value in pairs(request) if is_text(name, value)]
    if not any(map(is_written, fields)) or sum(len(value) for _name, value in fields) > MOST_LETTERS:
        return
    request.session[KEY] = {
        "person": person,
        "page": urlsplit(page).path,
        "action": request.path,
        "fields": fields,
        "at": int(time.time()),
    }


def pairs(request):
    for name, values in request.POST.lists():
        yield from ((name, value) for value in values)


def is_text(name: str, value: str) -> bool:
    return bool(value.strip()) and name not in NEVER and not LETS_IN.search(name)


def is_written(field) -> bool:
    """Words that somebody thought about, not a choice or a number: those are shown where no script runs."""
    return len(field[1].split()) > 1


def of_page(request) -> dict | None:
    """What this person had typed on this page; None when there is nothing, or it is another's, or old."""
    kept = request.session.get(KEY)
    if kept is None or getattr(request, "htmx", False):
        return None
    if kept["person"] != str(request.user.pk) or kept["at"] < time.time() - LIVES:
        del request.session[KEY]
        return None
    if kept["page"] != request.path:
        return None
    return {**kept, "fields": [(*field, is_written(field)) for field in kept["fields"]]}


def forget(request) -> None:
    """The form was sent after all, or its writer wants it gone."""
    if request.session.get(KEY, {}).get("action") == request.path:
        del request.session[KEY]
