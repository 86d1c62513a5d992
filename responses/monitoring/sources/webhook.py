"""Mentions another system pushes to us, signed as Standard Webhooks say."""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from standardwebhooks import Webhook

from responses.monitoring.sources.base import Item, SourceError
from responses.monitoring.sources.cleaning import LONGEST_TEXT, identity, one_line, tidy, web_link
from responses.monitoring.sources.dating import said_at

LARGEST = 1024 * 1024
MOST_MENTIONS = 500
TOLERANCE = timedelta(minutes=5)
Sign = Callable[[str, str, datetime, bytes], str]
# Field → longest value. What is not named here is refused, so a misspelt field is noticed at once.
FIELDS = {
    "text": LONGEST_TEXT,
    "url": 2_000,
    "author": 200,
    "author_url": 2_000,
    "title": 500,
    "published_at": 40,
    "language": 10,
    "external_id": 255,
}


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The message's id, once it is certain who sent it and when."""
    if len(body) > LARGEST:
        raise SourceError(_("The delivery is larger than 1 MiB. Send it in parts."), permanent=True)
    return _verified(secret, headers, body, now, _of_text)


def verify_bytes(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The same for what need not be text and may be large: a raw mail."""
    return _verified(secret, headers, body, now, _of_bytes)


def _verified(secret: str, headers: Mapping[str, str], body: bytes, now: datetime, sign: Sign) -> str:
    lower = {name.lower(): value for name, value in headers.items()}
    message_id, stamp, signatures = (
        _header(lower, name) for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    )
    if len(message_id) > 255:
        raise SourceError(_("The header webhook-id is longer than 255 characters."), permanent=True)
    expected = sign(secret, message_id, _sent_at(stamp, now), body)
    # Several signatures may be given while the sender changes its secret: one good one is enough.
    given = [each.encode("utf-8", "replace") for each in signatures.split()[:10]]
    if not any(hmac.compare_digest(expected.encode(), each) for each in given):
        raise SourceError(_("The signature does not match. Check the secret."), permanent=True)
    return message_id


def parse(body: bytes, now: datetime) -> list[Item]:
    """The mentions in a delivery: {"mentions": [{…}, …]}, or one mention alone. All or none."""
    try:
        data = json.loads(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise SourceError(_("The body is not UTF-8."), permanent=True) from None
    except (ValueError, RecursionError) as error:
        at = f" ({error})" if isinstance(error, json.JSONDecodeError) else ""
        raise SourceError(_("The body is not JSON.") + at, permanent=True) from None
    if isinstance(data, dict) and "mentions" not in data:
        return [_item(data, "", now)]
    if not isinstance(data, dict) or set(data) != {"mentions"} or not isinstance(data["mentions"], list):
        message = _('The body must be one mention, or {"mentions": […]} and nothing else.')
        raise SourceError(message, permanent=True)
    mentions = data["mentions"]
    if not 1 <= len(mentions) <= MOST_MENTIONS:
        message = _("mentions: must hold 1 to %(most)s mentions, not %(count)s.")
        raise SourceError(message % {"most": MOST_MENTIONS, "count": len(mentions)}, permanent=True)
    return [_item(mention, f"mentions[{number}]", now) for number, mention in enumerate(mentions)]


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name, "").strip()
    if not value:
        raise SourceError(_("The header %(name)s is missing.") % {"name": name}, permanent=True)
    return value


def _sent_at(stamp: str, now: datetime) -> datetime:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 11):
        raise SourceError(_("The header webhook-timestamp must be whole seconds since 1970."), permanent=True)
    at = datetime.fromtimestamp(int(stamp), UTC)
    if abs(now - at) > TOLERANCE:
        message = _("The header webhook-timestamp is over five minutes from now. Check the sender's clock.")
        raise SourceError(message, permanent=True)
    return at


def _of_text(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    # The library's own `verify` reads the machine's clock; ours is passed in, so we ask it only to sign.
    try:
        return Webhook(secret).sign(message_id, at, body.decode("utf-8"))
    except UnicodeDecodeError:
        raise SourceError(_("The body is not UTF-8."), permanent=True) from None


def _of_bytes(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    # The library signs text only, and mail is in any charset: the same sum, over bytes.
    key = base64.b64decode(secret.removeprefix("whsec_"))
    summed = hmac.digest(key, f"{message_id}.{int(at.timestamp())}.".encode() + body, "sha256")
    return f"v1,{base64.b64encode(summed).decode()}"


def _item(mention: Any, path: str, now: datetime) -> Item:
    if not isinstance(mention, dict):
        raise SourceError(_("%(path)s: must be an object.") % {"path": path or "body"}, permanent=True)
    prefix = f"{path}." if path else ""
    for name, value in mention.items():
        _check_field(prefix, str(name), value)
    text = tidy(mention.get("text") or "")
    if not text:
        raise SourceError(_("%(field)s: must not be empty.") % {"field": f"{prefix}text"}, permanent=True)
    url = mention.get("url") or ""
    return Item(
        external_id=identity(mention.get("external_id") or "", url, mention.get("author") or "", text),
        url=url,
        author=one_line(mention.get("author") or ""),
        author_url=mention.get("author_url") or "",
        title=one_line(mention.get("title") or ""),
        text=text,
        published_at=_moment(f"{prefix}published_at", mention.get("published_at") or "", now),
        language=mention.get("language") or "",
    )


def _check_field(prefix: str, name: str, value: Any) -> None:
    field = f"{prefix}{one_line(name, 40)}"
    if name not in FIELDS:
        message = _("%(field)s: there is no such field. Known fields: %(known)s.")
        raise SourceError(message % {"field": field, "known": ", ".join(FIELDS)}, permanent=True)
    if value is not None and not isinstance(value, str):
        raise SourceError(_("%(field)s: must be text.") % {"field": field}, permanent=True)
    if value and len(value) > FIELDS[name]:
        message = _("%(field)s: must not be longer than %(most)s characters.")
        raise SourceError(message % {"field": field, "most": FIELDS[name]}, permanent=True)
    if value and name in ("url", "author_url") and not web_link(value):
        message = _("%(field)s: must be an address that begins with http:// or https://.")
        raise SourceError(message % {"field": field}, permanent=True)


def _moment(field: str, value: str, now: datetime) -> datetime | None:
    if not value:
        return None
    try:
        told = datetime.fromisoformat(value)
        at = told.astimezone(UTC) if told.tzinfo else None
    except (ValueError, OverflowError):
        at = None
    if at is None:
        message = _("%(field)s: must be a time with its zone, like 2026-11-23T14:05:00+08:00.")
        raise SourceError(message % {"field": field}, permanent=True)
    return said_at(at, now)
