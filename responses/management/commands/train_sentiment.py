"""manage.py train_sentiment DATA_DIR: make the sentiment model, or say how good it would be."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from responses.monitoring.sentiment import FILE


class Command(BaseCommand):
    help = "Train the sentiment model on english_tweets.csv and taglish_reviews.csv (columns text,label)."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="where the two CSV files are")
        parser.add_argument("--out", type=Path, default=FILE, help="where the model goes")
        parser.add_argument("--measure", action="store_true", help="cross-validate only, write nothing")

    def handle(self, *args, folder, out, measure, **options):
        try:
            from responses.monitoring import training
        except ImportError as error:
            raise CommandError('Training needs scikit-learn: pip install -e ".[train]"') from error
        examples = training.read(folder)
        if measure:
            self.stdout.write(json.dumps(training.cross_validate(examples)))
            return
        packed = training.fit(examples)
        out.write_bytes(packed)
        self.stdout.write(f"{out}: {len(packed) / 1e6:.1f} MB from {len(examples.texts)} texts")
