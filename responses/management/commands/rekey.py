"""manage.py rekey: seal each brand's secrets with the first of TUGON_FIELD_KEYS; exit 1 if any is left."""

from django.core.management.base import BaseCommand, CommandError

from responses.core import rekeying, secrets
from tenants import states
from tenants.models import Brand


class Command(BaseCommand):
    help = (
        "Seal every brand's secrets with the first key. Runs beside the product; run it again if broken off."
    )

    def add_arguments(self, parser):
        parser.add_argument("brand", nargs="*", help="only these brands, by their short names")

    def handle(self, *args, brand, verbosity, **options):
        # A closed brand's schema may be gone; one that is being made has no secrets yet.
        brands = Brand.objects.filter(status__in=states.READABLE).order_by("slug")
        brands = brands.filter(slug__in=brand) if brand else brands
        name, remaining = secrets.keys()[0][0], 0
        for each in brands:
            report = rekeying.rekey(each)
            remaining += report.unreadable
            if verbosity:
                self.stdout.write(
                    f"{each.slug}: {report.sealed} sealed with {name}, {report.fresh} were already, "
                    f"{report.unreadable} remain"
                )
        if remaining:
            raise CommandError(
                f"{remaining} secrets remain that no key opens. Put their key back into TUGON_FIELD_KEYS "
                "and run rekey again, or have these passwords entered anew."
            )
        if verbosity:
            self.stdout.write(
                "Nothing remains: the keys after the first can go once every process knows the first."
            )
