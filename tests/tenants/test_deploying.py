"""A deploy migrates what lags, brand by brand; one that fails holds nobody up."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_q.models import Schedule

from tenants import deploying, provisioning, states, template
from tenants.models import Brand

IN_THE_WAY = 'CREATE FUNCTION "{0}".refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN END $$'
OUT_OF_THE_WAY = 'DROP FUNCTION "{0}".refuse_change()'


@pytest.fixture
def set_up(order):
    def make():
        brand = order()
        provisioning.provision(brand.pk)
        return Brand.objects.get(pk=brand.pk)

    return make


def run(sql, brand):
    with connection.cursor() as cursor:
        cursor.execute(sql.format(brand.schema_name))


def let_lag(brand):
    """As if the migrations after the first had not been there yet."""
    call_command(
        "migrate_schemas", "responses", "0001", schema_name=brand.schema_name, tenant=True, verbosity=0
    )


def whole(brand):
    return template.wanted() <= template.applied(brand.schema_name)


def test_a_brand_that_fails_in_the_middle_holds_nobody_up_and_a_rerun_completes(set_up, capsys):
    first, broken, last = sorted((set_up() for _ in range(3)), key=lambda brand: brand.schema_name)
    let_lag(first)
    let_lag(broken)
    run(IN_THE_WAY, broken)  # a function of that name is there already, so making it fails
    let_lag(last)
    with pytest.raises(CommandError, match="1 of"):
        call_command("deploy")
    assert broken.slug in capsys.readouterr().err
    assert (whole(first), whole(broken), whole(last)) == (True, False, True)

    run(OUT_OF_THE_WAY, broken)
    report = deploying.deploy()
    assert (report.migrated, report.failed) == ([broken.slug], {})
    assert whole(broken)


def test_with_nothing_to_do_it_asks_about_all_brands_at_once(set_up):
    deploying.deploy()
    with CaptureQueriesContext(connection) as few:
        deploying.deploy()
    set_up(), set_up()
    with CaptureQueriesContext(connection) as more:
        report = deploying.deploy()
    assert report.migrated == []
    assert len(more) == len(few)
    assert sum("UNION ALL" in query["sql"] for query in more) == 1


def test_a_brand_whose_schema_is_missing_is_made_known(set_up):
    brand = set_up()
    with connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA "{brand.schema_name}" CASCADE')
    report = deploying.deploy()
    assert brand.slug in report.failed


def test_brands_that_wait_for_their_schema_or_are_closed_are_left_alone(order, set_up):
    waiting, closed = order(), set_up()
    let_lag(closed)
    Brand.objects.filter(pk=closed.pk).update(status=states.CLOSED)
    report = deploying.deploy()
    assert report.migrated == []
    assert not whole(closed)
    assert template.applied(waiting.schema_name) == set()


def test_there_is_one_tick_however_often_it_is_deployed(committed):
    deploying.deploy()
    deploying.deploy()
    assert Schedule.objects.filter(name="tick").count() == 1
    Schedule.objects.all().delete()
