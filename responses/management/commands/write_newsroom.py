"""manage.py write_newsroom [BRAND …]: write the newsrooms' pages anew, as after a new release."""

from django.core.management.base import BaseCommand, CommandError

from responses.publishing import newsroom_files
from tenants.models import Brand


class Command(BaseCommand):
    help = "Write the public pages of the brands' newsrooms as files; of all brands when none is named."

    def add_arguments(self, parser):
        parser.add_argument("brands", nargs="*", help="short names")

    def handle(self, *args, brands, **options):
        if newsroom_files.root() is None:
            raise CommandError("TUGON_NEWSROOM is empty: the pages are drawn at each request.")
        found = Brand.objects.order_by("slug")
        if brands:
            found = found.filter(slug__in=brands)
            if missing := set(brands) - set(found.values_list("slug", flat=True)):
                raise CommandError(f"There is no brand {', '.join(sorted(missing))}.")
        for brand in found:
            self.stdout.write(f"{brand.slug}: {newsroom_files.rewrite(brand)} pages")
        newsroom_files.tidy()
