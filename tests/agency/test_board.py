"""The board: one query's worth of brands, the worst first, a sentence about now, and 304 for a poll."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from agency import access, board
from agency.models import Engagement
from tenants.models import Brand, BrandPulse

pytestmark = pytest.mark.django_db


def pulse_of(brand, **fields):
    BrandPulse.objects.filter(brand=brand).update(**fields)


def owed(now, minutes, who="client_approver", what="Holding statement"):
    return [{"who": who, "what": what, "url": "", "due_at": (now + timedelta(minutes=minutes)).isoformat()}]


def add_brands(agency, count):
    """Rows without schemas: the board must never look into one."""
    made = [
        Brand(slug=f"many-{i}", name=f"Many {i:03}", schema_name=f"b_many_{i}", status=Brand.Status.ACTIVE)
        for i in range(count)
    ]
    Brand.objects.bulk_create(made)
    BrandPulse.objects.bulk_create([BrandPulse(brand=brand, hourly=[1] * 24) for brand in made])
    Engagement.objects.bulk_create([Engagement(agency=agency, brand=brand) for brand in made])


def queries_of(client, **headers):
    client.get(reverse("home"))  # the host is looked up once in half a minute
    with CaptureQueriesContext(connection) as queries:
        response = client.get(reverse("board"), headers=headers)
    assert response.status_code == 200
    return len(queries)


def test_the_number_of_queries_does_not_grow_with_the_brands(sign_in, people):
    client = sign_in("tess")
    few = queries_of(client)
    add_brands(people.tess.agency, 57)
    assert queries_of(client) == few
    assert client.get(reverse("board")).content.count(b"data-open") == 59


def test_the_worst_comes_first_by_level_then_lateness_then_rise(people, brands, now):
    add_brands(people.tess.agency, 3)
    pulse_of(brands.luzon, level=2)
    pulse_of(brands.isla, level=2, waiting=owed(now, -6))
    pulse_of(Brand.objects.get(slug="many-0"), level=4)
    pulse_of(Brand.objects.get(slug="many-2"), mentions_24h=900, mentions_before=100)
    rows = board.rows(access.brands_of(people.tess), now)
    assert [row.brand.slug for row in rows] == ["many-0", "isla", "luzon", "many-2", "many-1"]


def test_a_suspended_brand_goes_last_whatever_its_level(people, brands, now):
    pulse_of(brands.isla, level=4)
    Brand.objects.filter(pk=brands.isla.pk).update(status=Brand.Status.SUSPENDED)
    assert [row.brand.slug for row in board.rows(access.brands_of(people.tess), now)] == ["luzon", "isla"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "All is calm"),
        ({"level": 4}, "One brand needs you now"),
        ({"unknown_publications": 1}, "One brand needs you now"),
        ({"open_alerts": 3}, "3 alerts to look at"),
        ({"open_incidents": 1, "level": 1}, "Every open incident is on time"),
    ],
)
def test_the_heading_is_a_sentence_about_now(people, brands, now, fields, words):
    pulse_of(brands.isla, **fields)
    assert board.headline(board.rows(access.brands_of(people.tess), now)) == words


def test_lateness_turns_what_waits_into_what_is_owed(people, brands, now):
    for minutes, words in ((22, "One thing waits, nothing is late"), (-6, "One brand needs you now")):
        pulse_of(brands.isla, waiting=owed(now, minutes))
        assert board.headline(board.rows(access.brands_of(people.tess), now)) == words


def test_who_owes_what_and_how_late_is_on_the_page(sign_in, brands):
    pulse_of(brands.isla, level=4, waiting=owed(timezone.now(), -6.5))
    page = sign_in("lea").get(reverse("board")).content.decode()
    assert "Client approver" in page
    assert "Holding statement" in page
    assert "6 min" in page


def test_a_poll_that_has_seen_this_state_gets_304_and_a_change_gets_the_region_only(sign_in, brands):
    client = sign_in("lea")
    etag = client.get(reverse("board"))["ETag"]
    again = client.get(reverse("board"), headers={"HX-Request": "true", "If-None-Match": etag})
    assert again.status_code == 304
    pulse_of(brands.isla, refreshed_at=timezone.now())
    changed = client.get(reverse("board"), headers={"HX-Request": "true", "If-None-Match": etag})
    assert changed.status_code == 200
    assert b"<html" not in changed.content
    assert b'id="board"' in changed.content


@pytest.mark.parametrize(
    ("hourly", "start"),
    [
        ([], None),
        ([1] * 24, None),
        ([2] * 20 + [9, 20, 40, 80], 20),
        ([2] * 20 + [90, 2, 2, 2], None),
        ([0] * 24, None),
    ],
)
def test_the_hot_part_is_the_run_of_hot_hours_that_lasts_until_now(hourly, start):
    assert board.hot_from(hourly) == start


def test_brands_of_another_agency_are_not_on_the_board(sign_in):
    page = sign_in("tess").get(reverse("board")).content.decode()
    assert "Isla Ferries" in page
    assert "Kabila Foods" not in page


@pytest.mark.parametrize("name", ["marta", "nobody"])
def test_who_is_not_staff_finds_no_board(sign_in, name):
    assert sign_in(name).get(reverse("board")).status_code == 404


def test_a_director_without_brands_is_told_what_to_do(sign_in, people):
    Engagement.objects.filter(agency=people.tess.agency).update(ended_at=timezone.now())
    page = sign_in("tess").get(reverse("board"))
    assert b"No brand yet" in page.content


def test_what_nobody_has_is_told_as_nobodys(sign_in, brands):
    late = [
        waiting | {"kind": "task"} for waiting in owed(timezone.now(), -5.5, who="", what="Call the mayor")
    ]
    pulse_of(brands.isla, level=4, waiting=late, refreshed_at=timezone.now())
    page = sign_in("lea").get(reverse("board")).content.decode()
    page = " ".join(strip_tags(page).split())
    assert "“Call the mayor” is 5 min late, and nobody has it yet." in page
    assert "Nobody yet, 5 min late" in page
