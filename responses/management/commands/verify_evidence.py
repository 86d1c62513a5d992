"""manage.py verify_evidence PACK.json: does it prove what it says? Offline; exit code 1 when it does not."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from responses.publishing.evidence import verifying

MOST_BYTES = 256 * 2**20


class Command(BaseCommand):
    help = "Verify an evidence pack: text, approvals, history chain and seal. Offline, without a database."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("pack", help="the file that ends in .json")
        parser.add_argument(
            "--key",
            action="append",
            default=[],
            help="a public key you trust, as the agency gave it to you; may be given more than once",
        )

    def handle(self, *args, pack, key, **options):
        verdict = verifying.verify(self.read(Path(pack)), key)
        for flaw in verdict.flaws:
            self.stdout.write(flaw)
        if not verdict.holds:
            raise CommandError("The pack does not prove what it says.")
        self.stdout.write(
            f"The pack holds: {verdict.approvals} approvals of this text, {verdict.events} events "
            f"on a chain of {verdict.links}, signed with {verdict.key}."
        )
        if not key:
            self.stdout.write(
                "Whose key it is the pack cannot tell: compare it with the one the agency shows."
            )

    def read(self, path: Path) -> bytes:
        try:
            if path.stat().st_size > MOST_BYTES:
                raise CommandError(f"{path} is too big for an evidence pack.")
            return path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
