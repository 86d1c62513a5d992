"""The committed description, read by schemathesis, which tries to prove it wrong on a real server.

All of its checks, all of its phases, a bounded number of examples; the seed is printed, so a failure can be
repeated with TUGON_SEED.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections

from api import keys
from api.description import described
from api.scopes import Scope
from tests import everything
from tests.cast import NOW
from tests.isolation.test_api import THINGS, prefix_of
from tests.seeds import chosen_seed

EXAMPLES = int(os.environ.get("TUGON_EXAMPLES", "3"))
SECONDS = int(os.environ.get("TUGON_SCHEMATHESIS_SECONDS", "50"))

# Well formed does not mean that it holds: 410, 412 and 422 say that, and 428 a missing If-Match.
ACCEPTED = ["2xx", "304", "401", "403", "404", "409", "410", "412", "422"]
REJECTED = ["400", "401", "403", "404", "405", "409", "412", "415", "422", "428"]
CONFIG = f"""
[checks]
positive_data_acceptance.expected-statuses = {ACCEPTED}
negative_data_rejection.expected-statuses = {REJECTED}
missing_required_header.expected-statuses = ["400", "401", "403", "406", "428"]

[generation]
allow-x00 = false
"""


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


class Application:
    """Django, with the thread's connection closed after each request: the server makes a thread for each."""

    def __init__(self):
        self.inner = get_wsgi_application()

    def __call__(self, environ, start_response):
        try:
            response = self.inner(environ, start_response)
            body = b"".join(response)
            response.close()
            return [body]
        finally:
            connections.close_all()


@pytest.fixture
def served(committed_brand):
    """(address, key, brand's slug, one of everything) of a real server on loopback."""
    by = committed_brand.by
    made = everything.make(by, NOW)
    _key, spelled = keys.issue(
        name="schemathesis", scopes=list(Scope), by=by.ramon, now=NOW, per_minute=10**6
    )
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(Application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", spelled, committed_brand.brand.slug, made
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def configured(slug, made) -> str:
    """The configuration, with things that are there in the addresses."""
    lines = [f'[parameters]\n"path.brand" = "{slug}"\n', CONFIG]
    for path, methods in described()["paths"].items():
        for method, operation in methods.items():
            if operation["operationId"].endswith("_list"):
                # A cursor is opaque: the description cannot say which ones a list has given out.
                lines.append(
                    f'[[operations]]\ninclude-name = "{method.upper()} {path}"\n[operations.checks]\n'
                    f"positive_data_acceptance.expected-statuses = {[*ACCEPTED, '400']}\n"
                )
            if "{id}" in path:
                prefix = prefix_of(operation)
                lines.append(
                    f'[[operations]]\ninclude-name = "{method.upper()} {path}"\n'
                    f'[operations.parameters]\n"path.brand" = "{slug}"\n'
                    f'"path.id" = "{prefix}_{getattr(made, THINGS[prefix]).pk}"\n'
                )
    return "\n".join(lines)


@pytest.mark.slow
def test_the_api_is_as_described(served, tmp_path):
    url, spelled, slug, made = served
    config = tmp_path / "schemathesis.toml"
    config.write_text(configured(slug, made))
    seed = chosen_seed()
    print("schemathesis seed", seed)
    program = Path(sys.executable).with_name("schemathesis")
    command = [
        program, "--config-file", config, "--no-color", "run", Path(settings.BASE_DIR, "docs/openapi.yaml"),
        "--url", url, "--header", f"Authorization: Bearer {spelled}", "--seed", seed,
        "--max-examples", str(EXAMPLES), "--max-time", str(SECONDS), "--continue-on-failure",
        "--suppress-health-check", "all", "--warnings", "off", "--generation-database", "none",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS + 120)
    print(done.stdout[-1500:])
    assert done.returncode == 0, f"seed {seed}\n{done.stdout[-12_000:]}\n{done.stderr[-2000:]}"
