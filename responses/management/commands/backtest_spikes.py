"""manage.py backtest_spikes FILE.csv --out SCORES.csv: what the spike detector would have said."""

import csv
from datetime import datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from responses.monitoring.spikes import Detector


class Command(BaseCommand):
    help = "Score counts per five minutes (timestamp,value) by the spike detector; 0.5 and more is an alarm."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="a CSV file with the columns timestamp and value")
        parser.add_argument("--out", type=Path, help="where the scores go (default: printed)")

    def handle(self, *args, file, out, **options):
        try:
            with file.open(newline="", encoding="utf-8-sig") as handle:
                rows = list(scored(csv.DictReader(handle)))
        except (OSError, UnicodeDecodeError, csv.Error, Unreadable) as error:
            raise CommandError(f"{file}: {error}") from error
        if out is None:
            write(self.stdout, rows)
        else:
            with out.open("w", newline="", encoding="utf-8") as handle:
                write(handle, rows)


class Unreadable(ValueError):
    pass


def scored(rows):
    if not {"timestamp", "value"} <= set(rows.fieldnames or ()):
        raise Unreadable("the first line must name the columns timestamp and value")
    detector = Detector()
    for row in rows:
        try:
            moment, value = datetime.fromisoformat(row["timestamp"]), float(row["value"] or "nan")
        except (TypeError, ValueError) as error:
            raise Unreadable(f"line {rows.line_num}: {error}") from error
        yield row["timestamp"], row["value"], detector.update(moment, value)


def write(handle, rows) -> None:
    writer = csv.writer(handle, lineterminator="\n")
    writer.writerow(["timestamp", "value", "anomaly_score"])
    writer.writerows(rows)
