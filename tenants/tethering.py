"""A child process ends with its parent: it holds the other end of our standard input, however it dies.

No Django here: gunicorn reads this module as its configuration (`--config python:tenants.tethering`).
"""

import os
import signal
import threading
import time

STOP_SECONDS = 25


def die_with_parent() -> None:
    threading.Thread(target=wait_for_parent, daemon=True).start()


def wait_for_parent() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_SECONDS)
    os.killpg(0, signal.SIGKILL)


def on_starting(server) -> None:
    """Gunicorn says that its master process begins."""
    die_with_parent()
