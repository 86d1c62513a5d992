"""manage.py serve_newsroom: the newsrooms' standing pages by a server of their own, without a database."""

import json
import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from responses.publishing import newsroom_files


class Command(BaseCommand):
    help = "Serve the newsrooms that stand as files: this, or any web server, before the desk for the public."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--bind", default="127.0.0.1:8080", help="address and port")
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)

    def handle(self, *args, bind, workers, **options):
        folder = newsroom_files.root()
        if folder is None:
            raise CommandError("TUGON_NEWSROOM is empty: there are no files to serve.")
        address, _colon, port = bind.rpartition(":")
        if not port.isdecimal():
            raise CommandError(f"{bind} is not an address and a port, as 127.0.0.1:8080 is.")
        os.environ["TUGON_NEWSROOM"] = str(folder)
        os.environ["TUGON_STATIC"] = str(settings.STATIC_ROOT)
        os.environ["TUGON_NEWSROOM_HEADERS"] = json.dumps(settings.TUGON_NEWSROOM_HEADERS)
        self.serve(address or "127.0.0.1", int(port), workers)

    def serve(self, address: str, port: int, workers: int) -> None:
        from granian import Granian
        from granian.constants import HTTPModes, Interfaces, TaskImpl

        server = Granian(
            "agency.newsroom_server:app",
            address=address,
            port=port,
            interface=Interfaces.RSGI,
            workers=workers,
            http=HTTPModes.http1,
            task_impl=TaskImpl.rust,  # an answer never waits, so a task of asyncio's around it is all cost
            websockets=False,
            log_enabled=False,
            respawn_failed_workers=True,
        )
        server.serve()
