"""Pictures on their way out: to the byte as approved, blocked when tampered with, and bare."""

import base64
import io
import json
import re

import feedparser
import pytest
from django.db import connection
from PIL import Image as Pillow

from agency.standing import Standing
from responses.core.models import Event
from responses.publishing import newsroom_files, releasing, sending
from responses.publishing.channels.base import CHANNELS
from responses.publishing.evidence import giving, sealing, verifying
from responses.publishing.models import Publication
from responses.statements import drafting, illustrating, reviewing
from responses.statements.models import Step
from tenants import context
from tenants.models import Domain
from tests.statements.drawing import ALT, added, as_file, given, photograph, picture

from . import making

TEXT = "All are safe. Ligtas po ang lahat."


@pytest.fixture
def folder(settings, tmp_path):
    settings.TUGON_NEWSROOM = str(tmp_path / "newsroom")
    settings.TUGON_ADDRESS = "http://testserver"
    return tmp_path / "newsroom"


@pytest.fixture
def carries(monkeypatch, outside):
    """The fake channel takes pictures, and remembers the posts it was given."""
    monkeypatch.setitem(illustrating.CARRIES, "fake", illustrating.Carries())
    posts, real = [], CHANNELS["fake"].send

    def send(self, post):
        posts.append(post)
        return real(self, post)

    monkeypatch.setattr(CHANNELS["fake"], "send", send)
    return posts


def drafted(by, now, images, channels):
    texts = {channel.pk: TEXT for channel in channels}
    return drafting.draft(
        title="Ferry service suspended", type="holding", texts=texts, language="en", images=images, by=by.ana,
        now=now,
    )  # fmt: skip


def out(by, now, images, *channels):
    statement = making.approve(drafted(by, now, images, channels), by, now)
    rows = releasing.queue(statement, by=by.lea, now=now)
    releasing.release_due(now)
    return [Publication.objects.get(pk=row.pk) for row in rows]


def test_what_goes_out_is_what_was_approved_and_bare(isla, by, now, carries):
    raw = photograph()
    assert b"CANARY" in raw
    image = added(by.ana, now, raw)
    [publication] = out(by, now, given(image), making.channel())
    assert publication.status == "published"
    [sent] = carries[0].pictures
    assert sent.content == bytes(image.content) and sent.alt == ALT
    assert (sent.width, sent.height, sent.media_type) == (640, 480, "image/jpeg")
    assert b"CANARY" not in sent.content
    assert sent.sha256 == image.sha256


