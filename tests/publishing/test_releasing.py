"""The outbox: each approved text goes out exactly once, and what cannot be known is not guessed."""

from datetime import timedelta

import pytest
from django_q.models import OrmQ

from responses import pipeline
from responses.core.models import Event
from responses.errors import NotAllowed
from responses.publishing import deciding, releasing
from responses.publishing.channels.base import ChannelError
from responses.publishing.models import Attempt, Publication
from responses.publishing.settling import BACK_OFF, MOST_ATTEMPTS
from responses.statements import drafting, hashing, reviewing

from .making import TEXT, approve, approved, channel, drafted, newsroom

MINUTE = timedelta(minutes=1)


@pytest.fixture
def queued(isla, by, now, outside):
    """One queued publication on the fake channel."""
    [publication] = releasing.queue(approved(by, now), by=by.lea, now=now)
    return publication


def again(publication):
    return Publication.objects.get(pk=publication.pk)


def kinds(publication):
    events = Event.objects.filter(subject_type="publication", subject_id=publication.pk)
    return [event.kind for event in events.order_by("seq")]


class TestQueue:
    def test_one_publication_for_each_variant_of_the_approved_revision(self, isla, by, now, outside):
        texts = {channel(): TEXT, newsroom(): TEXT + "\n\nMore."}
        statement = approved(by, now, texts)
        rows = releasing.queue(statement, by=by.lea, now=now)
        assert {row.channel.kind: row.variant.text for row in rows} == {
            "fake": TEXT,
            "newsroom": TEXT + "\n\nMore.",
        }
        assert {row.approved_hash for row in rows} == {statement.latest.hash}

    def test_asked_twice_it_adds_nothing(self, isla, by, now, outside):
        statement = approved(by, now)
        first = releasing.queue(statement, by=by.lea, now=now)
        assert releasing.queue(statement, by=by.lea, now=now + MINUTE) == first
        assert kinds(first[0]) == ["publication.queued"]

    def test_what_is_not_approved_is_refused(self, isla, by, now, outside):
        with pytest.raises(NotAllowed):
            releasing.queue(drafted(by, now, {channel(): TEXT}), by=by.lea, now=now)
        assert not Publication.objects.exists()

    def test_approval_queues_and_pokes_the_worker(self, isla, by, now, outside):
        approved(by, now)
        before = OrmQ.objects.count()
        pipeline.follow(now)
        assert Publication.objects.get().status == "queued"
        tasks = [row.task for row in OrmQ.objects.order_by("pk")[before:]]
        assert ("release_publications", isla.pk) in {task["args"][:2] for task in tasks}

    def test_approval_waits_for_a_person_where_the_statement_says_so(self, isla, by, now, outside):
        statement = drafted(by, now, {channel(): TEXT})
        type(statement).objects.filter(pk=statement.pk).update(release_on_approval=False)
        approve(statement, by, now)
        pipeline.follow(now)
        assert not Publication.objects.exists()


