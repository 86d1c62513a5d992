"""The portal on a brand's own host: the same pages, the brand left out of the address."""

import pytest

from tenants.models import Domain

HOST = {"host": "portal-test.isla.example"}


@pytest.fixture
def own_host(isla):
    Domain.objects.create(domain=HOST["host"], tenant=isla, is_primary=True)


def test_two_taps_on_the_brands_own_host(own_host, sign_in, waits):
    browser = sign_in("marta")
    page = browser.get("/portal/", headers=HOST).content.decode()
    assert f'href="/portal/{waits.step.pk}/"' in page and "/portal/isla/" not in page
    confirm = browser.get(f"/portal/{waits.step.pk}/?do=approve", headers=HOST).content.decode()
    assert f'action="/portal/{waits.step.pk}/decide/"' in confirm
    data = {"revision_hash": waits.step.review.revision.hash, "verdict": "approved"}
    done = browser.post(f"/portal/{waits.step.pk}/decide/", data, headers=HOST)
    assert (done.status_code, done["Location"]) == (303, f"/portal/{waits.step.pk}/")
    waits.statement.refresh_from_db()
    assert waits.statement.status == "approved"


def test_the_link_works_there_too(own_host, client, waits, letter):
    path = letter.path.replace("/portal/isla/", "/portal/")
    assert client.get(path, headers=HOST).status_code == 200
    data = {"revision_hash": waits.step.review.revision.hash, "verdict": "approved", "name": "Marta"}
    done = client.post(path, data, headers=HOST)
    assert (done.status_code, done["Location"]) == (303, f"{path}done/")
    assert client.get(done["Location"], headers=HOST).status_code == 200


def test_a_stranger_finds_nothing_there(own_host, sign_in, waits):
    assert sign_in("jun").get(f"/portal/{waits.step.pk}/", headers=HOST).status_code == 404
