"""What bad input gets: a clear message at the page and at the API, and nothing that was typed is lost."""

import json
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from standardwebhooks import Webhook

from responses.monitoring import listening, sourcing
from responses.monitoring.models import Delivery, Mention, Source
from responses.statements.models import Decision
from tests.api.conftest import Caller, make_key
from tests.statements import desk
from tests.staying import StayingClient

ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d SYSTEM "file:///etc/passwd">]>
<rss version="2.0"><channel><title>&c;&d;</title>
<item><guid>1</guid><title>&c;&d;</title></item></channel></rss>"""
FEEDS = [  # what the server does, and what a person reads about it
    ("html", "This address shows a web page, not a feed."),
    ("status/404", "There is nothing at this address. (HTTP 404)"),
    ("endless", "MB, so Tugon stopped reading."),
    ("bomb", "MB, so Tugon stopped reading."),
    ("entities", ""),  # read, but not unfolded
    ("to/302/http://10.0.0.1/feed", "This address leads to a private network, so Tugon does not read it."),
]


@pytest.fixture
def browser(people):
    """browser("lea") → a client that stays in the brand's schema afterwards."""

    def of(name, language="en"):
        person = getattr(people, name)
        type(person).objects.filter(pk=person.pk).update(language=language)
        client = StayingClient()
        client.force_login(person)
        return client

    return of


@pytest.fixture
def machine(isla):
    return Caller(spelled=make_key()[1])


@pytest.fixture
def entities(monkeypatch, hostile):
    """The hostile server also gives a feed full of entities, and one of them names a file of ours."""
    answer = lambda handler, _rest: handler.answer(200, ENTITIES, Content_Type="application/rss+xml")  # noqa: E731
    monkeypatch.setattr(hostile.RequestHandlerClass, "send_entities", answer, raising=False)


def words_of(answer):
    return unescape(answer.content.decode())


@pytest.mark.parametrize(("what", "words"), FEEDS, ids=[what.partition("/")[0] for what, _words in FEEDS])
def test_a_bad_feed(what, words, hostile, entities, settings, isla, by, browser, machine):
    settings.TUGON_ALLOWED_ORIGINS = [hostile.origin]
    url, now = f"{hostile.origin}/{what}", timezone.now()
    typed = {"name": "Balita ng dagat", "url": url, "every_minutes": 7}
    page = browser("lea").post("/b/isla/sources/add/rss/", {**typed, "try": "1"})
    assert page.status_code == 200
    assert words in words_of(page)
    assert "haha" * 8 not in words_of(page) and "root:" not in words_of(page)
    assert f'value="{url}"' in words_of(page) and 'value="Balita ng dagat"' in words_of(page)
    assert not Source.objects.exists()
    body = {"kind": "rss", "name": "Balita ng dagat", "config": {"url": url}}
    made = machine.post("sources", body, idempotency_key="one")
    assert made.status_code == 201
    source = Source.objects.get()
    listening.read(source, now=now + timedelta(minutes=1))
    shown = machine.get(f"sources/{made.json()['id']}").json()
    page = words_of(browser("lea", "fil").get(f"/b/isla/sources/{source.pk}/"))
    assert f'value="{url}"' in page
    assert hostile.sent < 60_000_000 and "root:" not in page
    source.refresh_from_db()
    if what != "entities":
        assert words in source.error and source.error in json.dumps(shown, ensure_ascii=False)
        assert not Mention.objects.exists()


LETTERS = "Tugon cannot read the letters of this file. Save it as “CSV UTF-8” and upload it again."
CSVS = [
    (b"wer,was\na,b\n", "one of them must be “text”"),
    (b"text\n" + "Ñandú".encode("utf-16"), LETTERS),
    (b"\xff\xfe\x00\xd8\x00\xd8", LETTERS),
    (b"PK\x03\x04xxxx", "This is a spreadsheet, not a CSV file."),
    (b"text\n" + b"x" * 7_000_000, "The file is larger than 5 MB. Split it into smaller files."),
]


@pytest.mark.parametrize(("data", "words"), CSVS, ids=["header", "mixed", "encoding", "xlsx", "huge"])
def test_a_bad_file(data, words, isla, by, now, browser):
    source = sourcing.add_source(kind="csv", name="Listahan", config={}, by=by.lea, now=now)
    file = SimpleUploadedFile("mentions.exe", data)
    answer = browser("lea").post(f"/b/isla/sources/{source.pk}/upload/", {"file": file})
    assert answer.status_code == 422
    assert words in words_of(answer)
    assert not Mention.objects.exists()