def test_a_channel_left_out_and_one_that_takes_none_go_without(isla, by, now, carries, outside):
    other = making.channel(name="another fake")
    image = added(by.ana, now)
    out(by, now, given(image, left_out=[other.pk]), making.channel(), other)
    assert sorted(len(post.pictures) for post in carries) == [0, 1]
    x = making.channel("x", name="X")
    shown = illustrating.of(drafted(by, now, given(image), [x]).latest)
    assert illustrating.goes_to(shown, x) == []
    assert "without pictures" in illustrating.why_none(shown, x)
    assert illustrating.why_none((), x) == ""


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE responses_image SET content = content || 'x'::bytea",
        "UPDATE responses_image SET media_type = 'image/png'",
        "UPDATE responses_revisionimage SET alt = 'Nothing happened.'",
        "UPDATE responses_revisionimage SET left_out = '[1]'",
        "DELETE FROM responses_revisionimage",
    ],
)
def test_a_picture_changed_in_the_database_blocks_the_release_and_alarms(isla, by, now, carries, sql):
    statement = making.approve(drafted(by, now, given(added(by.ana, now)), [making.channel()]), by, now)
    [publication] = releasing.queue(statement, by=by.lea, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET session_replication_role = DEFAULT")
    releasing.release_due(now)
    publication.refresh_from_db()
    assert publication.status == "blocked" and carries == []
    alarm = Event.objects.get(kind="publication.blocked")
    assert alarm.data["alarm"]


def test_a_sender_that_died_sends_the_same_pictures_once_more_as_the_same_post(
    isla, by, now, carries, outside
):
    outside.repeatable = True
    [publication] = out(by, now, given(added(by.ana, now)), making.channel())
    again = sending.post_of(publication)
    assert again == carries[0], "the same input gives the same post"


# --- the newsroom


@pytest.fixture
def said(brands, by, now, folder):
    def say(*images, **more):
        with context.inside(brands.isla):
            found = [added(by.ana, now, raw) for raw in images]
            [publication] = out(by, now, given(*found, **more), making.newsroom())
            return Publication.objects.select_related("post").get(pk=publication.pk), found

    return say


def ask(folder, path, host="testserver", **headers):
    return Standing(folder).answer("GET", host, path, "", headers)


def test_in_the_newsroom_it_stands_beside_the_statement(said, folder, client):
    publication, [image] = said(photograph())
    slug = publication.post.slug
    for page in ("", f"{slug}/", f"fil/{slug}/"):
        drawn = client.get(f"/newsroom/isla/{page}")
        assert ask(folder, f"/newsroom/isla/{page}").body == drawn.content
        tag = re.search(
            r'<img src="(/newsroom/[^"]+\.jpg)" width="640" height="480" alt="([^"]+)"', drawn.text
        )
        assert tag[2] == ALT, page
    told = ask(folder, tag[1])
    asked = client.get(tag[1])
    for body, headers in ((told.body, dict(told.headers)), (asked.content, asked.headers)):
        assert body == bytes(image.content) and b"CANARY" not in body
        assert headers["content-type"] == "image/jpeg"
        assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "content-encoding" not in dict(ask(folder, tag[1], **{"accept-encoding": "gzip"}).headers)
    assert client.get(tag[1], headers={"If-None-Match": asked["ETag"]}).status_code == 304
    Pillow.open(io.BytesIO(told.body)).verify()
    assert not [file for file in folder.rglob("*") if file.is_file() and b"CANARY" in file.read_bytes()]


def test_machines_find_it_too(said, folder):
    publication, _images = said(photograph(), as_file(picture(320, 200)))
    page = ask(folder, f"/newsroom/isla/{publication.post.slug}/").body.decode()
    address = re.search(r'property="og:image" content="(http://testserver/newsroom/isla/[^"]+\.jpg)"', page)[
        1
    ]
    assert f'property="og:image:alt" content="{ALT}"' in page and 'property="og:image:width"' in page
    schema = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert schema["image"][0] == address and len(schema["image"]) == 2
    atom = feedparser.parse(ask(folder, "/newsroom/isla/atom.xml").body).entries[0]
    assert [each["type"] for each in atom.enclosures] == ["image/jpeg", "image/png"]
    assert atom.enclosures[0]["href"] == address
    item = json.loads(ask(folder, "/newsroom/isla/feed.json").body)["items"][0]
    assert item["image"] == address
    assert item["attachments"][0]["title"] == ALT and item["attachments"][1]["mime_type"] == "image/png"


def test_before_it_is_out_nobody_finds_it(brands, by, now, folder, client, said):
    publication, [stands] = said(photograph())
    with context.inside(brands.isla):
        draft = added(by.ana, now, as_file(picture(99, 99)))
        making.approve(drafted(by, now, given(draft), [making.newsroom()]), by, now)
    newsroom_files.rewrite(brands.isla)
    slug = publication.post.slug
    assert client.get(f"/newsroom/isla/{slug}/{draft.name}").status_code == 404
    assert client.get(f"/newsroom/kabila/{slug}/{stands.name}").status_code == 404
    assert client.get(f"/newsroom/isla/other/{stands.name}").status_code == 404
    assert not list(folder.rglob(draft.name))
    assert len(list(folder.rglob(stands.name))) == 1


def test_left_out_of_the_newsroom_it_is_not_there(said, brands, folder, client):
    with context.inside(brands.isla):
        newsroom = making.newsroom().pk
    publication, [image] = said(photograph(), left_out=[newsroom])
    assert "<img" not in client.get(f"/newsroom/isla/{publication.post.slug}/").text
    assert client.get(f"/newsroom/isla/{publication.post.slug}/{image.name}").status_code == 404
    assert not list(folder.rglob(image.name))


def test_on_a_host_of_its_own(said, brands, folder, client):
    Domain.objects.create(tenant=brands.isla, domain="news.isla.example", is_primary=True)
    publication, [image] = said(photograph())
    path = f"/{publication.post.slug}/{image.name}"
    assert (
        f'src="{path}"' in ask(folder, f"/{publication.post.slug}/", host="news.isla.example").body.decode()
    )
    assert ask(folder, path, host="news.isla.example").body == bytes(image.content)
    assert client.get(path, HTTP_HOST="news.isla.example", secure=True).content == bytes(image.content)


# --- evidence


@pytest.fixture
def pack(isla, by, now, carries):
    images = given(added(by.ana, now)) + given(added(by.ana, now, as_file(picture())), alt="A map, drawn.")
    [publication] = out(by, now, images, making.channel())
    return json.loads(json.dumps(giving.give(publication, now=now)))


def flaws(pack):
    return "\n".join(verifying.verify(json.dumps(sealing.seal(pack)).encode()).flaws)


def test_a_pack_proves_the_pictures_offline(pack):
    assert flaws(pack) == ""
    told = pack["revision"]["content"]["images"]
    assert [each["alt"] for each in told] == [ALT, "A map, drawn."]
    assert pack["publication"]["images"] == [each["sha256"] for each in told]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p: p["revision"]["images"][0].update(data=base64.b64encode(b"x").decode()), "not the ones"),
        (lambda p: p["revision"]["images"].reverse(), "not the ones"),
        (lambda p: p["revision"].pop("images"), "not the ones"),
        (lambda p: p["publication"]["images"].append("0" * 64), "not approved"),
        (lambda p: p["revision"]["content"]["images"][0].update(alt="Other words"), "hash that was approved"),
        (
            lambda p: p["revision"]["content"]["images"][0]["left_out"].append(
                p["publication"]["channel"]["id"]
            ),
            "not approved for",
        ),
    ],
)
def test_a_changed_picture_in_a_pack_is_found(pack, change, words):
    change(pack)
    assert words in flaws(pack)


