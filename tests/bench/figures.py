"""The figures of the bones. Each yields lines and cleans nothing up: the database is the bench's own."""

import itertools
import random
import statistics
import time
from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tenants.postgresql_backend import base

from agency.models import Agency, Engagement, Seat, User
from agency.roles import Role
from tenants import context, provisioning, template
from tenants.middleware import BrandMiddleware
from tenants.models import Brand, BrandPulse

FIGURES = []
SEED = 2026
BRANDS = 200


def figure(function):
    FIGURES.append(function)
    return function


def line(name, value, unit, baseline, goal):
    figures = {"value": round(value, 3), "unit": unit, "baseline": round(baseline, 4), "goal": goal}
    return {"name": name, **figures}


def seconds(action) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def p95(times) -> float:
    return statistics.quantiles(times, n=20)[-1]


def alternate(*actions, rounds):
    """The times of each action, taken in turns so that the machine's mood falls on all alike."""
    times = [[] for _ in actions]
    for _ in range(rounds):
        for index, action in enumerate(actions):
            times[index].append(seconds(action))
    return times


def agency_of(slug):
    agency, new = Agency.objects.get_or_create(slug=slug, defaults={"name": slug.title()})
    if new:
        address = f"director@{slug}.example"
        director = User.objects.create_user(address, "x" * 12, name="Director", agency=agency)
        Seat.objects.create(user=director, agency=agency, role=Role.DIRECTOR)
    return agency


def brand_of(agency, slug):
    brand = Brand.objects.create(slug=slug, name=slug.title(), schema_name=f"b_{slug.replace('-', '_')}")
    draw = random.Random(f"{SEED}{slug}")
    BrandPulse.objects.create(
        brand=brand,
        level=draw.choice([None, None, 0, 1, 2, 3, 4]),
        open_incidents=draw.randint(0, 3),
        incident_number=1,
        incident_title="Something happened",
        hourly=[draw.randint(0, 400) for _ in range(24)],
        mentions_24h=draw.randint(0, 9000),
        negative=draw.randint(0, 90),
        neutral=draw.randint(0, 90),
        positive=draw.randint(0, 90),
        refreshed_at=timezone.now(),
        waiting=waiting_of(draw),
    )
    Engagement.objects.create(agency=agency, brand=brand)
    return brand


def waiting_of(draw) -> list:
    """Something waits at a third of the brands, some of it late."""
    due = timezone.now() + timedelta(minutes=draw.randint(-90, 90))
    thing = {"who": "client", "what": "Holding statement", "url": "", "kind": "review"}
    thing["due_at"] = due.isoformat()
    return [thing] if draw.random() < 0.35 else []


def signed_in(agency) -> Client:
    client = Client()
    client.force_login(User.objects.get(agency=agency))
    return client


def opened(client, url):
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)


def own(name, count=1) -> list[Brand]:
    """Provisioned brands that no other figure has written to."""
    agency = agency_of(name)
    have = list(Brand.objects.filter(engagements__agency=agency).order_by("pk"))
    for number in range(len(have), count):
        have.append(brand_of(agency, f"{name}-{number}"))
        provisioning.carry_on(have[-1])
    return have


@figure
def provision():
    """A new brand's schema from the template against running its migrations."""
    template.ensure()
    number = itertools.count()

    def by_template():
        template.copy_to(f"b_copy_{next(number)}")

    def by_migrations():
        schema = f"b_migrated_{next(number)}"
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE SCHEMA "{schema}"')
        call_command("migrate_schemas", schema_name=schema, tenant=True, interactive=False, verbosity=0)

    ours, theirs = (statistics.median(times) for times in alternate(by_template, by_migrations, rounds=5))
    yield line("provision.ratio", ours / theirs, "× of migrating", theirs, 0.4)


@figure
def board():
    """The board with 200 brands against the board with 2, 95th percentile."""
    small, large = agency_of("small"), agency_of("large")
    for slug in ("few-one", "few-two"):
        provisioning.carry_on(brand_of(small, slug))
    own("large", BRANDS)
    clients = [signed_in(small), signed_in(large)]
    pages = [lambda client=client: opened(client, "/board/") for client in clients]
    alternate(*pages, rounds=5)
    few, many = (p95(times) for times in alternate(*pages, rounds=60))
    yield line("board.p95_ratio", many / few, "× of 2 brands", few, 2)


@figure
def deploy():
    """The migrate step with 200 brands and nothing to do, against django-tenants' own."""
    own("large", BRANDS)
    call_command("deploy", verbosity=0)
    ours = statistics.median(seconds(lambda: call_command("deploy", verbosity=0)) for _ in range(3))
    theirs = seconds(lambda: call_command("migrate_schemas", interactive=False, verbosity=0))
    yield line("deploy.noop_s", ours, "s", theirs, 2)


@contextmanager
def without_tenancy(brand):
    """The same application as if there were one brand only: no look-up, no search_path per request."""

    def fixed(self, request, slug):
        request.brand = brand

    def settled(self, cursor=None):
        return None

    context.enter(brand)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    with (
        mock.patch.object(BrandMiddleware, "enter", fixed),
        mock.patch.object(BrandMiddleware, "slug_of_host", lambda self, host: None),
        mock.patch.object(context, "leave", lambda: None),
        mock.patch.object(base.DatabaseWrapper, "_handle_search_path", settled),
    ):
        yield
    context.leave()


@figure
def tenancy():
    """What tenancy adds to a page's time: the feed with tenancy against the same page without."""
    brand = own("large")[0]
    client = signed_in(agency_of("large"))
    url = f"/b/{brand.slug}/feed/"

    def plain():
        with without_tenancy(brand):
            opened(client, url)

    def measured():
        with without_tenancy(brand):
            bare = [seconds(lambda: opened(client, url)) for _ in range(20)]
        full = [seconds(lambda: opened(client, url)) for _ in range(20)]
        return statistics.median(full), statistics.median(bare)

    plain()
    rounds = [measured() for _ in range(7)]
    overhead = statistics.median(full / bare - 1 for full, bare in rounds)
    yield line("tenancy.overhead", overhead, "of the page", statistics.median(b for _, b in rounds), 0.1)
