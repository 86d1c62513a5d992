"""What Meta's refusals mean for a post: https://developers.facebook.com/docs/graph-api/guides/error-handling"""

from django.utils.translation import gettext as _

from responses.monitoring.sources.base import SourceError
from responses.monitoring.sources.graph import AN_HOUR, FOR_NOW, NO_TOKEN, NOT_ALLOWED, TOO_OFTEN
from responses.monitoring.sources.reading import number

from .asking import Gone
from .base import ChannelError

SAID_BEFORE = 506
NO_SUCH_OBJECT = {(100, 33), (803, 0)}


class Duplicate(ChannelError):
    """Meta says that this text stands already."""


def judge(error: SourceError) -> ChannelError | None:
    code = number(error.said, "error", "code") or 0
    if code in TOO_OFTEN or error.status == 429:
        wait = error.retry_after or (AN_HOUR if code else None)
        return ChannelError(_("Meta asks to wait before the next post."), retry_after=wait)
    if code in FOR_NOW:
        return ChannelError(_("Meta has a fault. It may have taken the post."), unknown=True)
    if (code, number(error.said, "error", "error_subcode") or 0) in NO_SUCH_OBJECT:
        return Gone(_("Meta knows nothing under this number."), permanent=True, attention=True)
    if code == SAID_BEFORE:
        return Duplicate(_("Meta refuses this text: the page has said the same before."), permanent=True)
    return _of_the_token(code, error.status)


def _of_the_token(code: int, status: int | None) -> ChannelError | None:
    if code in NO_TOKEN or (not code and status == 401):
        words = _(
            "The access token has expired or was withdrawn. Make a new one at Meta and give it to Tugon."
        )
        return ChannelError(words, permanent=True, attention=True)
    if code in NOT_ALLOWED or (not code and status == 403):
        words = _("The access token does not allow this. Make one with the permissions Tugon asks for.")
        return ChannelError(words, permanent=True, attention=True)
    return None
