"""Every page of the product against axe, light and dark, and on a phone; no page may be forgotten."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.template.loader import render_to_string
from django.urls import URLPattern, URLResolver, get_resolver

from .pages import ADDRESSES, CELIA, NOT_PAGES, PAGES, TEMPLATES
from .visiting import DESKTOP, PASSWORD, PHONE, Visitors, until
from .world import CODE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GRAVE = {"serious", "critical"}
OPTIONS = {"resultTypes": ["violations"], "preload": False}
ALL = OPTIONS | {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS = OPTIONS | {"runOnly": ["color-contrast"]}  # all that a dark scheme changes
LINK = re.compile(r"https?://[^/\s]+(/portal/luzon/link/[\w-]+/)")
INVITATION = re.compile(r"/invitation/([\w-]+)/")
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
SETTLED = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
  const moving = () => document.getAnimations().filter(
    one => one.effect.getComputedTiming().endTime !== Infinity && one.playState === 'running')
  while (moving().length) await Promise.all(moving().map(one => one.finished.catch(() => {})))
}"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class House:
    """The world's ids and a signed-in browser per person, kept for all pages."""

    def __init__(self, visitors: Visitors):
        self.visitors, self.stack = visitors, visitors.stack
        still = {"reduced_motion": "reduce"}  # a colour on its way to another is neither
        self.open = {who: visitors.sign_in(address, **still) for who, address in ADDRESSES.items()}
        self.open[""] = visitors.open(**still)
        add_passkey(self.open[CELIA])
        self.ids = json.loads(self.stack.python(CODE).splitlines()[-1])
        self.ids["link"] = until(lambda: self.in_a_letter(LINK, "The app is back"), what="the letter to Jun")
        self.ids["invitation"] = self.in_a_letter(INVITATION, "new@habi.example")
        self.axe = Axe()

    def in_a_letter(self, pattern, words):
        letters = [letter for letter in self.stack.letters if words in letter]
        found = [match for letter in letters if (match := pattern.search(letter))]
        return found[-1].group(1) if found else None

    def look(self, tab) -> list[str]:
        """What is wrong with the page as it stands there."""
        wrong = grave("light", self.axe.run(tab, options=ALL).response)
        tab.emulate_media(color_scheme="dark")
        tab.evaluate(SETTLED)
        wrong += grave("dark", tab.evaluate("options => axe.run(document, options)", COLOURS))
        tab.set_viewport_size(PHONE)
        if over := tab.evaluate(SIDEWAYS):
            wrong.append(f"{over} px wider than a phone")
        tab.set_viewport_size(DESKTOP)
        tab.emulate_media(color_scheme="light")
        return wrong


def grave(scheme: str, found: dict) -> list[str]:
    return [
        f"{scheme}: {one['help']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
        for one in found["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"][:3]
    ]


def add_passkey(tab) -> None:
    """On the person's own security page, with an authenticator that Chromium plays."""
    devtools = tab.context.new_cdp_session(tab)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    tab.goto("/accounts/2fa/webauthn/add/")
    if "reauthenticate" in tab.url:
        tab.fill("[name=password]", PASSWORD)
        tab.press("[name=password]", "Enter")
    tab.fill("[name=name]", "Phone")
    tab.locator("#mfa_webauthn_add").click()
    tab.wait_for_url(lambda url: "/add/" not in url)


@pytest.fixture(scope="module")
def house(browser, stack):
    with Visitors(browser, stack) as visitors:
        yield House(visitors)
        visitors.faults.clear()  # each page has answered for its own


def heard(visitors, tab, expected_status) -> list[str]:
    """Script errors and refusals of the CSP; a page that is meant to be missing says so there too."""
    here = [fault for fault in visitors.faults if fault.startswith(f"{tab.url}: ")]
    said = [fault for fault in here if not (expected_status >= 400 and "status of" in fault)]
    visitors.faults.clear()
    return said


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.label)
def test_a_page_is_open_to_everybody(house, page):
    tab = house.open[page.who]
    house.visitors.faults.clear()
    answer = tab.goto(page.path.format_map(house.ids))
    assert answer.status == page.status
    assert tab.locator("h1").count() == 1
    assert heard(house.visitors, tab, page.status) == []  # before axe, which writes styles of its own
    assert house.look(tab) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_page_of_an_error_is_open_to_everybody(house, name):
    tab = house.open[""]
    body = render_to_string(f"{name}.html", {"words": "Something went wrong.", "code": "broken"})
    tab.route("**/as-it-is/", lambda route: route.fulfill(body=body, content_type="text/html"))
    tab.goto("/as-it-is/")
    assert house.look(tab) == []
    tab.unroute("**/as-it-is/")


def routes(items, namespaces=()):
    for item in items:
        if isinstance(item, URLResolver):
            inner = (*namespaces, item.namespace) if item.namespace else namespaces
            yield from routes(item.url_patterns, inner)
        elif isinstance(item, URLPattern):
            yield ":".join([*namespaces, item.name or "?"])


def test_no_page_is_forgotten(settings):
    """A new route needs a case in tests/journeys/pages.py, or a word there on why it has no page."""
    settings.TUGON_DEMO = True
    known = {page.route for page in PAGES} | NOT_PAGES
    there = {name for name in routes(get_resolver("agency.urls").url_patterns) if not is_of_the_api(name)}
    assert there - known == set()
    assert {name for name in known if not name.startswith(("error", "demo"))} - there == set()


def is_of_the_api(name: str) -> bool:
    """Operations of the REST API; its docs are a page."""
    return name.startswith("api:") and name not in {"api:docs", "api:openapi"}
