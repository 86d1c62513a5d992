"""A Slack channel, by an app's token or by an incoming webhook.

With a token a message carries the publication's key as metadata and can be found again; what an incoming
webhook took can only be seen by people.

`config` is {"channel_id": "C0123456789"} with "token", or {} with "webhook_url".

API: https://docs.slack.dev/reference/methods/chat.postMessage and
https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
"""

import html
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Self

from django.utils.translation import gettext as _

from responses.monitoring.sources.cleaning import web_link
from responses.monitoring.sources.reading import dicts, name, part

from .asking import Api
from .base import ChannelError, Known, Post, ReadBack, Sent, register

API = "https://slack.com/api"
HOOKS = ("https://hooks.slack.com/services/", "https://hooks.slack-gov.com/services/")
EVENT = "tugon_publication"
SKEW = timedelta(minutes=10)
PAGE_SIZE, MOST_PAGES = 100, 3
SHOWN_LINK = re.compile(r"<((?:https?|mailto):[^|>]+)(?:\|[^>]*)?>")
# Errors that say the channel or the token is at fault, and those that say nothing of what became of it.
NO_TOKEN = {
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "access_denied",
}
NO_PLACE = {"channel_not_found", "not_in_channel", "is_archived", "missing_scope", "no_permission"}
NO_PLACE |= {"restricted_action", "ekm_access_denied", "team_access_not_granted"}
MAYBE_DONE = {"fatal_error", "internal_error", "service_unavailable", "request_timeout"}
TOO_OFTEN = {"ratelimited", "rate_limited", "message_limit_exceeded"}


@register
class SlackChannel:
    kind = "slack"
    repeatable = False

    def __init__(self, place: str, token: str, hook: str, now: datetime):
        self.place, self.token, self.hook = place, token, hook
        gone = _("This incoming webhook is switched off, or its channel is gone. Make a new one.")
        refusals = {401: gone, 403: gone, 404: gone, 410: gone} if self.is_hook else {}
        headers = {} if self.is_hook else {"Authorization": f"Bearer {token}"}
        self.api = Api("Slack", now=now, headers=headers, refusals=refusals, hidden=(token, hook))

    @classmethod
    def opened(cls, config: dict[str, Any], secrets: Mapping[str, str], *, now: datetime) -> Self:
        return cls(
            config.get("channel_id", ""), secrets.get("token", ""), secrets.get("webhook_url", ""), now
        )

    @property
    def is_hook(self) -> bool:
        return not self.token

    @property
    def readable(self) -> bool:
        return not self.is_hook

    def check(self) -> Known:
        if self.is_hook:
            return self._check_hook()
        told = self._read("auth.test")
        return Known(f"{name(told, 'user')} ({name(told, 'team')})")

    def send(self, post: Post) -> Sent:
        if self.is_hook:
            answer = self.api.sent(self._hook(), json={"text": escaped(post.text), "mrkdwn": False})
            if answer.body.strip() != b"ok":
                raise self.api.puzzled()
            return Sent(post.key)
        said = {
            "channel": self.place,
            "text": escaped(post.text),
            "mrkdwn": False,
            "metadata": {"event_type": EVENT, "event_payload": {"key": post.key}},
        }
        made = self._answer(self.api.post(f"{API}/chat.postMessage", json=said), is_public=True)
        place, ts = name(made, "channel"), name(made, "ts")
        if not place or not ts:
            raise self.api.puzzled()
        return Sent(f"{place}:{ts}", self._address(place, ts))

    def read_back(self, post: Post, external_id: str = "") -> ReadBack | None:
        if external_id:
            place, _colon, ts = external_id.partition(":")
            asked = {"channel": place, "latest": ts, "oldest": ts, "inclusive": "true", "limit": 1}
            rows = dicts(part(self._read("conversations.history", **asked), "messages"))
            found = [row for row in rows if name(row, "ts") == ts]
        else:
            since = (post.created_at - SKEW).timestamp()
            place, found = self.place, [row for row in self._since(since) if key_of(row) == post.key]
        if not found:
            return None
        ts = name(found[-1], "ts")
        text = part(found[-1], "text")
        words = unescaped(text) if isinstance(text, str) else ""
        return ReadBack(words, external_id=f"{place}:{ts}", url=self._address(place, ts))

    def _since(self, since: float) -> Iterator[dict[str, Any]]:
        cursor = ""
        for _page in range(MOST_PAGES):
            asked = {"channel": self.place, "oldest": f"{since:.6f}", "limit": PAGE_SIZE, "cursor": cursor}
            told = self._read("conversations.history", include_all_metadata="true", **asked)
            yield from dicts(part(told, "messages"))
            cursor = name(told, "response_metadata", "next_cursor", longest=500)
            if not cursor:
                return

    def _address(self, place: str, ts: str) -> str:
        """Where people see it; a message without an address is out all the same."""
        try:
            told = self._read("chat.getPermalink", channel=place, message_ts=ts)
        except ChannelError:
            return ""
        return web_link(part(told, "permalink") or "")

    def _read(self, method: str, **params: Any) -> dict[str, Any]:
        return self._answer(self.api.get(f"{API}/{method}", **params), is_public=False)

    def _answer(self, told: Any, is_public: bool) -> dict[str, Any]:
        """Slack answers 200 and says within whether it did as it was told."""
        if not isinstance(told, dict) or not isinstance(told.get("ok"), bool):
            raise self.api.puzzled(is_public)
        if told["ok"]:
            return told
        raise self._refusal(name(told, "error"), is_public)

    def _refusal(self, code: str, is_public: bool) -> ChannelError:
        if code in TOO_OFTEN:
            return ChannelError(_("Slack asks to wait before the next post."))
        if code in MAYBE_DONE:
            return ChannelError(_("Slack has a fault (%(code)s).") % {"code": code}, unknown=is_public)
        if code in NO_TOKEN:
            words = _("Slack does not accept the token. Make a new one and enter it.")
            return ChannelError(words, permanent=True, attention=True)
        refused = self.api.refused(code)
        refused.attention = code in NO_PLACE
        return refused

    def _hook(self) -> str:
        if not self.hook.startswith(HOOKS):
            words = _("An incoming webhook's address begins with https://hooks.slack.com/services/.")
            raise ChannelError(words, permanent=True, attention=True)
        return self.hook

    def _check_hook(self) -> Known:
        """A message without words is refused as such by a webhook that works, and reaches nobody."""
        try:
            self.api.sent(self._hook(), json={}, is_public=False)
        except ChannelError as error:
            if error.attention or not error.permanent:
                raise
        return Known(_("the channel of this webhook"))


def key_of(message: dict[str, Any]) -> str:
    is_ours = part(message, "metadata", "event_type") == EVENT
    return name(message, "metadata", "event_payload", "key") if is_ours else ""


def escaped(text: str) -> str:
    """Slack reads three characters as its own."""
    return html.escape(text, quote=False)


def unescaped(text: str) -> str:
    return html.unescape(SHOWN_LINK.sub(r"\1", text))
