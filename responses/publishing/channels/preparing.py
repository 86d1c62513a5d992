"""Pictures are handed over before the post that shows them. Nobody sees them until then.

So whatever goes wrong here has published nothing: it is never unknown, and a later try hands them over anew.
"""

import time
from collections.abc import Iterator

from django.utils.translation import gettext as _
from urllib3.filepost import encode_multipart_formdata

from .base import ChannelError, Picture, Post

SECONDS = 15  # begin no later than this: the post itself must end well before its lease does


def in_time(post: Post) -> Iterator[Picture]:
    """The pictures of the post, in order, as long as there is time."""
    began = time.monotonic()
    for picture in post.pictures:
        if time.monotonic() - began > SECONDS:
            raise too_slow()
        yield picture


def too_slow() -> ChannelError:
    return ChannelError(
        _("The pictures were not taken in time. It goes again from the beginning."), retry_after=60
    )


def private(error: ChannelError) -> ChannelError:
    """The same failure of a step that nobody sees."""
    return ChannelError(
        error.message, permanent=error.permanent, retry_after=error.retry_after, attention=error.attention
    )


def multipart(fields: dict[str, str], files: dict[str, Picture]) -> dict:
    """How `asking.Api` sends a form with files in it: the same input gives the same bytes."""
    parts: list = list(fields.items())
    parts += [(name, (each.name, each.content, each.media_type)) for name, each in files.items()]
    between = "tugon-" + "-".join(each.sha256[:20] for each in files.values())
    body, kind = encode_multipart_formdata(parts, boundary=between[:70])
    return {"data": body, "headers": {"Content-Type": kind}}
