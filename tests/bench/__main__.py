"""`make bench`: one JSON line per figure, {name, value, unit, baseline, goal}.

`value` is what the goal speaks of, measured against `baseline` in the same run. Machines are noisy: figures
are medians of several rounds that alternate between the thing and its baseline. `python -m tests.bench board`
runs the figures whose name begins with a word.
"""

import importlib
import json
import os
import sys

from tenants import embedded

DATABASE = "tugon_bench"
MODULES = (
    "figures",
    "fairness",
    "ingesting",
    "listening",
    "matching",
    "reading",
    "serving",
    "understanding",
)  # each adds its figures


def prepare() -> None:
    """An empty database of its own on the server at hand, with Django set up on it."""
    import psycopg

    embedded.use_database(["bench", "bench"])
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {DATABASE}")
    head, _, options = server.partition("?")
    os.environ["DATABASE_URL"] = f"{head.rpartition('/')[0]}/{DATABASE}" + (f"?{options}" if options else "")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.settings.test")

    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def main(words: list[str]) -> None:
    prepare()
    for module in MODULES:  # after Django is set up
        importlib.import_module(f"{__package__}.{module}")

    from .figures import FIGURES

    for measure in FIGURES:
        if not words or any(measure.__name__.startswith(word.replace(".", "_")) for word in words):
            for figure in measure():
                print(json.dumps(figure), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
