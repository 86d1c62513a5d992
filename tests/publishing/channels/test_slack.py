"""Slack, by https://docs.slack.dev/reference/methods/chat.postMessage: 200, and `ok` within."""

import html

import pytest

from responses.publishing import channel_forms
from tests.monitoring.sources.provider import Says

from .provider import TEXT, Adapter

TOKEN = "xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcBrzbqgy"
HOOK = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"
PLACE = "C0123456789"
HISTORY, PERMALINK = "/api/conversations.history", "/api/chat.getPermalink"


def no(code, status=200, **headers):
    return Says({"ok": False, "error": code}, status, headers)


def ts(row):
    return f"{row['at'].timestamp():.6f}"


class TestSlack(Adapter):
    kind = "slack"
    config = {"channel_id": PLACE}
    secrets = {"token": TOKEN}
    found_by_key = True
    publish_at = "/api/chat.postMessage"
    check_at = "/api/auth.test"
    rejection = no("msg_too_long")
    unauthorised = no("invalid_auth")
    too_often = Says({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "77"})
    damaged = (*Adapter.damaged, b"{}", b'{"ok": "yes"}', b'{"ok": true}')

    def serve(self):
        me = {"ok": True, "team": "Isla Ferries", "user": "tugon", "team_id": "T1", "user_id": "U1"}
        self.provider.on(self.check_at, me)
        self.provider.on(HISTORY, self.history)
        self.provider.on(PERMALINK, self.permalink)

    def publish(self, asked):
        assert asked.host == "slack.com"
        assert asked.headers["authorization"] == f"Bearer {TOKEN}"
        said = asked.json
        row = self.provider.stand(html.unescape(said["text"]), metadata=said["metadata"])
        return {"ok": True, "channel": PLACE, "ts": ts(row), "message": {"type": "message"}}

    def history(self, asked):
        assert asked.query["channel"] == PLACE
        rows = [self.message(row, asked) for row in self.provider.newest_first if self.within(row, asked)]
        return {"ok": True, "messages": rows[: int(asked.query["limit"])], "has_more": False}

    def within(self, row, asked):
        low, high = float(asked.query["oldest"]), float(asked.query.get("latest", "9e12"))
        return low <= float(ts(row)) <= high

    def message(self, row, asked):
        text = html.escape(row["text"], quote=False).replace(
            "https://isla.example/updates?a=1&amp;b=2", "<https://isla.example/updates?a=1&amp;b=2>"
        )
        told = {"type": "message", "text": text, "ts": ts(row), "bot_id": "B1"}
        more = {"metadata": row["metadata"]} if asked.query.get("include_all_metadata") else {}
        return told | more

    def permalink(self, asked):
        number = asked.query["message_ts"].replace(".", "")
        return {"ok": True, "permalink": f"https://isla.slack.com/archives/{PLACE}/p{number}"}

    def test_asks_as_documented(self):
        self.send("5 < 6 & *not bold*")
        [asked] = self.sends()
        assert asked.json == {
            "channel": PLACE,
            "text": "5 &lt; 6 &amp; *not bold*",
            "mrkdwn": False,
            "metadata": {"event_type": "tugon_publication", "event_payload": {"key": self.post().key}},
        }

    @pytest.mark.parametrize("code", ["channel_not_found", "not_in_channel", "is_archived", "missing_scope"])
    def test_a_channel_that_cannot_be_posted_in_needs_a_person(self, code):
        self.says(no(code))
        error = self.fails()
        assert (error.permanent, error.unknown, error.attention) == (True, False, True)

    @pytest.mark.parametrize("code", ["fatal_error", "internal_error", "request_timeout"])
    def test_what_slack_itself_does_not_know_is_unknown(self, code):
        self.says(no(code))
        assert self.fails().unknown

    def test_without_the_scope_to_read_it_is_told_and_nothing_guessed(self):
        self.provider.on(HISTORY, no("missing_scope"))
        error = self.fails(lambda adapter: adapter.read_back(self.post()))
        assert not error.unknown

    def test_an_address_that_cannot_be_got_does_not_undo_what_is_out(self):
        self.provider.on(PERMALINK, Says({"error": "fault"}, 500))
        assert self.send().url == ""
        assert self.standing == [TEXT]


class TestIncomingWebhook(Adapter):
    """By https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors."""

    kind = "slack"
    config = {"channel_id": ""}
    secrets = {"webhook_url": HOOK}
    publish_at = check_at = "/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"
    readable, has_address = False, False
    rejection = Says("invalid_payload", 400)
    unauthorised = Says("invalid_token", 403)
    too_often = Says("rate_limited", 429, {"Retry-After": "77"})

    def publish(self, asked):
        assert asked.host == "hooks.slack.com"
        if "text" not in asked.json:
            return Says("no_text", 400)
        self.provider.stand(html.unescape(asked.json["text"]))
        return Says("ok")

    def sends(self):
        return [asked for asked in super().sends() if asked.json]

    @pytest.mark.parametrize("says", [Says("no_service", 404), Says("channel_is_archived", 410)])
    def test_a_webhook_that_is_gone_needs_a_person(self, says):
        self.says(says)
        assert self.fails().attention


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "token"),
        ({"token": "xoxb-1"}, "channel_id"),
        ({"token": "xoxb-1", "channel_id": "#general"}, "channel_id"),
        ({"webhook_url": "https://hooks.slack.com.evil.example/services/x"}, "webhook_url"),
        ({"webhook_url": "https://127.0.0.1/services/x"}, "webhook_url"),
    ],
)
def test_what_is_missing_is_told_at_its_field(typed, field):
    form = channel_forms.FORMS["slack"]({"name": "Slack", **typed})
    assert not form.is_valid()
    assert field in form.errors
