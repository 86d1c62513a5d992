"""So many requests a minute per key, counted exactly however many come at once."""

import time

from django.db import connection
from rest_framework.throttling import BaseThrottle

from .models import ApiKey, RateWindow

WINDOW = 60  # seconds

# The row's lock is the queue: each request gets a number of its own.
COUNT = f"""
INSERT INTO {RateWindow._meta.db_table} AS mine (key_id, "window", used) VALUES (%s, %s, 1)
ON CONFLICT (key_id) DO UPDATE SET
  used = CASE WHEN mine."window" >= EXCLUDED."window" THEN mine.used + 1 ELSE 1 END,
  "window" = GREATEST(mine."window", EXCLUDED."window")
RETURNING used
"""  # noqa: S608  (our own table's name)


def count(key: ApiKey, window: int) -> int:
    """Which request of the window this is, from 1."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [key.pk, window])
        return cursor.fetchone()[0]


class KeyThrottle(BaseThrottle):
    """429 after the key's requests of the minute; people in a browser are not counted."""

    def allow_request(self, request, view):
        if request.auth is None:
            return True
        now = time.time()
        used = count(request.auth, int(now // WINDOW))
        self.reset = WINDOW - now % WINDOW
        limit = request.auth.per_minute
        view.rate = Rate(limit, max(limit - used, 0), int(self.reset) + 1)
        return used <= limit

    def wait(self):
        return self.reset


class Rate:
    """What the answer says about it: draft-ietf-httpapi-ratelimit-headers."""

    def __init__(self, limit, left, reset):
        self.headers = {
            "RateLimit-Policy": f'"key";q={limit};w={WINDOW}',
            "RateLimit": f'"key";r={left};t={reset}',
        }
