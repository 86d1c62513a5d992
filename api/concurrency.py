"""Two writers, one thing: who changes it must say which version they saw (RFC 9110, RFC 6585)."""

from django.utils.translation import gettext as _

from responses.errors import Conflict

from .problems import Problem


def etag(thing) -> str:
    return f'"v{thing.version}"'


def require_match(request, thing) -> None:
    """428 when no version was named, 412 with the current one when it is another."""
    given = request.headers.get("If-Match", "").strip()
    if not given:
        words = _("Send If-Match with the ETag you read, so that nobody's change is lost.")
        raise Problem(428, "if_match_required", words)
    if given != "*" and etag(thing) not in {each.strip() for each in given.split(",")}:
        words = _("Somebody changed this since you read it. Read it again, then decide.")
        raise Problem(412, "changed_meanwhile", words, headers={"ETag": etag(thing)})


def stale(conflict: Conflict, thing) -> Conflict:
    """A deed found another version than the one we had read a moment before: say the current one."""
    conflict.extra = {**conflict.extra, "etag": etag(thing)}
    return conflict


def is_known(request, tag: str) -> bool:
    """Whether a read has this version already (If-None-Match)."""
    given = {each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")}
    return tag in given or "*" in given
