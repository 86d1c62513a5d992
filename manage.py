#!/usr/bin/env python3
"""Tugon's command line: without DATABASE_URL it brings the embedded PostgreSQL with it."""

import os
import sys
import traceback


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.settings.dev")
    try:
        from django.core.management import execute_from_command_line

        from tenants.embedded import use_database
    except ImportError as error:
        sys.exit(f"Tugon's packages are not installed ({error.name}). Run: make setup")
    use_database(sys.argv)
    execute_from_command_line(sys.argv)


def receive_mail():
    """A mail server sends back what ends in a way it does not know; at 75 it keeps the mail."""
    try:
        main()
    except SystemExit as leaving:
        sys.exit(leaving.code if leaving.code in (None, 0, 65, 67) else 75)
    except Exception:
        traceback.print_exc()
        sys.exit(75)


if __name__ == "__main__":
    receive_mail() if sys.argv[1:2] == ["receive_mail"] else main()
