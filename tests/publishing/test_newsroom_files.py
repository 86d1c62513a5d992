"""The newsroom as files: written at publication, given out by three doors in the same words."""

import gzip
import json
import socket
import subprocess
import sys
import threading
import time
from html.parser import HTMLParser

import feedparser
import httpx
import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.test import Client

from agency.standing import Standing
from agency.wsgi import standing_first
from responses.incidents import lifecycle
from responses.publishing import newsroom_files, releasing
from responses.publishing.models import Publication
from tenants import context
from tenants.models import Brand, Domain

from .making import approved, newsroom
from .test_claims import in_thread

NASTY = 'Tom & Jerry </script><script>alert("x")</script>'


AWAY = [
    "/newsroom/../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/newsroom/isla/..%2f",
    "/newsroom//isla/",
    "/.new-x",
    "/newsroom/isla/.new-1",
    "/newsroom/isla/%00",
    "/\\etc",
    "//etc/passwd",
    "/newsroom/isla/index.html/",
]


@pytest.fixture
def folder(settings, tmp_path):
    settings.TUGON_NEWSROOM = str(tmp_path / "newsroom")
    settings.TUGON_ADDRESS = "http://testserver"
    return tmp_path / "newsroom"


@pytest.fixture
def say(brands, by, now, folder):
    def said(text, title="Ferry service suspended", language="en", type="holding"):
        with context.inside(brands.isla):
            statement = approved(by, now, {newsroom(): text}, title=title, language=language)
            [publication] = releasing.queue(statement, by=by.lea, now=now)
            releasing.release_due(now)
            return Publication.objects.select_related("post").get(pk=publication.pk)

    return said


def ask(folder, path, host="testserver", query="", method="GET", **headers):
    return Standing(folder).answer(method, host, path, query, headers)


class TestWriting:
    def test_what_is_published_stands_as_a_file_the_same_to_the_byte_as_the_page(self, say, folder, client):
        post = say(NASTY, title=NASTY).post
        paths = ["", f"{post.slug}/", "atom.xml", "feed.json", "fil/", f"fil/{post.slug}/"]
        for path in (f"/newsroom/isla/{each}" for each in paths):
            page, file = client.get(path), ask(folder, path)
            assert file.body == page.content, path
            told = dict(file.headers)
            assert told["etag"] == page["ETag"]
            assert told["content-type"] == page["Content-Type"]
            assert told["cache-control"] == page["Cache-Control"]

    def test_both_languages_name_each_other(self, say, folder):
        slug = say("Ligtas po ang lahat.", language="fil").post.slug
        english = ask(folder, f"/newsroom/isla/{slug}/").body.decode()
        filipino = ask(folder, f"/newsroom/isla/fil/{slug}/").body.decode()
        assert '<html lang="en"' in english
        assert '<html lang="fil"' in filipino
        for page in (english, filipino):
            assert f'hreflang="fil" href="http://testserver/newsroom/isla/fil/{slug}/"' in page
            assert f'hreflang="en" href="http://testserver/newsroom/isla/{slug}/"' in page

    def test_a_machine_reads_what_it_is(self, say, folder):
        post = say(NASTY, title=NASTY).post
        page = ask(folder, f"/newsroom/isla/{post.slug}/").body.decode()
        told = data_of(page)
        assert (told["@type"], told["headline"], told["articleBody"]) == ("NewsArticle", NASTY, NASTY)
        feed = json.loads(ask(folder, "/newsroom/isla/feed.json").body)
        assert feed["items"][0]["content_text"] == NASTY
        assert "<script" not in feed["items"][0]["content_html"]
        assert feedparser.parse(ask(folder, "/newsroom/isla/atom.xml").body).entries[0].title == NASTY

    def test_the_list_says_what_goes_on_until_it_is_over(self, say, folder, brands, by, now):
        publication = say("We look into it.", title="Smoke on MV Amihan")
        assert "Going on" not in ask(folder, "/newsroom/isla/").body.decode()
        with context.inside(brands.isla):
            incident = lifecycle.open_incident(title="Smoke", severity=2, by=by.lea, now=now)
            type(publication.statement).objects.filter(pk=publication.statement_id).update(incident=incident)
        newsroom_files.rewrite(brands.isla)
        assert "Going on" in ask(folder, "/newsroom/isla/").body.decode()
        with context.inside(brands.isla):
            lifecycle.resolve(incident, resolution="The fire is out.", by=by.lea, now=now)
        newsroom_files.rewrite(brands.isla)
        assert "Resolved" in ask(folder, "/newsroom/isla/").body.decode()

    def test_the_brands_own_host_has_pages_of_its_own(self, say, brands, folder, client):
        Domain.objects.create(tenant=brands.isla, domain="news.isla.example", is_primary=True)
        slug = say("All are safe.").post.slug
        for path in ("/", f"/{slug}/", "/feed.json"):
            page = client.get(path, HTTP_HOST="news.isla.example", secure=True)
            assert ask(folder, path, host="news.isla.example").body == page.content
        assert ask(folder, f"/{slug}/") is None, "not on the common host"
        assert ask(folder, "/newsroom/isla/", host="news.isla.example") is None

    def test_a_page_that_cannot_be_written_goes_again(self, brands, by, now, folder, say):
        folder.parent.mkdir(exist_ok=True)
        folder.write_text("a file where the folder should be")
        publication = say("All are safe.")
        assert publication.status == "queued"
        assert "could not be written" in publication.error
        folder.unlink()
        with context.inside(brands.isla):
            releasing.release_due(publication.due_at)
            publication.refresh_from_db()
        assert publication.status == "published"
        assert ask(folder, f"/newsroom/isla/{publication.external_id}/")

    def test_what_is_gone_is_taken_away(self, say, brands, folder):
        Domain.objects.create(tenant=brands.isla, domain="news.isla.example", is_primary=True)
        say("All are safe.")
        Domain.objects.all().delete()
        newsroom_files.tidy()
        assert ask(folder, "/", host="news.isla.example") is None
        assert ask(folder, "/newsroom/isla/")
        Brand.objects.filter(slug="isla").update(status="closed")
        newsroom_files.tidy()
        assert ask(folder, "/newsroom/isla/") is None

    def test_the_command_writes_all_anew(self, say, brands, folder, capsys):
        slug = say("All are safe.").post.slug
        Brand.objects.filter(slug="isla").update(name="Isla Lines")
        call_command("write_newsroom", "isla")
        assert "Isla Lines" in ask(folder, f"/newsroom/isla/{slug}/").body.decode()


