"""How long a text may be on each channel, counted as the channel counts.

The counts are also in `counting.js`, which counts as one types; a test holds them together.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import regex
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import splitting, weighing


def graphemes(text: str) -> int:
    """What a person would count as characters: a flag or a family is one."""
    return len(regex.findall(r"\X", text))


def utf16(text: str) -> int:
    """As Java, JavaScript and Telegram count: most emoji are two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


LINK = regex.compile(r"https?://[^\s<>\"“”]+", regex.IGNORECASE)
WORD = weighing.WORD
FAR_MENTION = regex.compile(rf"(?<![{WORD}/])(@[{WORD}]+)@[{WORD}.\-]+[{WORD}]")
A_LINK = 23


def mastodon(text: str) -> int:
    """Every link is 23, and of a mention only the name counts."""
    return graphemes(FAR_MENTION.sub(r"\1", LINK.sub("x" * A_LINK, text)))


EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{Emoji_Presentation}|\p{Regional_Indicator}|\u20e3")


def threads(text: str) -> int:
    """A character is one, an emoji as many as it has bytes."""
    clusters = regex.findall(r"\X", unicodedata.normalize("NFC", text))
    return sum(len(each.encode()) if EMOJI.search(each) else 1 for each in clusters)


COUNTS: dict[str, Callable[[str], int]] = {
    "graphemes": graphemes,
    "utf16": utf16,
    "mastodon": mastodon,
    "threads": threads,
    "x": weighing.weight,
}


@dataclass(frozen=True)
class Limit:
    """`part` is what one post holds, where a long text may become a thread of several."""

    most: int
    count: str = "graphemes"
    bytes: int | None = None
    part: int | None = None
    part_bytes: int | None = None


LIMITS = {
    "newsroom": Limit(20_000),
    "bluesky": Limit(3_000, part=300, part_bytes=3_000),
    "mastodon": Limit(500, "mastodon"),
    "x": Limit(280, "x"),
    "facebook": Limit(63_206, "utf16"),
    "linkedin": Limit(3_000, "utf16"),
    "threads": Limit(500, "threads"),
    "telegram": Limit(4_096, "utf16"),
    "slack": Limit(4_000, "utf16"),
    "wordpress": Limit(20_000),
    "webhook": Limit(5_000, bytes=15_000),
    "email": Limit(20_000),
}


def limit(channel) -> int:
    """The most this channel takes; some servers say so themselves, which the connection test notes."""
    known = LIMITS[channel.kind]
    if known.part and not is_thread(channel):
        return known.part
    return channel.config.get("limit") or known.most


def is_thread(channel) -> bool:
    """Whether a long text becomes several posts there."""
    return bool(LIMITS[channel.kind].part and channel.config.get("thread"))


def parts(channel, text: str) -> list[str]:
    """The posts that the text becomes there; nearly everywhere it is one."""
    known = LIMITS[channel.kind]
    if not known.part or not known.part_bytes:
        return [text]
    return splitting.split(text, known.part, known.part_bytes)


def counted_in(channel) -> str:
    return LIMITS[channel.kind].count


def length(channel, text: str) -> int:
    """As the channel counts it."""
    return COUNTS[counted_in(channel)](text)


def over_limit(channel, text: str) -> str:
    """Which channel's limit the text breaks and by how much, in words; empty when it fits."""
    over = length(channel, text) - limit(channel)
    if over > 0:
        words = ngettext(
            "%(channel)s: %(over)d character over the limit of %(limit)d.",
            "%(channel)s: %(over)d characters over the limit of %(limit)d.",
            over,
        )
        return words % {"channel": channel.name, "over": over, "limit": limit(channel)}
    return over_bytes(channel, text)


def over_bytes(channel, text: str) -> str:
    known = LIMITS[channel.kind]
    most = known.bytes or (0 if is_thread(channel) else known.part_bytes)
    over = len(text.encode()) - most if most else 0
    if over <= 0:
        return ""
    return _("%(channel)s: %(over)d bytes over the limit of %(limit)d. Use fewer emoji and marks.") % {
        "channel": channel.name,
        "over": over,
        "limit": most,
    }
