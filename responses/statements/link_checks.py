"""Whether the links of a statement can be followed: asked in the background, never while somebody types.

The addresses are a writer's, the servers are strangers': everything goes through the guarded door of
monitoring/fetching.py, which refuses private networks, endless answers and redirects without end.
"""

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation

from agency.retelling import retell
from responses.monitoring.fetching import Limits, fetch
from responses.monitoring.sources.base import SourceError
from tenants import context, jobs

from .linting import addresses
from .writing_models import LinkCheck

FRESH = timedelta(days=1)  # an answer is believed so long
BROKEN_FRESH = timedelta(minutes=5)  # a bad one shorter: it may be mended by now
AT_ONCE = 5  # addresses one job asks; the next job goes on
LIMITS = Limits(bytes=8 * 1024 * 1024, seconds=8.0, redirects=5)
# The server is there and knows the address, whatever it lets Tugon see.
IS_THERE = {401, 402, 403, 405, 406, 407, 409, 418, 423, 425, 429, 451, 503}


def digest(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()


def problems(found: Iterable[str]) -> dict[str, str]:
    """Of these addresses those found broken, with why in the reader's language. One query, or none."""
    by_digest = {digest(address): address for address in found}
    if not by_digest:
        return {}
    rows = LinkCheck.objects.filter(digest__in=by_digest).exclude(problem="")
    return {by_digest[row.digest]: retell(row.problem) for row in rows}


@transaction.atomic
def ask(texts: Iterable[str], *, now) -> int:
    """Have the addresses of these texts looked at soon, those that were not lately; returns how many."""
    found = addresses(texts)
    if not found:
        return 0
    LinkCheck.objects.bulk_create(
        [LinkCheck(digest=digest(address), address=address, asked_at=now) for address in found],
        ignore_conflicts=True,
    )
    waiting = LinkCheck.objects.filter(digest__in=[digest(address) for address in found]).filter(stale(now))
    count = waiting.update(asked_at=now)
    if count:
        jobs.enqueue("check_links", context.here())
    return count


def stale(now):
    """Never looked at, or so long ago that it may have changed."""
    old = Q(checked_at__lt=now - FRESH) | Q(checked_at__lt=now - BROKEN_FRESH) & ~Q(problem="")
    return Q(checked_at=None) | old


def check_due(*, now) -> int:
    """Ask some of the addresses that wait, each kept as soon as it is known; returns how many are left."""
    waiting = LinkCheck.objects.filter(stale(now), asked_at__gte=now - FRESH).order_by("asked_at", "pk")
    for row in waiting[:AT_ONCE]:
        problem = problem_of(row.address)
        LinkCheck.objects.filter(pk=row.pk).update(problem=problem[:300], checked_at=now)
    return waiting.count()


def problem_of(address: str) -> str:
    """Why an address cannot be followed, in English as it is kept; empty when it can."""
    with translation.override("en"):
        try:
            fetch(address, allow=settings.TUGON_ALLOWED_ORIGINS, limits=LIMITS)
        except SourceError as error:
            is_there = error.status in IS_THERE or error.is_large
            return "" if is_there else error.message
    return ""
