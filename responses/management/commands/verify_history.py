"""manage.py verify_history BRAND: is the brand's history as it was written? Exit code 1 when it is not."""

from django.core.management.base import BaseCommand, CommandError

from responses.core import history
from responses.core.models import Event
from tenants import context
from tenants.models import Brand, BrandPulse


class Command(BaseCommand):
    help = "Verify a brand's history: names each event that was altered, removed or reordered."

    def add_arguments(self, parser):
        parser.add_argument("brand", help="the brand's short name")

    def handle(self, *args, brand, **options):
        found = Brand.objects.filter(slug=brand).first()
        if found is None:
            raise CommandError(f"There is no brand {brand}.")
        pulse = BrandPulse.objects.filter(brand=found).first()
        with context.inside(found):
            broken = history.verify(pulse.history_seq, pulse.history_hash) if pulse else history.verify()
            count = Event.objects.count()
            kinds = dict(Event.objects.filter(seq__in=[row.seq for row in broken]).values_list("seq", "kind"))
        for row in broken:
            self.stdout.write(f"event {row.seq} {kinds.get(row.seq, '(gone)')}: {row.what}")
        if broken:
            raise CommandError(f"{found.name}: {len(broken)} of {count} events are not as they were written.")
        self.stdout.write(f"{found.name}: {count} events, all as they were written.")
