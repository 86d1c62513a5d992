"""Who approves what: choosing a policy, the groups and counts of its steps, what no policy can undo."""

import pytest

from agency.models import Seat
from agency.roles import Role
from responses.core.models import Event
from responses.errors import Forbidden, Invalid, NotAllowed
from responses.incidents.models import Incident
from responses.publishing import approval
from responses.statements import policies, policy_words, reviewing
from responses.statements.models import Decision, Step
from responses.statements.policy_models import ReviewPolicy

from . import desk
from .desk import AGENCY, CLIENT, LEGAL, group, step

# --- choosing


def test_without_a_policy_the_agency_lead_then_the_client(isla, by, now):
    review = desk.in_review(by.ana, now).latest.review
    assert review.policy_name == ""
    assert [(one.function, one.groups[0]["mode"]) for one in review.steps.all()] == [
        ("agency", "any"),
        ("client", "any"),
    ]


@pytest.mark.parametrize(
    ("type", "level", "kinds", "expected"),
    [
        ("memo", 0, {"newsroom"}, "everything"),
        ("holding", 0, {"newsroom"}, "holding"),
        ("memo", 3, {"newsroom"}, "high"),
        ("memo", 4, {"newsroom"}, "critical"),
        ("holding", 4, {"newsroom"}, "critical"),  # both name one thing: the higher level wins
        ("memo", 0, {"newsroom", "x"}, "on x"),
        ("holding", 0, {"x"}, "holding on x"),  # names two
        ("holding", 2, {"x"}, "holding on x"),
    ],
)
def test_the_most_specific_policy_wins(agree, type, level, kinds, expected):
    for name, scope in {
        "everything": {},
        "holding": {"types": ["holding"]},
        "high": {"from_severity": 3},
        "critical": {"from_severity": 4},
        "on x": {"channels": ["x"]},
        "holding on x": {"types": ["holding", "full"], "channels": ["x", "facebook"]},
    }.items():
        agree(step(AGENCY), name=name, **scope)
    agree(step(AGENCY), name="put away", types=[type], channels=list(kinds), is_active=False)
    assert policies.most_specific(type, level, kinds).name == expected


def test_a_review_keeps_the_steps_it_began_with(agree, by, now):
    policy = agree(step(AGENCY), step(CLIENT, LEGAL))
    statement = desk.in_review(by.ana, now)
    policies.save_policy(policy, name="Other", steps=[step(AGENCY)], by=by.ramon, now=now)
    review = statement.latest.review
    assert (review.policy_name, review.policy_version, review.steps.count()) == ("Ours", 1, 2)
    assert Event.objects.filter(kind="policy.changed").count() == 2


# --- what every policy must hold


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([], "one to"),
        ([step()], "asks somebody"),
        ([step(CLIENT)], "client comes after"),
        ([step(CLIENT), step(AGENCY)], "client comes after"),
        ([step(AGENCY, CLIENT)], "client comes after"),
        ([step(AGENCY, silence=10), step(CLIENT)], "client comes after"),
        ([step(AGENCY, silence=10)], "silence alone"),
        ([step(AGENCY, AGENCY)], "each function once"),
        ([step(group("agency", "some", 0))], "how many"),
        ([step(group("agency", "most"))], "who is asked"),
        ([step(group("king"))], "who is asked"),
        ([step(group("named"))], "Name the people"),
        ([step(AGENCY, minutes={"4": 0})], "deadline"),
        ([step(AGENCY, minutes={"9": 5})], "deadline"),
        ([step(AGENCY), step(LEGAL, silence=-5)], "time to object"),
        ([step(AGENCY)] * 7, "one to"),
    ],
)
def test_a_policy_that_would_let_through_too_much_is_refused(agree, steps, words):
    with pytest.raises(Invalid, match=words):
        agree(*steps)
    assert not ReviewPolicy.objects.exists()


def test_only_people_of_the_desk_can_be_named(agree, by):
    for outsider in (by.marta, by.charlie, by.nobody):
        with pytest.raises(Invalid, match="desk"):
            agree(step(group("named", people=[outsider])))
    made = agree(step(group("named", people=[by.paolo, by.tess])))
    assert [one["name"] for one in made.steps[0]["groups"][0]["people"]] == ["Paolo", "Tess"]


