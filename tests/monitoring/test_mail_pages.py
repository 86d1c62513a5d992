"""Setting up an address that takes mail, by page and by API: tried on a message before it is saved."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from api import keys
from api.scopes import Scope
from responses.monitoring import mailing, sourcing
from responses.monitoring.models import Mention, Source
from tenants import context
from tests.monitoring import letters
from tests.monitoring.letters import HTML, letter, parts

NEW = "/b/isla/sources/add/email/"
TYPED = {"name": "Clippings", "mode": "mail", "senders": ""}
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


@pytest.fixture(autouse=True)
def domain(settings):
    settings.TUGON_MAIL_DOMAIN = "in.tugon.example"


@pytest.fixture
def source(brands, by, now):
    with context.inside(brands.isla):
        return sourcing.add_source(kind="email", name="Clippings", config={}, by=by.lea, now=now)


def tried(desk, raw, **typed):
    given = (
        {"sample_file": SimpleUploadedFile("x.eml", raw)} if isinstance(raw, bytes) else {"sample_text": raw}
    )
    answer = desk.post(NEW, TYPED | typed | given | {"try": "1"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_message_is_tried_and_nothing_is_saved(sign_in, brands):
    desk = sign_in("lea")
    page = tried(desk, letter().decode())
    assert "What would become of this message" in page and "Tatlong oras nang late ang ferry." in page
    assert "Ana Cruz &lt;ana@balita.example&gt;" in page
    page = tried(desk, letter(letters.GOOGLE_ALERT, Content_Type=HTML), mode="links")
    assert "https://inquirer.example/ferry" in page and "Walang refund sa mga pasahero" in page
    assert "It is a bounce" in tried(desk, letters.BOUNCE)
    assert "It would be refused: ana@balita.example" in tried(desk, letter(), senders="else.example")
    assert "1 attachment is left out" in tried(desk, parts(letters.PNG))
    assert "no e-mail message" in tried(desk, "Kumusta")
    assert "Paste a message or choose a file" in tried(desk, "")
    with context.inside(brands.isla):
        assert not Source.objects.exists() and not Mention.objects.exists()


def test_hostile_words_do_nothing_on_any_page(sign_in, brands, source):
    raw = letter(
        HOSTILE.encode(), HOSTILE.encode(), From=b'"%s" <a@x.example>' % HOSTILE.replace('"', "").encode()
    )
    desk = sign_in("lea")
    with context.inside(brands.isla):
        mailing.take(source, raw, now=timezone.now())
        Source.objects.update(config={"senders": ["x.example"]})
        source.refresh_from_db()
        bad = letter(From=b"<script>@evil.example", mid=b"<2@x>")
        with pytest.raises(mailing.Forbidden):
            mailing.take(source, bad, now=timezone.now())
        mention = Mention.objects.get()
    there = f"/b/isla/sources/{source.pk}/"
    pages = [there, "/b/isla/sources/", "/b/isla/feed/", f"/b/isla/mentions/{mention.pk}/"]
    for page in [tried(desk, raw), *(desk.get(path).content.decode() for path in pages)]:
        assert "<script>alert" not in page and "onerror=alert(1)>" not in page.replace("&gt;", "")
    assert "is not among the senders" in desk.get(there).content.decode()


def test_saved_shown_and_given_a_new_address(sign_in, brands):
    desk = sign_in("lea")
    there = desk.post(NEW, TYPED | {"mode": "links", "senders": "Ana@X.example, @meltwater.com\n"})[
        "Location"
    ]
    with context.inside(brands.isla):
        source = Source.objects.get()
        address, secret = mailing.address_of(source), source.secret
    assert source.config == {"mode": "links", "senders": ["ana@x.example", "meltwater.com"]}
    page = desk.get(there).content.decode()
    assert address in page and secret in page and f"/b/isla/hooks/{source.pk}/mail/" in page
    page = desk.get(there).content.decode()
    assert address in page and secret not in page and "ana@x.example\nmeltwater.com" in page
    desk.post(f"{there}secret/", {"do": "renew"})
    page = desk.get(there).content.decode()
    assert address not in page and "The old address and secret still work" in page
    desk.post(f"{there}secret/", {"do": "end"})
    assert "still work" not in desk.get(there).content.decode()
    changed = desk.post(there, TYPED | {"senders": ["ana@x.example"]})
    assert changed.status_code == 303
    with context.inside(brands.isla):
        assert Source.objects.get().config == {"mode": "mail", "senders": ["ana@x.example"]}
    wrong = desk.post(there, TYPED | {"senders": "ana@x.example nonsense"})
    assert wrong.status_code == 422 and "“nonsense” is no e-mail address" in wrong.content.decode()


def test_who_sees_the_address(sign_in, brands, source, settings):
    there = f"/b/isla/sources/{source.pk}/"
    with context.inside(brands.isla):
        address = mailing.address_of(source)
    page = sign_in("ana").get(there).content.decode()
    assert address not in page and "Who may set up sources sees the address here" in page
    assert address in sign_in("lea").get(there).content.decode()
    settings.TUGON_MAIL_DOMAIN = ""
    page = sign_in("lea").get(there).content.decode()
    assert "must set TUGON_MAIL_DOMAIN" in page and f"/hooks/{source.pk}/mail/" in page


def test_by_the_api(client, brands, by, now):
    with context.inside(brands.isla):
        able = keys.issue(name="Tool", scopes=list(Scope), by=by.ramon, now=now)[1]
        reader = keys.issue(name="Reader", scopes=[Scope.READ], by=by.ramon, now=now)[1]

    def ask(method, path, body=None, key=able, **more):
        return client.generic(
            method, f"/api/v1/brands/isla/{path}", json.dumps(body) if body is not None else "",
            content_type="application/json", HTTP_AUTHORIZATION=f"Bearer {key}", **more,
        )  # fmt: skip

    body = {"kind": "email", "name": "Clippings", "config": {"mode": "links", "senders": ["x.example"]}}
    made = ask("POST", "sources", body)
    assert made.status_code == 201, made.content
    here = f"sources/{made.json()['id']}"
    with context.inside(brands.isla):
        source = Source.objects.get()
        address = mailing.address_of(source)
    assert made.json()["address"] == address and made.json()["config"] == body["config"]
    assert ask("GET", here, key=reader).json()["address"] == ""
    assert address not in ask("GET", "sources", key=reader).content.decode()
    changed = ask("PATCH", here, {"name": "Renamed"}, HTTP_IF_MATCH="*")
    assert (changed.status_code, changed.json()["config"]) == (200, body["config"])
    wrong = ask("PATCH", here, {"config": {"senders": ["no sender"]}}, HTTP_IF_MATCH="*")
    assert wrong.json()["errors"][0]["pointer"] == "/config/senders"
    put = ask("PUT", f"{here}/secret", {"secret": sourcing.new_secret()}, HTTP_IF_MATCH="*")
    assert put.status_code == 200 and put.json()["address"] not in ("", address)
    assert ask("DELETE", f"{here}/secret", HTTP_IF_MATCH="*").json()["previous_until"] is None
