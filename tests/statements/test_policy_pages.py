"""Policies and deputies through the pages, and what the review and the portal show of them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from agency.roles import Role
from responses import pipeline
from responses.statements.models import Decision
from responses.statements.policy_models import Deputy, ReviewPolicy

from . import desk
from .desk import AGENCY, CLIENT, LEGAL, group, step


def url(name, *args):
    return reverse(f"responses:{name}", args=["isla", *args])


@pytest.fixture
def moment():
    return timezone.now()


def typed(*steps, **more):
    """The form as a browser sends it: all six steps, most of them empty."""
    data = {
        "name": "Apologies", "types": ["apology"], "from_severity": "3", "second_factor": "serious",
        "is_active": "on", "steps-TOTAL_FORMS": "6", "steps-INITIAL_FORMS": "2", **more,
    }  # fmt: skip
    for number, asked in enumerate(steps):
        data |= {f"steps-{number}-{name}": value for name, value in asked.items()}
    return data


def test_the_list_says_what_ships_and_each_policy_as_a_sentence(sign_in, agree):
    agree(step(AGENCY), step(LEGAL, group("client", "some", 2)), name="Apologies", types=["apology"])
    words = sign_in("ana").get(url("review_policies")).content.decode()
    assert "Agency lead, then legal and 2 of: client." in words and "Otherwise" in words
    assert url("review_policy_new") not in words


@pytest.mark.parametrize(("name", "status"), [("ramon", 200), ("tess", 200), ("lea", 403), ("ana", 403)])
def test_the_account_lead_and_the_director_write_policies(sign_in, isla, name, status):
    assert sign_in(name).get(url("review_policy_new")).status_code == status


def test_writing_one_and_changing_it(sign_in, isla, people):
    ramon = sign_in("ramon")
    data = typed(
        {"agency": "any", "minutes_4": "5"},
        {"legal": "all", "client": "2"},
        {},
        {"voice": "any", "silence_minutes": "30"},
    )
    assert ramon.post(url("review_policy_new"), data).status_code == 303
    made = ReviewPolicy.objects.get()
    assert [[(g["function"], g["mode"], g["need"]) for g in one["groups"]] for one in made.steps] == [
        [("agency", "any", 1)],
        [("legal", "all", 1), ("client", "some", 2)],
        [("voice", "any", 1)],
    ]
    assert made.steps[0]["minutes"] == {"4": 5} and made.steps[2]["silence_minutes"] == 30
    assert (made.types, made.from_severity) == (["apology"], 3)
    page = ramon.get(url("review_policy", made.pk)).content.decode()
    assert 'value="5"' in page and "passes when nobody objects within 30 minutes" in page
    named = typed({"named": "all", "people": [f"user:{people.paolo.pk}"]}, name="Others", version="1")
    assert ramon.post(url("review_policy", made.pk), named).status_code == 303
    late = ramon.post(url("review_policy", made.pk), named)
    assert late.status_code == 412 and "Others" in late.content.decode()


def test_a_policy_that_cannot_be_is_refused_and_kept_as_typed(sign_in, isla):
    page = sign_in("ramon").post(url("review_policy_new"), typed({"client": "any"}))
    words = page.content.decode()
    assert page.status_code == 422 and "The client comes after the agency" in words and "Apologies" in words


def test_a_name_that_is_there_is_refused(sign_in, agree):
    agree(step(AGENCY), name="Apologies")
    page = sign_in("ramon").post(url("review_policy_new"), typed({"agency": "any"}))
    assert page.status_code == 422 and "of this name already" in page.content.decode()


def test_the_editor_says_who_will_be_asked(sign_in, agree, by, moment):
    agree(step(AGENCY), step(LEGAL, CLIENT), name="Two and two")
    statement = desk.draft(by.ana, moment)
    words = sign_in("ana").get(url("statement", statement.pk)).content.decode()
    assert "Two and two" in words and "Agency lead, then legal and client." in words


def test_the_list_says_for_whom_it_waits(sign_in, agree, by, moment):
    agree(step(AGENCY), step(LEGAL, CLIENT))
    desk.with_client(by.ana, by.lea, moment)
    assert "legal, client" in sign_in("ana").get(url("statements")).content.decode()


def test_the_review_shows_each_group_and_how_far_it_is(sign_in, agree, someone, by, moment):
    agree(step(AGENCY), step(LEGAL, group("client", "some", 2)))
    someone("Bea", Role.CLIENT_APPROVER)
    statement = desk.with_client(by.ana, by.lea, moment)
    desk.decide(statement, by.marta, moment)
    words = sign_in("ana").get(url("review", statement.pk)).content.decode()
    for expected in ("2 of: client", "1 of 2", "Marta", "Bea", "Ong", "Legal"):
        assert expected in words


def test_a_step_that_asks_for_more_than_there_are_says_so(sign_in, agree, by, moment):
    agree(step(AGENCY), step(group("client", "some", 3)))
    statement = desk.with_client(by.ana, by.lea, moment)
    words = sign_in("ana").get(url("review", statement.pk)).content.decode()
    assert "Only 1 person is left" in words


def test_a_named_monitor_decides_at_the_desk_and_others_do_not(sign_in, agree, by, moment):
    agree(step(group("named", people=[by.paolo])))
    statement = desk.in_review(by.ana, moment)
    data = {
        "step": desk.active(statement).pk,
        "revision_hash": statement.latest.hash,
        "verdict": "approved",
    }
    assert sign_in("nilo").post(url("decide", statement.pk), data).status_code == 404
    assert sign_in("ana").post(url("decide", statement.pk), data).status_code == 403
    assert sign_in("lea").post(url("decide", statement.pk), data).status_code == 403
    assert sign_in("paolo").post(url("decide", statement.pk), data).status_code == 303


def test_the_portal_says_who_else_decides_and_that_it_does_not_go_out_yet(sign_in, agree, by, moment):
    agree(step(AGENCY), step(LEGAL, CLIENT))
    statement = desk.with_client(by.ana, by.lea, moment)
    here = reverse("portal:decision", args=["isla", desk.active(statement).pk])
    marta = sign_in("marta")
    words = marta.get(here).content.decode()
    assert "Who decides in this step" in words and "Ong" in words and "Others are still asked" in words
    data = {"revision_hash": statement.latest.hash, "verdict": "approved"}
    assert (
        marta.post(reverse("portal:decide", args=["isla", desk.active(statement).pk]), data).status_code
        == 303
    )
    words = marta.get(here).content.decode()
    assert "You approved this statement" in words and "goes out" not in words


def test_the_client_does_not_read_what_legal_said(sign_in, agree, by, moment):
    agree(step(AGENCY), step(LEGAL, CLIENT))
    statement = desk.with_client(by.ana, by.lea, moment)
    desk.decide(statement, by.ong, moment, comment="We may be liable")
    words = sign_in("marta").get(reverse("portal:decision", args=["isla", desk.active(statement).pk]))
    assert "Ong" in words.content.decode() and "liable" not in words.content.decode()


def test_several_letters_for_one_step_each_to_its_own_door(agree, by, moment, mailoutbox):
    agree(step(AGENCY), step(LEGAL, CLIENT))
    desk.with_client(by.ana, by.lea, moment)
    pipeline.follow(moment)
    bodies = {one.to[0]: one.body for one in mailoutbox}
    assert "/link/" in bodies["marta@isla.example"]
    assert "/review/" in bodies["ong@habi.example"] and "/link/" not in bodies["ong@habi.example"]


# --- deputies


def test_people_name_their_own_deputy_and_the_account_lead_anybodys(sign_in, isla, people):
    own = {"person": people.lea.pk, "deputy": people.paolo.pk}
    assert sign_in("lea").post(url("deputies"), own).status_code == 303
    theirs = {"person": people.ong.pk, "deputy": people.paolo.pk}
    assert sign_in("lea").post(url("deputies"), theirs).status_code == 422
    assert sign_in("ramon").post(url("deputies"), theirs).status_code == 303
    assert (
        sign_in("paolo").post(url("deputy_let_go", Deputy.objects.get(person_name="Ong").pk)).status_code
        == 403
    )
    assert (
        sign_in("ong").post(url("deputy_let_go", Deputy.objects.get(person_name="Ong").pk)).status_code == 303
    )
    assert [one.person_name for one in Deputy.objects.all()] == ["Lea"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"deputy": "lea"}, "own deputy"),
        ({"deputy": "marta"}, "of the agency"),
        ({"away_from_at": "2026-12-01T10:00"}, "from when and until when"),
        ({"away_from_at": "2030-12-02T10:00", "away_until_at": "2030-12-01T10:00"}, "after the beginning"),
        ({"away_from_at": "2020-12-01T10:00", "away_until_at": "2020-12-02T10:00"}, "over already"),
    ],
)
def test_what_cannot_be_a_deputyship_is_refused(sign_in, isla, people, more, words):
    who = getattr(people, more.get("deputy", "paolo"))
    page = sign_in("lea").post(url("deputies"), {"person": people.lea.pk, **more, "deputy": who.pk})
    assert page.status_code == 422 and words in page.content.decode()


def test_the_client_names_one_in_the_portal_and_the_deputy_decides(sign_in, isla, people, by, moment):
    there = reverse("portal:deputy", args=["isla"])
    data = {"deputy": people.nilo.pk, "away_from_at": "2026-01-01T00:00", "away_until_at": "2036-01-01T00:00"}
    assert sign_in("marta").post(there, data).status_code == 303
    statement = desk.with_client(by.ana, by.lea, moment)
    here = reverse("portal:decision", args=["isla", desk.active(statement).pk])
    nilo = sign_in("nilo")
    assert "You decide for Marta" in nilo.get(here).content.decode()
    done = nilo.post(here + "decide/", {"revision_hash": statement.latest.hash, "verdict": "approved"})
    assert done.status_code == 303 and Decision.objects.get(function="client").for_name == "Marta"
    assert "Nilo for Marta" in sign_in("ana").get(url("review", statement.pk)).content.decode()
    assert sign_in("marta").post(reverse("portal:deputy_end", args=["isla"])).status_code == 303
    assert not Deputy.objects.exists()
