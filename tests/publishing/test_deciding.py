"""Unknown outcomes are read back or decided by a person with a reason; nobody sends twice on a guess."""

from datetime import timedelta

import pytest

from responses import pipeline
from responses.core.actors import Actor
from responses.core.models import Event
from responses.errors import Forbidden, Invalid, NotAllowed
from responses.publishing import deciding, releasing
from responses.publishing.channels.base import ChannelError
from responses.publishing.models import Publication
from responses.statements import commenting, suggesting

from .making import TEXT, approve, approved, channel, drafted

LATER = timedelta(minutes=1)


@pytest.fixture
def unknown(isla, by, now, outside):
    """Sent, but the answer never came."""
    [publication] = releasing.queue(approved(by, now), by=by.lea, now=now)
    outside.says = [ChannelError("No answer.", unknown=True)]
    releasing.release_due(now)
    publication.refresh_from_db()
    assert publication.status == "unknown"
    return publication


class TestReadBack:
    def test_what_is_found_as_approved_is_published(self, unknown, outside, now):
        releasing.release_due(now + LATER)
        unknown.refresh_from_db()
        assert (unknown.status, unknown.url) == ("published", f"https://fake.example/{unknown.key}")
        assert Event.objects.filter(kind="publication.resolved").get().data["outcome"] == "out"
        assert len(outside.calls) == 1
        pipeline.follow(now)
        unknown.statement.refresh_from_db()
        assert unknown.statement.status == "published"

    def test_not_yet_time_nobody_looks(self, unknown, outside, now):
        assert releasing.release_due(now) == 0

    def test_not_found_it_stays_unknown_and_is_never_sent_by_itself(self, unknown, outside, now):
        outside.public.clear()
        for minutes in (1, 5, 60, 600, 6000):
            releasing.release_due(now + timedelta(minutes=minutes))
        unknown.refresh_from_db()
        assert unknown.status == "unknown"
        assert len(outside.calls) == 1

    def test_not_found_it_goes_again_where_a_repeat_is_a_no_op(self, unknown, outside, now):
        outside.public.clear()
        outside.repeatable = True
        releasing.release_due(now + LATER)
        releasing.release_due(now + LATER)
        unknown.refresh_from_db()
        assert unknown.status == "published"
        assert outside.public == {str(unknown.key): [TEXT]}

    def test_what_cannot_be_read_at_all_is_left_to_people(self, unknown, outside, by, now):
        outside.readable = False
        releasing.release_due(now + LATER)
        unknown.refresh_from_db()
        assert unknown.status == "unknown"
        assert "look yourself" in unknown.error

    def test_another_text_there_is_for_a_person(self, unknown, outside, now):
        outside.public[str(unknown.key)] = ["Something else."]
        releasing.release_due(now + LATER)
        unknown.refresh_from_db()
        assert unknown.status == "unknown"
        assert "Another text" in unknown.error

    def test_what_cannot_be_read_stays_unknown_and_is_looked_at_less_and_less(self, unknown, outside, now):
        outside.reads = ChannelError("Down.")
        dues = []
        for _ in range(3):
            now = unknown.due_at
            releasing.release_due(now)
            unknown.refresh_from_db()
            dues.append(unknown.due_at - now)
        assert unknown.status == "unknown"
        assert dues == sorted(dues)
        assert dues[0] >= timedelta(seconds=20)

    def test_one_that_somebody_decided_meanwhile_is_left_alone(self, unknown, outside, by, now):
        seen = Publication.objects.get(pk=unknown.pk)
        deciding.decide_unknown(unknown, "out", reason="I saw it.", by=by.lea, now=now)
        assert deciding.reconcile(seen, now=now) == "published"
        assert Event.objects.filter(kind="publication.resolved").count() == 1


