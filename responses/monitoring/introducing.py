"""Who wrote what the stream brought: it names authors by an identifier (DID), an AppView knows the rest.

Asked for what a brand's rules matched only, after it is stored: nobody waits for it, and a post whose author
cannot be told keeps the identifier.

API: https://docs.bsky.app/docs/api/app-bsky-actor-get-profiles
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from . import acquainting
from .acquainting import Who
from .asking import Asking
from .models import Mention, Source
from .sources.base import SourceError
from .sources.bluesky_posts import AT_ONCE, is_verified
from .sources.reading import dicts, name, number, plausible_reach

RECENT = timedelta(minutes=30)  # who could not be told by then stays a DID
MOST = 8 * AT_ONCE  # authors of one job
SECONDS = 10


def introduce(now, http: Callable[..., Any] | None = None) -> int:
    """Name the authors of what came lately; returns how many were told."""
    authors = list(unknown(now).order_by("author").values_list("author", flat=True).distinct()[:MOST])
    ask, found = http or Asking(SECONDS, now=now), 0
    for first in range(0, len(authors), AT_ONCE):
        try:
            profiles = asked(ask, authors[first : first + AT_ONCE])
        except SourceError:
            break
        found += acquainting.acquaint(dict(filter(None, map(told, profiles))), unknown(now), now=now)
    return found


def unknown(now):
    stream = Mention.objects.filter(source__kind=Source.Kind.STREAM, author__startswith="did:")
    return stream.filter(seen_at__gt=now - RECENT)


def asked(ask: Callable[..., Any], authors: list[str]) -> list[Any]:
    query = urlencode([("actors", author) for author in authors])
    try:
        answer = json.loads(ask(f"{settings.TUGON_APPVIEW}/xrpc/app.bsky.actor.getProfiles?{query}").body)
    except (ValueError, RecursionError):
        return []
    return dicts(answer.get("profiles")) if isinstance(answer, dict) else []


def told(profile: Any) -> tuple[str, Who] | None:
    """An identifier, and whose it is; None where the profile names nobody."""
    did, handle = name(profile, "did"), name(profile, "handle", longest=200)
    if not did.startswith("did:") or not handle or handle == "handle.invalid":
        return None
    reach = plausible_reach(number(profile, "followersCount"))
    return did, Who(handle, reach, is_verified(profile))
