"""A phone in somebody's hand: the product served from this process, and a real browser of a phone's size."""

import socketserver
import threading
from concurrent.futures import ThreadPoolExecutor

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections
from playwright.sync_api import sync_playwright

from tests import browser

here = threading.local()
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


class Quiet(WSGIRequestHandler):
    def log_message(self, *_words):
        """Nobody reads it."""

    def handle_one_request(self):
        super().handle_one_request()
        self.close_connection = self.close_connection or getattr(here, "is_dropped", False)


class Server(ThreadedWSGIServer):
    """`drops` POSTs are carried out, and their answer never arrives."""

    daemon_threads = True
    drops = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def application(self, environ, start):
        """As a line that breaks after the server has done its work."""
        try:
            answer = self.handler(environ, start)
            if environ["REQUEST_METHOD"] == "POST" and self.drops:
                self.drops -= 1
                answer.close()
                here.is_dropped = True
                raise ConnectionAbortedError
            return answer
        finally:
            connections.close_all()

    def get_app(self):
        return self.application


def served():
    server = Server(("127.0.0.1", 0), Quiet)
    server.handler = StaticFilesHandler(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        socketserver.TCPServer.server_close(server)


class Hand:
    """One real browser for all of a run's phones, in a thread of its own: Playwright's event loop wants that,

    for Django keeps another connection inside one.
    """

    def __init__(self):
        self.thread = ThreadPoolExecutor(1)
        self.chromium = None

    def __call__(self, walk, **how):
        """What `walk(phone)` returns; `how` is for Playwright's `new_context`."""
        return self.thread.submit(self.walked, walk, how).result(timeout=120)

    def walked(self, walk, how):
        if self.chromium is None:
            self.playwright = sync_playwright().start()
            self.chromium = self.playwright.chromium.launch(executable_path=browser.find(), args=browser.ARGS)
        context = self.chromium.new_context(**PHONE, **how)
        context.set_default_timeout(30_000)
        try:
            return walk(context.new_page())
        finally:
            context.close()

    def close(self):
        if self.chromium is not None:
            self.thread.submit(self.chromium.close).result(timeout=30)
            self.thread.submit(self.playwright.stop).result(timeout=30)
        self.thread.shutdown()
