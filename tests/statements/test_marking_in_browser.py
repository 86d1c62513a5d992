"""Words marked in a text, in a real browser: a small button, a form that knows them, the very place."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client
from django.test.testcases import LiveServerThread

from responses.statements import reviewing
from responses.statements.commenting_models import Comment
from tests import browser
from tests.statements import desk

pytestmark = pytest.mark.browser

FAMILY = "👩‍👩‍👧 Kaninang 12:40 may usok sa makina.\n\nLigtas ang 214 — 👍🏽 lahat ng sakay."
MARK = """(words) => {
  const root = document.querySelector('[data-commentable]')
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const nodes = []
  while (walker.nextNode()) nodes.push(walker.currentNode)
  const kept = nodes.filter((node) => !node.parentElement.closest('del'))
  const at = (point, end) => {
    for (const node of kept) {
      if (point < node.length || (end && point === node.length)) return [node, point]
      point -= node.length
    }
  }
  const text = kept.map((node) => node.data).join('')
  const start = text.indexOf(words)
  const selection = document.getSelection()
  selection.setBaseAndExtent(...at(start, false), ...at(start + words.length, true))
  return selection.toString()
}"""


@pytest.fixture
def server(committed_brand):
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler, port=0)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert thread.error is None, thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


def in_a_browser(walk, user, server):
    """Playwright's event loop gets a thread of its own: Django keeps another connection inside one."""
    if browser.find() is None:
        pytest.skip("no Chromium is here")
    client = Client()
    client.force_login(user)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key, "url": server}
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(walk_signed_in, walk, cookie).result(timeout=90)


def walk_signed_in(walk, cookie):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.find(), args=browser.ARGS)
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([cookie])
        page, faults = context.new_page(), []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: said.type == "error" and faults.append(said.text))
        try:
            walk(page)
            return faults
        finally:
            chromium.close()


def test_marked_words_become_a_comment_at_their_place(committed_brand, server, now):
    by = committed_brand.by
    statement = desk.draft(by.ana, now)
    desk.revise(statement, by.ana, now, FAMILY)
    reviewing.submit(statement, by=by.ana, now=now)
    words = "Ligtas ang 214 — 👍🏽"

    def walk(page):
        page.goto(f"{server}/b/{committed_brand.brand.slug}/statements/{statement.pk}/review/?against=1")
        assert page.evaluate(MARK, words).replace("\n", "") == words
        button = page.locator(".remark-here")
        button.wait_for()
        page.keyboard.press("Tab")  # from the marked words straight to the button
        assert page.evaluate("document.activeElement.className").endswith("remark-here")
        page.keyboard.press("Enter")
        page.locator("#remark_text").wait_for()
        assert page.evaluate("document.activeElement.id") == "remark_text"
        page.keyboard.type("Sino ang nagbilang?")
        page.get_by_role("button", name="Send", exact=True).click()
        page.locator("mark.stretch").first.wait_for()
        assert page.locator("mark.stretch").all_inner_texts() == [words]

    assert in_a_browser(walk, committed_brand.people.lea, server) == []
    made = Comment.objects.get()
    assert made.text == "Sino ang nagbilang?" and made.quote == words and made.is_internal
    assert made.variant.text[made.start : made.end] == words
    assert made.start == FAMILY.index(words)
