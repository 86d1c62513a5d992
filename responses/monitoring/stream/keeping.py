"""Storing what the stream brought, brand by brand. One brand's trouble is not another's."""

import logging

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F

from responses.monitoring import states
from responses.monitoring.ingesting import ingest
from responses.monitoring.models import Source
from responses.monitoring.sources.dating import lag
from tenants import context, jobs

from .listeners import Listeners, stream_source

log = logging.getLogger(__name__)
AWAY = (OperationalError, InterfaceError)  # the database itself: to be tried again, nothing is left out


def keep(listeners: Listeners, posts, now) -> int:
    """Each brand's posts into its own source; how many were new. Raises only when the database is away."""
    new = 0
    for brand_id, wanted in listeners.wanted(posts, now).items():
        with context.inside(listeners.brands[brand_id]):
            new += kept(wanted, now)
    return new


def kept(posts, now, source_id: int | None = None) -> int:
    """Into that source, or into the brand's own for the one stream all brands hear."""
    source = stream_source() if source_id is None else listening_source(source_id)
    if source is None:  # paused a moment ago
        return 0
    try:
        return taken_in(source, posts, now)
    except AWAY:
        raise
    except Exception as error:
        if len(posts) > 1:  # one of them it is: the others are not lost for it
            return sum(kept([post], now, source_id) for post in posts)
        log.exception("%s could not be taken in by %s", posts[0].external_id, context.here().slug)
        error_words = f"{type(error).__name__}"
        Source.objects.filter(pk=source.pk).update(failures=F("failures") + 1, error=error_words)
        return 0


def listening_source(source_id: int) -> Source | None:
    return Source.objects.filter(pk=source_id, status=states.LISTENING).first()


@transaction.atomic
def taken_in(source: Source, posts, now) -> int:
    done = ingest(source, posts, now=now)
    if done.new and source.kind == Source.Kind.STREAM:
        jobs.enqueue("name_authors", context.here())
    late = lag((post.published_at for post in posts), now)
    Source.objects.filter(pk=source.pk).update(
        last_tried_at=now, last_success_at=now, failures=0, error="", lag_seconds=late
    )
    return done.new
