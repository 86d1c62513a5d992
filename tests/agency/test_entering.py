"""Signing in: by password, with a code, by passkey in a real browser; and nobody who should not."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from responses.incidents.models import Incident
from tenants import context
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def enter(client, email, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def code_for(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def test_a_person_signs_in_by_e_mail_in_any_case(client, people):
    response = enter(client, people.lea.email.upper())
    assert response["Location"] == reverse("home")
    assert client.get(reverse("board")).status_code == 200


@pytest.mark.parametrize(
    ("email", "password"), [("lea@habi.example", "wrong"), ("who@habi.example", PASSWORD)]
)
def test_a_wrong_password_and_an_unknown_person_read_the_same(client, email, password):
    response = enter(client, email, password)
    assert response.status_code in {200, 422}
    page = response.content.decode()
    assert f'value="{email}"' in page, "what was typed is kept"
    assert "are not correct" in page
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up_alone(client):
    response = client.get(reverse("account_signup"))
    assert "password1" not in response.content.decode()


def test_a_code_is_enrolled_and_asked_for_from_then_on(client, people):
    enter(client, people.lea.email)
    again = client.get(reverse("mfa_activate_totp"))
    assert again["Location"].startswith(reverse("account_reauthenticate")), (
        "the password is asked for once more"
    )
    page = client.post(again["Location"], {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    done = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert done.status_code == 302, done.content
    assert Authenticator.objects.filter(user=people.lea, type=Authenticator.Type.TOTP).exists()

    other = Client()
    halfway = enter(other, people.lea.email)
    assert halfway["Location"] == reverse("mfa_authenticate")
    assert other.get(reverse("board")).status_code == 302, "the password alone does not let in"
    assert "_auth_user_id" not in other.session
    wrong = other.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code != 302
    from django.core.cache import cache

    cache.clear()  # the code of this half minute was used up by enrolling
    assert other.post(reverse("mfa_authenticate"), {"code": code_for(secret)}).status_code == 302
    assert other.get(reverse("board")).status_code == 200
    assert (
        TOTP(Authenticator.objects.get(user=people.lea, type="totp")).validate_code(code_for(secret)) is False
    )


def test_a_deactivated_person_is_out_at_once(client, people):
    enter(client, people.lea.email)
    people.lea.is_active = False
    people.lea.save()
    assert client.get(reverse("board")).status_code == 302


def test_who_was_signed_out_meanwhile_comes_back_to_the_page_of_the_form(client, brands):
    form, room = "/b/isla/incidents/1/note/", "/b/isla/incidents/1/?tab=public"
    above = "/b/isla/incidents/1/"
    for referer, there in ((f"http://testserver{room}", room), ("http://evil.example/x", above), ("", above)):
        response = client.post(form, {"words": "x"}, headers={"Referer": referer})
        assert parse_qs(urlsplit(response["Location"]).query)["next"] == [there]
    assert parse_qs(urlsplit(client.get(room)["Location"]).query)["next"] == [room]


@pytest.mark.parametrize("further", ["http://[evil", "//[", "https://evil.example/", "javascript:alert(1)"])
def test_nobody_is_sent_on_to_what_is_no_page_of_ours(client, people, further):
    answer = client.get("/accounts/login/", {"next": further})
    assert answer.status_code == 200
    typed = {"login": "lea@habi.example", "password": PASSWORD, "next": further}
    assert client.post("/accounts/login/", typed)["Location"] == "/"


def test_a_suspended_brand_is_read_by_its_people_and_changed_by_nobody(sign_in, brands, people):
    brands.isla.status = "suspended"
    brands.isla.save()
    desk = sign_in("lea")
    room = desk.get("/b/isla/incidents/new/")
    assert room.status_code == 200 and "is suspended" in room.content.decode()
    refused = desk.post("/b/isla/incidents/new/", {"title": "Sunog", "severity": "3"})
    assert refused.status_code == 403 and "can be read, not changed" in refused.content.decode()
    portal = sign_in("marta")
    assert "can be read, not changed" in portal.get("/portal/isla/").content.decode()
    assert portal.post("/portal/isla/deputy/end/").status_code == 403
    with context.inside(brands.isla):
        assert not Incident.objects.filter(title="Sunog").exists()
