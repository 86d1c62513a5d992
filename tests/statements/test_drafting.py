"""Revisions are immutable, limits hold, nothing typed is lost, an edit voids the review."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from responses.core.models import Event
from responses.errors import Conflict, Invalid, NotAllowed
from responses.statements import drafting, hashing, limits, reviewing
from responses.statements.models import Revision

from . import desk


def test_a_draft_has_one_revision_with_the_hash_of_its_content(isla, by, now):
    statement = desk.draft(by.ana, now)
    revision = statement.latest
    assert (revision.number, revision.author_id) == (1, by.ana.id)
    assert revision.hash == hashing.hash_of(revision)
    assert Event.objects.get(kind="statement.drafted", subject_id=statement.pk).data["hash"] == revision.hash


def test_the_hash_feels_every_part_and_ignores_the_order_of_channels():
    texts = [(1, "newsroom", "a"), (2, "bluesky", "b")]
    base = hashing.digest(hashing.content_of(1, 1, "T", "en", texts))
    assert base == hashing.digest(hashing.content_of(1, 1, "T", "en", texts[::-1]))
    others = [
        (2, 1, "T", "en", texts),
        (1, 2, "T", "en", texts),
        (1, 1, "U", "en", texts),
        (1, 1, "T", "fil", texts),
        (1, 1, "T", "en", [(1, "newsroom", "ab"), (2, "bluesky", "")]),
        (1, 1, "T", "en", [(2, "newsroom", "a"), (1, "bluesky", "b")]),
    ]
    assert len({base, *(hashing.digest(hashing.content_of(*other)) for other in others)}) == 7


def test_the_database_refuses_to_change_a_revision_or_a_variant(isla, by, now):
    revision = desk.draft(by.ana, now).latest
    revisions, variants = Revision.objects.filter(pk=revision.pk), revision.variants.all()
    changes = (
        lambda: revisions.update(title="Other"),
        lambda: variants.update(text="Other"),
        lambda: revisions._raw_delete("default"),
        lambda: variants._raw_delete("default"),
    )
    for change in changes:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("text", "count"),
    [("abc", 3), ("👨‍👩‍👧‍👦", 1), ("🇵🇭🇵🇭", 2), ("ñ", 1), ("n\u0303", 1), ("a\r\nb", 3), ("👍🏽", 1)],
)
def test_graphemes_are_counted_as_people_see_them(text, count):
    assert limits.graphemes(text) == count


@pytest.mark.parametrize(
    ("short", "words"),
    [
        ("x" * 301, "1 character over the limit of 300"),
        ("👨‍👩‍👧‍👦" * 300, "bytes over the limit of 3000"),
        ("x" * 342, "42 characters over the limit of 300"),
    ],
)
def test_a_text_over_a_limit_is_refused_with_channel_and_amount(isla, by, now, short, words):
    newsroom, bluesky = desk.channels()
    with pytest.raises(Invalid) as refused:
        desk.draft(by.ana, now, texts=desk.texts(short=short))
    assert refused.value.field == f"texts.{bluesky.pk}"
    assert "Bluesky" in refused.value.message and words in refused.value.message


def test_exactly_at_the_limit_is_fine(isla, by, now):
    assert desk.draft(by.ana, now, texts=desk.texts(short="🇵🇭" * 300)).latest.variants.count() == 2


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"language": "klingon!"}, "language"),
        ({"texts": {999999: "hello"}}, "texts.999999"),
        ({"texts": {}}, "texts"),
    ],
)
def test_what_does_not_hold_is_refused_at_its_field(isla, by, now, given, field):
    with pytest.raises(Invalid) as refused:
        desk.draft(by.ana, now, **given)
    assert refused.value.field == field


def test_characters_that_are_no_text_are_refused(isla, by, now):
    newsroom, _bluesky = desk.channels()
    for bad in ("a\x00b", "a\ud800b"):
        with pytest.raises(Invalid):
            desk.draft(by.ana, now, texts={newsroom.pk: bad})


def test_an_edit_without_a_change_makes_no_revision_and_voids_nothing(isla, by, now):
    statement = desk.in_review(by.ana, now)
    again = desk.revise(statement, by.ana, now, desk.NEWS.replace("\n", "\r\n") + "  ")
    assert again.number == 1
    assert statement.status == "in_review" and desk.active(statement)


def test_a_stale_base_is_a_conflict_that_carries_the_other_text(isla, by, now):
    statement = desk.draft(by.ana, now)
    desk.revise(statement, by.lea, now, "Lea's words", base=1)
    with pytest.raises(Conflict) as refused:
        desk.revise(statement, by.ana, now, "Ana's words", base=1)
    assert refused.value.extra["latest"] == 2
    assert "Lea's words" in refused.value.extra["texts"].values()
    assert "Lea" in refused.value.message
    assert statement.latest.number == 2


@pytest.mark.parametrize("approved", [False, True])
def test_an_edit_voids_the_review_at_once(isla, by, now, approved):
    statement = desk.with_client(by.ana, by.lea, now)
    if approved:
        desk.decide(statement, by.marta, now)
    review = statement.latest.review
    desk.revise(statement, by.ana, now + timedelta(minutes=1), "New words")
    statement.refresh_from_db()
    review.refresh_from_db()
    assert (statement.status, review.status) == ("draft", "voided")
    assert not review.steps.filter(status__in=["active", "waiting"]).exists()
    assert Event.objects.filter(kind="statement.review_voided", subject_id=statement.pk).count() == 1
    with pytest.raises(NotAllowed):
        step = review.steps.last()
        reviewing.decide(
            step, revision_hash=review.revision.hash, verdict="approved", comment="", by=by.marta, now=now
        )


def test_after_it_was_withdrawn_nothing_can_be_changed(isla, by, now):
    statement = desk.in_review(by.ana, now)
    drafting.withdraw(statement, by=by.ana, now=now, reason="wrong incident")
    with pytest.raises(NotAllowed):
        desk.revise(statement, by.ana, now, "New words")
    with pytest.raises(NotAllowed):
        reviewing.submit(statement, by=by.ana, now=now)


def test_what_is_on_its_way_out_keeps_its_text(isla, by, now):
    statement = desk.with_client(by.ana, by.lea, now)
    desk.decide(statement, by.marta, now)
    revision = statement.latest
    variant = revision.variants.first()
    leaving = {"approved_hash": revision.hash, "created_at": now, "due_at": now}
    publication = statement.publications.create(
        revision=revision, variant=variant, channel=variant.channel, **leaving
    )
    with pytest.raises(NotAllowed, match="on its way out"):
        desk.revise(statement, by.ana, now, "New words")
    statement.publications.filter(pk=publication.pk).update(status="sending")
    with pytest.raises(NotAllowed):
        drafting.withdraw(statement, by=by.ana, now=now)
    statement.refresh_from_db()
    assert statement.status == "approved" and revision.review.status == "passed"
    statement.publications.filter(pk=publication.pk).update(status="queued")
    drafting.withdraw(statement, by=by.ana, now=now)
    assert statement.status == "withdrawn"
