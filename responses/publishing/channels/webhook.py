"""A system of the brand's own, told by a signed request: https://www.standardwebhooks.com/

The publication's key is the `webhook-id`, and receivers take the same id once, so a repeat does no harm.

`config` is {"url": "https://…"}, with "signing_secret".
"""

import base64
import binascii
import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from standardwebhooks import Webhook

from .asking import Api
from .base import ChannelError, Known, Post, ReadBack, Sent, register

PREFIX = "whsec_"
SECRET_BYTES = range(24, 65)


@register
class WebhookChannel:
    kind = "webhook"
    repeatable, readable = True, False

    def __init__(self, url: str, secret: str, now: datetime):
        self.url, self.secret, self.now = url, secret, now
        gone = _("The receiver says that this address is gone for good.")
        refused = _("The receiver does not accept the signature. Enter its secret again.")
        self.api = Api(_("The receiver"), now=now, refusals={401: refused, 403: refused, 410: gone})

    @classmethod
    def opened(cls, config: dict[str, Any], secrets: Mapping[str, str], *, now: datetime) -> Self:
        return cls(config["url"], secrets.get("signing_secret", ""), now)

    def check(self) -> Known:
        self._deliver(str(uuid.uuid4()), {"type": "webhook.test", "timestamp": stamp(self.now), "data": {}})
        return Known(urlsplit(self.url).hostname or "")

    def send(self, post: Post) -> Sent:
        """What the public may read, and nothing else."""
        data: dict[str, Any] = {
            "id": post.key,
            "statement_type": post.type,
            "title": post.title,
            "text": post.text,
        }
        data["language"] = next(iter(post.langs), "")
        if post.also:
            data["also"] = [asdict(each) for each in post.also]
        if post.about:
            data["about"] = post.about
        self._deliver(
            post.key, {"type": "statement.published", "timestamp": stamp(post.dated_at), "data": data}
        )
        return Sent(post.key)

    def read_back(self, post: Post, external_id: str = "") -> ReadBack | None:
        return None

    def _deliver(self, key: str, event: dict[str, Any]) -> None:
        if not is_secret(self.secret):
            words = _("The signing secret is not one: it begins with whsec_.")
            raise ChannelError(words, permanent=True, attention=True)
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": key,
            "webhook-timestamp": str(int(self.now.timestamp())),
            "webhook-signature": Webhook(self.secret).sign(key, self.now, body),
        }
        self.api.sent(self.url, data=body.encode(), headers=headers)


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def is_secret(written: str) -> bool:
    """`whsec_` and 24 to 64 bytes in base64."""
    try:
        raw = base64.b64decode(written.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return False
    return written.startswith(PREFIX) and len(raw) in SECRET_BYTES
