"""The public page: what stands there, how it is escaped, and what a cache and a feed reader get."""

import uuid
from datetime import datetime, timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from responses.publishing import newsroom as room
from responses.publishing import releasing
from responses.publishing.channels.base import Post
from responses.publishing.channels.newsroom import NewsroomChannel
from responses.publishing.models import NewsroomPost, Publication
from responses.statements.models import Channel
from tenants import context
from tenants.models import Brand, Domain

from .making import approved, newsroom

HOME = "/newsroom/isla/"
NASTY = 'Tom & Jerry <script>alert("x")</script>'
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def say(brands, by, now):
    """say(text, title=…) approves and releases a statement in Isla's newsroom; gives back the post.

    It enters the schema itself: a request in between leaves it.
    """

    def said(text, title="Ferry service suspended", language="en", at=now):
        with context.inside(brands.isla):
            statement = approved(by, at, {newsroom(): text}, title=title, language=language)
            [publication] = releasing.queue(statement, by=by.lea, now=at)
            assert releasing.release_due(at) == 1
            return NewsroomPost.objects.select_related("publication__variant").get(publication=publication)

    return said


class TestChannel:
    def test_what_stands_there_is_the_approved_text(self, isla, say):
        post = say("All are safe.\n\nNext update at 17:00.")
        publication = post.publication
        assert (publication.status, publication.external_id) == ("published", post.slug)
        assert publication.url == f"http://localhost:8000{HOME}{post.slug}/"
        assert (post.text, post.title) == (publication.variant.text, publication.revision.title)

    def test_sent_twice_it_stands_once_and_keeps_its_hour(self, isla, say, now):
        post = say("All are safe.")
        key = str(post.publication.key)
        later = NewsroomChannel(now + timedelta(hours=1))
        same = Post(key, now, "All are safe.", ("en",))
        assert later.send(same).external_id == post.slug
        assert NewsroomPost.objects.get().published_at == post.published_at
        assert later.read_back(same).text == "All are safe."
        assert later.read_back(Post(str(uuid.uuid4()), now, "All are safe.")) is None

    def test_two_of_one_title_have_two_addresses(self, say):
        assert say("One.").slug != say("Two.").slug


class TestPage:
    def test_empty_it_says_so(self, client, brands):
        response = client.get(HOME)
        assert response.status_code == 200
        assert b"No statements yet" in response.content

    def test_newest_first_each_with_a_page_of_its_own(self, client, say, now):
        say("Older text.", title="Older", at=now - timedelta(hours=2))
        post = say("Newer text.", title="Newer", language="fil")
        page = client.get(HOME).content.decode()
        assert page.index("Newer") < page.index("Older")
        own = client.get(f"{HOME}{post.slug}/").content.decode()
        assert "<p>Newer text.</p>" in own
        assert 'lang="fil"' in own
        assert "Filipino" in own
        assert 'property="og:title" content="Newer"' in own
        assert f'href="http://testserver{HOME}atom.xml"' in own

    def test_nothing_typed_becomes_markup(self, client, say):
        post = say(f"{NASTY}\n\njavascript:alert(1) https://ok.example/a?b=1&c=(2).", title=NASTY)
        for address in (HOME, f"{HOME}{post.slug}/"):
            page = client.get(address).content.decode()
            assert "alert(&quot;x&quot;)" in page
            assert "<script>alert" not in page
        assert '<a href="https://ok.example/a?b=1&amp;c=(2)" rel="noopener nofollow">' in page
        assert 'href="javascript' not in page

    def test_an_address_without_a_statement_is_told_within_the_newsroom(self, client, say):
        post = say("All are safe.")
        for address in ("nothing-here/", "some/where/else", "?page=7"):
            response = client.get(HOME + address)
            assert response.status_code == 404
            assert b"There is no statement at this address." in response.content
            assert b"Isla Ferries" in response.content
        lost_slash = client.get(f"{HOME}{post.slug}")
        assert (lost_slash.status_code, lost_slash["Location"]) == (301, f"{HOME}{post.slug}/")

    def test_pages(self, client, brands, now, say):
        post = say("All are safe.")
        with context.inside(brands.isla):
            for number in range(room.ON_A_PAGE):
                repeat(post, number, now + timedelta(minutes=number + 1))
        first, second = client.get(HOME).content.decode(), client.get(HOME + "?page=2").content.decode()
        assert first.count("<article") == room.ON_A_PAGE
        assert 'href="?page=2"' in first
        assert second.count("<article") == 1
        assert post.slug in second

    def test_a_brand_nobody_knows_and_one_that_is_closed_are_not_there(self, client, brands):
        assert client.get("/newsroom/nobody/").status_code == 404
        type(brands.isla).objects.filter(slug="isla").update(status="closed")
        assert client.get(HOME).status_code == 404

    def test_other_brands_posts_are_not_there(self, client, say):
        post = say("All are safe.")
        assert client.get(f"/newsroom/luzon/{post.slug}/").status_code == 404

    def test_it_stands_on_the_brands_own_host_too(self, client, brands, say):
        Domain.objects.create(tenant=brands.isla, domain="news.isla.example", is_primary=True)
        post = say("All are safe.")
        assert post.publication.url == f"https://news.isla.example/{post.slug}/"
        home = client.get("/", HTTP_HOST="news.isla.example").content.decode()
        assert f'href="/{post.slug}/"' in home
        own = client.get(f"/{post.slug}/", HTTP_HOST="news.isla.example")
        assert own.status_code == 200
        assert "Cookie" not in own.get("Vary", "")
        feed = client.get("/atom.xml", HTTP_HOST="news.isla.example").content.decode()
        assert f"http://news.isla.example/{post.slug}/" in feed


