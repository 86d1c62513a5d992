"""The brand's own newsroom as a channel: its post is a row of ours, so sending twice writes it once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from responses.publishing import newsroom, newsroom_files
from responses.publishing.channels.base import ChannelError, Known, Post, ReadBack, Sent, register
from responses.publishing.models import NewsroomPost, Publication
from tenants import context


@register
class NewsroomChannel:
    """Knows the database, as the only adapter: here the outside is a page of our own."""

    kind = "newsroom"
    repeatable, readable = True, True

    def __init__(self, now: datetime):
        self.now = now

    @classmethod
    def opened(
        cls, config: dict[str, Any], secrets: Mapping[str, str], *, now: datetime
    ) -> "NewsroomChannel":
        return cls(now)

    def check(self) -> Known:
        return Known(newsroom.public_url())

    def send(self, post: Post) -> Sent:
        rows = Publication.objects.select_related("revision", "statement")
        publication = rows.get(key=post.key)
        words = {
            "type": publication.statement.type,
            "title": publication.revision.title_in(next(iter(post.langs), "")),
            "text": post.text,
            "language": next(iter(post.langs), "en"),
            "also": also_of(post),
        }
        place = {"slug": slug_for(publication), "published_at": self.now}
        row, _is_new = NewsroomPost.objects.update_or_create(
            publication=publication, defaults=words, create_defaults=words | place
        )
        self.stand(row.slug)
        return Sent(row.slug, newsroom.public_url(row.slug))

    def stand(self, slug: str) -> None:
        """Out is what the public can read: when the page cannot be written, it goes again."""
        try:
            newsroom_files.write(context.here(), slug)
        except OSError as error:
            words = _("The newsroom's page could not be written: %(why)s.") % {"why": error.strerror}
            raise ChannelError(words) from error

    def read_back(self, post: Post, external_id: str = "") -> ReadBack | None:
        row = NewsroomPost.objects.filter(publication__key=post.key).first()
        if row is None:
            return None
        text = row.text if row.also == also_of(post) else changed_of(row, post)
        return ReadBack(text, external_id=row.slug, url=newsroom.public_url(row.slug))


def also_of(post: Post) -> dict:
    """The other versions as the page's row keeps them."""
    return {each.language: {"title": each.title, "text": each.text} for each in post.also}


def changed_of(row: NewsroomPost, post: Post) -> str:
    """All that stands there, when it is another version that is not as it went out."""
    return "\n\n".join([row.text, *(str(told.get("text", "")) for told in row.also.values())])


def slug_for(publication: Publication) -> str:
    """Readable, and never twice: it ends in the first characters of the publication's key."""
    words = slugify(publication.revision.title)[:60].strip("-") or publication.statement.type
    return f"{words}-{publication.key.hex[:8]}"
