"""Invitations, seats and accounts: what each deed does, refuses and writes down."""

import logging
import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from agency import access, people
from agency.middleware import RequestIdFilter
from agency.models import AgencyEvent, Invitation, Seat, User
from agency.roles import CAPABILITIES, May, Role
from tenants.models import Brand

pytestmark = pytest.mark.django_db
NEW = "noelle@isla.example"
PASSWORD = "four-boats-under-rain"


@pytest.fixture
def cast(people):
    return people


@pytest.fixture
def letter(cast, brands):
    """Ramon invites Noelle to Isla; returns the path in her letter."""
    now = timezone.now()
    people.invite(
        email=NEW, name="Noelle", role=Role.CLIENT_APPROVER, brand=brands.isla, by=cast.ramon, now=now
    )
    return re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)[1]


def invited(by, email, brand, role=Role.CLIENT_OBSERVER, now=None):
    """An invitation by its deed; returns the path in its letter."""
    people.invite(email=email, name="M", role=role, brand=brand, by=by, now=now or timezone.now())
    return re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)[1]


def seat_of(user, brand, role=None):
    return Seat.objects.filter(
        user=user, brand=brand, is_active=True, **({"role": role} if role else {})
    ).get()


def kinds():
    return list(AgencyEvent.objects.order_by("pk").values_list("kind", flat=True))


# --- invitations


def test_an_invited_person_chooses_a_password_and_is_in(client, letter, brands):
    page = client.get(letter).content.decode()
    assert "client approver" in page
    assert "Isla Ferries" in page
    response = client.post(letter, {"name": "Noelle Cruz", "password": PASSWORD})
    assert response["Location"] == reverse("account_login")
    user = User.objects.get(email=NEW)
    assert user.check_password(PASSWORD)
    assert access.standing(user, brands.isla).roles == {Role.CLIENT_APPROVER}
    assert access.standing(user, brands.luzon) is None
    assert user.agency is None
    assert kinds()[-2:] == ["invitation.sent", "seat.given"]


def test_who_accepts_in_filipino_goes_on_in_filipino(client, letter):
    asked = {"accept-language": "tl-PH"}
    assert "Tanggapin" in client.get(letter, headers=asked).content.decode()
    client.post(letter, {"name": "Noelle Cruz", "password": PASSWORD}, headers=asked)
    assert User.objects.get(email=NEW).language == "fil"


def test_looking_uses_nothing_up_and_accepting_does(client, letter):
    for _ in range(10):
        assert client.get(letter).status_code == 200
        assert client.head(letter).status_code == 200
    data = {"name": "Noelle", "password": PASSWORD}
    assert client.post(letter, data).status_code == 302
    again = client.post(letter, data)
    assert again.status_code == 410
    assert "accepted already" in again.content.decode()
    assert Seat.objects.filter(user__email=NEW).count() == 1


def test_only_the_hash_of_the_token_is_kept(letter):
    token = letter.rstrip("/").rpartition("/")[2]
    row = Invitation.objects.filter(email=NEW).values().get()
    assert token not in str(row)


def test_an_old_or_revoked_or_wrong_link_says_so(client, letter, cast):
    Invitation.objects.filter(email=NEW).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "has run out" in client.get(letter).content.decode()
    Invitation.objects.filter(email=NEW).update(expires_at=timezone.now() + timedelta(days=1))
    people.revoke(Invitation.objects.get(email=NEW), by=cast.ramon, now=timezone.now())
    over = client.post(letter, {"name": "N", "password": PASSWORD})
    assert over.status_code == 410
    assert "taken back" in over.content.decode()
    assert "not an invitation" in client.get(reverse("invitation", args=["nonsense"])).content.decode()
    assert not User.objects.filter(email=NEW).exists()


def test_a_weak_password_is_refused_and_the_name_kept(client, letter):
    response = client.post(letter, {"name": "Noelle Cruz", "password": "12345"})
    assert response.status_code == 422
    assert 'value="Noelle Cruz"' in response.content.decode()
    assert not User.objects.filter(email=NEW).exists()


def test_who_has_an_account_accepts_without_a_new_password(client, cast, brands):
    path = invited(cast.ramon, cast.marta.email.upper(), brands.luzon)
    client.force_login(cast.marta)
    assert b"have an account" in client.get(path).content
    assert client.post(path)["Location"] == reverse("home")
    cast.marta.refresh_from_db()
    assert cast.marta.check_password("correct-horse-battery")
    assert access.standing(cast.marta, brands.luzon).roles == {Role.CLIENT_OBSERVER}


