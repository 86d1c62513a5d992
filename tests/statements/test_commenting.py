"""What is said about a text: where it stands, who reads it, what becomes of it."""

import pytest
from django.db import Error, connection, transaction

from responses import pulse
from responses.core.models import Event
from responses.errors import Conflict, Forbidden, Invalid, NotAllowed
from responses.statements import anchoring, commenting, drafting, entitling, reviewing, suggesting
from responses.statements.commenting_models import Comment
from tenants.models import BrandPulse

from . import desk

SECRET = "sekretong salita"


@pytest.fixture
def statement(isla, by, now):
    return desk.draft(by.ana, now)


def say(statement, by, now, **given):
    return commenting.comment(statement.latest, by=by, now=now, **{"text": "Sigurado ba ito?", **given})


def suggest(statement, by, now, quote="Ligtas ang lahat", words="Ligtas ang 214", **given):
    newsroom = statement.latest.variants.get(channel__kind="newsroom")
    return say(statement, by, now, text="", variant=newsroom, quote=quote, replacement=words, **given)


def news_of(statement):
    return statement.latest.variants.get(channel__kind="newsroom").text


# --- where it belongs


def test_a_quote_finds_its_stretch_in_characters(statement, by, now):
    statement = desk.revise(statement, by.ana, now, "👩‍👩‍👧 " + desk.NEWS).statement
    made = say(statement, by.lea, now, quote="may sunog")
    assert made.variant.text[made.start : made.end] == "may sunog" == made.quote


@pytest.mark.parametrize(
    ("place", "field"),
    [
        ({"quote": "wala rito"}, "quote"),
        ({"start": 5, "end": 5}, "start"),
        ({"start": 0, "end": 10_000}, "start"),
        ({"start": 3}, "start"),
        ({"quote": "\ud800"}, "replacement"),
    ],
)
def test_a_stretch_that_is_not_there_is_refused(statement, by, now, place, field):
    newsroom = statement.latest.variants.get(channel__kind="newsroom")
    with pytest.raises(Invalid) as refused:
        say(statement, by.lea, now, variant=newsroom, **place)
    assert refused.value.field == field
    assert not Comment.objects.exists()


def test_words_that_stand_there_twice_need_a_place(statement, by, now):
    statement = desk.revise(statement, by.ana, now, "Ligtas sila. Ligtas sila.").statement
    newsroom = statement.latest.variants.get(channel__kind="newsroom")
    with pytest.raises(Invalid, match="more than once"):
        say(statement, by.lea, now, quote="Ligtas sila", variant=newsroom)
    assert say(statement, by.lea, now, quote="Ligtas sila", variant=newsroom, start=14).start == 13


def test_a_stretch_of_another_revision_is_refused(statement, by, now):
    old = statement.latest.variants.first()
    desk.revise(statement, by.ana, now, "Bagong teksto.")
    with pytest.raises(Invalid, match="another revision"):
        say(statement, by.lea, now, variant=old, quote="may sunog")


def test_it_is_found_again_when_the_text_changes_and_kept_when_it_is_gone(statement, by, now):
    made = say(statement, by.lea, now, quote="may sunog")
    desk.revise(statement, by.ana, now, "Bago ito. " + desk.NEWS)
    assert commenting.place_in(made, news_of(statement)).of(news_of(statement)) == "may sunog"
    desk.revise(statement, by.ana, now, "Usok lang pala.")
    assert commenting.place_in(made, news_of(statement)) is None


# --- who may say what


def test_not_every_seat_speaks_to_the_client(statement, by, now):
    say(statement, by.paolo, now)
    for who in (by.ana, by.ong):
        say(statement, who, now, audience="client")
    with pytest.raises(Forbidden, match="within the agency only"):
        say(statement, by.paolo, now, audience="client")


def test_the_client_speaks_about_what_reached_them_and_never_internally(isla, by, now):
    statement = desk.in_review(by.ana, now)
    with pytest.raises(Forbidden):
        say(statement, by.marta, now, audience="client")
    desk.decide(statement, by.lea, now)
    with pytest.raises(Forbidden):
        say(statement, by.marta, now)
    made = say(statement, by.marta, now, audience="client")
    assert made.side == "client" and made.by_name == "Marta"


def test_who_has_no_seat_says_nothing(statement, by, now):
    with pytest.raises(Forbidden):
        say(statement, by.charlie, now)


def test_nothing_empty_and_nothing_on_what_is_final(statement, by, now):
    with pytest.raises(Invalid):
        say(statement, by.lea, now, text="  ")
    with pytest.raises(Invalid):
        say(statement, by.lea, now, text="x" * 4001)
    drafting.withdraw(statement, by=by.ana, now=now)
    with pytest.raises(NotAllowed, match="final"):
        say(statement, by.lea, now)


