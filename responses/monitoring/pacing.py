"""Which sources are slow. Those are read one at a time in the whole house, so some worker is always free."""

from datetime import timedelta

from django.core.cache import cache

from tenants import context

from .models import Source

KNOWN_FOR = timedelta(hours=6)
AGAIN = timedelta(seconds=20)  # when another slow one is being read


def key_of(source: Source) -> str:
    return f"slow-source-{context.here().pk}-{source.pk}"


def note_slow(source: Source) -> None:
    """Forgotten after some hours: then it is tried in haste again."""
    cache.set(key_of(source), True, KNOWN_FOR.total_seconds())


def is_slow(source: Source) -> bool:
    """Failing counts as slow: what is broken most often hangs."""
    return source.failures > 0 or cache.get(key_of(source)) is not None