# --- several in one step


def test_legal_and_the_client_in_one_step_both_must_agree(agree, by, now):
    agree(step(AGENCY), step(LEGAL, CLIENT))
    statement = desk.with_client(by.ana, by.lea, now)
    desk.decide(statement, by.marta, now)
    assert desk.active(statement).function == "legal"  # still the same step: legal has not spoken
    partly = Event.objects.get(kind="review.approved_in_part")
    assert partly.data["function"] == "client"
    desk.decide(statement, by.ong, now)
    statement.refresh_from_db()
    assert statement.status == "approved"
    assert approval.approved_hash(statement.latest) == statement.latest.hash


@pytest.mark.parametrize("mode", ["any", "all", "some"])
def test_how_many_of_a_function_must_agree(agree, someone, by, now, mode):
    agree(step(AGENCY), step(group("client", mode, 2)))
    others = [someone(name, Role.CLIENT_APPROVER) for name in ("Bea", "Cora")]
    statement = desk.with_client(by.ana, by.lea, now)
    for count, who in enumerate([by.marta, *others], 1):
        desk.decide(statement, who, now)
        statement.refresh_from_db()
        enough = {"any": 1, "some": 2, "all": 3}[mode]
        assert (statement.status == "approved") == (count >= enough)
        if count >= enough:
            break


def test_two_of_one_function_are_two_persons(agree, seat, by, now):
    """A8: one person with two seats, or one who tries twice, is one."""
    agree(step(AGENCY), step(group("legal", "some", 2)))
    seat("ong", Role.ACCOUNT_LEAD)
    seat("tess", Role.LEGAL)
    statement = desk.with_client(by.ana, by.lea, now)
    desk.decide(statement, by.ong, now)
    with pytest.raises(Forbidden, match="twice"):
        desk.decide(statement, by.ong, now)
    assert statement.latest.review.status == "running"
    desk.decide(statement, by.tess, now)
    statement.refresh_from_db()
    assert statement.status == "approved"


def test_one_person_is_one_voice_in_one_step(agree, by, now):
    """Ong may approve as legal and for the agency: in a step that asks both it takes somebody else too."""
    agree(step(AGENCY, LEGAL))
    statement = desk.in_review(by.ana, now)
    desk.decide(statement, by.ong, now)
    statement.refresh_from_db()
    assert statement.status == "in_review"
    assert Decision.objects.get().function == "legal"  # the function that fewer hold
    desk.decide(statement, by.lea, now)
    statement.refresh_from_db()
    assert statement.status == "approved"


def test_nobody_decides_two_steps_of_one_review(agree, by, now):
    agree(step(AGENCY), step(LEGAL))
    statement = desk.in_review(by.ana, now)
    desk.decide(statement, by.ong, now)
    with pytest.raises(Forbidden, match="twice"):
        desk.decide(statement, by.ong, now)


def test_named_people_and_nobody_else(agree, by, now):
    agree(step(group("named", "all", people=[by.paolo, by.tess])))
    statement = desk.in_review(by.ana, now)
    with pytest.raises(Forbidden, match="named people"):
        desk.decide(statement, by.lea, now)
    desk.decide(statement, by.paolo, now)
    desk.decide(statement, by.tess, now)
    statement.refresh_from_db()
    assert statement.status == "approved"


def test_an_author_counts_in_no_function(agree, seat, by, now):
    """A1: through whichever function, and "all" is all the others."""
    agree(step(group("agency", "all")))
    seat("lea", Role.LEGAL)
    statement = desk.in_review(by.lea, now)
    for verdict in ("approved", "changes"):
        with pytest.raises(Forbidden, match="wrote"):
            desk.decide(statement, by.lea, now, verdict, "why")
    for who in (by.ramon, by.tess, by.ong):
        desk.decide(statement, who, now)
    statement.refresh_from_db()
    assert statement.status == "approved"