def test_an_account_takes_a_seat_only_when_it_is_signed_in(client, cast, brands):
    path = invited(cast.ramon, cast.marta.email, brands.luzon)
    page = client.get(path).content.decode()
    way_in = f"{reverse('account_login')}?next={path}"
    assert f'href="{way_in}"' in page
    assert ">Accept<" not in page
    assert client.post(path)["Location"] == way_in
    client.force_login(cast.nilo)
    page = client.get(path).content.decode()
    assert f"signed in as {cast.nilo.email}" in page
    assert ">Accept<" not in page
    assert client.post(path).status_code == 403
    assert access.standing(cast.nilo, brands.luzon) is None
    assert client.post(reverse("account_logout"), {"next": path})["Location"] == path
    fields = {"login": cast.marta.email, "password": "correct-horse-battery", "next": path}
    assert client.post(reverse("account_login"), fields)["Location"] == path
    assert client.post(path)["Location"] == reverse("home")
    assert access.standing(cast.marta, brands.luzon).roles == {Role.CLIENT_OBSERVER}


def test_a_closed_account_is_told_so(client, cast, brands):
    path = invited(cast.ramon, cast.marta.email, brands.luzon)
    User.objects.filter(pk=cast.marta.pk).update(is_active=False)
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 409
        assert "account was closed" in answer.content.decode()


def shut_out_leads(cast, brands, now):
    people.deactivate(cast.ramon, by=cast.tess, now=now)


def made_crisis_lead(cast, brands, now):
    people.change_role(seat_of(cast.ramon, brands.isla), Role.CRISIS_LEAD, by=cast.tess, now=now)


def seatless(cast, brands, now):
    people.end_seat(seat_of(cast.ramon, brands.isla), by=cast.tess, now=now)


def closed_brand(cast, brands, now):
    Brand.objects.filter(pk=brands.isla.pk).update(status=Brand.Status.CLOSED)


@pytest.mark.parametrize(
    ("done", "words"),
    [
        (shut_out_leads, "taken back"),
        (made_crisis_lead, "may not give this seat any more"),
        (seatless, "may not give this seat any more"),
        (closed_brand, "brand was closed"),
    ],
)
def test_an_invitation_ends_with_its_inviters_right(client, letter, cast, brands, done, words):
    done(cast, brands, timezone.now())
    for answer in (client.get(letter), client.post(letter, {"name": "Noelle", "password": PASSWORD})):
        assert answer.status_code in {409, 410}
        assert words in answer.content.decode()
    assert not User.objects.filter(email=NEW).exists()


@pytest.mark.parametrize("lose", [seatless, made_crisis_lead])
def test_who_loses_a_seat_loses_the_open_letters_for_that_brand(client, cast, brands, lose):
    path = invited(cast.tess, cast.ramon.email, brands.isla, Role.WRITER)
    elsewhere = invited(cast.tess, cast.ramon.email, brands.luzon, Role.WRITER)
    lose(cast, brands, timezone.now())
    client.force_login(cast.ramon)
    assert client.post(path).status_code == 410
    assert client.post(elsewhere).status_code == 302
    assert "invitation.revoked" in kinds()


def test_a_second_letter_for_a_seat_replaces_the_first(client, letter, cast, brands):
    second = invited(cast.tess, NEW, brands.isla, Role.CLIENT_APPROVER)
    assert "taken back" in client.get(letter).content.decode()
    data = {"name": "Noelle", "password": PASSWORD}
    assert client.post(second, data)["Location"] == reverse("account_login")


def test_nobody_takes_an_address_that_is_not_proven(client, cast):
    client.force_login(cast.nilo)
    assert client.get("/accounts/email/").status_code == 404
    fields = {"email": "boss@habi.example", "action_add": "", "action_primary": ""}
    assert client.post("/accounts/email/", fields).status_code == 404
    cast.nilo.refresh_from_db()
    assert cast.nilo.email == "nilo@isla.example"
    assert "/accounts/email/" not in client.get(reverse("account_change_password")).content.decode()


def test_the_log_does_not_keep_the_address(letter):
    record = logging.LogRecord("x", logging.WARNING, "", 0, "Gone: %s", (letter,), None)
    RequestIdFilter().filter(record)
    assert record.getMessage() == "Gone: /invitation/…/"


