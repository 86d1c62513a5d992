"""People at their browsers: each has a context of their own, and whatever breaks in it is noted."""

import contextlib
import time
from collections.abc import Callable

from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, BrowserContext, Page, expect

from responses.story import governing
from tests import codes
from tests.stack import Stack

PASSWORD = "tugon-demo"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
SECONDS = 30  # for anything a page does by itself; long, for nothing is said about a busy machine's speed
expect.set_options(timeout=SECONDS * 1000)


class Visitors:
    """Everybody who visits one running stack in one test."""

    def __init__(self, browser: Browser, stack: Stack):
        self.browser, self.stack = browser, stack
        self.contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    def __enter__(self) -> "Visitors":
        return self

    def __exit__(self, kind, error, trace) -> None:
        for context in self.contexts:
            with contextlib.suppress(Exception):
                context.close()
        if kind is None:
            assert self.faults == [], "\n".join([*self.faults, self.stack.log[-3000:]])

    def open(self, *, js: bool = True, phone: bool = False, scheme: str = "light", **more) -> Page:
        """A browser of a person nobody knows yet."""
        context = self.browser.new_context(
            base_url=self.stack.url,
            java_script_enabled=js,
            viewport=PHONE if phone else DESKTOP,
            is_mobile=phone,
            has_touch=phone,
            color_scheme=scheme,
            **more,
        )
        context.set_default_timeout(SECONDS * 1000)
        self.contexts.append(context)
        page = context.new_page()
        self.watch(page)
        return page

    def watch(self, page: Page) -> None:
        """Note script errors, what the CSP refused, and answers that say the server broke."""
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda said: said.type == "error" and self.faults.append(f"{page.url}: {said.text}"),
        )
        page.on(
            "response",
            lambda answer: answer.status >= 500 and self.faults.append(f"{answer.url}: {answer.status}"),
        )

    def sign_in(self, email: str, **how) -> Page:
        """In by the front door, with e-mail and password."""
        page = self.open(**how)
        page.goto("/accounts/login/")
        page.fill("[name=login]", email)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        if "/2fa/" in page.url:
            give_code(page, email)
        return page


def give_code(page: Page, email: str) -> None:
    """From their app; one that was used already is waited out, as a person does."""
    for _try in range(3):
        page.fill("[name=code]", codes.code(governing.APPS[email]))
        page.press("[name=code]", "Enter")
        page.wait_for_load_state()
        if "/2fa/" not in page.url:
            return
        time.sleep(15)
    raise AssertionError(f"no code of {email} was taken")


def arrived(page: Page, address) -> None:
    """The page stands at this address and its scripts listen: a key pressed earlier is lost."""
    expect(page).to_have_url(address)
    page.wait_for_load_state()


def until(condition: Callable[[], object], seconds: float = 60, what: str = ""):
    """The first true answer of the condition, asked again and again."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"Not within {seconds} s: {what or condition}"
        time.sleep(0.2)
    return answer


def in_filipino(words: str) -> str:
    with translation.override("fil"):
        return gettext(words)


def words_of(locator) -> str:
    """What stands there, line by line, as it was written."""
    locator.page.wait_for_load_state()
    return "\n\n".join(paragraph.inner_text() for paragraph in locator.all())