class TestCaches:
    def test_no_cookie_no_session_and_few_queries_however_much_stands(self, client, sign_in, say):
        post = say("All are safe.")
        sign_in("lea")
        for address in (HOME, f"{HOME}{post.slug}/", f"{HOME}atom.xml"):
            with CaptureQueriesContext(connection) as queries:
                response = client.get(address)
            asked = [query["sql"] for query in queries if not query["sql"].startswith("SET ")]
            assert len(asked) <= 4, asked
            assert not any("session" in sql for sql in asked)
            assert not response.cookies
            assert "Cookie" not in response.get("Vary", "")
            assert "public" in response["Cache-Control"]
            assert "Lea" not in response.content.decode()

    def test_who_has_it_gets_304_until_something_new_stands(self, client, say, now):
        say("All are safe.", at=now - timedelta(hours=1))
        first = client.get(HOME)
        known = {"HTTP_IF_NONE_MATCH": first["ETag"]}
        again = client.get(HOME, **known)
        assert (again.status_code, again.content) == (304, b"")
        assert client.get(HOME, HTTP_IF_MODIFIED_SINCE=first["Last-Modified"]).status_code == 304
        say("Service is back.", title="Back")
        assert client.get(HOME, **known).status_code == 200

    def test_the_page_is_the_same_for_every_reader(self, client, brands, say):
        say("All are safe.")
        pages = {client.get(HOME, HTTP_ACCEPT_LANGUAGE=each).content for each in ("en", "fil", "de")}
        assert len(pages) == 1

    def test_only_reading_is_allowed(self, client, brands):
        assert client.post(HOME).status_code == 405
        assert client.head(HOME).status_code == 200


class TestFeed:
    def test_a_feed_reader_reads_it(self, client, say, now):
        say("Old.", title="Old", at=now - timedelta(days=1))
        post = say(f"{NASTY}\n\nSecond paragraph\x0b.", title="New", language="fil")
        response = client.get(f"{HOME}atom.xml")
        assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
        read = feedparser.parse(response.content)
        assert not read.bozo
        assert [entry.title for entry in read.entries] == ["New", "Old"]
        entry = read.entries[0]
        assert entry.id == post.publication.key.urn
        assert entry.link == f"http://testserver{HOME}{post.slug}/"
        assert (entry.content[0].type, entry.content[0].language) == ("text/html", "fil")
        assert "<script" not in entry.content[0].value

    def test_it_is_well_formed_atom(self, client, say):
        post = say(NASTY, title=NASTY)
        tree = ElementTree.fromstring(client.get(f"{HOME}atom.xml").content)
        entry = tree.find(f"{ATOM}entry")
        assert entry.find(f"{ATOM}title").text == NASTY
        assert entry.find(f"{ATOM}content").text == room.markup(post.text)
        links = {link.get("rel"): link.get("href") for link in tree.findall(f"{ATOM}link")}
        assert links == {"self": f"http://testserver{HOME}atom.xml", "alternate": f"http://testserver{HOME}"}
        assert tree.find(f"{ATOM}id").text == room.feed_id(brand_of("isla"))
        for place in (tree, entry):
            assert datetime.fromisoformat(place.find(f"{ATOM}updated").text) == post.published_at

    def test_empty_it_is_a_feed_all_the_same(self, client, brands):
        read = feedparser.parse(client.get(f"{HOME}atom.xml").content)
        assert not read.bozo
        assert read.entries == []
        assert read.feed.id.startswith("urn:uuid:")


def brand_of(slug):
    return Brand.objects.get(slug=slug)


def repeat(post, number, at):
    """Another post like it, as if it had gone out on a channel of its own."""
    publication = Publication.objects.get(pk=post.publication_id)
    channel = Channel.objects.create(kind="fake", name=f"channel {number}")
    publication.pk, publication.key, publication.channel = None, uuid.uuid4(), channel
    publication.save()
    words = {"title": f"Number {number}", "text": "Text.", "language": "en", "type": "full"}
    NewsroomPost.objects.create(publication=publication, slug=f"slug-{number}", published_at=at, **words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\n\nc", "<p>a<br>b</p><p>c</p>"),
        ("see https://x.example/a.", '<p>see <a href="https://x.example/a" rel="noopener nofollow">https://x.example/a</a>.</p>'),
        ("(http://x.example/(b))", '<p>(<a href="http://x.example/(b)" rel="noopener nofollow">http://x.example/(b)</a>)</p>'),
        ("<b>", "<p>&lt;b&gt;</p>"),
        ('https://x.example/"onclick=', '<p><a href="https://x.example/" rel="noopener nofollow">https://x.example/</a>&quot;onclick=</p>'),
        ("   ", ""),
    ],
)  # fmt: skip
def test_plain_text_as_markup(text, expected):
    assert room.markup(text) == expected
