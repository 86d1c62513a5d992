"""Telling `manage.py listen` that what a brand listens for has changed, as soon as the deed commits."""

from django.db import connection

CHANNEL = "tugon_listening"
ABOUT_LISTENING = ("rule.", "source.", "query.")  # kinds of events


def tell(kind: str, brand) -> None:
    """In the deed's transaction: a rollback takes it back. Nobody need be listening."""
    if kind.startswith(ABOUT_LISTENING):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(brand.pk)])
