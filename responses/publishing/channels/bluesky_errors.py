"""What a failed call to Bluesky means: try again, ask a person, or find out first what happened."""

import math

import httpx
from atproto_client import exceptions
from atproto_client.models.common import XrpcError
from django.utils.translation import gettext as _

from responses.publishing.channels.base import ChannelError

# Some failures of httpx and damaged JSON reach us unwrapped.
TRANSPORT = (httpx.HTTPError, exceptions.ModelError, ValueError)
ANY = (exceptions.RequestErrorBase, *TRANSPORT)
_STALE = {"ExpiredToken", "InvalidToken", "AuthMissing", "AuthenticationRequired"}
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


def name(error: Exception) -> str:
    """Bluesky's own word for the error, “InvalidRequest” say; empty when it gave none."""
    response = getattr(error, "response", None)
    content = response.content if response else None
    return content.error if isinstance(content, XrpcError) else ""


def is_stale_session(error: Exception) -> bool:
    return name(error) in _STALE


def while_signing_in(error: Exception) -> ChannelError:
    """Nothing has been sent yet, so this is never unknown."""
    if _status(error) in (400, 401, 403):
        words = _("Bluesky did not accept the account name or the app password.")
        return ChannelError(words, permanent=True, attention=True)
    return while_reading(error)


def while_reading(error: Exception) -> ChannelError:
    """Reading changes nothing; only an answer that says “your request is wrong” is final."""
    status = _status(error)
    final = 400 <= status < 500 and status not in (408, 425, 429)
    return ChannelError(_sentence(error), permanent=final, retry_after=_retry_after(error))


def while_writing(error: Exception) -> ChannelError:
    """Unknown, unless the server said no or never got the request."""
    status = _status(error)
    if status == 429:
        return ChannelError(_sentence(error), retry_after=_retry_after(error))
    if name(error) == "InvalidSwap":
        return ChannelError(_("Another post already stands in this post's place on Bluesky."), permanent=True)
    if 300 <= status < 500 and status != 408:
        return ChannelError(_sentence(error), permanent=True, attention=status == 401)
    return ChannelError(_sentence(error), unknown=not _never_sent(error), retry_after=_retry_after(error))


def _never_sent(error: Exception) -> bool:
    return isinstance(error, _NEVER_SENT) or isinstance(error.__cause__, _NEVER_SENT)


def _status(error: Exception) -> int:
    """The HTTP status, 0 when no answer came."""
    response = getattr(error, "response", None)
    return response.status_code if response else 0


def _sentence(error: Exception) -> str:
    status = _status(error)
    if status == 429:
        return _("Bluesky asks to wait before the next post.")
    if status >= 500:
        return _("Bluesky has a fault (HTTP %(status)s).") % {"status": status}
    if status:
        return _("Bluesky refused: %(reason)s") % {"reason": _reason(error) or f"HTTP {status}"}
    if _never_sent(error):
        return _("Bluesky's server could not be reached.")
    return _("The connection to Bluesky broke before it answered.")


def _reason(error: Exception) -> str:
    response = getattr(error, "response", None)
    content = response.content if response else None
    return (content.message or content.error)[:300] if isinstance(content, XrpcError) else ""


def _retry_after(error: Exception) -> int | None:
    seconds = getattr(error, "retry_after", None)
    return None if seconds is None else min(math.ceil(seconds), 24 * 3600)
