"""What the pages of every slice share: refusals shown in words, and polling answers that cost little."""

from functools import wraps

from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render

from agency.whereabouts import page_of
from responses.errors import Refused


def refusals(view):
    """Show a deed's refusal: as a message on the page it came from, or with its own status for htmx.

    Views that keep what was typed catch Refused themselves and put it on their form.
    """

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            return refused(request, refusal)

    return wrapped


def refused(request, refusal: Refused) -> HttpResponse:
    if request.htmx:
        return render(request, "components/refused.html", {"refusal": refusal}, status=refusal.status)
    if request.method == "POST" and same_site(request, request.headers.get("Referer", "")):
        messages.error(request, refusal.message)
        return redirect(page_of(request))
    return render(request, "refused.html", {"refusal": refusal}, status=refusal.status)


def same_site(request, url: str) -> bool:
    return url.startswith(f"{request.scheme}://{request.get_host()}/")


def unchanged(request, etag: str) -> HttpResponse | None:
    """304 for a poll that has seen this state already, else None."""
    if request.headers.get("If-None-Match") == f'"{etag}"':
        return HttpResponseNotModified(headers={"ETag": f'"{etag}"'})
    return None


def typed(request, name: str, most: int = 300) -> str:
    """What was typed in a field that has no form of its own, without the NUL that no database keeps."""
    return request.POST.get(name, "").replace("\0", "").strip()[:most]


def see_other(*where, **named) -> HttpResponse:
    """After a POST: look at the result with a GET of its own (303), so that reloading repeats nothing."""
    response = redirect(*where, **named)
    response.status_code = 303
    return response
