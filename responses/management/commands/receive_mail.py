"""manage.py receive_mail [ADDRESS] < MESSAGE: a mail server's pipe. It exits as sysexits.h says.

0 taken, also a second time; 65 no message, or too large; 67 nobody here takes it; 75 try again later.
Whatever goes wrong on our side is 75: the mail server keeps the mail and comes again.
"""

import logging
import os
import sys
from email.parser import BytesHeaderParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from responses.errors import Invalid, Refused
from responses.monitoring import mailing
from responses.monitoring.receiving import TooLarge
from responses.monitoring.sources.mailed import LARGEST

log = logging.getLogger(__name__)
TAKEN, NO_MESSAGE, NOBODY, LATER = os.EX_OK, os.EX_DATAERR, os.EX_NOUSER, os.EX_TEMPFAIL
# Where a mail server notes for whom a mail is: the environment of its pipe, or headers that it adds.
VARIABLES = ("ORIGINAL_RECIPIENT", "RECIPIENT")
HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")


class Command(BaseCommand):
    help = "Take in one raw mail from standard input, for the address of a source."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "address", nargs="?", default="", help="for whom; else as the mail server notes it"
        )

    def handle(self, *args, address="", **options):
        code, words = self.outcome(address, read_whole(sys.stdin.buffer))
        if words:
            self.stderr.write(words)
        raise SystemExit(code)

    def outcome(self, address, raw):
        try:
            mailing.deliver(address or address_in(raw), raw, now=timezone.now())
        except (Invalid, TooLarge) as refusal:
            return NO_MESSAGE, refusal.message
        except Refused as refusal:
            return NOBODY, refusal.message
        except Exception:  # the database is away, the disk is full: the mail must not be lost for it
            log.exception("a mail could not be taken now")
            return LATER, "Tugon cannot take mail right now. Try again later."
        return TAKEN, ""


def read_whole(stream) -> bytes:
    """One byte more than is taken; the rest is read and dropped, so that the sender's pipe does not break."""
    raw = stream.read(LARGEST + 1)
    while stream.read(1024 * 1024):
        pass
    return raw


def address_in(raw: bytes) -> str:
    """The first of the noted addresses that looks like one of ours; whether it is, its secret says."""
    headers = BytesHeaderParser().parsebytes(raw[:256_000])
    noted = [os.environ.get(name, "") for name in VARIABLES]
    noted += [str(value) for name in HEADERS for value in headers.get_all(name, [])]
    words = (word.strip("<>\"'();") for value in noted for word in value.replace(",", " ").split()[:200])
    return next((word for word in words if mailing.looks_ours(word)), "")
