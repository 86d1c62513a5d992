"""On which page is somebody? The address of a form that draws a page itself answers no GET, so nothing may
lead back there: not the choice of a language, not signing in again, not a refusal."""

from collections.abc import Callable
from inspect import getclosurevars
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve


def page_of(request) -> str:
    """The page a request belongs to: itself, else the page it came from, else the nearest above it."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    return page_before(request) or page_above(request.path)


def page_before(request) -> str:
    """Where a form stood, when that is a page of this host which can be asked for again."""
    came = urlsplit(request.headers.get("Referer", ""))
    is_ours = came.netloc == request.get_host() and answers_get(came.path)
    return came._replace(scheme="", netloc="", fragment="").geturl() if is_ours else ""


def page_above(path: str) -> str:
    """`/b/isla/incidents/3/severity/` is a form of `/b/isla/incidents/3/`."""
    while path != "/" and not answers_get(path):
        path = path.rstrip("/").rpartition("/")[0] + "/"
    return path


def answers_get(path: str) -> bool:
    """Is there a view, and none of its markers is `require_POST`? Those keep the methods in a closure."""
    try:
        view: Callable | None = resolve(path).func
    except Resolver404:
        return False
    while view is not None:
        methods = getclosurevars(view).nonlocals.get("request_method_list")
        if methods is not None and "GET" not in methods:
            return False
        view = getattr(view, "__wrapped__", None)
    return True
