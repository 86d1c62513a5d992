"""Pictures on Bluesky. What is uploaded there is named by its bytes, so the same again is the same.

API: https://docs.bsky.app/docs/advanced-guides/posts#images-embeds
"""

import base64
from collections.abc import Callable, Sequence
from typing import Any

from atproto_client.models.utils import get_model_as_dict
from django.utils.translation import gettext as _

from . import bluesky_errors as errors
from .base import ChannelError, Picture, Post
from .preparing import in_time, private

KIND = "app.bsky.embed.images"
RAW_SHA256 = bytes([1, 0x55, 0x12, 0x20])  # a CID of version 1, of plain bytes, by SHA-256


def cid_of(picture: Picture) -> str:
    """The name that the picture has on Bluesky, and cannot but have."""
    name = base64.b32encode(RAW_SHA256 + bytes.fromhex(picture.sha256)).decode()
    return "b" + name.lower().rstrip("=")


def embed(pictures: Sequence[Picture]) -> dict[str, Any]:
    """What a post says of its pictures; nothing where it has none."""
    return {"embed": {"$type": KIND, "images": [shown(each) for each in pictures]}} if pictures else {}


def shown(picture: Picture) -> dict[str, Any]:
    blob = {"$type": "blob", "ref": {"$link": cid_of(picture)}, "mimeType": picture.media_type}
    return {
        "alt": picture.alt,
        "image": blob | {"size": len(picture.content)},
        "aspectRatio": {"width": picture.width, "height": picture.height},
    }


def upload(post: Post, ask: Callable[[Picture], Any]) -> None:
    """Hand over each picture; `ask` uploads one. The server must call it what we call it."""
    for picture in in_time(post):
        try:
            answer = ask(picture)
        except errors.ANY as error:
            raise private(errors.while_writing(error)) from error
        if link_of(answer.content) != cid_of(picture):
            raise ChannelError(_("Bluesky did not keep the picture as it was sent."))


def link_of(content: Any) -> str:
    blob = content.get("blob") if isinstance(content, dict) else None
    ref = blob.get("ref") if isinstance(blob, dict) else None
    return str(ref.get("$link") or "") if isinstance(ref, dict) else ""


def are_same(value: Any, pictures: Sequence[Picture]) -> bool:
    """Whether a record shows exactly these pictures, each with its words."""
    told = value if isinstance(value, dict) else get_model_as_dict(value)
    embedded = told.get("embed") or {}
    found = embedded.get("images") or [] if isinstance(embedded, dict) else []
    return [seen(each) for each in found] == [(each.alt, cid_of(each)) for each in pictures]


def seen(image: Any) -> tuple[str, str]:
    try:
        return image["alt"], image["image"]["ref"]["$link"]
    except (KeyError, TypeError):
        return "", ""
