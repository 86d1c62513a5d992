"""The sender is killed at random while it speaks to a server that ignores the Idempotency-Key, and that now
and then publishes and says 504, publishes and hangs up, or breaks before it publishes.

Every text stands there once or not at all; what Tugon calls published stands there, and what does not stand
there it calls unknown. Nothing is ever sent a second time without people deciding so.
"""

import json
import os
import random
import socket
import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from responses.publishing import releasing, states
from responses.publishing.models import Attempt, Publication
from tests.forking import Forker
from tests.publishing.making import approved, channel
from tests.seeds import chosen_seed

pytestmark = pytest.mark.slow

COUNT = int(os.environ.get("TUGON_KILLS_PUBLICATIONS", "40"))
MOST_TRIES = 3  # a child begins at most so many before it is killed
A_TRY_SECONDS = 0.03


class Server(ThreadingHTTPServer):
    """As Mastodon speaks, with no memory for keys."""

    daemon_threads = True
    request_queue_size = 50

    def __init__(self, draw):
        super().__init__(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server_port}"
        self.draw, self.lock, self.public = draw, threading.Lock(), []

    def take(self, text):
        """(the status, what the sender hears); the text stands there unless it broke before."""
        with self.lock:
            heard = self.draw.choices(["200", "504", "closed", "broke"], [14, 2, 2, 1])[0]
            if heard == "broke":
                return None, heard
            return self.stand(text), heard

    def stand(self, text):
        number = str(1000 + len(self.public))
        status = {"id": number, "content": f"<p>{text}</p>", "url": f"https://m.example/{number}"}
        self.public.append(status | {"created_at": datetime.now(UTC).isoformat()})
        return self.public[-1]


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *args):
        """Silence."""

    def do_POST(self):
        text = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["status"]
        status, heard = self.server.take(text)
        if heard == "closed":
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self.answer(*{"200": (200, status), "504": (504, {}), "broke": (500, {})}[heard])

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path.endswith("verify_credentials"):
            return self.answer(200, {"id": "1", "acct": "isla"})
        before = int(parse_qs(url.query).get("max_id", ["9999999"])[0])
        with self.server.lock:
            rows = [row for row in reversed(self.server.public) if int(row["id"]) < before]
        return self.answer(200, rows[:40])

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def served(draw):
    server = Server(draw)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def being_sent():
    return Publication.objects.filter(status__in=[states.QUEUED, states.SENDING]).exists()


def kill_until_sent(sender, draw):
    """Start it, kill it at a random moment after some tries, start it again; counts the kills."""
    kills, give_up_at = 0, time.monotonic() + 240
    while being_sent():
        assert time.monotonic() < give_up_at, "it does not come to an end"
        sender.go()
        wait_for_tries(draw.randint(1, MOST_TRIES))
        time.sleep(draw.uniform(0, A_TRY_SECONDS))  # the random moment is the point: nothing is waited for
        kills += sender.kill()
    return kills


def wait_for_tries(more):
    begun, give_up_at = Attempt.objects.count() + more, time.monotonic() + 60
    while Attempt.objects.count() < begun and being_sent():
        assert time.monotonic() < give_up_at, "the sending process does nothing"
        time.sleep(0.005)


def test_killed_at_random_each_is_out_once_or_unknown(committed_brand, settings):
    seed = chosen_seed()
    print(f"seed {seed}")
    draw = random.Random(seed)
    world, now = committed_brand, timezone.now()
    with served(random.Random(seed)) as server:
        settings.TUGON_ALLOWED_ORIGINS = [server.origin]
        secret = json.dumps({"access_token": "token"})
        place = channel("mastodon", name="M", config={"server": server.origin}, secret=secret)
        texts = [f"Notice {number}: ligtas po ang lahat." for number in range(COUNT)]
        for text in texts:
            releasing.queue(approved(world.by, now, {place: text}), by=world.by.lea, now=now)
        env = {"TUGON_ALLOWED_ORIGINS": server.origin, "TUGON_LEASE_SECONDS": "1"}
        with Forker("tests.publishing.sender", world.brand.slug, **env) as sender:
            kills = kill_until_sent(sender, draw)
        stood = Counter(row["content"][3:-4] for row in server.public)
        assert max(stood.values()) == 1, "nothing is out twice"
        for _look in range(3):
            releasing.release_due(timezone.now() + timedelta(hours=1))
        after = dict(Publication.objects.values_list("variant__text", "status"))
        print(f"{kills} kills, {Counter(after.values())}")
        assert Counter(row["content"][3:-4] for row in server.public) == stood, "looking sends nothing"
    assert {text for text, status in after.items() if status == "published"} == set(stood)
    assert {status for text, status in after.items() if text not in stood} <= {"unknown"}
    assert kills >= 3  # a machine out of breath lets a child get further than it should
