"""What is due when: how a slice says that something waits for its hour, and how the hour finds it.

    due.by(at)                     in the deed's transaction: this brand must be looked at no later than `at`
    due.in_case(now)               the same for a minute or two later: what the deed pokes may be lost
    @due.when_due                  registers `work(brand, now)`: do what is due now; safe to run twice
    @due.comes_next                registers `next_at(now) -> datetime | None`: when the slice is next due

Each `by` is a row of the public table `Wake`, so the tick asks one table and visits only the brands that
have something to do. A row goes away after the work it asked for is done: a kill in between only repeats it.
The modules that register are imported by `responses.tasks`.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from tenants import context, jobs
from tenants.models import Brand, Wake

log = logging.getLogger(__name__)
POKE_AGAIN = timedelta(seconds=90)  # a poke that was not answered by then was lost with its worker
ALLOWED = timedelta(minutes=2)  # for a poke to be answered before somebody looks whether it was
WORK: list[Callable] = []
NEXT: list[Callable] = []
ASKED: dict[int, datetime] = {}  # by brand: the last look `in_case` that this process has committed


def when_due(function):
    """Register `function(brand, now)`, which does what is due in the brand's schema."""
    WORK.append(function)
    return function


def comes_next(function):
    """Register `function(now)`, which says when its slice is next due, or None."""
    NEXT.append(function)
    return function


def by(at) -> None:
    """Have the current brand looked at once `at` has come. Asking twice for one moment is harmless."""
    if at is not None:
        Wake.objects.create(brand=context.here(), at=at)


def in_case(now) -> None:
    """Have the brand looked at soon after, should this deed's poke be lost. One row a minute, whoever asks.

    It comes a minute after the deed at the earliest. No transaction lasts as long, so a look that another
    deed has asked for cannot be over before this one commits. A process asks the table once a minute.
    """
    brand, at = context.here(), now.replace(second=0, microsecond=0) + ALLOWED
    if ASKED.get(brand.pk) != at:
        note_next(brand, at)
        transaction.on_commit(lambda: ASKED.update({brand.pk: at}))


def poke(now) -> int:
    """Send a job to every brand with something due; returns to how many. Reads one public table."""
    with transaction.atomic():
        unanswered = Q(poked_at=None) | Q(poked_at__lt=now - POKE_AGAIN)
        waiting = Wake.objects.filter(unanswered, at__lte=now).select_for_update(skip_locked=True)
        rows = list(waiting.values_list("pk", "brand_id"))
        Wake.objects.filter(pk__in=[pk for pk, _brand in rows]).update(poked_at=now)
        for brand in Brand.objects.filter(pk__in={brand_id for _pk, brand_id in rows}):
            jobs.enqueue("work_due", brand)
    return len({brand_id for _pk, brand_id in rows})


def work(brand, now) -> None:
    """Do all that is due in the brand, forget the wakes that asked for it, and note when it is due next."""
    seen = list(Wake.objects.filter(brand=brand, at__lte=now).values_list("pk", flat=True))
    failed = [function for function in WORK if brand.works and not tried(function, brand, now)]
    with transaction.atomic():
        if not failed:  # else the wakes stay and the tick pokes again
            Wake.objects.filter(pk__in=seen).delete()
        note_next(brand, soonest(now))


def note_next(brand, at) -> None:
    """A wake for the next moment, unless one is there already."""
    if at is not None and not Wake.objects.filter(brand=brand, at=at, poked_at=None).exists():
        by(at)


def tried(function, brand, now) -> bool:
    """Run one slice's work; its failure must not keep the other slices' from being done."""
    try:
        function(brand, now)
    except Exception:
        log.exception("%s failed in %s", function.__qualname__, brand.slug)
        return False
    return True


def soonest(now):
    """The next moment at which any slice has something to do, never in the past."""
    moments = [at for at in (function(now) for function in NEXT) if at is not None]
    return max(min(moments), now) if moments else None
