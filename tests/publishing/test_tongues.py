"""Out in two languages: one publication per channel, each reader their own, and only what was approved."""

import json
from datetime import timedelta

import feedparser
import pytest
from django.core import mail

from responses.publishing import lettering, newsroom_files, releasing, sending, subscribing
from responses.publishing.channels.webhook import WebhookChannel
from responses.publishing.evidence import giving, typesetting, verifying
from responses.publishing.models import NewsroomPost, Publication, Subscriber
from responses.statements import drafting
from responses.statements.models import Channel
from tenants import context

from .making import approve, channel, newsroom
from .test_releasing import tamper

HOME = "/newsroom/isla/"
ENGLISH, FILIPINO = "All are safe. Next word at 17:00.", "Ligtas ang lahat. Susunod na pahayag: 17:00."


def drafted(by, now, *channels):
    texts = {each.pk: ENGLISH for each in channels}
    shared = {each.pk: FILIPINO for each in channels if each.kind != "fake"}
    return drafting.draft(
        title="Everyone is safe",
        type="holding",
        language="en",
        texts=texts,
        also={"fil": {"title": "Ligtas ang lahat", "texts": shared}},
        by=by.ana,
        now=now,
    )


def out(by, now, *channels):
    statement = approve(drafted(by, now, *channels), by, now)
    rows = releasing.queue(statement, by=by.lea, now=now)
    releasing.release_due(now)
    return statement, [Publication.objects.get(pk=row.pk) for row in rows]


class TestNewsroom:
    def test_each_language_has_its_page_and_names_the_other(self, client, brands, by, now):
        with context.inside(brands.isla):
            _statement, [publication] = out(by, now, newsroom())
            slug = publication.post.slug
        english, filipino = (client.get(f"{HOME}{place}{slug}/").text for place in ("", "fil/"))
        assert (
            ENGLISH in english and FILIPINO not in english and '<article class="release" lang="en"' in english
        )
        assert FILIPINO in filipino and ENGLISH not in filipino
        assert '<article class="release" lang="fil"' in filipino and "Ligtas ang lahat</span>" in filipino
        for page in (english, filipino):
            assert f'hreflang="fil" href="http://testserver{HOME}fil/{slug}/"' in page
            assert f'hreflang="en" href="http://testserver{HOME}{slug}/"' in page
        assert '"inLanguage": "fil"' in filipino
        assert FILIPINO in client.get(f"{HOME}fil/").text and ENGLISH in client.get(HOME).text

    def test_a_statement_in_one_language_stands_in_it_on_both_pages(self, client, brands, by, now):
        with context.inside(brands.isla):
            given = {"title": "Safe", "type": "holding", "language": "en", "texts": {newsroom().pk: ENGLISH}}
            statement = approve(drafting.draft(**given, by=by.ana, now=now), by, now)
            releasing.queue(statement, by=by.lea, now=now)
            releasing.release_due(now)
        page = client.get(f"{HOME}fil/").text
        assert ENGLISH in page and 'lang="en"' in page

    def test_each_language_has_its_feed(self, client, brands, by, now):
        with context.inside(brands.isla):
            out(by, now, newsroom())
        english, filipino = (
            feedparser.parse(client.get(f"{HOME}{at}atom.xml").content) for at in ("", "fil/")
        )
        assert not english.bozo and not filipino.bozo
        assert (english.entries[0].title, filipino.entries[0].title) == (
            "Everyone is safe",
            "Ligtas ang lahat",
        )
        assert filipino.entries[0].content[0].language == "fil"
        assert english.feed.id != filipino.feed.id and english.entries[0].id == filipino.entries[0].id
        told = client.get(f"{HOME}fil/feed.json").json()
        assert (told["language"], told["items"][0]["language"]) == ("fil", "fil")
        assert told["items"][0]["content_text"] == FILIPINO
        assert f'href="http://testserver{HOME}fil/atom.xml"' in client.get(f"{HOME}fil/").text

    def test_both_stand_as_files(self, brands, by, now, settings, tmp_path):
        settings.TUGON_NEWSROOM = str(tmp_path)
        with context.inside(brands.isla):
            _statement, [publication] = out(by, now, newsroom())
            slug = publication.post.slug
            newsroom_files.write(brands.isla)
        folder = tmp_path / "common" / "newsroom" / "isla"
        assert FILIPINO in (folder / "fil" / slug / "index.html").read_text()
        assert ENGLISH in (folder / slug / "index.html").read_text()
        assert FILIPINO in (folder / "fil" / "atom.xml").read_text()

    def test_a_change_of_the_second_language_is_seen_when_it_is_read_back(self, isla, by, now):
        _statement, [publication] = out(by, now, newsroom())
        speaker = sending.adapter(publication.channel, now=now)
        post = sending.post_of(publication)
        assert speaker.read_back(post).text == ENGLISH
        NewsroomPost.objects.update(also={"fil": {"title": "x", "text": "Walang nangyari."}})
        assert speaker.read_back(post).text != ENGLISH