def signed(source, body, message_id, secret=None):
    at = datetime.now(UTC)
    raw = json.dumps(body)
    return raw, {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret or source.secret).sign(message_id, at, raw),
    }


def test_a_webhook_with_a_bad_signature_or_twice(isla, by, now, machine):
    source = sourcing.add_source(kind="webhook", name="Hook", config={}, by=by.lea, now=now)
    body = {"mentions": [{"text": "Ang tagal ng byahe"}]}

    def deliver(body, message_id, secret=None, **more):
        raw, headers = signed(source, body, message_id, secret)
        path = f"/b/isla/hooks/{source.pk}/"
        return StayingClient().post(path, raw, content_type="application/json", headers=headers | more)

    bad = deliver(body, "m-1", secret=sourcing.new_secret())
    assert (bad.status_code, bad.json()["code"]) == (401, "bad_signature")
    assert "signature does not match" in bad.json()["title"]
    lang = {"accept-language": "fil"}
    assert deliver(body, "m-1", secret=sourcing.new_secret(), **lang).json()["title"] != bad.json()["title"]
    assert not Delivery.objects.exists() and not Mention.objects.exists()
    first, again = deliver(body, "m-1"), deliver(body, "m-1")
    assert first.json() == again.json() == {"stored": 1, "known": 0}
    assert Mention.objects.count() == 1
    pushed = {"source": f"src_{source.pk}", "mentions": [{"text": "Push", "external_id": "p-1"}]}
    one = machine.post("mentions", pushed, idempotency_key="k-1")
    two = machine.post("mentions", pushed, idempotency_key="k-1")
    assert one.status_code == two.status_code < 300 and one.json() == two.json()
    other = machine.post("mentions", {**pushed, "mentions": []}, idempotency_key="k-1")
    assert other.status_code in {400, 409, 422}
    assert Mention.objects.count() == 2


def wording(statement, **more):
    fields = {f"text_{pk}": text for pk, text in desk.texts().items()}
    return {
        "title": "Sunog",
        "language": "fil",
        "note": "",
        "base": statement.latest.number,
        **fields,
        **more,
    }


@pytest.mark.parametrize(
    ("language", "words"), [("en", "42 characters over the limit of 300"), ("fil", "300")]
)
def test_a_statement_over_the_limit(language, words, isla, by, browser, machine):
    statement = desk.draft(by.ana, timezone.now())
    newsroom, bluesky = desk.channels()
    text = "👩‍🚒" * 342
    ana = browser("ana", language)
    page = ana.post(f"/b/isla/statements/{statement.pk}/save/",
                    wording(statement, **{f"text_{bluesky.pk}": text}))  # fmt: skip
    assert page.status_code == 422 and words in words_of(page) and text in words_of(page)
    if language == "fil":
        assert "characters over" not in words_of(page)
    texts = [
        {"channel": f"chn_{newsroom.pk}", "text": "Fine"},
        {"channel": f"chn_{bluesky.pk}", "text": text},
    ]
    body = {"title": "Sunog", "type": "holding", "language": "fil", "texts": texts}
    refused = machine.post("statements", body, idempotency_key="s-1")
    assert refused.status_code in {400, 422}, refused.content
    assert statement.latest.number == 1


def test_a_decision_on_an_old_revision(isla, by, browser):
    statement = desk.in_review(by.ana, timezone.now())
    step = desk.active(statement)
    old = step.review.revision.hash
    desk.revise(statement, by.ana, timezone.now(), "New words")
    data = {"step": step.pk, "revision_hash": old, "verdict": "approved", "comment": "Sang-ayon ako"}
    page = browser("lea").post(f"/b/isla/statements/{statement.pk}/decide/", data)
    assert page.status_code in {409, 412} and "The text was edited" in words_of(page)
    assert "Sang-ayon ako" in words_of(page)
    assert not Decision.objects.exists()
    lea = Caller(client=browser("lea"))
    shown = lea.get(f"steps/stp_{step.pk}")
    answer = lea.post(
        f"steps/stp_{step.pk}/decide",
        {"revision_hash": old, "verdict": "approved", "comment": "Sang-ayon ako"},
        if_match=shown["ETag"],
        idempotency_key="d-1",
    )
    assert answer.status_code in {409, 412}, answer.content
    assert "The text was edited" in answer.json()["detail"]
    assert not Decision.objects.exists()


def test_more_than_fits_is_said_in_words(isla, by, browser):
    statement = desk.draft(by.ana, timezone.now())
    answer = browser("ana").post(
        f"/b/isla/statements/{statement.pk}/save/", wording(statement, note="x" * 7_000_000)
    )
    assert answer.status_code == 413 and "6 MiB" in words_of(answer)
