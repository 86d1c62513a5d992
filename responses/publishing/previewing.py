"""How a text will look on its channel: in how many posts, with what marked, each link as it is shown there.

Nothing is fetched: cards and pictures that a channel makes of a link are its own.
"""

from dataclasses import dataclass

import regex
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from responses.statements import limits
from responses.statements.models import Channel

TOKEN = regex.compile(
    r"(?P<link>https?://[^\s<>\"“”]*[\w/=#&+\-])|(?P<tag>(?<![\w#@/.])#\w*[^\W\d]\w*)|(?P<name>(?<![\w@/.])@\w[\w.\-]*(?:@[\w.\-]+)?\w)"
)
NAMES_AND_TAGS = {"bluesky", "mastodon", "x", "facebook", "linkedin", "threads", "telegram"}
WITHOUT_SCHEME = {"mastodon": 30, "x": 27, "bluesky": 30, "threads": 30}  # and shortened to so many letters


@dataclass(frozen=True)
class Shown:
    """One post."""

    markup: SafeString
    length: int
    most: int


def shown(channel: Channel, text: str) -> list[Shown]:
    """The posts that the text becomes there."""
    known = limits.LIMITS[channel.kind]
    parts = limits.parts(channel, text)
    most = known.part if known.part and len(parts) > 1 else limits.limit(channel)
    return [Shown(marked(channel.kind, part), limits.length(channel, part), most) for part in parts]


def marked(kind: str, text: str) -> SafeString:
    """The text with its links, names and hashtags marked; everything else as it is."""
    done, end = [], 0
    for found in TOKEN.finditer(text):
        if not found["link"] and kind not in NAMES_AND_TAGS:
            continue
        done.append(escape(text[end : found.start()]))
        words = link_words(kind, found["link"]) if found["link"] else name_words(kind, found[0])
        done.append(format_html('<span class="marked">{}</span>', words))
        end = found.end()
    return SafeString("".join([*done, escape(text[end:])]))


def link_words(kind: str, url: str) -> str:
    most = WITHOUT_SCHEME.get(kind)
    if most is None:
        return url
    words = url.partition("://")[2].removeprefix("www.")
    return words if len(words) <= most else words[:most] + "…"


def name_words(kind: str, name: str) -> str:
    """Mastodon shows of a name far away only the name."""
    return "@" + name.split("@")[1] if kind == "mastodon" and name.startswith("@") else name
