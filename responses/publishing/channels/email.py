"""Letters to those who asked for them as a channel: out when they are written, sent one by one after that."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import ngettext

from responses.publishing import lettering, newsroom
from responses.publishing.channels.base import Known, Post, ReadBack, Sent, register
from responses.publishing.models import Publication, Subscriber


@register
class EmailChannel:
    """Knows the database, as the newsroom does: a letter is a row of ours, written once however often."""

    kind = "email"
    repeatable, readable = True, True

    def __init__(self, now: datetime):
        self.now = now

    @classmethod
    def opened(cls, config: dict[str, Any], secrets: Mapping[str, str], *, now: datetime) -> "EmailChannel":
        return cls(now)

    def check(self) -> Known:
        count = Subscriber.objects.exclude(confirmed_at=None).count()
        return Known(ngettext("%(n)s subscriber", "%(n)s subscribers", count) % {"n": count})

    def send(self, post: Post) -> Sent:
        lettering.write(Publication.objects.get(key=post.key), now=self.now)
        return Sent(post.key, newsroom.public_url())

    def read_back(self, post: Post, external_id: str = "") -> ReadBack | None:
        publication = Publication.objects.select_related("variant").get(key=post.key)
        if not external_id and not publication.letters.exists():
            return None
        return ReadBack(publication.variant.text, external_id=post.key, url=newsroom.public_url())
