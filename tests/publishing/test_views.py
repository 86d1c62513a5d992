"""The desk's pages of publications and channels: who may, what they show, what typing survives."""

import re

import pytest
from django.urls import reverse

from responses.core.models import Event
from responses.publishing import releasing
from responses.publishing.channels.base import ChannelError, credentials_of
from responses.publishing.models import Publication
from responses.statements.models import Channel, Statement
from tenants import context

from .making import TEXT, approved, channel

SECRET = "abcd-efgh-ijkl-mnop"
BLUESKY = {"name": "Bluesky", "service": "https://bsky.social", "handle": "@isla.example", "password": SECRET}


def at(name, *args, brand="isla"):
    return reverse(f"responses:{name}", args=[brand, *args])


@pytest.fixture
def row(brands, by, now, outside):
    """row(said) releases one publication to which the channel says this; gives back its row."""

    def made(said=None, released=True):
        outside.says = [said]
        with context.inside(brands.isla):
            [publication] = releasing.queue(approved(by, now), by=by.lea, now=now)
            if released:
                releasing.release_due(now)
            publication.refresh_from_db()
        return publication

    return made


@pytest.fixture
def status(brands):
    """status(row) as it is in the database now."""

    def read(publication):
        with context.inside(brands.isla):
            return Publication.objects.get(pk=publication.pk).status

    return read


UNKNOWN = ChannelError("No answer came.", unknown=True)
REFUSED = ChannelError("Wrong password.", permanent=True)
FOUND = {"outcome": "out", "reason": "I saw it there."}


class TestPublications:
    def test_the_list_tells_how_each_stands(self, sign_in, row):
        row(UNKNOWN)
        page = sign_in("paolo").get(at("publications")).content.decode()
        assert "outcome unknown – checking" in page
        assert "Ferry service suspended" in page

    def test_empty_it_says_what_to_do(self, sign_in, brands):
        assert "Nothing here" in sign_in("lea").get(at("publications")).content.decode()

    def test_htmx_gets_the_region_and_then_304(self, sign_in, row):
        row()
        client = sign_in("lea")
        first = client.get(at("publications"), headers={"HX-Request": "true"})
        assert b"<html" not in first.content
        seen = {"HX-Request": "true", "If-None-Match": first["ETag"]}
        assert client.get(at("publications"), headers=seen).status_code in {
            304,
            200,
        }  # 200 at a minute's turn
        assert "HX-Request" in first["Vary"]

    @pytest.mark.parametrize("show", ["trouble", "open", "out", "nonsense"])
    def test_each_tab(self, sign_in, row, show):
        row(REFUSED)
        page = sign_in("lea").get(f"{at('publications')}?show={show}").content.decode()
        assert ("Ferry service suspended" in page) == (show in {"trouble", "nonsense"})

    def test_publish_again_is_closed_while_unknown(self, sign_in, row):
        page = sign_in("lea").get(at("publication", row(UNKNOWN).pk)).content.decode()
        assert '<button class="btn" disabled>' in page
        assert "publication_retry" not in page
        assert "/retry/" not in page

    def test_a_lead_decides_with_a_reason(self, sign_in, row, status):
        publication = row(UNKNOWN)
        response = sign_in("lea").post(at("publication_decide", publication.pk), FOUND)
        assert (response.status_code, status(publication)) == (303, "published")

    def test_without_a_reason_nothing_is_decided_and_the_choice_is_kept(self, sign_in, row, status):
        publication = row(UNKNOWN)
        asked = {"outcome": "not_out", "reason": ""}
        response = sign_in("lea").post(at("publication_decide", publication.pk), asked)
        assert (response.status_code, status(publication)) == (422, "unknown")
        [choice] = re.findall(r'<input[^>]*value="not_out"[^>]*>', response.content.decode())
        assert "checked" in choice

    def test_decided_meanwhile_what_was_typed_is_kept(self, sign_in, row):
        publication = row(UNKNOWN)
        client = sign_in("lea")
        client.post(at("publication_decide", publication.pk), FOUND)
        late = client.post(at("publication_decide", publication.pk), FOUND | {"outcome": "not_out"})
        assert late.status_code == 409

    def test_failed_it_goes_again_or_is_called_off(self, sign_in, row, status):
        publication = row(REFUSED)
        client = sign_in("lea")
        assert client.post(at("publication_retry", publication.pk)).status_code == 303
        assert status(publication) == "queued"
        assert client.post(at("publication_cancel", publication.pk), {"reason": "Old."}).status_code == 303
        assert status(publication) == "cancelled"

    def test_what_is_out_cannot_be_called_off(self, sign_in, row, status):
        publication = row()
        response = sign_in("lea").post(at("publication_cancel", publication.pk))
        assert (response.status_code, status(publication)) == (409, "published")