def test_the_client_reads_only_what_was_said_to_them_about_what_reached_them(isla, by, now):
    statement = desk.in_review(by.ana, now)
    inside = say(statement, by.lea, now)
    outside = say(statement, by.lea, now, audience="client")
    assert not commenting.for_client().exists()  # it has not reached them
    desk.decide(statement, by.lea, now)
    assert list(commenting.for_client()) == [outside]
    with pytest.raises(Forbidden):
        commenting.reply(inside, text="?", by=by.marta, now=now)
    with pytest.raises(Forbidden):
        commenting.resolve(inside, by=by.marta, now=now)


# --- what becomes of it


def test_answered_resolved_reopened_with_who_and_when(statement, by, now):
    made = say(statement, by.lea, now)
    commenting.reply(made, text="Oo, sigurado.", by=by.ana, now=now)
    commenting.resolve(made, by=by.ana, now=now)
    made.refresh_from_db()
    assert (made.status, made.moved_by_name, made.moved_at) == ("resolved", "Ana", now)
    with pytest.raises(NotAllowed):
        commenting.resolve(made, by=by.lea, now=now)
    commenting.reply(made, text="Hindi pa.", by=by.lea, now=now)  # more to say: open again
    made.refresh_from_db()
    assert made.status == "open" and made.moved_by_name == "Lea"
    kinds = [
        "comment.written",
        "comment.answered",
        "comment.resolved",
        "comment.answered",
        "comment.reopened",
    ]
    assert (
        list(Event.objects.filter(subject_type="comment").order_by("seq").values_list("kind", flat=True))
        == kinds
    )


def test_the_words_of_an_internal_comment_are_in_no_event(statement, by, now):
    made = say(statement, by.lea, now, text=SECRET, quote="may sunog")
    commenting.reply(made, text=SECRET, by=by.ana, now=now)
    other = suggest(statement, by.lea, now, words=SECRET)
    suggesting.decline(other, by=by.ana, now=now)
    events = Event.objects.filter(subject_type="comment")
    assert events.count() == 4
    assert not [event for event in events if SECRET in str(event.data) or "may sunog" in str(event.data)]
    assert not events.exclude(incident_id=None).exists()


