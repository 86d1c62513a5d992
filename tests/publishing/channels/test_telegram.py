"""Telegram's Bot API, by https://core.telegram.org/bots/api#making-requests."""

import json

import pytest

from responses.publishing import channel_forms
from responses.publishing.channels.base import ChannelError
from tests.monitoring.sources.provider import Says

from .provider import PICTURES, TEXT, Adapter, parts_of

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
AT = f"/bot{TOKEN}"
CHAT = {"id": -1001234567890, "type": "channel", "title": "Isla Ferries", "username": "isla_ferries"}


def no(code, description, **more):
    return Says({"ok": False, "error_code": code, "description": description, **more}, code)


def yes(result):
    return {"ok": True, "result": result}


class TestTelegram(Adapter):
    kind = "telegram"
    config = {"chat": "@isla_ferries"}
    secrets = {"token": TOKEN}
    publish_at = f"{AT}/sendMessage"
    check_at = f"{AT}/getMe"
    readable = False
    key_in_address = True
    rejection = no(400, "Bad Request: message is too long")
    unauthorised = no(401, "Unauthorized")
    too_often = no(429, "Too Many Requests: retry after 77", parameters={"retry_after": 77})
    damaged = (*Adapter.damaged, b"{}", b'{"ok": true}', b'{"ok": true, "result": {}}')

    def serve(self):
        self.provider.on(self.check_at, yes({"id": 123456789, "is_bot": True, "username": "isla_bot"}))
        self.provider.on(f"{AT}/getChat", yes(CHAT))
        self.may_post = True
        self.provider.on(f"{AT}/getChatMember", self.member)

    def member(self, asked):
        assert asked.json == {"chat_id": "@isla_ferries", "user_id": 123456789}
        return yes({"status": "administrator", "can_post_messages": self.may_post})

    def publish(self, asked):
        assert asked.host == "api.telegram.org"
        row = self.provider.stand(asked.json["text"])
        return yes({"message_id": int(row["id"]), "chat": CHAT, "date": int(row["at"].timestamp())})

    def test_asks_as_documented(self):
        sent = self.send("<b>not bold</b> *as it is*")
        [asked] = self.sends()
        assert asked.json == {"chat_id": "@isla_ferries", "text": "<b>not bold</b> *as it is*"}
        assert (sent.external_id, sent.url) == ("-1001234567890/7001", "https://t.me/isla_ferries/7001")

    @pytest.mark.parametrize("how_many", [1, 2])
    def test_pictures_and_words_go_in_one_call(self, how_many):
        self.provider.on(f"{AT}/sendPhoto", self.take_pictures)
        self.provider.on(f"{AT}/sendMediaGroup", self.take_pictures)
        sent = self.send(pictures=PICTURES[:how_many])
        assert self.standing == [TEXT] and not self.sends()
        assert (sent.external_id, sent.url) == ("-1001234567890/7001", "https://t.me/isla_ferries/7001")
        assert self.taken_files == [(each.media_type, each.content) for each in PICTURES[:how_many]]

    def take_pictures(self, asked):
        form = parts_of(asked)
        assert form["chat_id"] == "@isla_ferries"
        if asked.path.endswith("sendPhoto"):
            self.taken_files = [form["photo"][1:]]
            row = self.provider.stand(form["caption"])
            return yes({"message_id": int(row["id"]), "chat": CHAT})
        media = json.loads(form["media"])
        self.taken_files = [form[each["media"].removeprefix("attach://")][1:] for each in media]
        row = self.provider.stand(media[0]["caption"])
        assert [each["type"] for each in media] == ["photo"] * len(media)
        return yes([{"message_id": int(row["id"]) + place, "chat": CHAT} for place in range(len(media))])

    @pytest.mark.parametrize(
        ("says", "what"),
        [(Says(b"", 504), "unknown"), (no(400, "Bad Request: IMAGE_PROCESS_FAILED"), "permanent")],
    )
    def test_pictures_that_fail_are_as_any_post(self, says, what):
        self.provider.on(f"{AT}/sendPhoto", says)
        with pytest.raises(ChannelError) as caught:
            self.send(pictures=PICTURES[:1])
        assert getattr(caught.value, what)

    def test_a_closed_channel_has_no_address_for_everybody(self):
        closed = {"id": -1009, "type": "channel", "title": "Closed"}
        self.says(yes({"message_id": 5, "chat": closed}))
        assert self.send().url == ""

    def test_a_bot_that_may_not_post_is_found_out_before(self):
        self.may_post = False
        error = self.fails(lambda adapter: adapter.check())
        assert (error.permanent, error.attention) == (True, True)

    @pytest.mark.parametrize(
        "says",
        [
            no(403, "Forbidden: bot is not a member of the channel chat"),
            no(400, "Bad Request: chat not found"),
            no(404, "Not Found"),
        ],
    )
    def test_a_bot_or_channel_that_is_not_there_needs_a_person(self, says):
        self.says(says)
        error = self.fails()
        assert (error.permanent, error.unknown, error.attention) == (True, False, True)

    def test_a_token_that_is_none_is_never_part_of_an_address(self):
        self.secrets = {"token": "../../etc"}
        assert self.fails().attention
        assert self.provider.asked == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"chat": "isla"}, "chat"), ({"chat": "@a b"}, "chat"), ({"token": "12:short"}, "token")],
)
def test_what_does_not_hold_is_told_at_its_field(typed, field):
    whole = {"name": "Telegram", "chat": "@isla_ferries", "token": TOKEN}
    form = channel_forms.FORMS["telegram"](whole | typed)
    assert not form.is_valid()
    assert field in form.errors
