"""The newsroom's server beside nginx on the same file; and how soon an update is seen under that load."""

import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.utils import timezone

from agency.models import Seat, User
from agency.roles import Role
from responses.core import actors
from responses.publishing import newsroom_files, releasing
from responses.statements.models import Statement
from tenants import context
from tests.publishing import making

from .figures import agency_of, figure, line, own

ROUNDS, SECONDS, CONNECTIONS = 5, 3, 64
PAGE = "/newsroom/bench/"
STATEMENT = "Isla Uno is safe in port. Ligtas po ang lahat ng sakay at tripulante.\n\n"
NGINX = """
worker_processes auto; daemon off; pid {home}/nginx.pid; error_log {home}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; keepalive_requests 1000000; types {{ text/html html; }}
  client_body_temp_path {home}/a; proxy_temp_path {home}/b; fastcgi_temp_path {home}/c;
  uwsgi_temp_path {home}/d; scgi_temp_path {home}/e;
  server {{ listen 127.0.0.1:{port} reuseport; root {root}; index index.html; }}
}}
"""


@figure
def newsroom():
    """Requests per second of the newsroom's page, as a share of nginx's, in the same run."""
    if missing := [name for name in ("nginx", "wrk") if shutil.which(name) is None]:
        print(f"newsroom.*: skipped, {' and '.join(missing)} not installed", file=sys.stderr)
        return
    with (
        tempfile.TemporaryDirectory(prefix="tugon-bench-") as home,
        written(Path(home)) as folder,
        ours(folder) as here,
        nginx(Path(home), folder / "common") as there,
    ):
        rates = [(load(here), load(there)) for _round in range(ROUNDS)]
        with speaking() as publish:
            seen = [seen_after(here.replace("/bench/", "/newsroom-0/"), publish) for _round in range(ROUNDS)]
    own, others = (statistics.median(rate) for rate in zip(*rates, strict=True))
    yield line("newsroom.ratio", own / others, "\u00d7 of nginx", others, 0.5)
    yield line("newsroom.update_s", max(seen), "s, the worst", own, 2)


@contextmanager
def written(home: Path):
    """Beside the brand's own newsroom, a page as long as a statement of a few hundred words makes it."""
    settings.TUGON_NEWSROOM = str(home / "newsroom")
    brand = own("newsroom")[0]
    with context.inside(brand):
        newsroom_files.write(brand)
    page = home / "newsroom" / "common" / "newsroom" / "bench" / "index.html"
    shutil.copytree(page.parents[1] / brand.slug, page.parent)
    body = page.read_text().replace("</main>", f"<p>{STATEMENT * 100}</p></main>")
    newsroom_files.put(page, body.encode())
    home.chmod(0o755)
    yield home / "newsroom"


@contextmanager
def running(command, url, **how):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **how)
    try:
        until = time.monotonic() + 30
        while not answers(url):
            assert process.poll() is None and time.monotonic() < until, f"{command[0]} does not answer"
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def ours(folder: Path):
    port = free_port()
    command = [sys.executable, "manage.py", "serve_newsroom", "--bind", f"127.0.0.1:{port}"]
    env = {"TUGON_NEWSROOM": str(folder), "PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "ignore"}
    return running(command, f"http://127.0.0.1:{port}{PAGE}", cwd=settings.BASE_DIR, env=env)


def nginx(home: Path, root: Path):
    port = free_port()
    config = home / "nginx.conf"
    config.write_text(NGINX.format(home=home, port=port, root=root))
    return running(["nginx", "-c", str(config)], f"http://127.0.0.1:{port}{PAGE}")


def load(url: str) -> float:
    said = subprocess.run(wrk(url), capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    return float(re.search(r"Requests/sec:\s*([\d.]+)", said)[1])


def wrk(url: str) -> list[str]:
    return ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", url]


@contextmanager
def speaking():
    """A deed that publishes one more update of the brand, written and approved by its people; its title."""
    brand = own("newsroom")[0]
    people = [spokesperson(brand, role) for role in (Role.WRITER, Role.ACCOUNT_LEAD, Role.CLIENT_APPROVER)]
    by = SimpleNamespace(**dict(zip(("ana", "lea", "marta"), people, strict=True)))
    with context.inside(brand):

        def approved() -> Statement:
            title = f"Update of {timezone.now().isoformat()}"
            return making.approved(by, timezone.now(), {making.newsroom(): STATEMENT}, title=title)

        def publish(statement) -> None:
            releasing.queue(statement, by=by.lea, now=timezone.now())
            releasing.release_due(timezone.now())

        yield approved, publish


def spokesperson(brand, role):
    user, _new = User.objects.get_or_create(email=f"{role}@bench.example", defaults={"name": role})
    Seat.objects.get_or_create(user=user, agency=agency_of("newsroom"), brand=brand, role=role)
    return actors.person(user)


def seen_after(url: str, speaking) -> float:
    """Seconds from releasing an approved update until a reader sees it, while everybody looks."""
    approved, publish = speaking
    statement = approved()
    busy = subprocess.Popen(wrk(url), stdout=subprocess.DEVNULL)
    try:
        time.sleep(SECONDS / 3)
        begun = time.monotonic()
        publish(statement)
        while statement.title not in urlopen(url).read().decode():  # noqa: S310  (our own address)
            assert time.monotonic() - begun < 30
        return time.monotonic() - begun
    finally:
        busy.wait()


def answers(url: str) -> bool:
    try:
        return urlopen(url).status == 200  # noqa: S310  (our own address)
    except (URLError, OSError):
        return False


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