def test_the_database_keeps_what_was_said(statement, by, now):
    made = say(statement, by.lea, now)
    commenting.reply(made, text="Oo.", by=by.ana, now=now)
    for sql in (
        "UPDATE responses_comment SET text = 'iba'",
        "UPDATE responses_comment SET audience = 'client'",
        "DELETE FROM responses_comment",
        "UPDATE responses_reply SET text = 'iba'",
        "DELETE FROM responses_reply",
        "TRUNCATE responses_reply",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


# --- suggestions


def test_one_click_makes_a_revision_with_two_writers(isla, by, now):
    statement = desk.in_review(by.ana, now)
    made = suggest(statement, by.lea, now)
    revision = suggesting.apply(made, by=by.ramon, now=now)
    assert revision.number == 2 and "Ligtas ang 214." in news_of(statement)
    assert revision.author_id == by.ramon.id and "Lea" in revision.note
    made.refresh_from_db()
    assert made.status == "applied" and made.applied_in == revision
    statement.refresh_from_db()
    assert statement.status == "draft"  # the edit voided the review
    assert {by.ana.id, by.lea.id, by.ramon.id} == entitling.authors(statement.pk)
    reviewing.submit(statement, by=by.ana, now=now)
    step = desk.active(statement)
    assert entitling.why_not(step, by.lea.id, now) and entitling.why_not(step, by.ramon.id, now)
    assert not entitling.why_not(step, by.ong.id, now)


def test_a_suggestion_that_was_not_taken_makes_nobody_a_writer(isla, by, now):
    statement = desk.in_review(by.ana, now)
    made = suggest(statement, by.lea, now)
    suggesting.decline(made, reason="Hindi pa kumpirmado", by=by.ana, now=now)
    assert not entitling.why_not(desk.active(statement), by.lea.id, now)


def test_a_client_whose_words_are_in_it_does_not_approve_it(isla, by, now):
    statement = desk.with_client(by.ana, by.lea, now)
    made = suggest(statement, by.marta, now, audience="client")
    effect = suggesting.effects(statement, [made], by.ana.id)[made.pk]
    assert effect.voids and effect.also == "Marta" and effect.left_without == ["client"]
    suggesting.apply(made, by=by.ana, now=now)
    reviewing.submit(statement, by=by.ana, now=now)
    desk.decide(statement, by.lea, now)
    with pytest.raises(Forbidden, match="You wrote part"):
        desk.decide(statement, by.marta, now)


def test_a_text_that_changed_there_refuses_kindly(statement, by, now):
    made = suggest(statement, by.lea, now)
    desk.revise(statement, by.ana, now, "Ligtas silang lahat.")
    with pytest.raises(NotAllowed, match="does not stand there any more"):
        suggesting.apply(made, by=by.ana, now=now)
    desk.revise(statement, by.ana, now, "Ligtas ang lahat. Ligtas ang lahat.")
    with pytest.raises(NotAllowed, match="more than once"):
        suggesting.apply(made, by=by.ana, now=now)
    assert statement.latest.number == 3 and Comment.objects.get().status == "open"


def test_it_goes_in_where_the_words_went(statement, by, now):
    first, second = (
        suggest(statement, by.lea, now),
        suggest(statement, by.lea, now, "may sunog", "nagkasunog"),
    )
    suggesting.apply(second, by=by.ana, now=now)
    desk.revise(statement, by.ana, now, "Bago. " + news_of(statement))
    suggesting.apply(first, by=by.ana, now=now)
    assert news_of(statement) == "Bago. Kaninang 12:40 nagkasunog sa makina ng MV Amihan. Ligtas ang 214."


def test_leaving_words_out_and_what_does_not_fit(statement, by, now):
    out = suggest(statement, by.lea, now, " Ligtas ang lahat.", "")
    long = say(statement, by.lea, now, text="", quote="Susunod na ulat: 3:00.", replacement="x" * 400)
    with pytest.raises(Invalid):  # over the channel's limit
        suggesting.apply(long, by=by.ana, now=now)
    suggesting.apply(out, by=by.ana, now=now)
    assert news_of(statement) == "Kaninang 12:40 may sunog sa makina ng MV Amihan."


def test_what_a_suggestion_must_be(statement, by, now):
    with pytest.raises(Invalid):
        suggest(statement, by.lea, now, words="Ligtas ang lahat")
    with pytest.raises(Invalid):
        say(statement, by.lea, now, replacement="Para sa lahat")
    made = suggest(statement, by.lea, now)
    with pytest.raises(NotAllowed, match="applied or declined"):
        commenting.resolve(made, by=by.ana, now=now)
    with pytest.raises(NotAllowed, match="not a suggestion"):
        suggesting.apply(say(statement, by.lea, now), by=by.ana, now=now)


def test_declined_says_why_and_can_be_taken_up_again(statement, by, now):
    made = suggest(statement, by.lea, now)
    suggesting.decline(made, reason="Hindi pa kumpirmado", by=by.ana, now=now)
    with pytest.raises(NotAllowed, match="Ana has declined"):
        suggesting.apply(made, by=by.ana, now=now)
    commenting.reopen(made, by=by.lea, now=now)
    assert suggesting.apply(made, by=by.ana, now=now).number == 2
    with pytest.raises(NotAllowed, match="Ana has applied this"):
        suggesting.apply(made, by=by.ramon, now=now)


def test_the_client_changes_no_text(isla, by, now):
    statement = desk.with_client(by.ana, by.lea, now)
    made = suggest(statement, by.marta, now, audience="client")
    for deed in (suggesting.apply, suggesting.decline):
        with pytest.raises(Forbidden):
            deed(made, by=by.marta, now=now)


# --- telling the writers


def test_what_the_client_asks_waits_for_a_writer_until_somebody_answers(isla, by, now):
    statement = desk.with_client(by.ana, by.lea, now)
    made = say(statement, by.marta, now, audience="client")

    def waiting():
        pulse.refresh(isla, now)
        return [item for item in BrandPulse.objects.get(brand=isla).waiting if item["kind"] == "comment"]

    assert [(item["who"], item["what"]) for item in waiting()] == [("writer", statement.title)]
    commenting.reply(made, text="Oo.", by=by.ana, now=now)
    assert waiting() == []
    commenting.reply(made, text="Sino?", by=by.marta, now=now)
    assert len(waiting()) == 1
    commenting.resolve(made, by=by.ana, now=now)
    assert waiting() == []
    commenting.reopen(made, by=by.marta, now=now)
    assert len(waiting()) == 1
    drafting.withdraw(statement, by=by.ana, now=now)
    assert waiting() == []


# --- at the same time


def test_two_writers_press_at_once_and_one_wins(committed_brand, now):
    world, by = committed_brand, committed_brand.by
    for _round in range(10):
        statement = desk.in_review(by.ana, now)
        made = suggest(statement, by.lea, now)
        outcomes = world.run(
            *(
                lambda who=who, pk=made.pk: suggesting.apply(Comment.objects.get(pk=pk), by=who, now=now)
                for who in (by.ana, by.ramon)
            )
        )
        refused = [one for one in outcomes if isinstance(one, Exception)]
        assert len(refused) == 1 and isinstance(refused[0], NotAllowed | Conflict), outcomes
        assert statement.latest.number == 2 and news_of(statement).count("Ligtas ang 214") == 1
        assert Comment.objects.get(pk=made.pk).applied_in == statement.latest
    assert anchoring.occurrences("214", news_of(statement))
