"""What every channel is put through, before a server that answers as its provider's documentation says.

Inherit from `Adapter`, say how the channel is set up and how its provider takes a post, and it is tried:
success, a rejection, 401, 429, faults, a 504 after committing, a connection closed after committing, what is
no answer, slowness, reading back; each through the adapter alone and through the outbox; and its secrets are
looked for everywhere. What only that channel does gets tests of its own:

    class TestMastodon(Adapter):
        kind = "mastodon"
        config = {"server": "https://mastodon.example"}
        secrets = {"access_token": "hush-hush"}
        publish_at = "/api/v1/statuses"

        def publish(self, asked):
            return self.stand(asked.json["status"]) …
"""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest

from responses.core.models import Event
from responses.errors import NotAllowed
from responses.publishing import channel_forms, deciding, releasing, sending
from responses.publishing.channels import asking
from responses.publishing.channels.base import ChannelError, Picture, Post, Sent, credentials_of, same_words
from responses.publishing.models import Publication
from responses.statements import limits
from responses.statements.models import Channel
from tests.monitoring.sources.provider import Asked, Provider, Says, _Handler
from tests.publishing.making import approved

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
TEXT = "Ligtas po ang lahat ng sakay ng Isla Uno. Next update at 15:00: https://isla.example/updates?a=1&b=2"
KEY = "8a4e5bd2-3c0b-4a35-9d0d-0d8f3f4f1c11"
AFTER = timedelta(minutes=2)
PICTURES = tuple(
    Picture(content, kind, width, height, alt)
    for content, kind, width, height, alt in (
        (b"\xff\xd8 as good as a photograph", "image/jpeg", 800, 600, "Two ferries at the pier of Batangas."),
        (b"\x89PNG as good as a map", "image/png", 300, 400, "Mapa ng ruta: mula Batangas hanggang Calapan."),
    )
)


@dataclass(frozen=True)
class HangsUp(Says):
    """No answer at all: the connection is closed."""


class _Talking(_Handler):
    def do_GET(self) -> None:
        super().do_GET()

    do_POST = do_PUT = do_DELETE = do_GET

    def answer(self, says: Says) -> None:
        if isinstance(says, HangsUp):
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        super().answer(says)


class ChannelProvider(Provider):
    """The provider's hosts, on loopback, and what stands there in public."""

    def __init__(self) -> None:
        super().__init__()
        self.RequestHandlerClass = _Talking

    def fresh(self) -> None:
        super().fresh()
        self.public: dict[str, dict[str, Any]] = {}
        self.number = 0

    def stand(self, text: str, **more: Any) -> dict[str, Any]:
        """Something is published: its id, when, and what it says."""
        self.number += 1
        row = {
            "id": str(7000 + self.number),
            "text": text,
            "at": NOW + timedelta(seconds=self.number),
            **more,
        }
        self.public[row["id"]] = row
        return row

    @property
    def newest_first(self) -> list[dict[str, Any]]:
        return list(reversed(self.public.values()))


def served() -> Iterator[ChannelProvider]:
    server = ChannelProvider()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.fresh()
    server.shutdown()
    server.server_close()
    thread.join()


def parts_of(asked: Asked) -> dict[str, Any]:
    """A form with files, as a server reads it: fields as text, files as (name, kind, bytes)."""
    head = f"Content-Type: {asked.headers['content-type']}\r\n\r\n".encode()
    found: dict[str, Any] = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + asked.body).iter_parts():
        name = part.get_param("name", header="content-disposition")
        body = part.get_payload(decode=True)
        file = part.get_filename()
        found[str(name)] = (file, part.get_content_type(), body) if file else body.decode()
    return found


