"""`manage.py work`: the supervised worker."""

from django.core.management import BaseCommand
from django_q.cluster import Cluster

from tenants import embedded, supervising, tethering


class Command(BaseCommand):
    help = "Run the worker and start it again whenever it stops working. SIGTERM ends it within 30 seconds."

    def add_arguments(self, parser):
        parser.add_argument("--cluster", action="store_true", help="what the supervisor runs; not for people")
        parser.add_argument("--tethered", action="store_true", help="end when the standard input closes")

    def handle(self, *, cluster, tethered, **options):
        if tethered:
            embedded.join()
            tethering.die_with_parent()
        if not cluster:
            supervising.Supervisor().run()
            return
        tethering.die_with_parent()
        Cluster().start()
