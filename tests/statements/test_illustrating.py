"""Pictures in a statement: on the writer's page without JavaScript, hashed, compared, served, tampered."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from responses.errors import Invalid, Refused
from responses.statements import hashing, illustrating, image_fields, keeping, reviewing
from responses.statements.image_models import Image, RevisionImage
from responses.statements.models import Statement
from tenants import context

from . import desk
from .drawing import ALT, CANARY, added, as_file, given, photograph, picture
from .test_pages import wording


def at(name, *args):
    return reverse(f"responses:{name}", args=["isla", *args])


def file(raw=None, name="IMG_0001.jpg"):
    return SimpleUploadedFile(name, raw or photograph(), content_type="image/jpeg")


@pytest.fixture
def statement(brands, by, now):
    with context.inside(brands.isla):
        return desk.draft(by.ana, now)


# --- the deeds


def test_without_pictures_the_hash_is_what_it_always_was(isla, by, now):
    revision = desk.draft(by.ana, now).latest
    assert not hashing.content(revision).keys() & {"images", "form"}


def test_pictures_words_order_and_channels_are_all_in_the_hash(isla, by, now):
    one, two = added(by.ana, now), added(by.ana, now, as_file(picture()))
    newsroom, bluesky = desk.channels()
    wordings = [
        (),
        given(one),
        given(two),
        given(one, alt="Something else altogether."),
        given(one, left_out=[bluesky.pk]),
        given(one, two),
        given(two, one),
    ]
    hashes = set()
    for images in wordings:
        revision = desk.draft(by.ana, now, images=images).latest
        assert revision.hash == hashing.hash_of(revision)
        told = hashing.content(revision) | {"statement": 0}
        hashes.add(hashing.digest(told))
    assert len(hashes) == len(wordings)


def test_the_same_picture_is_kept_once(isla, by, now):
    raw = photograph()
    assert added(by.ana, now, raw) == added(by.lea, now, raw + b"more behind its end")
    assert Image.objects.count() == 1


def test_a_new_picture_or_word_is_a_new_revision_and_voids_the_review(isla, by, now):
    image = added(by.ana, now)
    statement = desk.in_review(by.ana, now)
    revision = desk.revise(statement, by.ana, now, desk.NEWS, images=given(image))
    statement.refresh_from_db()
    assert (revision.number, statement.status) == (2, "draft")
    same = desk.revise(statement, by.ana, now, desk.NEWS, images=given(image))
    assert same.number == 2, "the same again is no revision"
    kept = desk.revise(statement, by.ana, now, "Iba na ito.")
    assert [each.image for each in illustrating.of(kept)] == [image], "not given they stay as they are"
    assert desk.revise(statement, by.ana, now, "Iba na ito.", images=[]).images.count() == 0


@pytest.mark.parametrize(
    ("alt", "words"),
    [("", "Describe"), (" \n ", "Describe"), ("x" * 1001, "too long"), ("\u200b\x00", "Describe")],
)
def test_without_words_a_picture_is_not_saved(isla, by, now, alt, words):
    with pytest.raises(Invalid, match=words) as caught:
        desk.draft(by.ana, now, images=given(added(by.ana, now), alt=alt))
    assert caught.value.field == "images.0.alt"


def test_four_are_the_most_and_none_twice(isla, by, now):
    images = [added(by.ana, now, as_file(picture(50 + n, 40))) for n in range(5)]
    with pytest.raises(Invalid, match="4 pictures"):
        desk.draft(by.ana, now, images=given(*images))
    with pytest.raises(Invalid, match="twice"):
        desk.draft(by.ana, now, images=given(images[0], images[0]))
    with pytest.raises(Invalid, match="not here any more"):
        desk.draft(by.ana, now, images=[{"image": 10**9, "alt": ALT}])


def test_telegram_takes_less_text_beside_a_picture(isla, by, now):
    from responses.statements.models import Channel

    telegram = Channel.objects.create(kind="telegram", name="Telegram", config={})
    texts = {telegram.pk: "a" * 1100}
    assert desk.draft(by.ana, now, texts=texts)
    image = added(by.ana, now)
    with pytest.raises(Invalid, match="Beside a picture"):
        desk.draft(by.ana, now, texts=texts, images=given(image))
    assert desk.draft(by.ana, now, texts=texts, images=given(image, left_out=[telegram.pk]))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE responses_image SET content = 'x'",
        "UPDATE responses_revisionimage SET alt = 'x'",
        "DELETE FROM responses_revisionimage",
        "DELETE FROM responses_image",
        "TRUNCATE responses_image CASCADE",
    ],
)
def test_the_database_refuses_to_change_a_picture(isla, by, now, sql):
    desk.draft(by.ana, now, images=given(added(by.ana, now)))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_tampered_picture_goes_no_further(isla, by, now):
    statement = desk.draft(by.ana, now, images=given(added(by.ana, now)))
    reviewing.submit(statement, by=by.ana, now=now)
    tamper("UPDATE responses_image SET content = content || 'x'::bytea")
    assert hashing.hash_of(statement.latest) != statement.latest.hash
    with pytest.raises(Refused):
        desk.decide(statement, by.lea, now)


def tamper(sql):
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET session_replication_role = DEFAULT")


def test_what_changed_is_told(isla, by, now):
    one, two, three = (added(by.ana, now, as_file(picture(50 + n, 40))) for n in range(3))
    statement = desk.draft(by.ana, now, images=given(one, two))
    again = given(two) + given(one, alt="Other words for the same.") + given(three)
    revision = desk.revise(statement, by.ana, now, desk.NEWS, images=again)
    before = statement.revisions.get(number=1)
    told = [(each.shown.image, each.what) for each in illustrating.side_by_side(before, revision)]
    assert told == [(two, "moved"), (one, "said"), (three, "added")]
    back = illustrating.side_by_side(revision, before)
    assert [each.what for each in back] == ["said", "moved", "removed"]


def test_what_nobody_used_is_forgotten_after_a_month(isla, by, now):
    shown, typed, unused = (added(by.ana, now, as_file(picture(50 + n, 40))) for n in range(3))
    statement = desk.draft(by.ana, now, images=given(shown))
    later = now + keeping.KEPT + timedelta(days=1)
    keeping.keep(statement, {"image_1": str(typed.pk), "alt_1": ""}, base=1, by=by.ana, now=later)
    fresh = added(by.ana, later, as_file(picture(99, 99)))
    keeping.forget(later)
    assert set(Image.objects.all()) == {shown, typed, fresh}
    assert not Image.objects.filter(pk=unused.pk).exists()


# --- the fields


def test_fields_are_put_in_order():
    fields = {"title": "T", "image_1": "7", "alt_1": "a", "off_1_3": "on", "image_2": "8", "alt_2": "b"}
    swapped = image_fields.earlier(fields, 2)
    assert swapped == {
        "title": "T",
        "image_1": "8",
        "alt_1": "b",
        "image_2": "7",
        "alt_2": "a",
        "off_2_3": "on",
    }
    assert image_fields.without(fields, 1) == {"title": "T", "image_1": "8", "alt_1": "b"}
    assert image_fields.earlier(fields, 1) == fields
    assert image_fields.given({"image_1": "x", "image_2": "0", "image_3": "9" * 40}) == []


# --- the pages


@pytest.fixture
def words(brands):
    """What the form holds, as a browser sends it."""

    def typed(*given, **more):
        with context.inside(brands.isla):
            return wording(*given, **more)

    return typed


def test_from_a_file_to_a_revision_without_javascript(sign_in, statement, brands, words):
    ana = sign_in("ana")
    typed = words("Mga salitang hindi pa naka-save.")
    sent = ana.post(at("statement_images", statement.pk), typed | {"picture": "add", "file": file()})
    assert sent.status_code == 303 and sent["Location"].endswith("#pictures")
    page = ana.get(at("statement", statement.pk)).text
    assert "Mga salitang hindi pa naka-save." in page, "nothing that was typed is lost"
    assert "The picture is here" in page
    with context.inside(brands.isla):
        image = Image.objects.get()
        assert not RevisionImage.objects.exists(), "it is part of the next revision only"
    assert image.name in page and CANARY not in bytes(image.content)
    fields = typed | {"image_1": image.pk, "alt_1": ""}
    refused = ana.post(at("statement_save", statement.pk), fields)
    assert refused.status_code == 422
    assert "Describe what this picture shows" in refused.text and "hindi pa naka-save" in refused.text
    saved = ana.post(at("statement_save", statement.pk), fields | {"alt_1": ALT})
    assert saved.status_code == 303
    with context.inside(brands.isla):
        [shown] = illustrating.of(Statement.objects.get(pk=statement.pk).latest)
        assert (shown.image, shown.alt) == (image, ALT)
    page = ana.get(at("statement", statement.pk)).text
    assert ALT in page and "is back" not in page, "saved, the page and the working copy agree"
    revision = ana.get(at("revision", statement.pk, 2)).text
    assert f'alt="{ALT}"' in revision and "new" in revision


def test_a_file_chosen_and_not_added_comes_along_when_saving(sign_in, statement, brands, words):
    ana = sign_in("ana")
    sent = ana.post(at("statement_save", statement.pk), words("Bagong salita.") | {"file": file()})
    assert sent.status_code == 303 and "#pictures" in sent["Location"]
    page = ana.get(at("statement", statement.pk)).text
    assert "Bagong salita." in page and "image_1" in page


def test_one_that_is_not_begun_has_pictures_too(sign_in, statement, brands, words):
    ana = sign_in("ana")
    typed = words("Bago.") | {"type": "apology", "picture": "add", "file": file()}
    assert ana.post(at("statement_images_new"), typed).status_code == 303
    page = ana.get(at("statement_new")).text
    assert "Bago." in page and 'name="image_1"' in page
    with context.inside(brands.isla):
        image = Image.objects.get()
    typed = words("Bago.") | {"type": "apology", "image_1": image.pk, "alt_1": ALT}
    assert ana.post(at("statement_new"), typed).status_code == 303
    with context.inside(brands.isla):
        assert illustrating.of(Statement.objects.latest("pk").latest)[0].alt == ALT


@pytest.mark.parametrize("raw", [b"<svg/>", b"\0\0\0\x18ftypheic", b"no picture", photograph()[:900]])
def test_what_is_no_picture_is_refused_and_nothing_is_lost(sign_in, statement, raw, words):
    ana = sign_in("ana")
    sent = ana.post(at("statement_images", statement.pk), words("Salita.") | {"file": file(raw, "x.svg")})
    assert sent.status_code == 303
    page = ana.get(at("statement", statement.pk)).text
    assert "Salita." in page and 'value="remove:1"' not in page
    top, box = page.split('id="pictures"')
    assert "note error" not in top.split('id="messages"')[1].split("</div>")[0], "the page opens at the box"
    assert 'id="picture_error"' in box and 'aria-describedby="picture_error picture_help"' in box


def test_the_button_pressed_after_the_picture_arrived_is_no_fault(sign_in, statement, words):
    """Choosing a file sends it at once; a quick click on the button then sends nothing."""
    ana, typed = sign_in("ana"), words() | {"picture": "add"}
    ana.post(at("statement_images", statement.pk), typed | {"file": file()})
    pk = ana.get(at("statement", statement.pk)).context["form"]["image_1"].value()
    ana.post(at("statement_images", statement.pk), typed | {"image_1": pk, "alt_1": ""})
    page = ana.get(at("statement", statement.pk)).text
    assert "The picture is here" in page and "picture_error" not in page
    ana.post(at("statement_images", statement.pk), typed | {"image_1": pk, "alt_1": ALT})
    assert "Choose a picture." in ana.get(at("statement", statement.pk)).text, "nothing arrived here"


def test_pictures_are_moved_and_taken_out(sign_in, statement, brands, by, now, words):
    with context.inside(brands.isla):
        one, two = added(by.ana, now), added(by.ana, now, as_file(picture()))
    ana = sign_in("ana")
    typed = words() | {"image_1": one.pk, "alt_1": "Una ito.", "image_2": two.pk, "alt_2": "Ikalawa ito."}
    ana.post(at("statement_images", statement.pk), typed | {"picture": "earlier:2"})
    page = ana.get(at("statement", statement.pk)).text
    assert page.index("Ikalawa ito.") < page.index("Una ito.")
    ana.post(at("statement_images", statement.pk), typed | {"picture": "remove:1"})
    page = ana.get(at("statement", statement.pk)).text
    assert "Una ito." not in page and "Ikalawa ito." in page
    ana.post(at("statement_images", statement.pk), typed | {"picture": "remove:x"})


def test_served_as_what_it_is_to_those_who_may_see_it(sign_in, brands, by, now):
    with context.inside(brands.isla):
        image = added(by.ana, now)
    answer = sign_in("paolo").get(at("image", image.name))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
    assert answer.content == bytes(image.content)
    again = sign_in("paolo").get(at("image", image.name), headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert sign_in("charlie").get(at("image", image.name)).status_code == 404
    assert sign_in("marta").get(at("image", image.name)).status_code == 404
    assert sign_in("paolo").get(at("image", "0" * 64 + ".jpg")).status_code == 404
    assert sign_in("nilo").post(at("statement_images_new"), {"file": file()}).status_code == 404


def test_two_texts_at_once_lose_no_picture(sign_in, statement, brands, by, now, words):
    with context.inside(brands.isla):
        mine, theirs = added(by.ana, now), added(by.ana, now, as_file(picture()))
        desk.revise(statement, by.lea, now, "Iba.", images=given(theirs, alt="Their words for it."))
    typed = words("Akin.") | {"image_1": mine.pk, "alt_1": "My words for it."}
    conflict = sign_in("ana").post(at("statement_save", statement.pk), typed)
    assert conflict.status_code == 412
    assert mine.name in conflict.text and "My words for it." in conflict.text
    assert theirs.name in conflict.text and "Their words for it." in conflict.text
