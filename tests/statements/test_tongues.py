"""English and Filipino side by side: one revision, one hash, each channel in the languages it speaks."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from responses.core.models import Event
from responses.errors import Conflict, Invalid
from responses.publishing import connecting
from responses.statements import drafting, hashing, lagging, reviewing, tongues
from responses.statements.lagging_models import StillRight
from responses.statements.models import Channel, Variant

from . import desk

ENGLISH = "At 12:40 there was a fire in the engine of MV Amihan. We are sorry. All 214 are safe."
FILIPINO = "Kaninang 12:40 may sunog sa makina ng MV Amihan. Paumanhin po. Ligtas ang lahat ng 214."
# Of the wording in the test that asks for it, as it was before a statement could have two languages.
KNOWN = "661c43840da83f0a1157c344b5963a8957084b1b89a6406debe9760c059cba37"


def also(text=FILIPINO, title="Sunog sa MV Amihan"):
    newsroom, _bluesky = desk.channels()
    return {"fil": {"title": title, "texts": {newsroom.pk: text}}}


def both(by, now, **given):
    newsroom, bluesky = desk.channels()
    wording = {
        "title": "Fire on MV Amihan",
        "language": "en",
        "texts": {newsroom.pk: ENGLISH, bluesky.pk: "All 214 on MV Amihan are safe."},
    }
    beside = given.pop("also") if "also" in given else also()
    return drafting.draft(type="holding", by=by, now=now, also=beside, **wording | given)


def edit(statement, by, now, news=ENGLISH, **given):
    newsroom, bluesky = desk.channels()
    texts = {newsroom.pk: news, bluesky.pk: "All 214 on MV Amihan are safe."}
    wording = {"title": "Fire on MV Amihan", "language": "en", "texts": texts, **given}
    return drafting.revise(statement, base=statement.latest.number, by=by, now=now, **wording)


class TestOneRevision:
    def test_it_holds_both_and_its_hash_is_over_both(self, isla, by, now):
        revision = both(by.ana, now).latest
        assert (revision.language, revision.titles) == ("en", {"fil": "Sunog sa MV Amihan"})
        found = {(row.channel.kind, row.language) for row in revision.variants.all()}
        assert found == {("newsroom", "en"), ("newsroom", "fil"), ("bluesky", "en")}
        assert revision.hash == hashing.hash_of(revision)

    def test_the_hash_of_one_language_is_spelled_as_it_always_was(self):
        texts = [(1, "newsroom", "a"), (2, "bluesky", "b")]
        told = hashing.content_of(1, 1, "T", "en", texts)
        assert told == {
            "statement": 1,
            "revision": 1,
            "title": "T",
            "language": "en",
            "variants": [[1, "newsroom", "a"], [2, "bluesky", "b"]],
        }
        assert hashing.digest(told) == KNOWN

    def test_the_hash_feels_every_part_of_the_second_language(self):
        texts = [(1, "newsroom", "a")]
        others = [
            (),
            [("fil", "T", [(1, "newsroom", "b")])],
            [("fil", "U", [(1, "newsroom", "b")])],
            [("fil", "T", [(1, "newsroom", "c")])],
            [("fil", "T", [(2, "newsroom", "b")])],
            [("ceb", "T", [(1, "newsroom", "b")])],
        ]
        hashes = {hashing.digest(hashing.content_of(1, 1, "T", "en", texts, also=also)) for also in others}
        assert len(hashes) == len(others)

    def test_a_version_put_in_by_sql_is_noticed(self, isla, by, now):
        statement = desk.draft(by.ana, now)
        revision, (newsroom, _bluesky) = statement.latest, desk.channels()
        Variant.objects.create(revision=revision, channel=newsroom, language="en", text="Nothing happened.")
        assert hashing.hash_of(revision) != revision.hash

    def test_the_database_keeps_one_text_per_language_and_none_without(self, isla, by, now):
        revision = both(by.ana, now).latest
        newsroom, _bluesky = desk.channels()
        for language in ("fil", ""):
            with pytest.raises(IntegrityError), transaction.atomic():
                Variant.objects.create(revision=revision, channel=newsroom, language=language, text="x")

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"fil": {"title": "", "texts": {"newsroom": "x"}}}, "also.fil.title"),
            ({"fil": {"title": "T", "texts": {"bluesky": "x"}}}, "also.fil.texts.bluesky"),
            ({"en": {"title": "T", "texts": {"newsroom": "x"}}}, "language"),
            ({"klingon!": {"title": "T", "texts": {"newsroom": "x"}}}, "language"),
            ({code: {"title": "T", "texts": {}} for code in ("fil", "ceb")}, "language"),
        ],
    )
    def test_what_does_not_hold_is_refused_at_its_field(self, isla, by, now, given, field):
        ids = {channel.kind: channel.pk for channel in desk.channels()}
        for version in given.values():
            version["texts"] = {ids[kind]: text for kind, text in version["texts"].items()}
        with pytest.raises(Invalid) as refused:
            both(by.ana, now, also=given)
        assert refused.value.field == field.replace("bluesky", str(ids["bluesky"]))

    def test_a_version_without_texts_is_none_and_the_other_leads(self, isla, by, now):
        newsroom, _bluesky = desk.channels()
        revision = both(by.ana, now, title="", texts={newsroom.pk: "  "}).latest
        assert (revision.title, revision.language, revision.titles) == ("Sunog sa MV Amihan", "fil", {})
        one = both(by.ana, now, also=also(text=" "))
        assert one.latest.languages == ["en"]

    def test_an_edit_without_a_change_makes_no_revision(self, isla, by, now):
        statement = both(by.ana, now)
        assert edit(statement, by.ana, now, also=also()).number == 1
        assert edit(statement, by.ana, now).number == 1

    def test_who_speaks_of_one_language_alone_leaves_the_other_as_it_is(self, isla, by, now):
        statement = both(by.ana, now)
        revision = edit(statement, by.ana, now, ENGLISH + " More at 3:00.")
        assert revision.languages == ["en", "fil"]
        assert tongues.texts_of(revision, "fil") == tongues.texts_of(statement.revisions.get(number=1), "fil")
        assert edit(statement, by.ana, now, ENGLISH, also={}).languages == ["en"]


class TestChannels:
    def test_a_channel_set_to_one_language_takes_only_that(self, isla, by, now):
        newsroom, bluesky = desk.channels()
        told = {"name": "Bluesky", "is_active": True, "speaks": "fil"}
        connecting.change(bluesky, **told, by=by.lea, now=now)
        with pytest.raises(Invalid, match="does not speak English"):
            both(by.ana, now)
        filipino = {"title": "Sunog", "texts": {newsroom.pk: FILIPINO, bluesky.pk: "Ligtas ang lahat."}}
        revision = both(by.ana, now, texts={newsroom.pk: ENGLISH}, also={"fil": filipino}).latest
        carried = {row.channel.kind: row.language for row in tongues.leading(revision)}
        assert carried == {"newsroom": "en", "bluesky": "fil"}

    def test_each_channel_carries_its_own_language(self, isla, by, now):
        newsroom, bluesky = desk.channels()
        other = Channel.objects.create(kind="x", name="X, Filipino", speaks="fil", position=2)
        filipino = {"title": "Sunog", "texts": {newsroom.pk: FILIPINO, other.pk: "Ligtas ang lahat."}}
        english = {newsroom.pk: ENGLISH, bluesky.pk: "All are safe."}
        leading = tongues.leading(both(by.ana, now, texts=english, also={"fil": filipino}).latest)
        assert [(row.channel.name, row.language) for row in leading][1:] == [
            ("Bluesky", "en"),
            ("X, Filipino", "fil"),
        ]


class TestLagging:
    def test_who_changes_one_language_is_told_that_the_other_lags(self, isla, by, now):
        statement = both(by.ana, now)
        assert lagging.of_revision(statement.latest) == []
        edit(statement, by.ana, now, ENGLISH + " More at 3:00.")
        lag = lagging.of_revision(statement.latest)[0]
        assert (lag.language, lag.since, lag.other, lag.changed, lag.is_open) == ("fil", 1, "en", 2, True)
        edit(statement, by.ana, now, ENGLISH + " More at 3:00.", also=also(FILIPINO + " Muli, 3:00."))
        assert lagging.of_revision(statement.latest) == []

    def test_a_version_written_later_is_level_with_what_stood(self, isla, by, now):
        statement = both(by.ana, now, also={})
        edit(statement, by.ana, now, also=also())
        assert lagging.of_revision(statement.latest) == []
        edit(statement, by.ana, now, also=also(title="Sunog sa barko"))
        assert [lag.language for lag in lagging.of_revision(statement.latest)] == ["en"], "a title counts"

    def test_still_right_is_recorded_and_holds_until_the_next_change(self, isla, by, now):
        statement = both(by.ana, now)
        edit(statement, by.ana, now, ENGLISH + " We are very sorry.")
        latest = statement.latest
        given = {"language": "fil", "by": by.ana, "now": now}
        lagging.still_right(statement, revision_hash=latest.hash, **given)
        lag = lagging.of_revision(latest)[0]
        assert (lag.is_open, lag.said.by_name) == (False, "Ana")
        event = Event.objects.get(kind="version.still_right", subject_id=statement.pk)
        assert (event.data["language"], event.data["revision"], event.actor_name) == ("fil", 2, "Ana")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            StillRight.objects.update(by_name="Somebody else")
        edit(statement, by.ana, now, ENGLISH + " We are very, very sorry.")
        assert lagging.open_lags(statement.latest), "the next change asks again"

    def test_only_for_the_text_that_was_read_and_only_when_it_lags(self, isla, by, now):
        statement = both(by.ana, now)
        given = {"language": "fil", "by": by.ana, "now": now}
        with pytest.raises(Conflict):
            lagging.still_right(statement, revision_hash=statement.latest.hash, **given)
        old = statement.latest.hash
        edit(statement, by.ana, now, ENGLISH + " More.")
        with pytest.raises(Conflict):
            lagging.still_right(statement, revision_hash=old, **given)

    def test_it_costs_the_same_after_many_revisions(self, isla, by, now, django_assert_num_queries):
        statement = both(by.ana, now)
        for number in range(5):
            edit(statement, by.ana, now, f"{ENGLISH} Buses: {number}.")
        latest = statement.latest
        with django_assert_num_queries(3):
            assert lagging.of_revision(latest)[0].changed == 6

    def test_it_keeps_nobody_from_review(self, isla, by, now):
        statement = both(by.ana, now)
        edit(statement, by.ana, now, ENGLISH + " More at 3:00.")
        assert reviewing.submit(statement, by=by.ana, now=now)
