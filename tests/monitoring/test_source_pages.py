from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import OrmQ

from responses.core.models import Event
from responses.errors import NotAllowed
from responses.monitoring import choosing, health, sourcing
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Mention, Source
from responses.monitoring.source_forms import FORMS
from responses.monitoring.sources.base import SourceError
from tenants import context
from tests.monitoring.making import feed, items, scripted

SOURCES = "/b/isla/sources/"
TYPED = {"name": "News", "url": "https://news.example/feed", "every_minutes": 5}


@pytest.fixture
def made(brands, by, now):
    """made("csv") adds a source of that kind at Isla."""

    def add(kind, **config):
        with context.inside(brands.isla):
            return sourcing.add_source(kind=kind, name=f"A {kind}", config=config, by=by.lea, now=now)

    return add


def test_trying_shows_a_live_sample_and_saves_nothing(sign_in, brands, now, monkeypatch):
    with scripted(monkeypatch, items(9, "Balita", now=now)):
        page = sign_in("lea").post(f"{SOURCES}add/rss/", {**TYPED, "try": "1"}).content.decode()
    assert page.count("Balita") == 5
    assert 'value="https://news.example/feed"' in page
    with context.inside(brands.isla):
        assert not Source.objects.exists()


def test_trying_says_what_is_wrong_and_keeps_what_was_typed(sign_in, db, monkeypatch):
    with scripted(monkeypatch, SourceError("This address shows a web page, not a feed.")):
        page = sign_in("lea").post(f"{SOURCES}add/rss/", {**TYPED, "try": "1"}).content.decode()
    assert "This address shows a web page, not a feed." in page
    assert 'value="https://news.example/feed"' in page


def test_saving_and_changing(sign_in, brands):
    desk = sign_in("lea")
    answer = desk.post(f"{SOURCES}add/rss/", TYPED)
    with context.inside(brands.isla):
        source = Source.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"{SOURCES}{source.pk}/")
    assert (source.config, source.every_seconds) == ({"url": "https://news.example/feed"}, 300)
    wrong = desk.post(f"{SOURCES}{source.pk}/", {**TYPED, "every_minutes": 0, "name": "Renamed"})
    assert wrong.status_code == 422
    assert 'value="Renamed"' in wrong.content.decode()
    assert desk.post(f"{SOURCES}{source.pk}/", {**TYPED, "name": "Renamed"}).status_code == 303
    assert "Renamed" in desk.get(SOURCES).content.decode()


def test_bluesky_wants_an_account_or_words(sign_in, db):
    both = {"name": "B", "account": "a.bsky.social", "search": "ferry", "every_minutes": 5}
    answer = sign_in("lea").post(f"{SOURCES}add/bluesky/", both)
    assert answer.status_code == 422
    assert "either whose posts to read or what to search for" in answer.content.decode()


def test_pause_and_resume(sign_in, brands, made):
    source, desk = made("rss", url="https://news.example/feed"), sign_in("lea")
    assert desk.post(f"{SOURCES}{source.pk}/switch/", {"to": "pause"}).status_code == 303
    assert "paused" in desk.get(SOURCES).content.decode()
    desk.post(f"{SOURCES}{source.pk}/switch/", {"to": "listen"})
    with context.inside(brands.isla):
        assert Source.objects.get().status == "listening"


def test_health_is_told_in_words_the_worst_first(sign_in, brands, by, now):
    with context.inside(brands.isla):
        feed(by.lea, now, "A good one")
        Source.objects.filter(name="A good one").update(last_success_at=now, due_at=now + timedelta(days=999))
        feed(by.lea, now, "Bad")
        Source.objects.filter(name="Bad").update(failures=3, error="The server has a fault. (HTTP 500)")
    page = sign_in("lea").get(SOURCES).content.decode()
    assert "One source needs you" in page
    assert "Failed 3 times in a row: The server has a fault. (HTTP 500)" in page
    assert page.index(">Bad<") < page.index(">A good one<")


