"""manage.py classify < TEXTS: one text per line in, one JSON line {language, sentiment, score} out."""

import json
import sys
from dataclasses import asdict
from itertools import islice

from django.core.management.base import BaseCommand

from responses.monitoring.sentiment import classify_many

BATCH = 1_000


class Command(BaseCommand):
    help = "Read one text per line and print its language, sentiment and score, one JSON object per line."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--in", dest="source", help="a file to read instead of standard input")

    def handle(self, *args, source=None, **options):
        # Lines end at "\n" only: other separators are part of a text, and each line gets exactly one answer.
        with open(
            source or sys.stdin.fileno(),
            encoding="utf-8",
            errors="replace",
            newline="\n",
            closefd=bool(source),
        ) as lines:
            while batch := [line.removesuffix("\n") for line in islice(lines, BATCH)]:
                answers = (json.dumps(asdict(found), ensure_ascii=False) for found in classify_many(batch))
                self.stdout.write("\n".join(answers))
