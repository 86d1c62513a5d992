"""A Telegram channel, by a bot that may post there. A bot cannot read it back: only people can look.

`config` is {"chat": "@isla_ferries" or "-1001234567890"}, with "token".

API: https://core.telegram.org/bots/api#sendmessage, #sendphoto and #sendmediagroup
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from django.utils.translation import gettext as _

from responses.monitoring.sources.base import SourceError
from responses.monitoring.sources.reading import name, number, part

from .asking import Api
from .base import ChannelError, Known, Post, ReadBack, Sent, register
from .preparing import multipart

API = "https://api.telegram.org"
WEB_URL = "https://t.me"
TOKEN = re.compile(r"\d{1,20}:[\w-]{20,100}", re.ASCII)
USERNAME = re.compile(r"\w{4,32}", re.ASCII)


@register
class TelegramChannel:
    kind = "telegram"
    repeatable, readable = False, False

    def __init__(self, chat: str, token: str, now: datetime):
        self.chat, self.token = chat, token
        unknown = _("Telegram does not accept the bot's token. Ask @BotFather for it and enter it again.")
        forbidden = _("The bot may not post in this channel. Make it an administrator who may post.")
        self.api = Api(
            "Telegram",
            now=now,
            refusals={401: unknown, 403: forbidden, 404: unknown},
            judge=judge,
            hidden=(token,),
        )

    @classmethod
    def opened(cls, config: dict[str, Any], secrets: Mapping[str, str], *, now: datetime) -> Self:
        return cls(config["chat"], secrets.get("token", ""), now)

    def check(self) -> Known:
        """The bot is there, and it may post in this channel."""
        me = self._call("getMe", is_public=False)
        chat = self._call("getChat", is_public=False, chat_id=self.chat)
        member = self._call("getChatMember", is_public=False, chat_id=self.chat, user_id=number(me, "id"))
        is_creator = part(member, "status") == "creator"
        if not is_creator and part(member, "can_post_messages") is not True:
            words = _("The bot may not post in this channel. Make it an administrator who may post.")
            raise ChannelError(words, permanent=True, attention=True)
        return Known(f"@{name(me, 'username')} ({name(chat, 'title')})")

    def send(self, post: Post) -> Sent:
        made = (
            self._pictures(post)
            if post.pictures
            else self._call("sendMessage", chat_id=self.chat, text=post.text)
        )
        found, chat = name(made, "message_id"), part(made, "chat")
        if not found:
            raise self.api.puzzled()
        username, number_of = name(chat, "username"), part(chat, "id")
        address = f"{WEB_URL}/{username}/{found}" if USERNAME.fullmatch(username) else ""
        place = number_of if isinstance(number_of, int) else self.chat
        return Sent(f"{place}/{found}", address)

    def _pictures(self, post: Post) -> dict[str, Any]:
        """One call with the files in it, so it is out or it is not. There is no place for descriptions."""
        files = {f"picture{number}": each for number, each in enumerate(post.pictures)}
        if len(files) == 1:
            form = multipart({"chat_id": self.chat, "caption": post.text}, {"photo": post.pictures[0]})
            return self._call("sendPhoto", form=form)
        media = [{"type": "photo", "media": f"attach://{name}"} for name in files]
        media[0]["caption"] = post.text
        form = multipart({"chat_id": self.chat, "media": json.dumps(media, ensure_ascii=False)}, files)
        return self._call("sendMediaGroup", form=form)

    def read_back(self, post: Post, external_id: str = "") -> ReadBack | None:
        return None

    def _call(
        self, method: str, *, is_public: bool = True, form: dict[str, Any] | None = None, **params: Any
    ) -> dict[str, Any]:
        if not TOKEN.fullmatch(self.token):
            words = _("A bot's token looks like 123456789:AAF… Copy it again from @BotFather.")
            raise ChannelError(words, permanent=True, attention=True)
        # The token is a part of the address: that is how Telegram wants it.
        how = form or {"json": params}
        told = self.api.post(f"{API}/bot{self.token}/{method}", is_public=is_public, **how)
        result = part(told, "result")
        if isinstance(result, list):  # of several messages the first, which has the words
            result = next(iter(result), None)
        if not isinstance(result, dict):
            raise self.api.puzzled(is_public)
        return result


def judge(error: SourceError) -> ChannelError | None:
    """Telegram says in its answer how long to wait, and that a chat is not there as any bad request."""
    if error.status == 429:
        wait = number(error.said, "parameters", "retry_after")
        return ChannelError(
            _("Telegram asks to wait before the next post."), retry_after=wait or error.retry_after
        )
    if error.status == 400 and "chat not found" in name(error.said, "description"):
        words = _("Telegram knows no such channel, or the bot is not in it.")
        return ChannelError(words, permanent=True, attention=True)
    return None
