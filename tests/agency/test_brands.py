"""Taking on a brand, watching it being set up, and suspending, taking up again or closing it."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from agency.forms import BrandForm
from agency.models import AgencyEvent, Engagement
from tenants import provisioning, states
from tenants.models import Brand

pytestmark = pytest.mark.django_db
FIELDS = {
    "name": "Tala Clinics",
    "slug": "tala",
    "colour": "sea",
    "time_zone": "Asia/Manila",
    "language": "en",
}


@pytest.fixture
def ordered(sign_in):
    client = sign_in("tess")
    response = client.post(reverse("brand_new"), FIELDS)
    return client, Brand.objects.get(slug="tala"), response


def last_kind():
    return AgencyEvent.objects.order_by("-pk").first().kind


def test_a_new_brand_is_bound_to_the_agency_and_its_schema_comes_by_a_job(ordered, people):
    _client, brand, response = ordered
    assert response["Location"] == reverse("brand_progress", args=[brand.pk])
    assert brand.status == states.PROVISIONING
    assert Engagement.objects.get(brand=brand, ended_at=None).agency == people.tess.agency
    assert OrmQ.objects.count() == 1
    assert last_kind() == "brand.ordered"


@pytest.mark.parametrize(
    "wrong",
    [{"slug": "isla"}, {"slug": "Tala Clinics"}, {"slug": "x"}, {"name": ""}, {"time_zone": "Mars/Base"}],
)
def test_a_wrong_order_keeps_what_was_typed_and_makes_nothing(sign_in, wrong):
    fields = {**FIELDS, "tagline": "Care near you", **wrong}
    response = sign_in("tess").post(reverse("brand_new"), fields)
    assert response.status_code == 422
    assert 'value="Care near you"' in response.content.decode()
    assert not Brand.objects.filter(name="Tala Clinics").exists()
    assert OrmQ.objects.count() == 0


def states_on(client, brand, **headers):
    page = client.get(reverse("brand_progress", args=[brand.pk]), headers=headers).content.decode()
    return [part.split('"')[0] for part in page.split('data-state="')[1:]], page


def test_the_page_follows_the_steps_and_stops_asking_when_it_is_done(ordered):
    client, brand, _response = ordered
    found, page = states_on(client, brand)
    assert found == ["now", "wait", "wait", "wait"]
    assert "hx-trigger" in page
    Brand.objects.filter(pk=brand.pk).update(provision_step=2)
    found, page = states_on(client, brand, **{"HX-Request": "true"})
    assert found == ["done", "done", "now", "wait"]
    assert "<html" not in page
    Brand.objects.filter(pk=brand.pk).update(status=states.ACTIVE)
    found, page = states_on(client, brand)
    assert set(found) == {"done"}
    assert 'hx-trigger="every' not in page


def test_an_error_is_shown_and_a_press_goes_on(ordered):
    client, brand, _response = ordered
    Brand.objects.filter(pk=brand.pk).update(provision_step=1, provision_error="the disk is full")
    found, page = states_on(client, brand)
    assert found == ["done", "failed", "wait", "wait"]
    assert "the disk is full" in page
    OrmQ.objects.all().delete()
    client.post(reverse("brand_go_on", args=[brand.pk]))
    brand.refresh_from_db()
    assert brand.provision_error == ""
    assert OrmQ.objects.count() == 1


def test_a_brand_is_suspended_taken_up_again_and_closed(sign_in, brands, people):
    client = sign_in("tess")
    for verb, status, kind in (
        ("suspend", states.SUSPENDED, "brand.suspended"),
        ("take-up", states.ACTIVE, "brand.active"),
        ("close", states.CLOSED, "brand.closed"),
    ):
        client.post(reverse("brand_move", args=[brands.luzon.pk, verb]))
        brands.luzon.refresh_from_db()
        assert (brands.luzon.status, last_kind()) == (status, kind)
    client.get(reverse("brands"))  # takes the messages
    assert "Banko Luzon" not in client.get(reverse("board")).content.decode()
    assert client.get(reverse("responses:feed", args=["luzon"])).status_code == 404
    assert client.get(reverse("newsroom:home", args=["luzon"])).status_code == 404


def test_what_is_closed_stays_closed_and_an_unknown_verb_is_nothing(sign_in, brands):
    client = sign_in("tess")
    provisioning.move(brands.luzon, states.CLOSED, timezone.now())
    response = client.post(reverse("brand_move", args=[brands.luzon.pk, "take-up"]), follow=True)
    assert "not in a state for that" in response.content.decode()
    brands.luzon.refresh_from_db()
    assert brands.luzon.status == states.CLOSED
    assert client.post(reverse("brand_move", args=[brands.isla.pk, "explode"])).status_code == 404


def test_a_brand_being_set_up_is_opened_by_its_last_step_alone(sign_in, brands):
    Brand.objects.filter(pk=brands.luzon.pk).update(status=states.PROVISIONING)
    sign_in("tess").post(reverse("brand_move", args=[brands.luzon.pk, "take-up"]))
    brands.luzon.refresh_from_db()
    assert brands.luzon.status == states.PROVISIONING


def test_two_who_want_one_short_name_in_the_same_second(sign_in, brands, monkeypatch):
    monkeypatch.setattr(BrandForm, "validate_unique", lambda form: None)  # neither sees the other's yet
    response = sign_in("tess").post(reverse("brand_new"), FIELDS | {"slug": "isla"})
    assert response.status_code == 422
    assert "Somebody has just taken this short name" in response.content.decode()


def test_two_who_move_a_brand_at_once_do_not_both_win(brands):
    mine, theirs = Brand.objects.get(pk=brands.isla.pk), Brand.objects.get(pk=brands.isla.pk)
    provisioning.move(theirs, states.CLOSED, timezone.now())
    with pytest.raises(provisioning.NotAllowed):
        provisioning.move(mine, states.SUSPENDED, timezone.now())


def test_a_short_name_that_is_taken_is_said_in_words(sign_in):
    response = sign_in("tess").post(reverse("brand_new"), FIELDS | {"slug": "isla"})
    assert response.status_code == 422
    assert "Another brand has this short name" in response.content.decode()


def test_a_brand_leads_to_its_desk(sign_in):
    assert reverse("responses:feed", args=["isla"]) in sign_in("tess").get(reverse("brands")).content.decode()


def test_the_desk_of_a_suspended_brand_says_so(sign_in, brands):
    client, page = sign_in("lea"), reverse("responses:feed", args=["isla"])
    assert "is suspended" not in client.get(page).content.decode()
    provisioning.move(brands.isla, states.SUSPENDED, timezone.now())
    assert "Isla Ferries is suspended" in client.get(page).content.decode()


def test_a_brand_is_called_anew_and_the_agencys_history_says_by_whom(sign_in, brands):
    client, where = sign_in("tess"), reverse("brand_change", args=[brands.isla.pk])
    assert 'value="Isla Ferries"' in client.get(where).content.decode()
    given = {**FIELDS, "name": "Isla Lines", "tagline": "To Mindoro", "language": "fil", "slug": "stolen"}
    assert client.post(where, given)["Location"] == reverse("brands")
    brands.isla.refresh_from_db()
    found = (brands.isla.name, brands.isla.tagline, brands.isla.language, brands.isla.slug)
    assert found == ("Isla Lines", "To Mindoro", "fil", "isla")
    assert last_kind() == "brand.changed"
    assert "Isla Lines" in client.get(reverse("board")).content.decode()


def test_a_wrong_change_keeps_what_was_typed_and_changes_nothing(sign_in, brands):
    where = reverse("brand_change", args=[brands.isla.pk])
    response = sign_in("tess").post(where, {**FIELDS, "name": "", "tagline": "Typed"})
    assert response.status_code == 422 and 'value="Typed"' in response.content.decode()
    brands.isla.refresh_from_db()
    assert brands.isla.name == "Isla Ferries"


@pytest.mark.parametrize("name", ["ramon", "ana", "charlie", "marta"])
def test_only_who_may_add_brands_changes_one(sign_in, brands, name):
    where = reverse("brand_change", args=[brands.isla.pk])
    assert sign_in(name).post(where, FIELDS).status_code == 404