def test_of_two_writers_none_puts_an_older_front_page_over_a_newer_one(
    committed_brand, now, folder, monkeypatch
):
    """The first stops between drawing and putting, and its error at the end does not keep the lock."""
    world, put, firsts = committed_brand, newsroom_files.put, []
    go_on, has_begun = threading.Event(), threading.Event()

    def slow(file, body):
        me = threading.get_ident()
        if not firsts:
            firsts.append(me)
            has_begun.set()
            go_on.wait(20)
        put(file, body)
        if me in firsts and file.name == "missing.html":
            raise OSError("No space left on device")

    monkeypatch.setattr(newsroom_files, "put", slow)
    for title in ("Smoke on MV Amihan", "Service is back"):
        statement = approved(world.by, now, {newsroom(): title}, title=title)
        releasing.queue(statement, by=world.by.lea, now=now)
    first, _one = in_thread(world.brand, lambda: releasing.release_due(now, limit=1))
    assert has_begun.wait(20)
    second, _one = in_thread(world.brand, lambda: releasing.release_due(now, limit=1))
    second.join(1)  # without the lock it is done by then
    go_on.set()
    for thread in (first, second):
        thread.join(20)
        assert not thread.is_alive(), "a writer hangs"
    page = ask(folder, f"/newsroom/{world.brand.slug}/").body.decode()
    assert "Smoke on MV Amihan" in page and "Service is back" in page
    assert sorted(Publication.objects.values_list("status", flat=True)) == ["published", "queued"]