def test_a_letter_that_cannot_be_sent_invites_nobody(cast, brands, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(people.NotAllowed, match="could not be sent"):
        people.invite(
            email=NEW, name="N", role=Role.WRITER, brand=brands.isla, by=cast.ramon, now=timezone.now()
        )
    assert not Invitation.objects.filter(email=NEW).exists()


@pytest.mark.parametrize(
    ("by", "role", "brand", "words"),
    [
        ("ramon", Role.DIRECTOR, None, "Only a director"),
        ("ramon", Role.WRITER, "kabila", "do not look after"),
        ("lea", Role.WRITER, "isla", "do not look after"),
        ("tess", Role.WRITER, None, "Choose a brand"),
        ("tess", Role.DIRECTOR, "isla", "all brands"),
        ("charlie", Role.CLIENT_APPROVER, "isla", "do not look after"),
    ],
)
def test_nobody_gives_a_seat_they_may_not_give(cast, brands, by, role, brand, words):
    place = getattr(brands, brand) if brand else None
    with pytest.raises(people.NotAllowed, match=words):
        people.invite(email=NEW, name="N", role=role, brand=place, by=getattr(cast, by), now=timezone.now())
    assert mail.outbox == []


def test_the_form_offers_no_brand_that_is_not_the_inviters(sign_in, brands):
    fields = {"name": "N", "email": NEW, "role": Role.WRITER, "brand": brands.kabila.pk}
    response = sign_in("ramon").post(reverse("invite"), fields)
    assert response.status_code == 422
    assert not Invitation.objects.filter(email=NEW).exists()


def test_nobody_is_made_a_director_by_leaving_the_form_as_it_is(sign_in):
    page = sign_in("tess").get(reverse("invite")).content.decode()
    assert page.index('<option value="" selected') < page.index('value="agency_director"')


# --- seats


def test_a_changed_role_counts_at_once(cast, brands):
    people.change_role(seat_of(cast.lea, brands.isla), Role.WRITER, by=cast.ramon, now=timezone.now())
    assert access.standing(cast.lea, brands.isla).roles == {Role.WRITER}
    assert access.standing(cast.lea, brands.luzon).roles == {Role.CRISIS_LEAD}
    assert kinds()[-1] == "seat.changed"


def test_an_ended_seat_is_over_at_once_in_an_open_tab(client, cast, brands):
    client.force_login(cast.paolo)
    assert client.get(reverse("board")).status_code == 200
    people.end_seat(seat_of(cast.paolo, brands.isla), by=cast.ramon, now=timezone.now())
    assert client.get(reverse("board")).status_code == 404
    assert kinds()[-1] == "seat.ended"


def test_nobody_removes_themselves_or_the_last_director(cast, brands):
    with pytest.raises(people.NotAllowed, match="your own seat"):
        people.end_seat(seat_of(cast.ramon, brands.isla), by=cast.ramon, now=timezone.now())
    with pytest.raises(people.NotAllowed, match="last director"):
        people.end_seat(seat_of(cast.tess, None), by=cast.ramon, now=timezone.now())
    Seat.objects.create(user=cast.ana, agency=cast.tess.agency, brand=None, role=Role.DIRECTOR)
    people.end_seat(seat_of(cast.tess, None), by=cast.ana, now=timezone.now())
    with pytest.raises(people.NotAllowed, match="last director"):
        people.deactivate(cast.ana, by=cast.ramon, now=timezone.now())


def test_a_director_who_is_shut_out_does_not_count_as_one(cast):
    Seat.objects.create(user=cast.ana, agency=cast.tess.agency, brand=None, role=Role.DIRECTOR)
    User.objects.filter(pk=cast.ana.pk).update(is_active=False)
    with pytest.raises(people.NotAllowed, match="last director"):
        people.end_seat(seat_of(cast.tess, None), by=cast.ramon, now=timezone.now())


# --- accounts


def test_who_is_deactivated_is_out_at_once_and_no_old_session_comes_back(client, cast):
    client.force_login(cast.lea)
    assert client.get(reverse("board")).status_code == 200
    people.deactivate(cast.lea, by=cast.tess, now=timezone.now())
    assert client.get(reverse("board"))["Location"].startswith(reverse("account_login"))
    assert not any(
        row.get_decoded().get("_auth_user_id") == str(cast.lea.pk) for row in Session.objects.all()
    )
    people.reactivate(cast.lea, by=cast.tess, now=timezone.now())
    assert client.get(reverse("board")).status_code == 302
    assert kinds()[-2:] == ["person.deactivated", "person.reactivated"]


def test_who_is_deactivated_cannot_sign_in(client, cast):
    people.deactivate(cast.lea, by=cast.tess, now=timezone.now())
    client.post(reverse("account_login"), {"login": cast.lea.email, "password": "correct-horse-battery"})
    assert "_auth_user_id" not in client.session


def test_an_account_lead_does_not_shut_out_somebody_with_seats_elsewhere(cast, brands):
    Seat.objects.create(
        user=cast.marta, agency=cast.charlie.agency, brand=brands.kabila, role="client_observer"
    )
    with pytest.raises(people.NotAllowed, match="do not look after"):
        people.deactivate(cast.marta, by=cast.ramon, now=timezone.now())
    assert User.objects.get(pk=cast.marta.pk).is_active
    User.objects.filter(pk=cast.marta.pk).update(is_active=False)
    with pytest.raises(people.NotAllowed, match="do not look after"):
        people.reactivate(cast.marta, by=cast.ramon, now=timezone.now())


def test_a_seat_at_a_closed_brand_does_not_keep_an_account_open(sign_in, cast, brands):
    Brand.objects.filter(pk=brands.luzon.pk).update(status=Brand.Status.CLOSED)
    tess = sign_in("tess")
    for deed, is_in in (("deactivate", False), ("reactivate", True)):
        tess.post(reverse(deed, args=[cast.lea.pk]))
        assert User.objects.get(pk=cast.lea.pk).is_active == is_in


# --- the log, the table


def test_an_account_lead_reads_only_what_is_of_her_brands(sign_in, cast, brands):
    now, habi = timezone.now(), cast.tess.agency
    Seat.objects.filter(user=cast.ramon, brand=brands.luzon).delete()
    Brand.objects.filter(pk=brands.luzon.pk).update(name="Secret Bank")
    brands.luzon.refresh_from_db()
    people.note("brand.ordered", habi, cast.tess, now, brand=brands.luzon)
    people.note("seat.given", habi, cast.tess, now, person=cast.lea, brand=brands.luzon, role=Role.WRITER)
    people.note("seat.given", habi, cast.tess, now, person=cast.lea, brand=brands.isla, role=Role.LEGAL)
    people.note("invitation.sent", habi, cast.tess, now, name="Zenaida", role=Role.DIRECTOR)
    people.note("person.deactivated", habi, cast.tess, now, person=cast.jun)
    people.note("person.deactivated", habi, cast.tess, now, person=cast.marta)
    secret = {"Secret Bank", "Zenaida", "shut Jun out"}
    for path in (reverse("people"), reverse("person", args=[cast.lea.pk])):
        page = sign_in("ramon").get(path).content.decode()
        assert not {words for words in secret if words in page}
        assert "gave Lea the seat of legal reviewer" in page
    everything = sign_in("tess").get(reverse("people")).content.decode()
    assert {words for words in secret if words in everything} == secret
    assert "shut Marta out" in sign_in("ramon").get(reverse("people")).content.decode()


def test_the_agencys_history_cannot_be_altered(letter):
    for change in (
        lambda: AgencyEvent.objects.update(by_name="nobody"),
        lambda: AgencyEvent.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_every_event_has_words(cast):
    for kind in AgencyEvent.WORDS:
        event = people.note(
            kind, cast.tess.agency, cast.tess, timezone.now(), person=cast.lea, role=Role.WRITER
        )
        assert "%" not in event.words


TABLE = """
see       director account crisis duty writer legal voice
triage    director account crisis duty
listen    director account crisis duty
open      director account crisis duty
run       director account crisis
plan      director account crisis
write     director account crisis writer
review    director account crisis legal
legal     legal
lead      director crisis
speak     voice
govern    director account
release   director account crisis
connect   director account
people    director account
brands    director
portal    approver observer
approve   approver
"""
SHORT = {
    "director": Role.DIRECTOR,
    "account": Role.ACCOUNT_LEAD,
    "crisis": Role.CRISIS_LEAD,
    "duty": Role.DUTY_MONITOR,
    "writer": Role.WRITER,
    "legal": Role.LEGAL,
    "voice": Role.SPOKESPERSON,
    "approver": Role.CLIENT_APPROVER,
    "observer": Role.CLIENT_OBSERVER,
}


def test_the_table_of_roles_is_what_was_agreed():
    agreed = {
        May(line.split()[0]): {SHORT[word] for word in line.split()[1:]}
        for line in TABLE.strip().splitlines()
    }
    assert set(agreed) == set(May)
    assert {may: {role for role in Role if may in CAPABILITIES[role]} for may in May} == agreed