def test_a_seat_taken_away_counts_no_more_and_all_are_those_who_are_left(agree, people, by, now):
    """A5."""
    agree(step(group("agency", "all")))
    statement = desk.in_review(by.ana, now)
    Seat.objects.filter(user=people.tess).update(is_active=False)
    with pytest.raises(Forbidden):
        desk.decide(statement, by.tess, now)
    for who in (by.lea, by.ramon, by.ong):
        desk.decide(statement, who, now)
    statement.refresh_from_db()
    assert statement.status == "approved"


def test_one_objection_ends_the_review_whatever_others_approved(agree, by, now):
    agree(step(AGENCY), step(LEGAL, CLIENT))
    statement = desk.with_client(by.ana, by.lea, now)
    desk.decide(statement, by.ong, now)
    desk.decide(statement, by.marta, now, "changes", "No number of people")
    statement.refresh_from_db()
    assert statement.status == "changes_requested"
    desk.revise(statement, by.ana, now, "All are safe")
    reviewing.submit(statement, by=by.ana, now=now)
    assert desk.active(statement).position == 1  # through the agency again


def test_an_edit_voids_half_a_step(agree, by, now):
    """A2."""
    agree(step(AGENCY), step(LEGAL, CLIENT))
    statement = desk.with_client(by.ana, by.lea, now)
    desk.decide(statement, by.marta, now)
    old = desk.active(statement)
    desk.revise(statement, by.ana, now, "Other words")
    with pytest.raises(NotAllowed, match="edited"):
        reviewing.decide(
            old, revision_hash=old.review.revision.hash, verdict="approved", by=desk.sure(by.ong), now=now
        )


def test_steps_cannot_be_skipped(agree, by, now):
    agree(step(AGENCY), step(LEGAL), step(CLIENT))
    statement = desk.in_review(by.ana, now)
    shown = statement.latest.hash
    for position, who in ((3, by.marta), (2, by.ong)):
        later = statement.latest.review.steps.get(position=position)
        with pytest.raises(NotAllowed, match="turn"):
            reviewing.decide(later, revision_hash=shown, verdict="approved", by=who, now=now)


def test_a_review_whose_rows_lack_an_approval_publishes_nothing(agree, by, now):
    """Whoever sets a step to passed by SQL has not approved anything."""
    agree(step(AGENCY), step(group("legal"), CLIENT))
    statement = desk.with_client(by.ana, by.lea, now)
    desk.decide(statement, by.marta, now)
    Step.objects.filter(review=statement.latest.review).update(status="passed")
    type(statement.latest.review).objects.filter(pk=statement.latest.review.pk).update(status="passed")
    assert approval.approved_hash(statement.latest) == ""


def test_deadlines_follow_the_policy_then_what_ships(agree, by, now):
    agree(step(AGENCY, minutes={"4": 3}), step(CLIENT))
    incident = Incident.objects.create(number=904, title="Sunog", severity=4, opened_at=now)
    statement = desk.in_review(by.ana, now, incident)
    assert (desk.active(statement).due_at - now).total_seconds() == 180
    desk.decide(statement, by.lea, now)
    assert (desk.active(statement).due_at - now).total_seconds() == 1200


def test_a_policy_reads_as_a_sentence(agree, by):
    policy = agree(
        step(AGENCY),
        step(group("legal"), group("client", "some", 2)),
        step(group("voice"), silence=60),
        types=["holding"],
        from_severity=3,
    )
    assert policy_words.order(policy.steps) == (
        "Agency lead, then legal and 2 of: client, then spokesperson "
        "(passes when nobody objects within 1 hour)."
    )
    assert policy_words.scope(policy) == "Holding statement; from level High"


def test_where_nobody_could_approve_is_said_before_a_review_stands_still(agree, by, client, people, isla):
    policy = agree(step(AGENCY), step(group("legal"), group("client", "some", 2)))
    assert policy_words.lacking(policy.steps) == ["Only 1 of the 2 needed can approve as: client."]
    Seat.objects.filter(role=Role.LEGAL).update(is_active=False)
    client.force_login(people.tess)
    page = client.get(f"/b/{isla.slug}/statements/policies/").content.decode()
    assert "Nobody here can approve as: legal. A review stands still there until somebody can." in page
    assert policy_words.lacking([step(AGENCY)]) == []
