"""One door to a schema: no brand's rows are seen from another's, by no thread, after no rollback."""

import random
import threading

import pytest
from django.db import connection, transaction
from django_q.signals import pre_execute

from responses.core.models import Cursor
from tenants import context, jobs, states
from tenants.models import Brand

THREADS, OPERATIONS = 8, 250


def test_code_in_one_brand_cannot_enter_another(brands):
    with context.inside(brands.isla), pytest.raises(context.WrongBrand), context.inside(brands.luzon):
        pytest.fail("entered")
    assert context.current() is None


def test_entering_again_is_harmless_and_the_outer_block_stays_in(brands):
    with context.inside(brands.isla):
        with context.inside(brands.isla):
            pass
        assert context.current() == brands.isla
        assert connection.schema_name == brands.isla.schema_name


def test_an_error_inside_leaves_the_schema(brands):
    with pytest.raises(ZeroDivisionError), context.inside(brands.isla):
        1 / 0
    assert context.current() is None


def test_a_job_that_left_its_schema_set_is_noticed_and_put_right(brands, caplog):
    context.enter(brands.isla)
    pre_execute.send(sender="django_q", func=jobs.run, task={})
    assert context.current() is None
    assert brands.isla.schema_name in caplog.text


def test_a_job_runs_inside_its_brand_and_comes_out(brands, monkeypatch):
    seen = []
    monkeypatch.setitem(jobs.JOBS, "look", lambda brand, number: seen.append((context.current(), number)))
    jobs.run("look", brands.luzon.pk, {"number": 7})
    assert seen == [(brands.luzon, 7)]
    assert context.current() is None


def test_a_job_for_a_brand_that_is_gone_or_closed_or_unknown_is_dropped(brands, monkeypatch, caplog):
    monkeypatch.setitem(jobs.JOBS, "look", lambda brand: pytest.fail("ran"))
    Brand.objects.filter(pk=brands.luzon.pk).update(status=states.CLOSED)
    jobs.run("look", brands.luzon.pk, {})
    jobs.run("look", 99_999_999, {})
    jobs.run("job-of-an-older-release", brands.isla.pk, {})
    assert len(caplog.records) == 3


def test_a_rollback_takes_the_job_back(brands):
    from django_q.models import OrmQ

    before = OrmQ.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.enqueue("beat")
        assert OrmQ.objects.count() == before + 1
        1 / 0
    assert OrmQ.objects.count() == before


class Back(Exception):
    """Thrown to roll a block back."""


class Worker(threading.Thread):
    """Writes and reads in random brands, rolling back at random, and notes whatever it should not see."""

    def __init__(self, number, brands):
        super().__init__()
        self.random, self.number, self.brands = random.Random(number), number, brands
        self.foreign, self.kept, self.error = [], {brand.slug: 0 for brand in brands}, None

    def run(self):
        try:
            for turn in range(OPERATIONS):
                brand = self.random.choice(self.brands)
                with context.inside(brand):
                    self.random.choice([self.write, self.roll_back, self.write_and_undo, self.read])(
                        brand, turn
                    )
        except Exception as error:
            self.error = error
        finally:
            connection.close()

    def name_of(self, brand, turn, kind):
        return f"{brand.slug}/{self.number}/{turn}/{kind}"

    def write(self, brand, turn):
        Cursor.objects.create(name=self.name_of(brand, turn, "kept"))
        self.kept[brand.slug] += 1

    def roll_back(self, brand, turn):
        try:
            with transaction.atomic():
                Cursor.objects.create(name=self.name_of(brand, turn, "undone"))
                raise Back
        except Back:
            self.read(brand, turn)

    def write_and_undo(self, brand, turn):
        """A savepoint is rolled back in the middle; what comes after it must still land in this brand."""
        with transaction.atomic():
            try:
                with transaction.atomic():
                    Cursor.objects.create(name=self.name_of(brand, turn, "undone"))
                    raise Back
            except Back:
                self.write(brand, turn)

    def read(self, brand, turn):
        names = Cursor.objects.filter(name__contains="/").values_list("name", flat=True)
        self.foreign += [name for name in names if not name.startswith(f"{brand.slug}/")]


def test_threads_that_roll_back_at_random_never_touch_another_brand(committed):
    brands = list(Brand.objects.filter(slug__in=["isla", "luzon", "kabila"]))
    threads = [Worker(number, brands) for number in range(THREADS)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [thread.error for thread in threads if thread.error] == []
        assert [thread.foreign for thread in threads if thread.foreign] == []
        for brand in brands:
            with context.inside(brand):
                names = list(Cursor.objects.filter(name__contains="/").values_list("name", flat=True))
            assert all(name.startswith(f"{brand.slug}/") and name.endswith("kept") for name in names)
            assert len(names) == sum(thread.kept[brand.slug] for thread in threads) > 0
    finally:
        for brand in brands:
            with context.inside(brand):
                Cursor.objects.filter(name__contains="/").delete()
