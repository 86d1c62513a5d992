"""Charts under the keyboard and the pointer, and the feed's filters on a phone: in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from .visiting import arrived

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LEA = "lea@habi.example"
STEP = re.compile(r"/b/isla/feed/\?about=own&since=\d{4}-\d\d-\d\dT\d\d:00&until=\d{4}-\d\d-\d\dT\d\d:00$")


def test_a_chart_is_read_step_by_step_and_enter_opens_the_mentions(visitors):
    page = visitors.sign_in(LEA)
    page.goto("/b/isla/trends/?period=24h")
    page.wait_for_load_state()
    chart = page.get_by_role("slider", name=re.compile("^Mentions over time"))
    told = page.locator(".chart").first.locator("figcaption .grow")
    peak = told.inner_text()
    chart.focus()
    expect(chart).to_have_attribute("aria-valuetext", re.compile("so far"))
    for key, place in (("Home", 0), ("ArrowLeft", 0), ("ArrowRight", 1), ("End", 23), ("ArrowRight", 23)):
        page.keyboard.press(key)
        expect(chart).to_have_attribute("aria-valuenow", str(place))
        expect(told).to_have_text(chart.get_attribute("aria-valuetext"))
    page.keyboard.press("Tab")
    expect(told).to_have_text(peak)
    chart.focus()
    page.keyboard.press("ArrowLeft")
    count = int(re.search(r": (\d+) mention", chart.get_attribute("aria-valuetext")).group(1))
    page.keyboard.press("Enter")
    arrived(page, STEP)
    expect(page.locator("ol.feed > li")).to_have_count(min(count, 50))


def test_a_press_on_a_step_opens_its_mentions_without_a_script_too(visitors):
    page = visitors.sign_in(LEA, js=False)
    page.goto("/b/isla/trends/?period=24h")
    page.locator(".chart").first.locator("a").nth(22).click()
    arrived(page, STEP)
    expect(page.get_by_role("slider").first).to_be_hidden()  # it is nothing without a script


def test_on_a_phone_the_filters_unfold_without_a_script(visitors):
    page = visitors.sign_in(LEA, js=False, phone=True)
    page.goto("/b/isla/feed/")
    tone = page.locator("[name=tone]")
    expect(page.locator("main [name=q]")).to_be_visible()
    expect(tone).to_be_hidden()
    page.locator(".fold-label").tap()
    tone.select_option("negative")
    page.get_by_role("button", name="Filter", exact=True).tap()
    arrived(page, re.compile("tone=negative"))
    expect(page.get_by_role("link", name=re.compile("^Tone: negative"))).to_be_visible()
