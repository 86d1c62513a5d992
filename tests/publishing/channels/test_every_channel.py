"""No channel without its trials: success, rejection, 401, 429, a 504 after committing, a closed connection.

A channel that speaks to a provider is put through them by inheriting `provider.Adapter`; one that is left out
fails here, and so does one that takes a trial away. Letters go to a mail server, which has answers of its own
for the same six; the newsroom is a page of ours, which nobody can refuse: see its own tests.
"""

import importlib
import json
import pkgutil
import socketserver
import threading
from datetime import timedelta

import pytest

from responses.publishing import channels, lettering, releasing, subscribing
from responses.publishing.channels.base import CHANNELS
from responses.publishing.models import Letter, Subscriber
from responses.statements.models import Channel
from tests.publishing import making
from tests.publishing.channels import provider

OF_OUR_OWN = {"newsroom": "a page of ours", "email": "a mail server: TestMailServer"}
TRIALS = {
    "success": "test_it_goes_out_by_the_outbox",
    "rejection": "test_a_rejection_is_final_and_says_why",
    "401": "test_a_token_that_is_not_taken_marks_the_channel_until_it_works",
    "429": "test_asked_to_wait_it_waits_and_then_goes_out",
    "504 after committing": "test_never_told_it_is_found_or_two_people_decide",
    "504 and closed connection": "test_published_and_never_told",
    "closed connection before": "test_a_server_that_cannot_be_reached_got_nothing",
}


def kinds():
    for module in pkgutil.iter_modules(channels.__path__):
        importlib.import_module(f"{channels.__name__}.{module.name}")
    return sorted(kind for kind in CHANNELS if kind != "fake")


def trials_of(kind):
    for module in pkgutil.iter_modules(
        [str(path) for path in __import__(__package__, fromlist="x").__path__]
    ):
        importlib.import_module(f"{__package__}.{module.name}")
    return [each for each in provider.Adapter.__subclasses__() if each.kind == kind]


@pytest.mark.parametrize("kind", kinds())
@pytest.mark.parametrize("trial", TRIALS)
def test_a_row_for_every_channel_and_trial(kind, trial):
    if kind in OF_OUR_OWN:
        return
    tried = trials_of(kind)
    assert tried, f"{kind} has no trial: write tests/publishing/channels/test_{kind}.py"
    for each in tried:
        assert each.__name__.startswith("Test"), f"{each} is not collected"
        assert callable(getattr(each, TRIALS[trial])), f"{each.__name__} takes “{trial}” away"


def test_every_kind_that_can_be_chosen_has_an_adapter():
    assert sorted(Channel.Kind.values) == kinds()


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks SMTP by RFC 5321 as far as a sender goes; `says` answers a command in another way."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Talk)
        self.says, self.taken = {}, []


class Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 mail.example ESMTP")
        while line := self.rfile.readline().decode().strip():
            word = line.split(":")[0].split(" ")[0].upper()
            if not self.answer(word):
                return

    def answer(self, word):
        """False when the connection is to be closed."""
        if word == "DATA" and "DATA" not in self.server.says:
            self.say("354 go on")
            text = b"".join(iter(self.rfile.readline, b".\r\n"))
            self.server.taken.append(text.decode())
            word = "."
        said = self.server.says.get(word, "221 bye" if word == "QUIT" else "250 ok")
        if said:
            self.say(said)
        return bool(said) and word != "QUIT"

    def say(self, words):
        self.wfile.write(f"{words}\r\n".encode())


class TestMailServer:
    """The e-mail channel: each letter once, and what was cut off while it was handed over is unknown."""

    @pytest.fixture
    def server(self, settings):
        with MailServer() as server:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
            settings.EMAIL_TIMEOUT, settings.EMAIL_USE_TLS = 5, False
            yield server
            server.shutdown()

    @pytest.fixture
    def letter(self, isla, by, now, server):
        reader = Subscriber.objects.create(email="reader@x.example", asked_at=now)
        subscribing.confirm(reader, now=now)
        channel = Channel.objects.create(kind="email", name="Letters", config=json.loads("{}"))
        releasing.queue(making.approved(by, now, {channel: making.TEXT}), by=by.lea, now=now)
        releasing.release_due(now)
        return Letter.objects.get()

    def sent(self, letter, now, *minutes):
        for each in minutes or (0,):
            lettering.send_due(now + timedelta(minutes=each))
        letter.refresh_from_db()
        return letter.state

    def test_success(self, server, letter, now):
        assert self.sent(letter, now, 0, 5, 60) == "sent"
        [text] = server.taken
        assert making.TEXT in text.replace("=\r\n", "").replace("\r\n", " ")
        assert "Message-ID: <" in text

    @pytest.mark.parametrize("at", ["RCPT", "."])
    def test_rejection(self, server, letter, now, at):
        server.says = {at: "550 no such mailbox"}
        assert self.sent(letter, now, 0, 5, 60) == "failed"
        assert len(server.taken) == (at == ".")
        assert "550" in letter.error

    def test_401_the_server_does_not_take_our_sign_in_and_then_does(self, server, letter, now):
        server.says = {"MAIL": "430 4.7.0 authentication needed"}
        assert self.sent(letter, now) == "queued"
        server.says = {}
        assert self.sent(letter, now, 5) == "sent"
        assert len(server.taken) == 1

    def test_429_asked_to_wait(self, server, letter, now):
        server.says = {"RCPT": "451 4.7.1 greylisted, try again later"}
        assert self.sent(letter, now) == "queued"
        assert self.sent(letter, now, 1) == "queued", "not before its time"
        server.says = {}
        assert self.sent(letter, now, 5) == "sent"
        assert len(server.taken) == 1

    def test_taken_and_never_told(self, server, letter, now):
        server.says = {".": ""}
        assert self.sent(letter, now, 0, 5, 60) == "unknown"
        assert len(server.taken) == 1, "nothing is handed over twice"

    def test_a_server_that_is_away(self, server, letter, now, settings):
        settings.EMAIL_PORT = 9
        assert self.sent(letter, now) == "queued"
        settings.EMAIL_PORT = server.server_address[1]
        assert self.sent(letter, now, 5) == "sent"
