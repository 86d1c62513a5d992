"""A sending process to be killed (see tests/forking.py): `python -m tests.publishing.sender BRAND`.

It sends what is queued, and takes over what a dead sender left, until nothing is left to send.
"""

import sys

import django

django.setup()

from django.utils import timezone  # noqa: E402  (Django first)

from responses.publishing import releasing, states  # noqa: E402
from responses.publishing.channels import mastodon  # noqa: E402
from responses.publishing.models import Publication  # noqa: E402
from tenants import context  # noqa: E402
from tenants.models import Brand  # noqa: E402
from tests.forking import serve  # noqa: E402

assert not mastodon.MastodonChannel.repeatable


def publish(slug):
    with context.inside(Brand.objects.get(slug=slug)):
        while Publication.objects.filter(status__in=[states.QUEUED, states.SENDING]).exists():
            releasing.release_due(timezone.now())


if __name__ == "__main__":
    serve(lambda: publish(sys.argv[1]))
