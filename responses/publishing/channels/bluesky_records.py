"""The records a post on Bluesky becomes: the parts of a thread, each as it will be stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from atproto_client import models
from atproto_client.models.utils import get_model_as_dict
from atproto_client.utils import detect_facets
from django.utils.translation import gettext as _

from responses.publishing.channels.base import ChannelError, Picture, Post
from responses.publishing.channels.bluesky_images import embed
from responses.publishing.channels.tid import record_key
from responses.statements.limits import LIMITS
from responses.statements.splitting import split

Facet = Any  # models.AppBskyRichtextFacet.Main, which is made at run time


@dataclass(frozen=True)
class Part:
    """One post of a thread; the only one of a short text."""

    text: str
    at: datetime
    rkey: str
    pictures: tuple[Picture, ...] = ()  # of the first one only


def thread_of(post: Post) -> list[Part]:
    """The parts in order, a second apart, so that their keys are in order too.

    The keys are of when it was queued and stay what they are; the dates are of when it was to go out, for
    Bluesky sorts a post by its date.
    """
    known = LIMITS["bluesky"]
    texts = split(post.text, known.part or 300, known.part_bytes or 3000) or [post.text]
    if len(texts) == 1:
        texts = [post.text]
    return [part_of(post, number, text) for number, text in enumerate(texts)]


def part_of(post: Post, number: int, text: str) -> Part:
    after = timedelta(seconds=number)
    rkey = record_key(post.created_at + after, f"{post.key}/{number}" if number else post.key)
    return Part(text, post.dated_at + after, rkey, () if number else post.pictures)


def half_out(error: ChannelError, count: int) -> ChannelError:
    """A part is out, so whatever stopped the rest, it is neither failed nor still to be called back."""
    told = {"count": count, "reason": error.message}
    words = _("Only the first %(count)s posts of the thread are out: %(reason)s") % told
    return ChannelError(words, unknown=True, retry_after=error.retry_after)


def answering(before: Sequence[dict[str, Any]]) -> models.AppBskyFeedPost.ReplyRef | None:
    """What a later part of a thread refers to: its first post, and the one just before."""
    if not before:
        return None
    root, parent = (
        models.ComAtprotoRepoStrongRef.Main(uri=each["uri"], cid=each["cid"])
        for each in (before[0], before[-1])
    )
    return models.AppBskyFeedPost.ReplyRef(root=root, parent=parent)


def post_record(
    text: str,
    created_at: datetime,
    langs: Sequence[str],
    mentions: Sequence[Facet] = (),
    before: Sequence[dict[str, Any]] = (),
    pictures: Sequence[Picture] = (),
) -> dict[str, Any]:
    """The post exactly as it will be stored. The same input gives the same bytes, so repeats can be told."""
    moment = created_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    try:
        record = models.AppBskyFeedPost.Record(
            text=text,
            created_at=moment,
            langs=list(langs) or None,
            facets=sorted((*detect_facets(text), *mentions), key=starts_at) or None,
            reply=answering(before),
        )
        return get_model_as_dict(record) | embed(pictures)
    except ValueError as error:  # pydantic's refusals are ValueErrors, and so are half characters
        raise ChannelError(_("Bluesky cannot hold this text."), permanent=True) from error


def starts_at(facet: Facet) -> int:
    return facet.index.byte_start
