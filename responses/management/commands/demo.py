"""`make demo`: a crisis breaking now, in your browser."""

import io
import json
import os
import shutil
import signal
import time

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection

from agency.models import Agency
from responses.publishing.models import NewsroomPost
from responses.story import cast, running, staging
from tenants import context
from tenants.models import Brand

LOGINS = ("lea@habi.example", "ramon@habi.example", "marta@islaferries.example", "tess@habi.example")
STOPPING = (signal.SIGINT, signal.SIGTERM)


class Command(BaseCommand):
    help = "Run Tugon with an agency in the middle of a crisis. Ctrl-C stops it; its data stays."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--reset", action="store_true", help="forget the demo's data and begin anew")
        parser.add_argument("--seed-only", action="store_true", help="prepare everything, start nothing")
        parser.add_argument("--days", type=int, default=30, help="of ordinary mentions before today")

    def handle(self, *, port, reset, seed_only, days, **options):
        for number in STOPPING:
            signal.signal(number, stop_once)  # SIGINT also where a script's `&` had it ignored
        home = settings.TUGON_HOME
        try:
            running.require_free(port, home)
            if reset:
                self.reset(home)
            with running.Stage(home, days) as stage:
                self.allow(stage.origins)
                settings.TUGON_ADDRESS = f"http://localhost:{port}"
                self.prepare(stage)
                call_command("write_newsroom", stdout=io.StringIO())  # its links name the port
                if not seed_only:
                    self.run(stage, port, home)
        except running.CannotStart as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            pass

    def allow(self, origins):
        """The story's own servers are on loopback, where Tugon otherwise calls nobody."""
        allowed = [*settings.TUGON_ALLOWED_ORIGINS, *origins]
        settings.TUGON_ALLOWED_ORIGINS = allowed
        os.environ["TUGON_ALLOWED_ORIGINS"] = ",".join(allowed)

    def reset(self, home):
        """Drop every schema of the demo's database; refuse on a server that is not the embedded one."""
        if not os.environ.get("TUGON_EMBEDDED"):
            raise CommandError("--reset empties the whole database; it only does so to the embedded one.")
        context.leave()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nspname FROM pg_namespace "
                "WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"
            )
            for (schema,) in cursor.fetchall():
                for table in self.tables(cursor, schema):
                    cursor.execute(f'DROP TABLE IF EXISTS "{schema}"."{table}" CASCADE')
                cursor.execute(f'DROP SCHEMA "{schema}" CASCADE')
            cursor.execute("CREATE SCHEMA public")
        connection.close()
        for name in ("story.json", "practice.json"):
            (home / name).unlink(missing_ok=True)
        for name in ("mail", "newsroom"):
            shutil.rmtree(home / name, ignore_errors=True)
        self.stdout.write("The demo's data is gone; a new day begins.")

    def tables(self, cursor, schema):
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        return [name for (name,) in cursor.fetchall()]

    def prepare(self, stage):
        call_command("deploy", verbosity=0)
        is_begun = Agency.objects.filter(slug=cast.HABI).exists()
        if is_begun and stage.file.exists():
            return
        if is_begun:
            self.stdout.write("The first start was cut short.")
            self.reset(settings.TUGON_HOME)
            call_command("deploy", verbosity=0)
        self.stdout.write("Setting the stage (once; about a minute) …")
        staging.stage(stage.feed, stage.practice.url, stage.story.began_at, say=self.stdout.write)
        stage.keep()

    def run(self, stage, port, home):
        note = home / "running.json"
        note.write_text(json.dumps({"pid": os.getpid(), "port": port}))
        try:
            with running.processes(port, home, dict(os.environ)) as (web, work):
                running.wait_for(f"http://127.0.0.1:{port}/accounts/login/", web, home / "server.log")
                self.welcome(port)
                self.watch(stage, web, work)
        finally:
            note.unlink(missing_ok=True)
            self.stdout.write("Tugon has stopped; `make demo` takes it up again.")

    def watch(self, stage, web, work):
        """Stay until a process ends or the person stops us; calm the storm once the brand has spoken."""
        while web.poll() is None and work.poll() is None:
            if stage.story.statement_at is None:
                stage.story.statement_at = self.first_word(stage.story.began_at)
            time.sleep(2)
        raise CommandError(f"A process ended by itself; {settings.TUGON_HOME / 'server.log'} says why.")

    def first_word(self, began_at):
        with context.inside(Brand.objects.get(slug="isla")):
            post = NewsroomPost.objects.filter(published_at__gt=began_at).order_by("published_at").first()
        return post and post.published_at

    def welcome(self, port):
        people = {person.email: person for person in cast.PEOPLE}
        lines = [
            f"    {email:<28} {people[email].name}, {people[email].role.replace('_', ' ')}"
            for email in LOGINS
        ]
        self.stdout.write(WELCOME.format(address=f"http://localhost:{port}/", people="\n".join(lines)))


def stop_once(*_signal):
    """The first one stops; asked again meanwhile, the database is still put to bed in peace."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


WELCOME = """
Tugon is running:  {address}

Sign in with one of these (password for all: tugon-demo)
{people}
Ramon and Marta approve with a second factor. The codes of their apps: {address}demo/codes/

What to click first
    1. Sign in as Lea Reyes. The board says which brand needs you now: open Isla Ferries' incident.
    2. Acknowledge it, read Ana's holding statement, send it to review.
    3. Sign in as Ramon Dela Cruz and approve it for the agency.
    4. Sign in as Marta Cruz (the client, in Filipino; try it on a phone's width) and approve it.
    5. It is in the newsroom: {address}newsroom/isla/   The incident's timeline tells the story.

Ctrl-C stops Tugon.
"""
