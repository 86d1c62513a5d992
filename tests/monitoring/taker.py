"""A process that takes in the same batches again and again until it is killed (see tests/forking.py)."""

import sys
from datetime import datetime

import django

django.setup()

from responses.monitoring.ingesting import ingest  # noqa: E402  (Django first)
from responses.monitoring.models import Source  # noqa: E402
from tenants import context  # noqa: E402
from tenants.models import Brand  # noqa: E402
from tests.bench import talking  # noqa: E402
from tests.forking import serve  # noqa: E402

BATCHES, SIZE = 8, 120


def batches(seed: str, now):
    """The same ones for the same seed; each holds a third of the one before."""
    every = talking.posts(BATCHES * SIZE, now=now, seed=seed)
    return [every[max(0, start - SIZE // 3) : start + SIZE] for start in range(0, len(every), SIZE)]


def take(slug: str, seed: str, at: str) -> None:
    now = datetime.fromisoformat(at)
    with context.inside(Brand.objects.get(slug=slug)):
        source = Source.objects.get(kind="csv")
        for batch in batches(seed, now):
            ingest(source, batch, now=now)


if __name__ == "__main__":
    serve(lambda: take(*sys.argv[1:]))
