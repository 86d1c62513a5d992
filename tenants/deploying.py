"""Bringing every schema up to the code: public, the template, then each brand that lags, on its own.

With nothing to do this costs one look at each schema's list of migrations, all in one statement, instead
of a migration run per brand.
"""

from dataclasses import dataclass, field

from django.core.management import call_command
from django.db import connection

from . import context, jobs, locks, states, template
from .models import Brand

AT_ONCE = 500  # schemas in one UNION: each costs a few locks of PostgreSQL's lock table


@dataclass
class Report:
    """What a deploy did."""

    brands: int = 0
    migrated: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)  # slug → what went wrong


def deploy(say=lambda words: None) -> Report:
    """Migrate all that lags. A brand that fails is reported and the rest go on; run it again to complete."""
    context.leave()
    with locks.held(locks.DEPLOY):
        wanted = template.wanted()
        if not wanted <= template.applied("public"):
            say("public")
            call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        template.ensure()
        jobs.ensure_tick()
        return brands_too(wanted, say)


def brands_too(wanted, say) -> Report:
    brands = {brand.schema_name: brand for brand in with_schema()}
    report = Report(brands=len(brands))
    for schema in lagging(brands, wanted):
        brand = brands[schema]
        say(brand.slug)
        try:
            migrate(schema)
            report.migrated.append(brand.slug)
        except Exception as error:  # whatever one brand's data makes of a migration, the others go on
            report.failed[brand.slug] = f"{type(error).__name__}: {error}"
        finally:
            context.leave()
    return report


def with_schema():
    """The brands that must have a whole schema; one that is being set up gets it from the template."""
    made = Brand.objects.exclude(status=states.CLOSED)
    return made.exclude(status=states.PROVISIONING, provision_step=0)


def migrate(schema: str) -> None:
    call_command("migrate_schemas", schema_name=schema, tenant=True, interactive=False, verbosity=0)


def lagging(schemas, wanted) -> list[str]:
    """Those of the schemas that lack one of the migrations, or are not there at all."""
    names = sorted(schemas)
    known = set(migrated_schemas())
    applied: dict[str, set] = {}
    there = [name for name in names if name in known]
    for start in range(0, len(there), AT_ONCE):
        for schema, app, name in union(there[start : start + AT_ONCE]):
            applied.setdefault(schema, set()).add((app, name))
    return [name for name in names if not wanted <= applied.get(name, set())]


def migrated_schemas() -> list[str]:
    """The schemas that have a table of migrations."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname FROM pg_tables WHERE tablename = 'django_migrations'")
        return [name for (name,) in cursor.fetchall()]


def union(schemas):
    """(schema, app, migration) of all these schemas, read in one statement."""
    part = "SELECT '{0}', app, name FROM \"{0}\".django_migrations"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(part.format(schema) for schema in schemas))
        return cursor.fetchall()