def test_the_pages_of_the_pack_show_them(pack, brands, by, now, client, people):
    with context.inside(brands.isla):
        publication = Publication.objects.get(pk=pack["publication"]["id"])
    client.force_login(people.lea)
    body = client.get(f"/b/isla/publications/{publication.pk}/evidence.pdf").content
    assert body.startswith(b"%PDF") and body.count(b"/Subtype /Image") + body.count(b"/Subtype/Image") >= 2


# --- who may see one before it is out


def test_the_client_sees_a_picture_when_asked_and_not_before(brands, by, now, client, people):
    with context.inside(brands.isla):
        image, other = added(by.ana, now), added(by.ana, now, as_file(picture()))
        statement = drafted(by, now, given(image), [making.newsroom()])
        review = reviewing.submit(statement, by=by.ana, now=now)
    client.force_login(people.marta)
    at = f"/portal/isla/images/{image.name}"
    assert client.get(at).status_code == 404
    with context.inside(brands.isla):
        step = review.steps.get(function=Step.Function.AGENCY)
        reviewing.decide(step, revision_hash=review.revision.hash, verdict="approved", by=by.lea, now=now)
        mine = review.steps.get(function=Step.Function.CLIENT)
    page = client.get(f"/portal/isla/{mine.pk}/").text
    assert f'src="{at}"' in page and ALT in page
    answer = client.get(at)
    assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
    assert client.get(f"/portal/isla/images/{other.name}").status_code == 404
    for stranger in (people.charlie, people.jun, people.kara):
        client.force_login(stranger)
        assert client.get(at).status_code == 404
