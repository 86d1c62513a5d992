"""manage.py match_query 'QUERY' < texts: the lines a query matches. Exit code 2 when it is not understood."""

import sys

from django.core.management.base import BaseCommand

from responses.monitoring.query import QueryError, caret, compile_query, lint


class Command(BaseCommand):
    help = "Print the lines of the standard input that a query matches. Each line is one text."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("query", help="in the language of docs/query-language.md")
        parser.add_argument(
            "--lint",
            action="store_true",
            dest="only_advice",
            help="say what is probably not meant, and read nothing",
        )

    def handle(self, *args, query, only_advice, **options):
        try:
            asked = compile_query(query)
        except QueryError as error:
            self.stderr.write(f"{caret(query, error.position)}\n{error.message}", self.style.NOTICE)
            sys.exit(2)
        if only_advice:
            self.advise(query)
            return
        for line in sys.stdin.buffer:
            text = line.decode(errors="replace").rstrip("\r\n")
            if asked.matches(text):
                self.stdout.write(text)

    def advise(self, query):
        for advice in lint(query):
            self.stdout.write(f"{caret(query, advice.position)}\n{advice.words}")
