"""The web server's way in. A newsroom's page that stands as a file is given out before Django is asked."""

import os
from http import HTTPStatus
from pathlib import Path

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.settings.prod")


def standing_first(application, standing):
    """`application` with the standing pages before it."""

    def first(environ, start_response):
        headers = {
            name[5:].lower().replace("_", "-"): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        answer = standing.answer(
            environ["REQUEST_METHOD"],
            headers.get("host", ""),
            environ.get("PATH_INFO", ""),
            environ.get("QUERY_STRING", ""),
            headers,
        )
        if answer is None:
            return application(environ, start_response)
        status = HTTPStatus(answer.status)
        start_response(f"{status.value} {status.phrase}", [(n.title(), v) for n, v in answer.headers])
        return [answer.body]

    return first


def made():
    application = get_wsgi_application()
    from django.conf import settings

    from .standing import Standing

    if not settings.TUGON_NEWSROOM:
        return application
    return standing_first(
        application, Standing(Path(settings.TUGON_NEWSROOM), settings.TUGON_NEWSROOM_HEADERS)
    )


application = made()