def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Adapter:
    """The trial. Say the first seven; the rest where the provider differs from most."""

    kind = ""
    config: dict[str, Any] = {}
    secrets: dict[str, str] = {}
    publish_at = ""  # where it is published
    check_at = ""  # what the connection test asks, which a wrong token is refused at
    rejection = Says({"error": "no"}, 422)  # of this very text, in the provider's documented form

    def publish(self, asked: Asked) -> Any:
        """Take a well-formed post: make it stand with `self.provider.stand` and answer as documented."""
        raise NotImplementedError

    def serve(self) -> None:
        """Everything else the adapter asks: who we are, what stands there."""

    readable = True
    repeatable = False
    found_by_key = False  # what stands there carries our key, so nothing can be mistaken for it
    has_address = True  # whether a post there has an address of its own
    unauthorised = Says({"error": "The access token is invalid"}, 401)
    too_often = Says({"error": "Too many requests"}, 429, {"Retry-After": "77"})
    waits: int | None = 77
    key_in_address = False  # whether the provider takes its key in the address and nowhere else
    damaged = (b"", b"\xff\xfe", b"<html>Down</html>", b"null", b"5", b'{"id": ')

    # -- how it is asked ---------------------------------------------------------------------------------

    @pytest.fixture(autouse=True)
    def _at(self, provider: ChannelProvider, monkeypatch: pytest.MonkeyPatch) -> None:
        self.provider, self.patch = provider, monkeypatch
        provider.fresh()
        self.serve()
        provider.on(self.publish_at, self.taken)
        monkeypatch.setattr(asking, "fetch", provider.http)

    def taken(self, asked: Asked) -> Any:
        """Only a POST publishes."""
        if asked.method != "POST":
            return Says({"error": "Not found"}, 404)
        return self.publish(asked)

    def adapter(self, **config: Any) -> Any:
        channel = Channel(kind=self.kind, config={**self.config, **config}, secret=json.dumps(self.secrets))
        return sending.adapter(channel, now=NOW)

    def post(self, text: str = TEXT, **more: Any) -> Post:
        usual = {"key": KEY, "langs": ("fil",), "title": "Ferry service suspended"}
        return Post(created_at=NOW, text=text, **{**usual, **more})

    def send(self, text: str = TEXT, **more: Any) -> Sent:
        return self.adapter().send(self.post(text, **more))

    def fails(self, deed: Any = None, **config: Any) -> ChannelError:
        with pytest.raises(ChannelError) as caught:
            adapter = self.adapter(**config)
            deed(adapter) if deed else adapter.send(self.post())
        assert caught.value.message.strip()
        self.gives_nothing_away(f"{caught.value!r} {caught.value.message}")
        return caught.value

    def says(self, answer: Any) -> None:
        """Whatever is sent to be published meets this answer."""
        self.provider.on(self.publish_at, answer)

    def commits_and(self, says: Says) -> None:
        """It is published, and yet this is what the sender hears."""

        def taken(asked: Asked) -> Says:
            answer = self.taken(asked)
            return says if asked.method == "POST" else answer

        self.provider.on(self.publish_at, taken)

    def gives_nothing_away(self, text: str) -> None:
        for name, secret in self.secrets.items():
            assert secret not in text, f"{name} can be read in: {text[:300]}"

    @property
    def standing(self) -> list[str]:
        return [row["text"] for row in self.provider.public.values()]

    def sends(self) -> list[Asked]:
        """What arrived where publishing happens."""
        return [a for a in self.provider.asked if a.method == "POST" and a.path.startswith(self.publish_at)]

    # -- the adapter alone -------------------------------------------------------------------------------

    def test_what_is_sent_stands_there_once(self) -> None:
        sent = self.send()
        assert sent.external_id
        assert len(sent.external_id) <= 500
        assert bool(sent.url) == self.has_address
        assert urlsplit(sent.url).scheme in ("", "https")
        assert len(self.provider.public) == 1
        assert len(self.sends()) == 1

    def test_what_stands_there_says_what_was_approved(self) -> None:
        self.send()
        [stands] = self.standing
        assert same_words(self.as_read(stands), TEXT)

    def as_read(self, stands: str) -> str:
        """What the public reads of what was sent."""
        return stands

    def test_no_secret_stands_in_an_address(self) -> None:
        self.send()
        for asked in self.provider.asked:
            self.gives_nothing_away(
                str(asked.query) if self.key_in_address else f"{asked.path} {asked.query}"
            )

    def test_the_connection_is_tried_without_publishing(self) -> None:
        assert self.adapter().check().name
        assert not self.provider.public
        assert not self.sends()

    def test_a_connection_with_a_wrong_token_needs_a_person(self, caplog: pytest.LogCaptureFixture) -> None:
        self.provider.on(self.check_at, self.unauthorised)
        error = self.fails(lambda adapter: adapter.check())
        assert (error.permanent, error.unknown, error.attention) == (True, False, True)
        self.gives_nothing_away(caplog.text)

    def test_a_rejection_is_final_and_says_why(self) -> None:
        self.says(self.rejection)
        error = self.fails()
        assert (error.permanent, error.unknown, error.attention) == (True, False, False)
        assert not self.provider.public

    def test_a_token_that_is_not_taken_needs_a_person(self) -> None:
        self.says(self.unauthorised)
        error = self.fails()
        assert (error.permanent, error.unknown, error.attention) == (True, False, True)

    def test_asked_to_wait_it_says_how_long(self) -> None:
        self.says(self.too_often)
        error = self.fails()
        assert (error.permanent, error.unknown, error.retry_after) == (False, False, self.waits)

    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    def test_a_fault_leaves_it_unknown_and_is_not_sent_twice(self, status: int) -> None:
        self.says(Says({"error": "fault"}, status))
        error = self.fails()
        assert (error.permanent, error.unknown) == (False, True)
        assert len(self.sends()) == 1

    def test_what_is_no_answer_leaves_it_unknown(self) -> None:
        for body in self.damaged:
            self.provider.asked.clear()
            self.says(Says(body))
            error = self.fails()
            assert (error.permanent, error.unknown) == (False, True), body
            assert len(self.sends()) == 1

    def test_no_answer_in_time_leaves_it_unknown(self) -> None:
        self.patch.setattr(asking, "LIMITS", replace(asking.LIMITS, seconds=0.4))
        self.says(Says({}, is_slow=True))
        error = self.fails()
        assert (error.permanent, error.unknown) == (False, True)

    def test_a_server_that_cannot_be_reached_got_nothing(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
        real, there = self.provider.http, self.provider.origin

        def fetch(url: str, **given: Any) -> Any:
            is_publishing = given.get("method") != "GET" and (given.get("json") or given.get("data"))
            self.provider.origin = nobody if is_publishing else there
            try:
                return real(url, **given)
            finally:
                self.provider.origin = there

        self.patch.setattr(asking, "fetch", fetch)
        error = self.fails()
        assert (error.permanent, error.unknown) == (False, False)

    @pytest.mark.parametrize("heard", [Says(b"", 504), HangsUp()], ids=["504", "closed"])
    def test_published_and_never_told(self, heard: Says) -> None:
        self.commits_and(heard)
        error = self.fails()
        assert (error.permanent, error.unknown) == (False, True)
        assert len(self.provider.public) == 1
        if self.readable:
            self.says(self.taken)
            found = self.adapter().read_back(self.post())
            assert found is not None
            assert same_words(found.text, TEXT)
            assert found.external_id

    def test_nothing_there_is_nothing_read_back(self) -> None:
        if self.readable:
            assert self.adapter().read_back(self.post()) is None
            self.send("Something else altogether.", key="another")
            assert self.adapter().read_back(self.post()) is None

    def test_read_back_by_its_id_it_is_the_same_changed_or_gone(self) -> None:
        if not self.readable:
            return
        sent = self.send()
        found = self.adapter().read_back(self.post(), sent.external_id)
        assert same_words(found.text, TEXT)
        [row] = self.provider.public.values()
        row["text"] = "Somebody changed this."
        found = self.adapter().read_back(self.post(), sent.external_id)
        assert not same_words(found.text, TEXT)
        self.provider.public.clear()
        assert self.adapter().read_back(self.post(), sent.external_id) is None

    def test_no_other_publication_is_taken_for_it(self) -> None:
        if self.readable and not self.repeatable and not self.found_by_key:
            sent = self.send()
            others = frozenset({sent.external_id})
            assert self.adapter().read_back(replace(self.post(), others=others)) is None

    # -- through its form and the outbox -----------------------------------------------------------------

    @pytest.fixture
    def channel(self, isla: Any) -> Channel:
        """As a person sets it up."""
        form = channel_forms.FORMS[self.kind]({"name": self.kind, **self.config, **self.secrets})
        assert form.is_valid(), form.errors
        assert not set(form.config()) & set(self.secrets)
        config, secret = form.config(), json.dumps(form.credentials())
        return Channel.objects.create(kind=self.kind, name=self.kind, config=config, secret=secret)

    @pytest.fixture
    def queued(self, channel: Channel, by: Any, now: datetime) -> Publication:
        assert credentials_of(channel.secret).items() >= self.secrets.items()
        [publication] = releasing.queue(approved(by, now, {channel: TEXT}), by=by.lea, now=now)
        return publication

    def released(self, publication: Publication, at: datetime) -> str:
        releasing.release_due(at)
        publication.refresh_from_db()
        return publication.status

    def test_it_goes_out_by_the_outbox(self, queued: Publication, now: datetime) -> None:
        assert self.released(queued, now) == "published"
        assert len(self.provider.public) == 1
        told = json.dumps(list(Event.objects.values("kind", "data")), default=str)
        self.gives_nothing_away(told)

    def test_never_told_it_is_found_or_two_people_decide(
        self, queued: Publication, by: Any, now: datetime
    ) -> None:
        self.commits_and(Says(b"", 504))
        assert self.released(queued, now) == "unknown"
        self.says(self.taken)
        after = self.released(queued, now + AFTER)
        if self.repeatable:
            after = self.released(queued, now + AFTER)
        if self.readable or self.repeatable:
            assert after == "published"
        else:
            assert after == "unknown"
            deciding.decide_unknown(queued, "not_out", reason="I looked.", by=by.lea, now=now)
            with pytest.raises(NotAllowed):
                deciding.decide_unknown(queued, "not_out", reason="Really.", by=by.lea, now=now)
            deciding.decide_unknown(queued, "out", reason="There it is.", by=by.ramon, now=now)
        assert len(self.provider.public) == 1

    def test_a_token_that_is_not_taken_marks_the_channel_until_it_works(
        self, queued: Publication, by: Any, now: datetime
    ) -> None:
        self.says(self.unauthorised)
        assert self.released(queued, now) == "failed"
        queued.channel.refresh_from_db()
        assert queued.channel.trouble == queued.error
        assert Event.objects.filter(kind="channel.troubled").count() == 1
        self.says(self.taken)
        deciding.try_again(queued, by=by.lea, now=now)
        assert self.released(queued, now) == "published"
        queued.channel.refresh_from_db()
        assert queued.channel.trouble == ""
        assert Event.objects.filter(kind="channel.recovered").count() == 1

    def test_asked_to_wait_it_waits_and_then_goes_out(self, queued: Publication, now: datetime) -> None:
        self.says(self.too_often)
        assert self.released(queued, now) == "queued"
        if self.waits:
            assert queued.due_at >= now + timedelta(seconds=self.waits)
        self.says(self.taken)
        assert self.released(queued, queued.due_at + timedelta(seconds=1)) == "published"
        assert len(self.provider.public) == 1

    def test_its_length_is_counted(self, channel: Channel) -> None:
        most = limits.limit(channel)
        assert limits.over_limit(channel, "a" * most) == ""
        assert "1 character over" in limits.over_limit(channel, "a" * (most + 1))


def connect(adapter: type[Adapter]) -> partial[Any]:
    """For tests beside the trial: a channel of this kind in the brand that is entered."""
    return partial(
        Channel.objects.create,
        kind=adapter.kind,
        config=adapter.config,
        secret=json.dumps(adapter.secrets),
    )