def test_a_webhooks_secret_is_shown_once(sign_in, brands):
    desk = sign_in("lea")
    there = desk.post(f"{SOURCES}add/webhook/", {"name": "Help desk"})["Location"]
    with context.inside(brands.isla):
        secret = Source.objects.get().secret
    assert secret in desk.get(there).content.decode()
    again = desk.get(there).content.decode()
    assert secret not in again
    assert "/b/isla/hooks/" in again
    desk.post(f"{there}secret/", {"do": "renew"})
    with context.inside(brands.isla):
        renewed = Source.objects.get().secret
    assert renewed != secret
    page = desk.get(there).content.decode()
    assert renewed in page and secret not in page
    assert "The old secret still opens this door" in page
    desk.post(f"{there}secret/", {"do": "end"})
    page = desk.get(there).content.decode()
    assert "The old secret opens nothing any more" in page and "still opens this door" not in page


def test_reading_now_keeps_to_the_shortest_pace_and_to_what_the_server_asked(sign_in, brands, made):
    desk, now = sign_in("lea"), timezone.now()
    source = made("rss", url="https://news.example/feed")
    page = f"{SOURCES}{source.pk}/"

    def was(**fields):
        with context.inside(brands.isla):
            Source.objects.update(due_at=now + timedelta(hours=3), **fields)
        return desk.post(f"{page}read/", headers={"Referer": f"http://testserver{page}"}, follow=True)

    def due_at():
        with context.inside(brands.isla):
            return Source.objects.get().due_at

    told = was(last_tried_at=now - timedelta(seconds=20)).content.decode()
    assert "It was read just now. It can be read again in" in told and due_at() > now
    told = was(last_tried_at=now - timedelta(hours=2), wait_until=now + timedelta(hours=1)).content.decode()
    assert "The server asked Tugon to wait another" in told and due_at() > now
    assert "Nothing to do: Tugon waits as long as the server asked." not in told  # it does not fail
    told = was(wait_until=None).content.decode()
    assert "is being read" in told and "any moment" in told and due_at() <= timezone.now()
    assert OrmQ.objects.order_by("pk").last().task["args"][0] == "read_source"
    desk.post(f"{page}switch/", {"to": "pause"})
    assert "Read now" not in desk.get(page).content.decode()
    assert desk.post(f"{page}read/").status_code == 409


def test_removing_keeps_the_mentions_and_erases_the_credentials(sign_in, brands, by, now):
    with context.inside(brands.isla):
        source = sourcing.add_source(
            kind="rss", name="News", config={}, credentials={"key": "kanaryo"}, by=by.lea, now=now
        )
        ingest(source, items(3, now=now), now=now)
    desk = sign_in("lea")
    assert "Its 3 mentions stay." in desk.get(f"{SOURCES}{source.pk}/").content.decode()
    gone = desk.post(f"{SOURCES}{source.pk}/remove/", follow=True).content.decode()
    assert "News has been removed. Its mentions stay." in gone and "Nobody is listening yet" in gone
    for path in ("", "switch/", "read/", "remove/"):
        assert desk.post(f"{SOURCES}{source.pk}/{path}").status_code == 404
    with context.inside(brands.isla):
        kept = Source.objects.get()
        assert (kept.status, kept.secret, kept.state, kept.due_at) == ("removed", "", {}, None)
        assert Mention.objects.filter(source=source).count() == 3
        event = Event.objects.get(kind="source.removed")
        assert event.actor_name == "Lea"
        for deed in (sourcing.resume, sourcing.change_source, sourcing.renew_secret):
            with pytest.raises(NotAllowed):
                deed(kept, by=by.lea, now=now)
    assert "News" in desk.get("/b/isla/feed/").content.decode()


def test_health_says_what_to_do(isla, by, now):
    source = feed(by.lea, now)
    source.last_success_at = now
    expected = {
        (1, 401, False): "Ask the site to let Tugon in",
        (1, 403, True): "Give its password or key again",
        (1, 404, False): "Open the address in a browser",
        (2, 429, False): "read it less often",
        (3, 500, False): "Mostly this passes",
        (1, None, False): "Mostly this passes",
        (0, None, False): "",
    }
    for (source.failures, source.error_status, has_key), words in expected.items():
        source.secret = '{"key": "x"}' if has_key else ""
        assert words in health.of(source, now).todo
    source.failures, source.wait_until = 1, now + timedelta(hours=1)
    assert "as long as the server asked" in health.of(source, now).todo
    source.status, source.error_status = "stopped", 410
    assert "Look for its new address" in health.of(source, now).todo


