"""The one door to the queue: a job names a brand and ids, enters the schema, and may be run twice.

The rows in our own tables are the guarantee; a job only pokes. It is enqueued inside the caller's
transaction, so a rollback takes it back and a commit always sends it.
"""

import logging
from collections.abc import Callable

from django.db import close_old_connections, connection
from django_q.models import Schedule
from django_q.signals import pre_execute
from django_q.tasks import async_task

from . import context, states
from .models import Brand

log = logging.getLogger(__name__)
JOBS: dict[str, Callable] = {}


def job(function):
    """Register a job `function(brand, **ids)` under its name; it runs inside the brand's schema."""
    JOBS[function.__name__] = function
    return function


def enqueue(name: str, brand: Brand | None = None, **ids) -> None:
    """Poke job `name` for the brand (None: a job of the public schema). `ids` are plain numbers and words."""
    if name not in JOBS:
        raise LookupError(f"no job named {name}")
    async_task("tenants.jobs.run", name, brand.pk if brand else None, ids)


def run(name: str, brand_id: int | None, ids: dict) -> None:
    """What the worker calls. A brand that is gone, or a job of an older release, is logged and dropped."""
    function = JOBS.get(name)
    if function is None:
        log.warning("job %s is not known to this release", name)
        return
    if brand_id is None:
        function(**ids)
        return
    brand = Brand.objects.filter(pk=brand_id).first()
    if brand is None or brand.status == states.CLOSED:
        log.warning("job %s: brand %s is gone", name, brand_id)
        return
    with context.inside(brand):
        function(brand, **ids)


def ensure_tick() -> None:
    """The one static schedule: `tick`, once a minute. Part of every deploy; run twice it changes nothing."""
    Schedule.objects.update_or_create(
        name="tick",
        defaults={
            "func": "tenants.jobs.run",
            "args": "'tick', None, {}",
            "schedule_type": Schedule.MINUTES,
            "minutes": 1,
            "repeats": -1,
        },
    )


def start_in_public(sender, **kwargs):
    """A task that left its schema set must not hand it to the next one."""
    close_old_connections()
    if context.current() is not None:
        log.error("a job left the worker in schema %s", connection.schema_name)
    context.leave()


pre_execute.connect(start_in_public, dispatch_uid="tugon-start-in-public")
