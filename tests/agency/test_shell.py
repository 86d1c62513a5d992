"""The frame of each page: the rail follows what the person may do, the switcher what they are staff of."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone

from agency import access, shell
from tenants.models import BrandPulse

pytestmark = pytest.mark.django_db
PATH = ["Board", "Feed", "Trends", "Stories", "Alerts", "Incidents", "Statements", "Publications"]
SETTINGS = ["Sources", "Rules", "Protocols", "Channels", "Newsroom", "History"]


def request_of(person, brand=None, path="/"):
    request = RequestFactory().get(path)
    request.user, request.brand = person, brand
    request.standing = access.standing(person, brand)
    request.resolver_match = resolve(path)
    return request


def labels(items):
    return [item["label"] for item in items]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("tess", ["Board", "People", "Brands", "Roles"]),
        ("ramon", ["Board", "People", "Roles"]),
        ("lea", ["Board", "Roles"]),
        ("marta", []),
        ("nobody", []),
    ],
)
def test_above_the_brands_each_sees_what_they_may(people, name, found):
    assert labels(shell.rail(request_of(getattr(people, name)))) == found


@pytest.mark.parametrize(
    ("name", "found"), [("tess", [*PATH, *SETTINGS, "Keys"]), ("lea", [*PATH, *SETTINGS]), ("marta", [])]
)
def test_at_a_brand_the_rail_follows_the_path(people, brands, name, found):
    items = shell.rail(request_of(getattr(people, name), brands.isla))
    assert labels(items) == found
    assert all(resolve(item["url"]) for item in items)
    assert [item["label"] for item in items if item["sep"]] == (["Sources"] if items else [])
    keys = [item["key"] for item in items]
    assert len(set(keys)) == len(keys), "one letter, one place"


def test_what_is_late_is_counted_and_marked(people, brands):
    due = (timezone.now() - timedelta(minutes=6)).isoformat()
    owed = {"who": "client_approver", "what": "Statement", "url": "", "due_at": due, "kind": "review"}
    BrandPulse.objects.filter(brand=brands.isla).update(open_alerts=3, waiting=[owed], unknown_publications=1)
    items = {item["label"]: item for item in shell.rail(request_of(people.lea, brands.isla))}
    assert (items["Alerts"]["count"], items["Alerts"]["late"]) == (3, False)
    assert (items["Statements"]["count"], items["Statements"]["late"]) == (1, True)
    assert (items["Publications"]["count"], items["Publications"]["late"]) == (1, True)
    assert items["Incidents"]["late"] is False


def test_the_page_one_is_on_is_marked(people, brands):
    items = shell.rail(request_of(people.lea, brands.isla, reverse("responses:alerts", args=["isla"])))
    assert [item["label"] for item in items if item["current"]] == ["Alerts"]


def test_the_switcher_holds_the_brands_one_is_staff_of_in_one_query(
    people, brands, django_assert_num_queries
):
    with django_assert_num_queries(1):
        found = shell.switchable(people.lea, None)
    assert [item["name"] for item in found] == ["Banko Luzon", "Isla Ferries"]
    assert shell.switchable(people.marta, None) == []


def test_a_page_that_shows_no_frame_asks_for_none(people, django_assert_num_queries):
    with django_assert_num_queries(0):
        shell.shell(request_of(people.nobody))


def test_the_browser_has_words_for_whatever_a_deed_may_refuse(sign_in):
    """What is told of a POST by htmx: only a server that is away has given no answer."""
    page = sign_in("lea").get(reverse("board")).content.decode()
    says = dict(re.findall(r'data-says-([a-z0-9]+)="([^"]*)"', page))
    assert says["412"] == says["409"] != says["refused"]
    script = Path(find("agency/tugon.js")).read_text()
    words_for = next(line for line in script.splitlines() if "const wordsFor" in line)
    assert "|| says(!status || status === 503 ? 'Down' : status >= 500 ? '-500' : 'Refused')" in words_for
