"""A receiver of Standard Webhooks, checked with the reference library."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from responses.publishing import releasing
from responses.publishing.channels import webhook as module
from responses.publishing.models import Publication
from responses.statements.models import Channel
from tests.monitoring.sources.provider import Says
from tests.publishing.making import approved

from .provider import NOW, TEXT, Adapter

SECRET = "whsec_bXktc2VjcmV0LXdpdGgtdHdlbnR5LWZvdXItYnl0ZXM="


class TestWebhook(Adapter):
    kind = "webhook"
    config = {"url": "https://receiver.example/hooks/tugon"}
    secrets = {"signing_secret": SECRET}
    publish_at = check_at = "/hooks/tugon"
    readable, repeatable, has_address = False, True, False
    damaged = ()  # what it answers is its own affair: 2xx is taken

    def publish(self, asked):
        """As the library says: the signature holds over these bytes, and the same id is taken once."""
        names = ("webhook-id", "webhook-timestamp", "webhook-signature")
        Clock.at = datetime.fromtimestamp(int(asked.headers["webhook-timestamp"]), UTC)
        self.patch.setattr("standardwebhooks.webhooks.datetime", Clock)
        told = Webhook(SECRET).verify(asked.body, {name: asked.headers[name] for name in names})
        if told["type"] == "webhook.test":
            return Says(b"", 204)
        assert told["data"]["id"] == asked.headers["webhook-id"]
        if all(row["key"] != told["data"]["id"] for row in self.provider.public.values()):
            self.provider.stand(told["data"]["text"], key=told["data"]["id"], told=told)
        return Says(b"", 204)

    def sends(self):
        return [asked for asked in super().sends() if b"webhook.test" not in asked.body]

    def test_says_what_the_public_may_read_and_nothing_else(self):
        self.send(type="holding")
        [asked] = self.sends()
        assert asked.json == {
            "type": "statement.published",
            "timestamp": "2026-11-23T06:00:00Z",
            "data": {
                "id": self.post().key,
                "statement_type": "holding",
                "title": "Ferry service suspended",
                "text": TEXT,
                "language": "fil",
            },
        }
        assert len(asked.body) < 20_000

    def test_an_address_that_is_gone_needs_a_person(self):
        self.says(Says(b"", 410))
        error = self.fails()
        assert (error.permanent, error.attention) == (True, True)

    def test_sent_again_it_is_the_same_delivery(self):
        self.send()
        self.send()
        first, second = self.sends()
        assert first.headers["webhook-id"] == second.headers["webhook-id"]
        assert first.body == second.body
        assert self.standing == [TEXT]

    def test_a_receiver_that_is_down_is_told_again_later_and_later(self, isla, by, now):
        self.says(Says(b"", 503))
        channel = Channel.objects.create(kind="webhook", name="w", config=self.config, secret=SECRET_KEPT)
        releasing.queue(approved(by, now, {channel: TEXT}), by=by.lea, now=now)
        waits, row = [], Publication.objects.get()
        while row.status in ("queued", "unknown") and len(waits) < 20:
            releasing.release_due(row.due_at)
            before, row = row, Publication.objects.get()
            waits.append(row.due_at - before.due_at)
        assert row.status == "failed"
        assert max(waits) >= timedelta(minutes=10)
        assert len(self.sends()) == 8


SECRET_KEPT = json.dumps({"signing_secret": SECRET})


class Clock(datetime):
    """The library looks at the clock: let it be the one of the sender."""

    at = NOW

    @classmethod
    def now(cls, tz=None):
        return cls.at


@pytest.mark.parametrize(
    "written", ["", "whsec_", "whsec_c2hvcnQ=", "bXktc2VjcmV0LXdpdGgtdHdlbnR5", "whsec_$$$$"]
)
def test_what_is_no_secret(written):
    assert not module.is_secret(written)
    assert module.is_secret(module.new_secret())
