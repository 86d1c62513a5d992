"""A publishing process to be killed (see tests/forking.py): `python -m tests.real.publisher BRAND`.

It releases what is due, over and over, until nothing is left to do.
"""

import sys

import django

django.setup()

from django.utils import timezone  # noqa: E402  (Django first)

from responses.publishing import releasing, states  # noqa: E402
from responses.publishing.channels import bluesky  # noqa: E402
from responses.publishing.models import Publication  # noqa: E402
from tenants import context  # noqa: E402
from tenants.models import Brand  # noqa: E402
from tests.forking import serve  # noqa: E402

assert bluesky.BlueskyChannel.repeatable


def publish(slug):
    with context.inside(Brand.objects.get(slug=slug)):
        while Publication.objects.filter(status__in=states.OPEN).exists():
            releasing.release_due(timezone.now())


if __name__ == "__main__":
    serve(lambda: publish(sys.argv[1]))
