"""manage.py listen: hear Bluesky's stream, and those of Mastodon servers, for all brands, until SIGTERM."""

import gc
import logging
import signal
import threading

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from responses.monitoring.stream.fediverse import Fediverse
from responses.monitoring.stream.hearing import Listener


class Command(BaseCommand):
    help = "Hear every post of the stream TUGON_STREAM and hold it against the rules of all brands at once."

    def handle(self, **options):
        if not settings.TUGON_STREAM:
            raise CommandError("TUGON_STREAM names no stream.")
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
        listener = Listener(settings.TUGON_STREAM)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: listener.stopping.set())
        gc.freeze()  # what is loaded by now stays for good
        beside = threading.Thread(target=Fediverse(listener.stopping).run, name="Mastodon")
        beside.start()
        listener.run()
        beside.join()
