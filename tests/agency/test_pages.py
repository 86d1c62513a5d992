"""Every page of the agency opens for who may, and is not there for who may not."""

import pytest
from django.urls import reverse

from agency.models import Seat, User
from tenants.models import Brand

pytestmark = pytest.mark.django_db

DIRECTORS = ["brands", "brand_new"]
MANAGERS = ["people", "invite"]
EVERYONE = ["roles", "profile"]


@pytest.mark.parametrize("name", DIRECTORS + MANAGERS + EVERYONE)
def test_a_director_finds_every_page(sign_in, name):
    assert sign_in("tess").get(reverse(name)).status_code == 200


@pytest.mark.parametrize("person", ["ramon", "lea", "marta", "charlie", "nobody"])
@pytest.mark.parametrize("name", DIRECTORS)
def test_who_is_no_director_finds_no_brands_page(sign_in, name, person):
    assert sign_in(person).get(reverse(name)).status_code == 404


@pytest.mark.parametrize("person", ["lea", "paolo", "marta", "nobody"])
@pytest.mark.parametrize("name", MANAGERS)
def test_who_looks_after_nobody_finds_no_people_page(sign_in, name, person):
    assert sign_in(person).get(reverse(name)).status_code == 404


@pytest.mark.parametrize("name", DIRECTORS + MANAGERS + EVERYONE + ["home", "board"])
def test_who_is_not_signed_in_is_asked_to(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def addresses_of(people, brands):
    seat = Seat.objects.get(user=people.lea, brand=brands.isla)
    return [
        ("get", reverse("person", args=[people.lea.pk])),
        ("post", reverse("change_role", args=[seat.pk])),
        ("post", reverse("end_seat", args=[seat.pk])),
        ("post", reverse("deactivate", args=[people.lea.pk])),
        ("post", reverse("reactivate", args=[people.lea.pk])),
        ("get", reverse("brand_progress", args=[brands.isla.pk])),
        ("post", reverse("brand_go_on", args=[brands.isla.pk])),
        ("post", reverse("brand_move", args=[brands.isla.pk, "close"])),
    ]


@pytest.mark.parametrize("stranger", ["charlie", "kara", "marta", "lea", "nobody"])
def test_a_stranger_gets_404_everywhere_and_changes_nothing(sign_in, people, brands, stranger):
    client = sign_in(stranger)
    for method, address in addresses_of(people, brands):
        assert getattr(client, method)(address).status_code == 404, address
    assert Seat.objects.get(user=people.lea, brand=brands.isla).is_active
    assert User.objects.get(pk=people.lea.pk).is_active
    assert Brand.objects.get(pk=brands.isla.pk).status == Brand.Status.ACTIVE


def test_home_leads_staff_to_the_board_and_a_client_to_the_portal(client, people):
    client.force_login(people.lea)
    assert client.get(reverse("home"))["Location"] == reverse("board")
    client.force_login(people.marta)
    assert client.get(reverse("home"))["Location"] == reverse("portal:home", args=["isla"])


def test_a_client_of_two_brands_chooses_and_who_has_no_seat_is_told_so(client, people, brands):
    Seat.objects.create(
        user=people.marta, agency=people.tess.agency, brand=brands.luzon, role="client_observer"
    )
    client.force_login(people.marta)
    page = client.get(reverse("home")).content.decode()
    assert "Isla Ferries" in page
    assert "Banko Luzon" in page
    client.force_login(people.nobody)
    assert "no seat" in client.get(reverse("home")).content.decode()


def test_an_account_lead_sees_their_own_brands_people_only(sign_in, people):
    page = sign_in("ramon").get(reverse("people")).content.decode()
    assert people.lea.email in page
    assert people.tess.email not in page
    assert people.charlie.email not in page


def test_the_language_is_kept_in_the_profile(sign_in, people):
    client = sign_in("lea")
    client.post(reverse("set_language"), {"language": "fil", "next": "/roles/"})
    people.lea.refresh_from_db()
    assert people.lea.language == "fil"
    client.post(reverse("set_language"), {"language": "xx", "next": "https://elsewhere.example/"})
    people.lea.refresh_from_db()
    assert people.lea.language == "fil"


def test_a_refused_profile_keeps_what_was_typed(sign_in):
    response = sign_in("lea").post(
        reverse("profile"), {"name": "Lea R.", "language": "en", "time_zone": "Mars/Base"}
    )
    assert response.status_code == 422
    assert 'value="Lea R."' in response.content.decode()


@pytest.mark.parametrize(
    "path", ["/nothing/", "/b/isla/nothing/", "/api/v1/nothing", "/b/no-such-brand/feed/"]
)
def test_what_is_not_there_is_a_page_or_a_problem(client, path):
    response = client.get(path)
    assert response.status_code in {302, 404}
    if path.startswith("/api/"):
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["status"] == 404
