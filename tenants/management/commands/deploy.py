"""`manage.py deploy`: bring public, the template and every brand's schema up to the code."""

from django.core.management import BaseCommand, CommandError

from tenants import deploying


class Command(BaseCommand):
    help = "Migrate public, the template and every brand that lags. Run it again after a failure."

    def handle(self, *, verbosity, **options):
        report = deploying.deploy(lambda what: self.stdout.write(f"migrating {what}") if verbosity else None)
        for slug, error in report.failed.items():
            self.stderr.write(f"{slug}: {error}")
        if report.failed:
            raise CommandError(
                f"{len(report.failed)} of {report.brands} brands were not migrated; the others were. "
                "Mend the cause, then run deploy again."
            )
        if verbosity:
            done = len(report.migrated)
            self.stdout.write(f"{report.brands} brands are up to date, {done} were migrated now.")