class TestGivingOut:
    @pytest.mark.parametrize("path", AWAY)
    def test_no_address_leads_out_of_the_folder(self, say, folder, path):
        say("All are safe.")
        assert ask(folder, path) is None
        assert ask(folder, "/", host="../common/newsroom/isla") is None

    def test_conditions_and_packing(self, say, folder):
        say("All are safe.\n\n" * 60)
        full = ask(folder, "/newsroom/isla/")
        told = dict(full.headers)
        assert ask(folder, "/newsroom/isla/", **{"if-none-match": f'W/"x", {told["etag"]}'}).status == 304
        assert ask(folder, "/newsroom/isla/", **{"if-none-match": '"x"'}).status == 200
        assert ask(folder, "/newsroom/isla/", **{"if-modified-since": told["last-modified"]}).status == 304
        assert ask(folder, "/newsroom/isla/", **{"if-modified-since": "not a date"}).status == 200
        packed = ask(folder, "/newsroom/isla/", **{"accept-encoding": "br, gzip"})
        assert gzip.decompress(packed.body) == full.body
        head = ask(folder, "/newsroom/isla/", method="HEAD")
        assert (head.body, dict(head.headers)["content-length"]) == (b"", str(len(full.body)))
        assert ask(folder, "/newsroom/isla/", method="POST") is None
        assert ask(folder, "/newsroom/isla/", query="page=2") is None

    def test_before_django_it_needs_no_database_and_says_the_same_of_itself(self, say, folder, client):
        say("All are safe.")
        standing = Standing(folder, project.TUGON_NEWSROOM_HEADERS)

        def unreachable(environ, start_response):
            start_response("503 Service Unavailable", [])
            return [b"django"]

        first = standing_first(unreachable, standing)
        status, headers, body = through(first, "/newsroom/isla/")
        page = Client().get("/newsroom/isla/")
        assert (status, body) == ("200 OK", page.content)
        safe = ["Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"]
        for name in [*safe, "Cross-Origin-Opener-Policy", "Permissions-Policy"]:
            assert parts(headers[name]) == parts(page[name]), name
        assert through(first, "/b/isla/feed/")[2] == b"django"


@pytest.mark.slow
def test_the_server_of_its_own_shows_an_update_at_once(say, folder, brands):
    slug = say("All are safe.").post.slug
    with serving(folder) as url:
        assert "All are safe." in httpx.get(f"{url}/newsroom/isla/").text
        answer = httpx.get(f"{url}/newsroom/isla/nothing/")
        assert (answer.status_code, "no statement at this address" in answer.text) == (404, True)
        assert httpx.get(f"{url}/b/isla/").status_code == 404
        second = say("Service is back.", title="Back").post.slug
        assert "Service is back." in httpx.get(f"{url}/newsroom/isla/").text
        assert httpx.get(f"{url}/newsroom/isla/{second}/").status_code == 200
        assert httpx.get(f"{url}/newsroom/isla/{slug}/").status_code == 200


class serving:
    """`manage.py serve_newsroom` with a database that nobody could reach."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.env = {"TUGON_NEWSROOM": str(folder), "DATABASE_URL": "postgres://nobody@127.0.0.1:9/none"}

    def __enter__(self):
        command = [
            sys.executable,
            "manage.py",
            "serve_newsroom",
            "--bind",
            f"127.0.0.1:{self.port}",
            "--workers",
            "1",
        ]
        self.process = subprocess.Popen(
            command, cwd=project.BASE_DIR, env=self.env | {"PYTHONWARNINGS": "ignore"}
        )
        url, until = f"http://127.0.0.1:{self.port}", time.monotonic() + 60
        while time.monotonic() < until:
            try:
                httpx.get(url)
                return url
            except httpx.TransportError:
                assert self.process.poll() is None, "the server ended at once"
                time.sleep(0.1)
        raise AssertionError("no answer within a minute")

    def __exit__(self, *_error):
        self.process.terminate()
        self.process.wait(30)


def through(application, path):
    told = {}

    def start_response(status, headers):
        told.update(status=status, headers=dict(headers))

    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "HTTP_HOST": "testserver"}
    body = b"".join(application(environ, start_response))
    return told["status"], told["headers"], body


def parts(policy):
    return sorted(part.strip() for part in policy.split(";"))


def data_of(page):
    """What the page's JSON-LD says, found as a browser finds it."""
    found = []

    class Reader(HTMLParser):
        inside = False

        def handle_starttag(self, tag, attributes):
            self.inside = ("type", "application/ld+json") in attributes

        def handle_data(self, data):
            if self.inside:
                found.append(data)

        def handle_endtag(self, tag):
            self.inside = False

    Reader().feed(page)
    return json.loads("".join(found))
