"""One brand is flooded, another's sources hang: how much later does a third brand's alert come?

With the real worker, `manage.py work` with two processes, on this machine, beside the servers it reads.
"""

import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.utils import timezone

from responses.core.actors import TUGON
from responses.monitoring import ruling, sourcing
from responses.monitoring.models import Alert, Mention, Source
from tenants import context, jobs
from tenants.models import Heartbeat

from . import talking
from .figures import figure, line, own

FEEDS, ITEMS, HANGING = 100, 1_000, 2
PROBES, PAUSE = 10, 2.0
PATIENCE = 120
ENTRY = (
    "<item><guid>{url}</guid><link>{url}</link><title>{title}</title><description>{text}</description></item>"
)


class Server(BaseHTTPRequestHandler):
    """/flood/7 a feed of a thousand posts, /probe/word a feed of one, /hang nothing at all."""

    def do_GET(self):
        kind, _slash, which = self.path[1:].partition("/")
        if kind == "hang":
            time.sleep(PATIENCE)
            return
        texts = [f"Everybody talks about {which}"] if kind == "probe" else list(flood(which))
        items = (
            ENTRY.format(url=f"https://news.example/{which}/{n}", title=t[:60], text=t)
            for n, t in enumerate(texts)
        )
        body = f"<rss version='2.0'><channel><title>News</title>{''.join(items)}</channel></rss>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


def flood(which):
    return (
        post.text.replace("&", "").replace("<", "")
        for post in talking.posts(ITEMS, now=timezone.now(), seed=which)
    )


@contextmanager
def server():
    made = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    made.daemon_threads = True
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()


@contextmanager
def worker(origin):
    """`manage.py work`, up and beating."""
    Heartbeat.objects.all().delete()
    given = {"TUGON_ALLOWED_ORIGINS": origin, "TUGON_WORKERS": "2"}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "work"],
        env=os.environ | given,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: Heartbeat.objects.filter(name="worker").exists())
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def until(condition) -> float:
    """How long it takes."""
    start = time.monotonic()
    while not condition():
        if time.monotonic() - start > PATIENCE:
            raise TimeoutError(condition)
        time.sleep(0.02)
    return time.monotonic() - start


def source(url):
    return sourcing.add_source(kind="rss", name=url[-40:], config={"url": url}, by=TUGON, now=timezone.now())


def probe(brand, origin, word) -> float:
    """From the moment a feed is there to be read until the alert about it."""
    with context.inside(brand):
        ruling.add_rule(name=word, query=word, by=TUGON, now=timezone.now())
        source(f"{origin}/probe/{word}")
        return until(lambda: Alert.objects.filter(title=word).exists())


def probes(brand, origin, name):
    for number in range(PROBES):
        yield probe(brand, origin, f"{name}{number}")
        time.sleep(PAUSE)


@figure
def fairness():
    """The worst of several alerts beside a flood and sources that hang, less the usual time without."""
    flooded, broken, third = own("fairness", 3)
    with server() as origin:
        set_up(flooded, [f"{origin}/flood/{number}" for number in range(FEEDS)])
        set_up(broken, [f"{origin}/hang/{number}" for number in range(HANGING)])
        yield from measured(origin, flooded, broken, third)


def set_up(brand, urls) -> None:
    """Rules, and sources that are not due yet."""
    with context.inside(brand):
        for number, query in enumerate(talking.PARTS["queries"]):
            ruling.add_rule(name=f"Flood {number}", query=query, alert_after=5, by=TUGON, now=timezone.now())
        for url in urls:
            source(url)
        Source.objects.update(due_at=timezone.now() + timedelta(days=1))


def falls_due(brand) -> None:
    with context.inside(brand):
        Source.objects.update(due_at=timezone.now())
        jobs.enqueue("work_due", brand)


def measured(origin, flooded, broken, third):
    with worker(origin):
        quiet = statistics.median(probes(third, origin, "quiet"))
        for brand in (broken, flooded):
            falls_due(brand)
        beside = list(probes(third, origin, "beside"))
        with context.inside(flooded):
            assert 0 < Mention.objects.count() < FEEDS * ITEMS, "the flood is over, or did not come"
    yield line("fairness.delay_s", max(beside) - quiet, "s, the worst", quiet, 5)
