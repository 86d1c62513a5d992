"""The real product on loopback: a database of its own, the demo's story, web server and worker as processes.

`with Stack() as stack:` stages a shorter month of the same story that `make demo` tells, and ends everything
it started on the way out, also after a failure.
"""

import os
import socket
import subprocess
import sys
import tempfile
import uuid
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from responses.story import running
from responses.story.feed import Story
from responses.story.post import Post
from tests.asking import ROOT, Shell

DAYS = 5
PRELOADED = ("DJANGO_SETTINGS_MODULE", "TUGON_ALLOWED_ORIGINS", "TUGON_ADDRESS")
READ_SOON = """
from datetime import timedelta
from django.db.models import F
from django.utils import timezone
from responses.monitoring import sourcing
from responses.monitoring.models import Source
from tenants import context
from tenants.models import Brand, SharedAnswer
SharedAnswer.objects.update(asked_at=F("asked_at") - timedelta(minutes=1))
with context.inside(Brand.objects.get(slug={slug!r})):
    source = Source.objects.get(kind="rss")
    Source.objects.filter(pk=source.pk).update(due_at=timezone.now())
    sourcing.read_soon(source, timezone.now())
"""


class ToldStory(Story):
    """The story, and what a test lets people say in it."""

    def __init__(self, story: Story):
        super().__init__(story.began_at, story.seed, story.days)
        self.said: dict[str, list[Post]] = {}

    def say(self, slug: str, text: str, author: str = "test.person") -> Post:
        at, mark = datetime.now(UTC), uuid.uuid4().hex[:12]
        post = Post(f"said-{mark}", at, author, "", "", text, f"https://social.example/{mark}", "en")
        self.said.setdefault(slug, []).append(post)
        return post

    def posts(self, brand_slug, now):
        told = [*self.said.get(brand_slug, []), *super().posts(brand_slug, now)]
        return sorted(told, key=lambda post: (post.published_at, post.guid), reverse=True)


class Stack:
    """`url`, `home`, `story`, `practice`, `database_url`; `manage(…)` runs a command beside it."""

    def __init__(self, days: int = DAYS, allow: tuple[str, ...] = ()):
        self.days, self.allow = days, allow
        self.open = ExitStack()
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.shell = Shell(lambda: self.environment)

    def __enter__(self) -> "Stack":
        try:
            self.start()
        except BaseException:
            self.open.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.open.close()

    def start(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="tugon-stack-", ignore_cleanup_errors=True)
        self.home = Path(self.open.enter_context(folder))
        self.database_url = self.open.enter_context(EmptyDatabase())
        self.open.enter_context(self.shell)
        self.manage("demo", "--seed-only", "--days", str(self.days), "--port", str(self.port))
        self.stage = self.open.enter_context(running.Stage(self.home))
        self.stage.feed.story = self.story = ToldStory(self.stage.story)
        self.practice = self.stage.practice
        self.serve()

    def serve(self) -> None:
        self.web, self.work = self.open.enter_context(
            running.processes(self.port, self.home, self.environment)
        )
        running.wait_for(f"{self.url}/accounts/login/", self.web, self.home / "server.log")

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in PRELOADED}
        origins = [*self.allow, *(self.stage.origins if hasattr(self, "stage") else [])]
        return kept | {
            "DATABASE_URL": self.database_url,
            "TUGON_HOME": str(self.home),
            "TUGON_ALLOWED_ORIGINS": ",".join(origins),
            "PYTHONWARNINGS": "ignore",
        }

    def manage(self, *words: str) -> str:
        """Run a management command on the stack's database and return what it said."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"manage.py {' '.join(words)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def python(self, code: str) -> str:
        """What the code prints, run in the product's own shell (its settings, its database)."""
        return self.shell.ask(code).strip()

    def read_soon(self, slug: str) -> None:
        """Poke the worker to read the brand's feed now, as if it had not been asked for a minute."""
        self.python(READ_SOON.format(slug=slug))

    @property
    def log(self) -> str:
        return (self.home / "server.log").read_text(errors="replace")

    @property
    def letters(self) -> list[str]:
        """The mail that was sent, newest last."""
        files = sorted((self.home / "mail").glob("*.log"), key=lambda path: path.stat().st_mtime)
        return [file.read_text() for file in files]


class EmptyDatabase:
    """A database of its own on the server the tests run on; gone afterwards, whoever still holds it."""

    def __enter__(self) -> str:
        self.server = os.environ["DATABASE_URL"]
        self.name = f"tugon_stack_{uuid.uuid4().hex[:10]}"
        self.run("CREATE DATABASE {}")
        return urlsplit(self.server)._replace(path=f"/{self.name}").geturl()

    def __exit__(self, *error: object) -> None:
        self.run("DROP DATABASE IF EXISTS {} WITH (FORCE)")

    def run(self, statement: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(self.name)))


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