def test_the_list_and_the_page_ask_as_much_for_many_as_for_one(sign_in, brands, by, now):
    desk = sign_in("lea")

    def asked(path):
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(path).status_code == 200
        return len(queries)

    asked(SOURCES)  # what only the first page of a session asks
    with context.inside(brands.isla):
        first = feed(by.lea, now, "One")
    few = asked(SOURCES), asked(f"{SOURCES}{first.pk}/")
    with context.inside(brands.isla):
        for number in range(9):
            source = feed(by.lea, now, f"Source {number}")
            ingest(
                source, items(30, now=timezone.now(), apart=timedelta(hours=11), first=number * 100), now=now
            )
        ingest(first, items(30, now=timezone.now()), now=now)
    assert (asked(SOURCES), asked(f"{SOURCES}{first.pk}/")) == few
    page = desk.get(f"{SOURCES}{first.pk}/").content.decode()
    assert "Mentions per day, today last: " in page


def test_every_kind_with_a_form_can_be_chosen_once(sign_in, db):
    listed = [kind for _label, kinds in choosing.GROUPS for kind in kinds]
    assert sorted(listed) == sorted(set(Source.Kind)), "each kind in exactly one group"
    page = sign_in("lea").get(SOURCES).content.decode()
    for kind in FORMS:
        assert page.count(f"{SOURCES}add/{kind}/") == 1
    assert page.index("News and blogs") < page.index("Sent to Tugon")


def upload(desk, source, data):
    return desk.post(f"{SOURCES}{source.pk}/upload/", {"file": SimpleUploadedFile("mentions.csv", data)})


def test_a_file_is_taken_in_with_a_report(sign_in, brands, made):
    source, desk = made("csv"), sign_in("lea")
    data = b"petsa,teksto,may-akda\n2026-11-20 10:00,Ang tagal ng byahe,Ana\n,,\nkahapon,Ayos,Ben\n"
    page = upload(desk, source, data).content.decode()
    assert "1 new mention stored" in page
    assert '<td class="num">4</td>' in page
    assert "0 new mentions stored" in upload(desk, source, data).content.decode()
    with context.inside(brands.isla):
        at = Mention.objects.get().published_at
    assert at.isoformat() == "2026-11-20T02:00:00+00:00"  # ten o'clock in Manila


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"wer,was\na,b\n", "one of them must be “text”"),
        (b"PK\x03\x04xxxx", "This is a spreadsheet"),
        (b" ", "The file is empty"),
    ],
)
def test_a_bad_file_is_refused_in_words(sign_in, brands, made, data, words):
    answer = upload(sign_in("lea"), made("csv"), data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with context.inside(brands.isla):
        assert not Mention.objects.exists()


def test_who_may(sign_in, made):
    source = made("csv")
    assert sign_in("ana").get(f"{SOURCES}{source.pk}/").status_code == 200
    assert sign_in("ana").post(f"{SOURCES}{source.pk}/switch/").status_code == 403
    assert sign_in("ana").post(f"{SOURCES}{source.pk}/", TYPED).status_code == 403
    assert sign_in("ana").get(f"{SOURCES}add/rss/").status_code == 403
    assert sign_in("charlie").get(f"{SOURCES}{source.pk}/").status_code == 404
    assert sign_in("lea").get(f"/b/luzon/sources/{source.pk}/").status_code == 404
    assert sign_in("lea").get(f"{SOURCES}add/nonsense/").status_code == 404


def test_a_stale_form_is_told_so_and_keeps_what_was_typed(sign_in, brands, made):
    source, desk = made("rss", url="https://news.example/feed"), sign_in("lea")
    first = {**TYPED, "version": source.version}
    assert desk.post(f"{SOURCES}{source.pk}/", first).status_code == 303
    stale = desk.post(f"{SOURCES}{source.pk}/", {**first, "name": "Mine"})
    page = stale.content.decode()
    assert "Somebody changed this" in page
    assert 'value="Mine"' in page
    with context.inside(brands.isla):
        version = Source.objects.get().version
    assert f'name="version" value="{version}"' in page
