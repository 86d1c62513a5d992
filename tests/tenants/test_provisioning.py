"""A brand is set up whole or not at all, wherever the worker is killed, and a second worker keeps out."""

import re
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django_q.models import OrmQ

from responses.incidents.models import Protocol
from responses.statements.models import Channel
from tenants import context, provisioning, states, template
from tenants.models import Brand

STEPS = range(len(settings.TUGON_PROVISION_STEPS))


def furniture(brand):
    with context.inside(brand):
        return Channel.objects.count(), Protocol.objects.count()


def fresh(brand):
    return Brand.objects.get(pk=brand.pk)


def time_out_claim(brand):
    Brand.objects.filter(pk=brand.pk).update(provision_claimed_until=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize("where", ["before", "uncommitted", "unnoted"])
@pytest.mark.parametrize("number", STEPS)
def test_killed_at_any_step_it_is_never_half_open_and_goes_on(order, environment, number, where):
    brand = order()
    words = [sys.executable, "-m", "tests.tenants.provision_and_die", str(brand.pk), str(number), where]
    killed = subprocess.run(words, env=environment, cwd=settings.BASE_DIR, capture_output=True, timeout=60)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()

    left = fresh(brand)
    assert left.provision_step == number
    if left.status == states.ACTIVE:  # the last step's commit is the opening itself
        assert (number, where) == (STEPS[-1], "unnoted")
    else:
        assert not left.is_readable
        OrmQ.objects.all().delete()
        assert provisioning.resume(timezone.now()) == 0, "its claim still runs"
        time_out_claim(brand)
        assert provisioning.resume(timezone.now()) == 1
        assert OrmQ.objects.count() == 1
        provisioning.provision(brand.pk)

    done = fresh(brand)
    assert done.status == states.ACTIVE
    assert done.provision_error == ""
    assert template.wanted() <= template.applied(done.schema_name)
    assert furniture(done) == furniture(Brand.objects.get(slug="isla"))


def test_a_second_worker_finds_it_claimed(order, monkeypatch):
    brand = order()
    ran = []

    def step(brand):
        ran.append(brand.slug)
        if len(ran) == 1:
            provisioning.provision(brand.pk)  # another worker comes by in the middle

    monkeypatch.setattr(provisioning, "steps", lambda: iter([step]))
    provisioning.provision(brand.pk)
    assert len(ran) == 1


def test_one_who_was_held_up_does_not_undo_what_another_did(order, monkeypatch):
    brand = order()

    def slow(brand):
        Brand.objects.filter(pk=brand.pk).update(provision_step=2)  # the other has gone ahead meanwhile

    never = pytest.fail
    monkeypatch.setattr(
        provisioning, "steps", lambda: iter([slow, lambda brand: never("overtaken, yet it went on")])
    )
    provisioning.provision(brand.pk)
    assert fresh(brand).provision_step == 2


def test_an_error_is_kept_for_the_page_and_a_person_lets_it_go_on(order, monkeypatch):
    brand = order()
    broken = [True]

    def step(brand):
        if broken:
            raise RuntimeError("the disk is full")

    monkeypatch.setattr(provisioning, "steps", lambda: iter([step, provisioning.activate]))
    with pytest.raises(RuntimeError):
        provisioning.provision(brand.pk)
    assert fresh(brand).provision_error == "the disk is full"
    assert provisioning.resume(timezone.now() + timedelta(hours=1)) == 0, "one that failed waits for a person"
    broken.clear()
    provisioning.go_on(brand)
    provisioning.provision(brand.pk)
    assert fresh(brand).status == states.ACTIVE


def test_one_that_kills_its_worker_each_time_is_given_up_with_words(order):
    brand = order()
    Brand.objects.filter(pk=brand.pk).update(provision_attempts=provisioning.GIVE_UP_AFTER)
    time_out_claim(brand)
    assert provisioning.resume(timezone.now()) == 0
    assert "cut short" in fresh(brand).provision_error


def test_a_brand_that_is_open_never_gets_a_new_schema(order):
    brand = order()
    provisioning.provision(brand.pk)
    with pytest.raises(provisioning.NotAllowed):
        provisioning.create_schema(fresh(brand))


def test_a_brand_takes_a_slug_that_another_gave_up(order):
    brand = order()
    slug = brand.slug
    Brand.objects.filter(pk=brand.pk).update(slug=f"{slug}-old")
    other = provisioning.order(slug=slug, name="Other")
    try:
        assert other.schema_name == f"b_{slug}_2"
    finally:
        other.delete()


def test_a_template_that_lags_the_code_is_brought_up_before_it_is_copied(order):
    template.ensure()
    back = {"schema_name": template.SCHEMA, "tenant": True, "verbosity": 0}
    call_command("migrate_schemas", "responses", "0001", **back)
    assert not template.wanted() <= template.applied(template.SCHEMA)
    brand = order()
    provisioning.provision(brand.pk)
    assert template.wanted() <= template.applied(template.SCHEMA)
    assert template.wanted() <= template.applied(brand.schema_name)


SHAPE = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
       pg_get_expr(d.adbin, d.adrelid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE n.nspname = %s AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, a.attnum
"""
NAMES = """
SELECT 'index', indexname, replace(indexdef, schemaname, 'S') FROM pg_indexes WHERE schemaname = %(s)s
UNION ALL SELECT 'constraint', conname, replace(pg_get_constraintdef(k.oid), n.nspname, 'S')
  FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE n.nspname = %(s)s
UNION ALL SELECT 'trigger', tgname, replace(pg_get_triggerdef(t.oid), n.nspname, 'S') FROM pg_trigger t
  JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = %(s)s AND NOT tgisinternal
UNION ALL SELECT 'function', proname, replace(pg_get_functiondef(p.oid), n.nspname, 'S')
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = %(s)s
ORDER BY 1, 2, 3
"""


def test_a_copied_schema_is_the_same_as_a_migrated_one(order):
    from django.db import connection

    brand = order()
    provisioning.provision(brand.pk)
    with connection.cursor() as cursor:
        shapes = []
        for schema in (template.SCHEMA, brand.schema_name):
            cursor.execute(SHAPE, [schema])
            columns = cursor.fetchall()
            cursor.execute(NAMES, {"s": schema})
            shapes.append((columns, cursor.fetchall()))
    (columns, names), (copied_columns, copied_names) = shapes
    assert len(columns) > 100
    assert copied_columns == columns
    assert {plainly(row) for row in names} ^ {plainly(row) for row in copied_names} == set()


def plainly(row):
    """PostgreSQL spells casts and brackets otherwise when it has read its own words again."""
    return tuple(re.sub(r"::[a-z ]+(\[\])?|[()\s]", "", word) for word in row)
