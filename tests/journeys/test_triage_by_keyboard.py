"""Working through the feed with both hands on the keyboard: seen, set aside, picked, taken back, kept."""

import re

import pytest
from playwright.sync_api import Page, expect

from .visiting import arrived, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LEA = "lea@habi.example"


def rows(page: Page):
    return page.locator("ol.feed > li")


def names(page: Page, count: int) -> list[str]:
    return [rows(page).nth(number).get_attribute("id") for number in range(count)]


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def feed_of(page: Page, query: str = "") -> None:
    page.goto(f"/b/luzon/feed/{query}")
    page.wait_for_load_state()


def test_one_after_the_other_and_the_last_step_back(visitors):
    page = visitors.sign_in(LEA)
    feed_of(page)
    first, second, third = names(page, 3)
    press(page, "j")
    expect(page.locator(f"#{first}")).to_be_focused()
    press(page, "s")
    expect(page.locator(f"#{first}")).to_have_class(re.compile(r"\bseen\b"))
    expect(page.locator(f"#{second}")).to_be_focused()
    press(page, "x")
    expect(page.locator(f"#{second}")).to_have_class(re.compile(r"\bset_aside\b"))
    expect(page.locator(f"#{third}")).to_be_focused()
    expect(page.locator("#undo")).to_contain_text("Last step: 1 mention")
    press(page, "u")
    expect(page.locator("#messages")).to_contain_text(re.compile("Taken back"))
    expect(page.locator(f"#{second}")).not_to_have_class(re.compile(r"\bset_aside\b"))
    expect(page.locator(f"#{first}")).to_have_class(re.compile(r"\bseen\b"))


def test_many_at_once(visitors):
    page = visitors.sign_in(LEA)
    feed_of(page)
    bulk = page.locator(".bulk .btn").first
    expect(bulk).to_be_hidden()
    picked = names(page, 4)[1:]
    press(page, "j", "j", "v", "j", "j", "V")
    for name in picked:
        expect(page.locator(f"#{name} [data-pick]")).to_be_checked()
    expect(bulk).to_be_visible()
    press(page, "x")
    expect(page.locator("#undo")).to_contain_text("Last step: 3 mentions")
    for name in picked:
        expect(page.locator(f"#{name}")).to_have_count(0)
    press(page, "u")
    for name in picked:
        expect(page.locator(f"#{name}")).to_have_count(1)


def test_without_scripts_the_same_buttons_do_it(visitors):
    page = visitors.sign_in(LEA, js=False)
    feed_of(page)
    [first] = names(page, 1)
    page.locator(f"#{first} [data-pick]").check()
    page.get_by_role("button", name="Set aside").first.click()
    expect(page.locator(f"#{first}")).to_have_count(0)
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator(f"#{first}")).to_have_count(1)


def test_a_view_is_kept_found_again_and_its_filters_come_off_one_by_one(visitors):
    page = visitors.sign_in(LEA)
    feed_of(page, "?tone=negative&q=bangko")
    page.locator("summary", has_text="Save this view").click()
    page.get_by_label("Name", exact=True).fill("Angry about the bank")
    page.get_by_role("button", name="Save", exact=True).click()
    tabs = page.get_by_role("navigation", name="Saved views")
    expect(tabs.get_by_role("link", name="Angry about the bank")).to_have_attribute("aria-current", "page")
    chips = page.locator(".chips .chip")
    expect(chips).to_have_count(2)
    chips.filter(has_text="bangko").click()
    arrived(page, re.compile(r"tone=negative"))
    expect(page.locator(".chips .chip")).to_have_count(1)
    tabs.get_by_role("link", name="Angry about the bank").click()
    arrived(page, re.compile(r"q=bangko"))
    page.locator("summary", has_text="Remove this view").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("link", name="Angry about the bank")).to_have_count(0)


def test_news_is_told_and_nothing_jumps(stack, visitors):
    page = visitors.sign_in(LEA)
    feed_of(page)
    press(page, "j", "j", "j", "j", "j")
    focused = page.evaluate("document.activeElement.id")
    top = page.evaluate("document.activeElement.getBoundingClientRect().top + scrollY")
    stack.story.say("luzon", "Gumana na ulit ang app ng Banko Luzon, salamat naman.")
    stack.read_soon("luzon")
    until(lambda: page.locator("#news a").count(), 90, "the news")
    assert page.evaluate("document.activeElement.id") == focused
    moved = page.evaluate("document.activeElement.getBoundingClientRect().top + scrollY") - top
    bar = page.locator("#news").bounding_box()["height"]
    assert 0 <= moved <= bar + 1, "only the bar itself takes room"
    press(page, "j")
    assert page.evaluate("document.activeElement.id") != focused
