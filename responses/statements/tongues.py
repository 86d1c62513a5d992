"""A statement in English and Filipino: its first language, the second beside it, and who speaks which.

A channel that can show both shows every version. One that carries a single text carries the first language's,
or the one it is set to: for both on one network there are two channels, each with its own row in the outbox.
See docs/decisions/0053-two-languages.md.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Channel, Revision, Variant

PAIR = ("en", "fil")
NAMES: dict[str, str | Promise] = {"en": _("English"), "fil": _("Filipino")}
MOST = 2
# One publication of these shows every version, each reader theirs.
SHOWS_ALL = {Channel.Kind.NEWSROOM, Channel.Kind.EMAIL, Channel.Kind.WEBHOOK}


def name_of(language: str) -> str:
    """In the reader's words; another language than the two by its code."""
    return str(NAMES.get(base(language), language))


def base(language: str) -> str:
    """Without the country: en-PH is English."""
    return language.partition("-")[0]


def partner(language: str) -> str:
    """The language that stands beside this one."""
    return "fil" if base(language) == "en" else "en"


def speaks(channel: Channel, language: str, first: str) -> bool:
    """Whether the channel takes a text in this language of a statement that is first in that one."""
    if channel.speaks:
        return base(language) == channel.speaks
    return language == first or channel.kind in SHOWS_ALL


def order(language: str) -> int:
    """English stands left, Filipino right, another language where there is room."""
    return 1 if base(language) == "fil" else 0


def texts_of(revision: Revision, language: str) -> dict[int, str]:
    """One version's texts by channel."""
    return dict(revision.variants.filter(language=language).values_list("channel_id", "text"))


def leading(revision: Revision) -> list[Variant]:
    """One variant per channel, that of the first language where there is one: what an outbox row carries."""
    found: dict[int, Variant] = {}
    for variant in revision.variants.select_related("channel"):
        known = found.get(variant.channel_id)
        if known is None or variant.language == revision.language:
            found[variant.channel_id] = variant
    return list(found.values())


def beside(variant: Variant) -> list[Variant]:
    """The other versions of the same text on the same channel, which go out with it."""
    rows = Variant.objects.filter(revision=variant.revision_id, channel=variant.channel_id)
    return list(rows.exclude(pk=variant.pk).order_by("language"))
