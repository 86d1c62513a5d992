"""The letter's link in a real browser without JavaScript: the answer arrives, the address leaks nowhere."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core import mail
from django.test.testcases import LiveServerThread
from django.utils import timezone

from responses.statements import calling
from tests import browser
from tests.statements import desk

pytestmark = pytest.mark.browser


@pytest.fixture
def server(committed_brand):
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler, port=0)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert thread.error is None, thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


def in_a_browser(walk):
    """Playwright's event loop gets a thread of its own: Django keeps another connection inside one."""
    if browser.find() is None:
        pytest.skip("no Chromium is here")
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(walk_with_a_phone, walk).result(timeout=90)


def walk_with_a_phone(walk):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.find(), args=browser.ARGS)
        phone = chromium.new_page(viewport={"width": 390, "height": 844}, java_script_enabled=False)
        try:
            return walk(phone)
        finally:
            chromium.close()


def test_approve_by_link(committed_brand, server, now):
    by = committed_brand.by
    statement = desk.with_client(by.ana, by.lea, now)
    mail.outbox = []
    calling.call(desk.active(statement), now=timezone.now())
    path = re.search(r"/portal/\S+/link/\S+/", mail.outbox[0].body)[0]

    def walk(phone):
        requests = []
        phone.on("request", lambda request: requests.append(request))
        phone.goto(server + path)
        phone.get_by_role("link", name="Approve", exact=True).click()
        phone.get_by_label("Type your name to approve").fill("Marta")
        phone.get_by_role("button", name="Yes, approve").click()
        phone.get_by_role("heading", name="Thank you. You approved this statement.").wait_for()
        status = phone.goto(server + path).status
        return status, [(request.url, request.all_headers()) for request in requests]

    status, sent = in_a_browser(walk)
    assert status == 410
    statement.refresh_from_db()
    assert statement.status == "approved"
    token = path.rstrip("/").rpartition("/")[2]
    assert sent and not [url for url, headers in sent if token in headers.get("referer", "")]
    assert all(url.startswith(server) for url, _headers in sent)
