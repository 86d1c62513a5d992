"""Corrected, updated, retracted: each a new statement linked to the first, wherever it is seen."""

import pytest
from django.urls import reverse

from api import keys
from api.scopes import Scope
from responses import pipeline
from responses.errors import NotAllowed
from responses.publishing import approval, releasing, sending
from responses.publishing.models import NewsroomPost, Publication
from responses.statements import drafting, hashing
from responses.statements.models import Statement
from tenants import context

from .making import TEXT, approve, approved, channel, newsroom


def at(name, *args, brand="isla"):
    return reverse(f"responses:{name}", args=[brand, *args])


def out(by, now, texts=None):
    """A statement that stands in public."""
    statement = approved(by, now, texts or {newsroom(): "120 passengers."})
    return released(statement, by, now)


def released(statement, by, now):
    releasing.queue(statement, by=by.lea, now=now)
    releasing.release_due(now)
    pipeline.follow(now)
    statement.refresh_from_db()
    assert statement.status == "published"
    return statement


def following(about, by, now, type="correction", text="It was 112 passengers.", **given):
    texts = {newsroom().pk: text}
    title = f"{type}: Ferry"
    return drafting.draft(
        title=title, type=type, texts=texts, language="en", by=by.ana, now=now, about=about, **given
    )


@pytest.fixture
def spoken(brands, by, now):
    with context.inside(brands.isla):
        return out(by, now)


class TestDeed:
    def test_what_is_not_in_public_is_edited_instead(self, isla, by, now):
        quiet = approved(by, now, {newsroom(): "Not yet."})
        with pytest.raises(NotAllowed):
            following(quiet, by, now)

    def test_people_approve_the_link_too(self, isla, by, now, spoken):
        """Whoever turns a statement against another one by SQL finds it blocked."""
        correction = approve(following(spoken, by, now), by, now)
        assert approval.approved_hash(correction.latest) == hashing.hash_of(correction.latest)
        [publication] = releasing.queue(correction, by=by.lea, now=now)
        Statement.objects.filter(pk=correction.pk).update(about=None)
        releasing.release_due(now)
        publication.refresh_from_db()
        assert publication.status == "blocked"

    def test_without_a_link_the_fingerprint_is_as_it_always_was(self, isla, by, now, spoken):
        assert "about" not in hashing.content(spoken.latest)

    def test_the_channel_is_told_which_of_its_posts_it_is_about(self, isla, by, now, outside):
        first = out(by, now, {channel(): TEXT})
        texts = {channel().pk: "Corrected."}
        second = drafting.draft(
            title="C", type="correction", texts=texts, language="en", by=by.ana, now=now, about=first
        )
        [publication] = releasing.queue(approve(second, by, now), by=by.lea, now=now)
        assert sending.post_of(publication).about == str(first.publications.get().key)


class TestPages:
    def test_a_published_one_has_the_three_buttons_and_a_draft_none(self, sign_in, brands, by, now, spoken):
        with context.inside(brands.isla):
            draft = following(spoken, by, now)
        client = sign_in("ana")
        page = client.get(at("statement", spoken.pk)).content.decode()
        for how in ("correct", "update", "retract"):
            assert at("statement_follow", spoken.pk, how) in page
        assert "correction: Ferry" in page
        page = client.get(at("statement", draft.pk)).content.decode()
        assert "/follow/" not in page
        assert "This is about:" in page
        assert at("statement", spoken.pk) in page

    @pytest.mark.parametrize(
        ("how", "type"), [("correct", "correction"), ("update", "update"), ("retract", "retraction")]
    )
    def test_each_begins_a_draft_of_its_type_beside_what_was_said(
        self, sign_in, brands, by, spoken, how, type
    ):
        client = sign_in("ana")
        where = at("statement_follow", spoken.pk, how)
        page = client.get(where).content.decode()
        assert "120 passengers." in page
        with context.inside(brands.isla):
            field = f"text_{newsroom().pk}"
        typed = {"title": "What is right", "language": "en", field: "It was 112."}
        assert client.post(where, typed | {"title": ""}).status_code == 422
        assert client.post(where, typed).status_code == 303
        with context.inside(brands.isla):
            made = Statement.objects.get(title="What is right")
            assert (made.type, made.about, made.status) == (type, spoken, "draft")

    def test_who_may_not_write_may_not_begin(self, sign_in, spoken):
        assert sign_in("paolo").get(at("statement_follow", spoken.pk, "correct")).status_code == 403
        assert sign_in("ana").get(at("statement_follow", spoken.pk, "edit")).status_code == 404
        assert sign_in("charlie").get(at("statement_follow", spoken.pk, "correct")).status_code == 404

    def test_what_is_not_out_says_so(self, sign_in, brands, by, now):
        with context.inside(brands.isla):
            quiet = approved(by, now, {newsroom(): "Not yet."})
        assert sign_in("ana").get(at("statement_follow", quiet.pk, "correct")).status_code == 409


class TestNewsroom:
    @pytest.mark.parametrize("type", ["correction", "update", "retraction"])
    def test_each_shows_the_other_and_the_first_keeps_its_words(self, client, brands, by, now, spoken, type):
        with context.inside(brands.isla):
            released(approve(following(spoken, by, now, type), by, now), by, now)
            first, second = NewsroomPost.objects.order_by("pk")
        page = client.get(f"/newsroom/isla/{first.slug}/").content.decode()
        assert "120 passengers." in page
        assert second.slug in page
        page = client.get(f"/newsroom/isla/{second.slug}/").content.decode()
        assert "This is about:" in page
        assert first.slug in page

    def test_a_draft_about_it_is_nobodys_business_yet(self, client, brands, by, now, spoken):
        with context.inside(brands.isla):
            following(spoken, by, now)
            slug = NewsroomPost.objects.get().slug
        assert "correction: Ferry" not in client.get(f"/newsroom/isla/{slug}/").content.decode()


def test_by_the_api(client, brands, by, now, spoken):
    with context.inside(brands.isla):
        key = keys.issue(name="Tool", scopes=list(Scope), by=by.ramon, now=now)[1]
        place = f"chn_{newsroom().pk}"
    auth = {"HTTP_AUTHORIZATION": f"Bearer {key}", "content_type": "application/json"}
    texts = [{"channel": place, "text": "It was 112."}]
    body = {"title": "Right", "language": "en", "type": "correction", "texts": texts}
    made = client.post("/api/v1/brands/isla/statements", body | {"about": f"stm_{spoken.pk}"}, **auth)
    assert made.status_code == 201, made.content
    assert made.json()["about"] == f"stm_{spoken.pk}"
    draft = made.json()["id"]
    refused = client.post("/api/v1/brands/isla/statements", body | {"about": draft}, **auth)
    assert refused.status_code == 409
    assert (
        client.post("/api/v1/brands/isla/statements", body | {"about": "stm_99"}, **auth).status_code == 422
    )
    with context.inside(brands.isla):
        assert Publication.objects.count() == 1
