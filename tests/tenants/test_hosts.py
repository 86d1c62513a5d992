"""A host of a brand's own shows its newsroom and portal, nothing else; sign-in stays on the common host."""

import pytest
from django.urls import reverse

from tenants.middleware import BrandMiddleware
from tenants.models import Domain

pytestmark = pytest.mark.django_db
HOST = {"host": "news.isla.example"}


@pytest.fixture(autouse=True)
def own_host(brands):
    Domain.objects.create(domain="news.isla.example", tenant=brands.isla)


def test_the_newsroom_is_at_the_root(client):
    page = client.get("/", headers=HOST)
    assert page.status_code == 200
    assert "Isla Ferries" in page.content.decode()
    assert client.get("/newsroom/isla/").content.decode().count("Isla Ferries") > 0


def test_its_addresses_do_not_name_the_brand():
    urlconf = "agency.urls_brand_host"
    assert reverse("newsroom:home", urlconf=urlconf, args=["isla"]) == "/"
    assert reverse("portal:home", urlconf=urlconf, args=["isla"]) == "/portal/"


def test_signing_in_goes_to_the_common_host_and_back_to_the_same_page(client, settings):
    settings.TUGON_ADDRESS = "https://tugon.example"
    door = client.get("/portal/", headers=HOST)
    assert door.status_code == 302
    there = client.get(door["Location"], headers=HOST)
    assert there["Location"] == "https://tugon.example/accounts/login/?next=%2Fportal%2Fisla%2F"
    away = client.get("/accounts/login/?next=https://evil.example/", headers=HOST)
    assert "evil" not in away["Location"]


@pytest.mark.parametrize(
    "path", ["/board/", "/people/", "/b/isla/feed/", "/newsroom/luzon/", "/api/v1/", "/brands/"]
)
def test_nothing_else_is_there(client, people, path):
    client.force_login(people.tess)
    assert client.get(path, headers=HOST).status_code == 404


def test_a_host_is_looked_up_once_in_half_a_minute(django_assert_num_queries):
    middleware = BrandMiddleware(lambda request: None)
    with django_assert_num_queries(1):
        assert middleware.slug_of_host("news.isla.example") == "isla"
        assert middleware.slug_of_host("news.isla.example") == "isla"


def test_hosts_that_callers_invent_are_not_remembered_without_end():
    middleware = BrandMiddleware(lambda request: None)
    middleware.hosts = {f"h{number}.example": (0, None) for number in range(10_001)}
    middleware.slug_of_host("one-more.example")
    assert len(middleware.hosts) == 1


def test_the_newsroom_speaks_in_the_brands_time_zone(client, brands):
    from django.utils import timezone

    brands.isla.time_zone = "Europe/Berlin"
    brands.isla.save()
    response = client.get("/newsroom/isla/")
    assert response.status_code == 200
    assert timezone.get_current_timezone_name() == "UTC", "the zone of a request ends with it"