class TestStatement:
    def test_a_person_presses_the_button(self, sign_in, brands, by, now, outside):
        with context.inside(brands.isla):
            statement = approved(by, now)
        client = sign_in("lea")
        page = client.get(at("statement_release", statement.pk)).content.decode()
        assert TEXT in page
        assert client.get(at("statement_publications", statement.pk)).content.count(b"/release/") == 1
        assert client.post(at("statement_release", statement.pk)).status_code == 303
        with context.inside(brands.isla):
            assert Publication.objects.get().status == "queued"
        page = client.get(at("statement_publications", statement.pk)).content.decode()
        assert "queued" in page
        assert "/release/" not in page

    def test_what_is_not_approved_has_no_button(self, sign_in, brands, by, now, outside):
        with context.inside(brands.isla):
            statement = approved(by, now)
            Statement.objects.filter(pk=statement.pk).update(status="draft")
        client = sign_in("lea")
        assert "not approved" in client.get(at("statement_release", statement.pk)).content.decode()
        assert client.post(at("statement_release", statement.pk)).status_code == 409

    def test_the_region_alone_for_htmx(self, sign_in, row):
        publication = row()
        address = at("statement_publications", publication.statement_id)
        region = sign_in("lea").get(address, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in region
        assert publication.url in region


class TestChannels:
    def test_bluesky_is_added_and_its_password_never_shown(self, sign_in, brands):
        client = sign_in("ramon")
        assert client.post(at("channel_add", "bluesky"), BLUESKY).status_code == 303
        with context.inside(brands.isla):
            added = Channel.objects.get(kind="bluesky")
            assert credentials_of(added.secret) == {"password": SECRET}
            assert added.config["handle"] == "isla.example"
            assert SECRET not in str(list(Event.objects.filter(kind="channel.added").values()))
            assert SECRET not in raw_secret(added.pk)
        for address in (at("channels"), at("channel", added.pk)):
            assert SECRET not in client.get(address).content.decode()

    def test_a_change_keeps_the_password_unless_the_server_is_another(self, sign_in, brands):
        client = sign_in("ramon")
        client.post(at("channel_add", "bluesky"), BLUESKY)
        with context.inside(brands.isla):
            pk = Channel.objects.get(kind="bluesky").pk
        kept = BLUESKY | {"password": "", "name": "Our Bluesky", "is_active": "on"}
        assert client.post(at("channel", pk), kept).status_code == 303
        elsewhere = client.post(at("channel", pk), kept | {"service": "https://evil.example"})
        assert elsewhere.status_code == 422
        assert "password anew" in elsewhere.content.decode()
        with context.inside(brands.isla):
            found = Channel.objects.get(pk=pk)
            assert (found.name, credentials_of(found.secret)) == ("Our Bluesky", {"password": SECRET})
            assert found.config["service"] == "https://bsky.social"

    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("service", "http://127.0.0.1:5432"),
            ("service", "not an address"),
            ("handle", " "),
            ("handle", "two words"),
            ("password", ""),
            ("name", "Newsroom"),
        ],
    )
    def test_what_does_not_hold_is_told_at_its_field(self, sign_in, brands, field, typed):
        response = sign_in("ramon").post(at("channel_add", "bluesky"), BLUESKY | {field: typed})
        assert response.status_code == 422
        assert f'id="id_{field}_error"' in response.content.decode()
        assert SECRET not in response.content.decode()
        with context.inside(brands.isla):
            assert not Channel.objects.filter(kind="bluesky").exists()

    def test_the_connection_is_tried_without_publishing(self, sign_in, brands, outside):
        with context.inside(brands.isla):
            pk = channel().pk
        client = sign_in("ramon")
        assert client.post(at("channel_test", pk)).status_code == 303
        assert "It works." in client.get(at("channels")).content.decode()
        assert outside.calls == []

    def test_a_connection_that_fails_says_why(self, sign_in, brands, settings):
        settings.TUGON_ALLOWED_ORIGINS = ["http://127.0.0.1:9"]
        client = sign_in("ramon")
        client.post(at("channel_add", "bluesky"), BLUESKY | {"service": "http://127.0.0.1:9"})
        with context.inside(brands.isla):
            pk = Channel.objects.get(kind="bluesky").pk
        client.post(at("channel_test", pk))
        assert "could not be reached" in client.get(at("channels")).content.decode()


def raw_secret(pk):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM responses_channel WHERE id = %s", [pk])
        return cursor.fetchone()[0]


PAGES = ["publications", "publication", "statement_publications", "channels"]
MAY_RELEASE = ["statement_release", "publication_decide", "publication_retry", "publication_cancel"]
MAY_CONNECT = ["channel_new", "channel_add", "channel", "channel_test"]


class TestWhoMay:
    @pytest.fixture
    def addresses(self, row):
        publication = row(UNKNOWN)
        ids = {"statement": publication.statement_id, "publication": publication.pk}
        ids["channel"] = publication.channel_id

        def of(name, brand="isla"):
            if name == "channel_add":
                return at(name, "bluesky", brand=brand)
            plural = {"publications", "channels", "channel_new"}
            return at(name, *([] if name in plural else [ids[name.partition("_")[0]]]), brand=brand)

        return of

    @pytest.mark.parametrize("name", PAGES + MAY_RELEASE + MAY_CONNECT)
    def test_a_stranger_finds_nothing(self, sign_in, addresses, name):
        for person in ("charlie", "jun", "nobody", "marta"):
            client = sign_in(person)
            assert client.get(addresses(name)).status_code in {404, 405}
            assert client.post(addresses(name), FOUND).status_code in {404, 405}
        assert sign_in("ramon").get(addresses("publication", brand="luzon")).status_code == 404

    @pytest.mark.parametrize("name", MAY_RELEASE + MAY_CONNECT)
    def test_a_colleague_without_the_capability_is_told(self, sign_in, addresses, status, name):
        assert sign_in("paolo").post(addresses(name), FOUND).status_code == 403

    @pytest.mark.parametrize("name", PAGES)
    def test_everyone_at_the_desk_may_look(self, sign_in, addresses, name):
        assert sign_in("paolo").get(addresses(name)).status_code == 200
