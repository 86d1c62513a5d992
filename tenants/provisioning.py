"""Making a brand, step by step: each step can be run again, so a kill anywhere only delays it."""

import logging
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from . import context, states, template
from .jobs import enqueue, job
from .models import Brand, BrandPulse

log = logging.getLogger(__name__)
CLAIM = timedelta(minutes=2)
GIVE_UP_AFTER = 5


def steps():
    """The steps in order, from settings, so that later rooms add theirs without being imported here."""
    for path in settings.TUGON_PROVISION_STEPS:
        module, _, name = path.rpartition(".")
        yield getattr(import_module(module), name)


@transaction.atomic
def order(*, slug, name, **fields) -> Brand:
    """Ask for a new brand: its row now, its schema by a job. The caller has checked who asks."""
    brand = Brand(slug=slug, name=name, schema_name=free_schema(slug), **fields)
    brand.full_clean(exclude=["schema_name"], validate_unique=False)  # the database says, with IntegrityError
    brand.save()
    BrandPulse.objects.create(brand=brand)
    enqueue("provision", brand_id=brand.pk)
    return brand


def free_schema(slug: str) -> str:
    """A schema's name is for life, a slug is not: one given up by a brand may be taken by another."""
    base = f"b_{slug.replace('-', '_')}"
    taken = set(Brand.objects.filter(schema_name__startswith=base).values_list("schema_name", flat=True))
    names = [base, *(f"{base}_{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


@job
def provision(brand_id):
    """Run the steps that are left. Two workers on one brand: the second finds it claimed and goes."""
    now = timezone.now()
    free = Q(provision_claimed_until=None) | Q(provision_claimed_until__lt=now)
    claimed = Brand.objects.filter(free, pk=brand_id, status=states.PROVISIONING).update(
        provision_claimed_until=now + CLAIM,
        provision_attempts=F("provision_attempts") + 1,
        provision_error="",
    )
    if claimed:
        carry_on(Brand.objects.get(pk=brand_id))


def carry_on(brand: Brand) -> Brand:
    """Run every step not yet done, noting each; an error is kept on the brand for the page to show."""
    try:
        for number, step in enumerate(steps()):
            if number >= brand.provision_step:
                step(brand)
                note_done(brand, number)
    except Overtaken:
        log.warning("brand %s is being set up by another worker", brand.slug)
    except Exception as error:
        context.leave()
        Brand.objects.filter(pk=brand.pk).update(
            provision_error=str(error)[:500], provision_claimed_until=None
        )
        raise
    return brand


def note_done(brand: Brand, number: int) -> None:
    """Count a step as done, unless another worker counted it while this one was held up."""
    fields: dict[str, object] = {"provision_step": number + 1}
    if brand.status == states.PROVISIONING:
        fields["provision_claimed_until"] = timezone.now() + CLAIM
    if not Brand.objects.filter(pk=brand.pk, provision_step=number).update(**fields):
        raise Overtaken
    brand.provision_step = number + 1


class Overtaken(Exception):
    """Another worker has gone on with this brand: this one's claim ran out."""


def resume(now) -> int:
    """Poke every brand whose worker was killed on the way. One that failed waits for a person.

    A brand whose setting up kills its worker each time is given up with words, not tried for ever.
    """
    left = Brand.objects.filter(status=states.PROVISIONING, provision_error="")
    hopeless = left.filter(provision_attempts__gte=GIVE_UP_AFTER, provision_claimed_until__lt=now)
    hopeless.update(provision_error=_("It was cut short too often. The server's log may say why."))
    unclaimed = Q(provision_claimed_until__lt=now) | Q(
        provision_claimed_until=None, created_at__lt=now - CLAIM
    )
    found = list(left.filter(unclaimed))
    for brand in found:
        enqueue("provision", brand_id=brand.pk)
    return len(found)


def go_on(brand: Brand) -> None:
    """A person says: try again where it stopped."""
    Brand.objects.filter(pk=brand.pk, status=states.PROVISIONING).update(
        provision_error="", provision_attempts=0
    )
    enqueue("provision", brand_id=brand.pk)


def create_schema(brand: Brand) -> None:
    """Step: the schema, from the migrated template, all of it or nothing."""
    if brand.status != states.PROVISIONING:  # copying begins with a DROP SCHEMA
        raise NotAllowed("only a brand that is being set up gets a new schema")
    template.copy_to(brand.schema_name)


def activate(brand: Brand) -> None:
    """Step: open the brand for work."""
    Brand.objects.filter(pk=brand.pk, status=states.PROVISIONING).update(
        status=states.ACTIVE, provision_error="", provision_claimed_until=None
    )
    brand.status = states.ACTIVE


class NotAllowed(Exception):
    """The brand cannot make this move from where it is."""


def move(brand: Brand, to: str, now) -> Brand:
    """Suspend, take up again or close: compare-and-set against the table of moves."""
    opens = brand.status == states.PROVISIONING and to == states.ACTIVE  # only its last step does: `activate`
    if opens or to not in states.MOVES[brand.status]:
        raise NotAllowed(f"{brand.status} → {to}")
    closed_at = now if to == states.CLOSED else None
    if not Brand.objects.filter(pk=brand.pk, status=brand.status).update(status=to, closed_at=closed_at):
        raise NotAllowed(f"{brand.slug} changed meanwhile")
    brand.status, brand.closed_at = to, closed_at
    return brand


def drop_schema(brand: Brand) -> None:
    """Remove a closed brand's schema table by table: no lock table overflows (django-tenants #943)."""
    if brand.status not in {states.CLOSED, states.PROVISIONING}:
        raise NotAllowed("close the brand first")
    context.leave()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [brand.schema_name])
        for (table,) in cursor.fetchall():
            cursor.execute(f'DROP TABLE IF EXISTS "{brand.schema_name}"."{table}" CASCADE')
        cursor.execute(f'DROP SCHEMA IF EXISTS "{brand.schema_name}" CASCADE')