class TestOutbox:
    def test_one_row_per_channel_however_many_languages(self, isla, by, now, outside):
        _statement, rows = out(by, now, newsroom(), channel())
        assert [(row.channel.kind, row.variant.language, row.status) for row in rows] == [
            ("newsroom", "en", "published"),
            ("fake", "en", "published"),
        ]

    def test_a_channel_of_filipino_gets_filipino_with_its_title(self, isla, by, now, outside):
        other = channel(speaks="fil")
        given = {"title": "Ligtas ang lahat", "texts": {other.pk: FILIPINO}}
        statement = drafting.draft(
            title="Safe",
            type="holding",
            language="en",
            texts={newsroom().pk: ENGLISH},
            also={"fil": given},
            by=by.ana,
            now=now,
        )
        releasing.queue(approve(statement, by, now), by=by.lea, now=now)
        row = Publication.objects.get(channel=other)
        post = sending.post_of(row)
        assert (post.text, post.langs, post.title) == (FILIPINO, ("fil",), "Ligtas ang lahat")

    def test_a_second_language_changed_by_sql_is_held_back(self, isla, by, now):
        statement = approve(drafted(by, now, newsroom()), by, now)
        [row] = releasing.queue(statement, by=by.lea, now=now)
        beside = statement.latest.variants.get(language="fil")
        tamper(f"UPDATE responses_variant SET text = 'Iba na.' WHERE id = {beside.pk}")
        releasing.release_due(now)
        row.refresh_from_db()
        assert row.status == "blocked"
        assert not NewsroomPost.objects.exists()

    def test_a_webhook_is_told_both(self, isla, by, now, monkeypatch):
        hook = Channel.objects.create(kind="webhook", name="Hook", config={"url": "https://hook.example/"})
        statement = approve(drafted(by, now, newsroom(), hook), by, now)
        releasing.queue(statement, by=by.lea, now=now)
        sent = []
        monkeypatch.setattr(WebhookChannel, "_deliver", lambda self, key, event: sent.append(event))
        releasing.release_due(now)
        data = sent[0]["data"]
        assert (data["language"], data["text"]) == ("en", ENGLISH)
        assert data["also"] == [{"language": "fil", "title": "Ligtas ang lahat", "text": FILIPINO}]


class TestLetters:
    @pytest.mark.parametrize(("language", "text"), [("en", ENGLISH), ("fil", FILIPINO)])
    def test_each_subscriber_gets_theirs(self, isla, by, now, language, text):
        email = Channel.objects.create(kind="email", name="E-mail")
        reader = Subscriber.objects.create(email="r@reader.example", language=language, asked_at=now)
        subscribing.confirm(reader, now=now)
        out(by, now, newsroom(), email)
        mail.outbox.clear()
        lettering.send_due(now + timedelta(minutes=1))
        [letter] = mail.outbox
        assert text in letter.body
        assert letter.subject.endswith("Everyone is safe" if language == "en" else "Ligtas ang lahat")


class TestEvidence:
    @pytest.fixture
    def pack(self, isla, by, now):
        _statement, [publication] = out(by, now, newsroom())
        return json.loads(json.dumps(giving.give(publication, now=now)))

    def flaws(self, pack):
        return "\n".join(verifying.verify(json.dumps(pack).encode()).flaws)

    def test_it_holds_both_and_proves_both(self, pack):
        assert self.flaws(pack) == ""
        assert pack["publication"]["also"][0]["text"] == FILIPINO
        assert pack["revision"]["content"]["also"][0]["title"] == "Ligtas ang lahat"

    def test_another_text_in_the_second_language_is_found(self, pack):
        pack["publication"]["also"][0]["text"] = "Walang nangyari."
        assert "not the revision's text" in self.flaws(pack)

    def test_both_are_on_paper(self, pack):
        names = [each["name"] for each in typesetting.texts(pack)]
        assert names == ["English: Everyone is safe", "Filipino: Ligtas ang lahat"]
        assert typesetting.pdf(pack, [], "fil").startswith(b"%PDF")