class TestRelease:
    def test_what_goes_out_is_the_approved_text_and_the_statement_is_published(
        self, queued, outside, isla, now
    ):
        assert releasing.release_due(now) == 1
        sent = again(queued)
        assert (sent.status, sent.url) == ("published", f"https://fake.example/{sent.key}")
        assert outside.public == {str(sent.key): [TEXT]}
        pipeline.follow(now)
        sent.statement.refresh_from_db()
        assert sent.statement.status == "published"
        told = Event.objects.get(kind="statement.published")
        assert told.data["urls"] == {"fake": sent.url}

    def test_a_try_is_written_down_before_the_call(self, queued, outside, now):
        seen = []
        outside.before_answer = lambda: seen.extend(Attempt.objects.values_list("token", "outcome"))
        releasing.release_due(now)
        assert seen == [(1, "")]
        assert Attempt.objects.get().outcome == "published"

    def test_a_refusal_is_final_until_a_person_mends_it(self, queued, outside, by, now):
        outside.says = [ChannelError("Too long.", permanent=True)]
        releasing.release_due(now)
        failed = again(queued)
        assert (failed.status, failed.error) == ("failed", "Too long.")
        assert releasing.release_due(now + timedelta(days=2)) == 0
        assert outside.public == {}

    def test_asked_to_wait_it_waits_that_long(self, queued, outside, now):
        outside.says = [ChannelError("Wait.", retry_after=600)]
        releasing.release_due(now)
        waiting = again(queued)
        assert waiting.status == "queued"
        assert timedelta(seconds=600) <= waiting.due_at - now < timedelta(seconds=605)
        assert releasing.release_due(now + timedelta(seconds=599)) == 0
        assert releasing.release_due(now + timedelta(seconds=606)) == 1
        assert again(queued).status == "published"

    def test_without_a_word_it_waits_longer_each_time_and_then_stops(self, queued, outside, now):
        outside.says = [ChannelError("Down.") for _ in range(MOST_ATTEMPTS)]
        waits = []
        for _ in range(MOST_ATTEMPTS):
            releasing.release_due(now)
            row = again(queued)
            waits.append(round((row.due_at - now).total_seconds()))
            now = max(now, row.due_at)
        assert waits[:-1] == BACK_OFF
        assert (row.status, row.attempts_made) == ("failed", MOST_ATTEMPTS)

    def test_a_fault_of_our_own_after_the_call_began_is_unknown(self, queued, outside, now):
        outside.says = [RuntimeError("boom")]
        releasing.release_due(now)
        assert again(queued).status == "unknown"

    def test_a_channel_switched_off_keeps_it_in(self, queued, outside, now):
        type(queued.channel).objects.filter(pk=queued.channel_id).update(is_active=False)
        releasing.release_due(now)
        assert again(queued).status == "failed"
        assert outside.calls == []

    def test_a_suspended_brand_says_nothing(self, queued, outside, isla, now):
        from responses import tasks

        isla.status = "suspended"
        tasks.release_publications(isla)
        assert (again(queued).status, outside.calls) == ("queued", [])


class TestLease:
    def test_while_leased_nobody_else_takes_it(self, queued, now):
        assert releasing.claim(now=now).token == 1
        assert releasing.claim(now=now) is None

    def test_a_stale_token_cannot_finish(self, queued, outside, now, settings):
        """A sender that was paused past its lease, while another read back what it had sent."""
        first = releasing.claim(now=now)
        later = now + timedelta(seconds=settings.TUGON_LEASE_SECONDS + 1)
        second = releasing.claim(now=later)
        assert (second.token, second.taken_over) == (2, True)
        assert releasing.release(first, first.token, now=later) is False
        assert (again(queued).status, again(queued).token) == ("sending", 2)
        assert outside.calls == []  # it saw that it had lost its claim, and kept quiet
        assert list(Attempt.objects.values_list("token", "outcome")) == [(1, "lost"), (2, "")]

    def test_one_paused_within_the_call_cannot_finish_either(self, queued, outside, now, settings):
        first = releasing.claim(now=now)
        later = now + timedelta(seconds=settings.TUGON_LEASE_SECONDS + 1)
        outside.before_answer = lambda: releasing.claim(now=later)
        assert releasing.release(first, first.token, now=now) is False
        assert again(queued).status == "sending"

    @pytest.mark.parametrize("died", ["before the call", "after the call"])
    @pytest.mark.parametrize("repeatable", [True, False])
    def test_a_sender_that_died(self, queued, outside, now, settings, died, repeatable):
        """Where a repeat is a no-op it goes again; anywhere else it is read back, and never sent twice."""
        outside.repeatable = repeatable
        first = releasing.claim(now=now)
        if died == "after the call":
            outside.public[str(first.key)] = [TEXT]
        later = now + timedelta(seconds=settings.TUGON_LEASE_SECONDS + 1)
        assert releasing.release_due(later) == 1
        expected = "published" if repeatable or died == "after the call" else "unknown"
        assert again(queued).status == expected
        assert len(outside.calls) == (1 if repeatable else 0)

    @pytest.mark.parametrize("repeatable", [True, False])
    def test_a_crash_while_the_outcome_is_written_changes_nothing(
        self, queued, outside, now, settings, monkeypatch, repeatable
    ):
        """All of the outcome or none of it: state, try and event; then the lease ends and it is settled."""
        outside.repeatable = repeatable

        def crash(*_args, **_fields):
            raise SystemError("killed")

        with monkeypatch.context() as patched, pytest.raises(SystemError):
            patched.setattr("responses.core.history.record", crash)
            releasing.release_due(now)
        assert (again(queued).status, kinds(queued)) == ("sending", ["publication.queued"])
        assert Attempt.objects.get().outcome == ""
        releasing.release_due(now + timedelta(seconds=settings.TUGON_LEASE_SECONDS + 1))
        assert kinds(queued) == ["publication.queued", "publication.sent"]
        assert len(outside.calls) == (2 if repeatable else 1)  # a repeat is a no-op where it is repeated

    def test_one_that_kills_its_sender_every_time_is_given_up(self, queued, outside, now, settings):
        outside.repeatable = True
        for _ in range(MOST_ATTEMPTS):
            assert releasing.claim(now=now)
            now += timedelta(seconds=settings.TUGON_LEASE_SECONDS + 1)
        releasing.release_due(now)
        assert again(queued).status == "unknown"
        releasing.release_due(now + MINUTE)
        assert again(queued).status == "failed"  # read back: it is not there, and eight tries were enough
        assert outside.calls == []