class TestAPersonDecides:
    def test_it_is_out(self, unknown, by, now):
        decided = deciding.decide_unknown(unknown, "out", reason="I saw it there.", by=by.lea, now=now)
        assert decided.status == "published"
        told = Event.objects.get(kind="publication.resolved")
        assert (told.actor_id, told.data["reason"]) == (by.lea.id, "I saw it there.")

    def test_two_find_it_is_not_out_and_it_goes_again_once(self, unknown, outside, by, now):
        outside.public.clear()
        deciding.decide_unknown(unknown, "not_out", reason="I looked: nothing.", by=by.lea, now=now)
        unknown.refresh_from_db()
        assert (unknown.status, unknown.again_by_name) == ("unknown", "Lea")
        told = Event.objects.get(kind="publication.again_asked")
        assert (told.actor_id, told.data["reason"]) == (by.lea.id, "I looked: nothing.")
        releasing.release_due(now + LATER)
        deciding.decide_unknown(unknown, "not_out", reason="Me neither.", by=by.ramon, now=now)
        releasing.release_due(now + LATER)
        unknown.refresh_from_db()
        assert (unknown.status, len(outside.calls), unknown.again_by_id) == ("published", 2, "")
        assert outside.public == {str(unknown.key): [TEXT]}
        told = Event.objects.get(kind="publication.resolved").data
        assert (told["first"], told["first_reason"]) == ("Lea", "I looked: nothing.")

    def test_one_person_twice_is_one_person(self, unknown, outside, by, now):
        deciding.decide_unknown(unknown, "not_out", reason="I looked.", by=by.lea, now=now)
        with pytest.raises(NotAllowed):
            deciding.decide_unknown(unknown, "not_out", reason="I am sure!", by=by.lea, now=now)
        unknown.refresh_from_db()
        assert (unknown.status, len(outside.calls)) == ("unknown", 1)

    def test_the_second_may_have_seen_it_there(self, unknown, by, now):
        deciding.decide_unknown(unknown, "not_out", reason="I looked.", by=by.lea, now=now)
        decided = deciding.decide_unknown(unknown, "out", reason="There it is.", by=by.ramon, now=now)
        assert (decided.status, decided.again_by_id) == ("published", "")

    def test_what_has_come_meanwhile_is_not_said_a_second_time(self, unknown, outside, by, now):
        """Two people looked too early; one more look is taken before it is sent again."""
        for person in (by.lea, by.ramon):
            deciding.decide_unknown(unknown, "not_out", reason="Nothing there.", by=person, now=now)
        releasing.release_due(now)
        unknown.refresh_from_db()
        assert (unknown.status, len(outside.calls)) == ("published", 1)

    def test_nobody_who_wrote_it(self, unknown, by, now):
        with pytest.raises(Forbidden):
            deciding.decide_unknown(unknown, "not_out", reason="Send it!", by=by.ana, now=now)
        unknown.refresh_from_db()
        assert unknown.status == "unknown"

    def test_no_machine(self, unknown, now):
        with pytest.raises(Forbidden):
            deciding.decide_unknown(
                unknown, "out", reason="I think so.", by=Actor("key:1", "Key", "api", "key"), now=now
            )

    @pytest.mark.parametrize(("outcome", "reason"), [("out", "  "), ("maybe", "I think so.")])
    def test_not_without_an_outcome_and_a_reason(self, unknown, by, now, outcome, reason):
        with pytest.raises(Invalid):
            deciding.decide_unknown(unknown, outcome, reason=reason, by=by.lea, now=now)

    def test_not_when_it_is_known(self, unknown, by, now):
        deciding.decide_unknown(unknown, "out", reason="I saw it.", by=by.lea, now=now)
        with pytest.raises(NotAllowed):
            deciding.decide_unknown(unknown, "not_out", reason="I did not.", by=by.ramon, now=now)

    def test_unknown_cannot_be_tried_again_or_cancelled(self, unknown, by, now):
        for deed in (deciding.try_again, deciding.cancel):
            with pytest.raises(NotAllowed):
                deed(unknown, by=by.lea, now=now)


class TestFailed:
    @pytest.fixture
    def failed(self, isla, by, now, outside):
        [publication] = releasing.queue(approved(by, now), by=by.lea, now=now)
        outside.says = [ChannelError("Wrong password.", permanent=True)]
        releasing.release_due(now)
        publication.refresh_from_db()
        return publication

    def test_mended_it_goes_again(self, failed, outside, by, now):
        deciding.try_again(failed, by=by.lea, now=now)
        releasing.release_due(now)
        failed.refresh_from_db()
        assert (failed.status, failed.attempts.count()) == ("published", 2)

    def test_called_off_it_stays_in(self, failed, outside, by, now):
        deciding.cancel(failed, by=by.lea, now=now, reason="No longer needed.")
        assert releasing.release_due(now + timedelta(days=1)) == 0
        failed.refresh_from_db()
        assert failed.status == "cancelled"

    def test_the_statement_is_published_when_the_rest_is_called_off(self, isla, by, now, outside):
        statement = approved(by, now, {channel(): TEXT, channel(name="second"): TEXT})
        releasing.queue(statement, by=by.lea, now=now)
        outside.says = [None, ChannelError("No.", permanent=True)]
        releasing.release_due(now)
        pipeline.follow(now)
        statement.refresh_from_db()
        assert statement.status == "approved"
        deciding.cancel(Publication.objects.get(status="failed"), by=by.lea, now=now)
        pipeline.follow(now)
        statement.refresh_from_db()
        assert statement.status == "published"


def test_whose_suggestion_is_in_it_does_not_decide(sign_in, isla, by, now, outside):
    """By the deed and on the page."""
    statement = drafted(by, now, {channel(): TEXT})
    variant = statement.latest.variants.get()
    other = {"variant": variant, "quote": "is safe in port", "replacement": "is safe in Cebu"}
    made = commenting.comment(statement.latest, text="", by=by.ramon, now=now, **other)
    suggesting.apply(made, by=by.ana, now=now)
    [unknown] = releasing.queue(approve(statement, by, now), by=by.lea, now=now)
    outside.says = [ChannelError("No answer.", unknown=True)]
    releasing.release_due(now)
    with pytest.raises(Forbidden, match="wrote"):
        deciding.decide_unknown(unknown, "out", reason="I saw it.", by=by.ramon, now=now)
    page = sign_in("ramon").get(f"/b/isla/publications/{unknown.pk}/")
    assert "You wrote this statement" in page.content.decode()