class TestBlocked:
    TAMPER = {
        "the text": "UPDATE responses_variant SET text = 'We are not sorry.'",
        "the text and the hash": (
            "UPDATE responses_variant SET text = 'We are not sorry.';"
            "UPDATE responses_revision SET hash = repeat('a', 64);"
            "UPDATE responses_publication SET approved_hash = repeat('a', 64)"
        ),
        "the title": "UPDATE responses_revision SET title = 'Nothing happened'",
        "the approval": "UPDATE responses_decision SET revision_hash = repeat('a', 64)",
        "the review": "UPDATE responses_review SET status = 'running'",
        "the hash to compare with": "UPDATE responses_publication SET approved_hash = repeat('a', 64)",
        "the hash of the revision": "UPDATE responses_revision SET hash = repeat('a', 64)",
        "a verdict": "UPDATE responses_decision SET verdict = 'changes', comment = 'No.' WHERE via = 'web'",
        "a decision taken away": (
            "DELETE FROM responses_decision WHERE id = (SELECT min(id) FROM responses_decision)"
        ),
        "who decided": "UPDATE responses_decision SET person_id = 'user:999' WHERE step_id IN "
        "(SELECT id FROM responses_step WHERE function = 'client')",
        "when it was decided": "UPDATE responses_decision SET decided_at = decided_at - interval '1 hour'",
        "a step": "UPDATE responses_step SET status = 'cancelled' WHERE function = 'client'",
        "the statement": "UPDATE responses_statement SET status = 'in_review'",
        "its name outside": "UPDATE responses_publication SET key = gen_random_uuid()",
        "what history says": "UPDATE responses_event SET data = data || '{\"revision\": 7}' "
        "WHERE kind = 'statement.approved'",
    }

    @pytest.mark.parametrize("what", TAMPER)
    def test_tampered_by_sql_nothing_goes_out_and_the_alarm_is_raised(self, queued, outside, now, what):
        tamper(self.TAMPER[what])
        releasing.release_due(now)
        blocked = again(queued)
        assert (blocked.status, outside.calls) == ("blocked", [])
        assert kinds(queued) == ["publication.queued", "publication.blocked"]
        assert Event.objects.get(kind="publication.blocked").data["alarm"] is True

    def test_rows_that_were_all_made_to_fit_do_not_fit_history(self, queued, outside, now):
        """Another text with its right hash, in the revision, in the decisions and in the outbox."""
        tamper(self.TAMPER["the text"])
        new = hashing.hash_of(queued.revision)
        tamper(
            f"UPDATE responses_revision SET hash = '{new}';"
            f"UPDATE responses_decision SET revision_hash = '{new}';"
            f"UPDATE responses_publication SET approved_hash = '{new}'"
        )
        releasing.release_due(now)
        assert (again(queued).status, outside.calls) == ("blocked", [])
        assert "History" in again(queued).error

    def test_an_approval_that_was_only_written_into_the_tables(self, isla, outside, by, now):
        statement = drafted(by, now, {channel(): TEXT})
        review = reviewing.submit(statement, by=by.ana, now=now)
        hash_, who = review.revision.hash, f"'{by.marta.id}', 'Marta'"
        for step in review.steps.all():
            tamper(
                "INSERT INTO responses_decision (step_id, person_id, person_name, verdict, comment,"
                f" revision_hash, via, strength, decided_at) VALUES ({step.pk}, {who}, 'approved', '',"
                f" '{hash_}', 'web', 'mfa', now())"
            )
        tamper(
            "UPDATE responses_step SET status = 'passed'; UPDATE responses_review SET status = 'passed';"
            "UPDATE responses_statement SET status = 'approved'"
        )
        statement.refresh_from_db()
        [row] = releasing.queue(statement, by=by.lea, now=now)
        releasing.release_due(now)
        assert (again(row).status, outside.calls) == ("blocked", [])
        assert Event.objects.get(kind="publication.blocked").data["alarm"] is True

    @pytest.mark.parametrize("also", ["", ", published_at = NULL, external_id = ''"])
    def test_what_is_out_and_set_back_by_sql_does_not_go_out_again(self, queued, outside, now, also):
        releasing.release_due(now)
        tamper(f"UPDATE responses_publication SET status = 'queued', due_at = created_at{also}")
        releasing.release_due(now)
        assert (again(queued).status, len(outside.calls)) == ("blocked", 1)

    def test_what_was_blocked_is_mended_by_a_new_revision(self, queued, outside, by, now):
        """Also by the same words, and only after people have approved them anew."""
        tamper(self.TAMPER["the review"])
        releasing.release_due(now)
        statement, old = queued.statement, queued.statement.latest
        texts = {queued.channel_id: queued.variant.text}
        new = drafting.revise(
            statement, base=old.number, title=old.title, texts=texts, language="en", by=by.ana, now=now
        )
        assert new.number == old.number + 1
        with pytest.raises(NotAllowed):
            releasing.queue(statement, by=by.lea, now=now)
        approve(statement, by, now)
        [row] = releasing.queue(statement, by=by.lea, now=now)
        releasing.release_due(now)
        assert (again(row).status, outside.public) == ("published", {str(row.key): [TEXT]})
        assert again(queued).status == "blocked"
        releasing.conclude(statement.pk, now=now)
        statement.refresh_from_db()
        assert statement.status == "published"

    def test_a_blocked_one_can_be_called_off(self, queued, outside, by, now):
        tamper(self.TAMPER["the title"])
        releasing.release_due(now)
        assert deciding.cancel(again(queued), by=by.lea, now=now).status == "cancelled"

    def test_pointing_to_another_statements_text_is_found(self, queued, outside, by, now):
        other = approved(by, now, {channel(): "Another."}, title="Another")
        tamper(f"UPDATE responses_publication SET variant_id = {other.latest.variants.get().pk}")
        releasing.release_due(now)
        assert (again(queued).status, outside.calls) == ("blocked", [])

    def test_tampered_after_a_sender_died_it_is_unknown_first(self, queued, outside, now, settings):
        """It may have gone out while it still was approved: saying “blocked” would be a lie."""
        releasing.claim(now=now)
        outside.public[str(queued.key)] = [TEXT]
        tamper(self.TAMPER["the review"])
        releasing.release_due(now + timedelta(seconds=settings.TUGON_LEASE_SECONDS + 1))
        assert again(queued).status == "unknown"
        releasing.release_due(now + timedelta(seconds=settings.TUGON_LEASE_SECONDS + 60))
        assert again(queued).status == "published"


def tamper(sql):
    """As one who owns the database could: without the triggers."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET session_replication_role = origin")
