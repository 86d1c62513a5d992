"""Short ways that stay short: two taps from a letter, news without a reload, hands on the keyboard."""

import re

import httpx
import pytest
from playwright.sync_api import expect

from .visiting import arrived, in_filipino, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LEA, RAMON = "lea@habi.example", "ramon@habi.example"
WAITING = """
from django.utils import timezone
from agency.models import User
from responses.core.actors import person
from responses.statements import drafting, reviewing
from responses.statements.models import Channel, Step
from tenants import context
from tenants.models import Brand
now = timezone.now()
lea, ramon = (person(User.objects.get(email=email)) for email in ("lea@habi.example", "ramon@habi.example"))
with context.inside(Brand.objects.get(slug="isla")):
    newsroom = Channel.objects.get(kind="newsroom")
    statement = drafting.draft(title="{title}", type="update", texts={{newsroom.pk: "{text}"}},
                               language="en", by=lea, now=now)
    reviewing.submit(statement, by=lea, now=now)
    step = Step.objects.get(review__revision__statement=statement, status="active")
    reviewing.decide(step, revision_hash=step.review.revision.hash, verdict="approved", by=ramon, now=now)
"""
LINK = re.compile(r"https?://[^/\s]+(/portal/isla/link/[\w-]+/)")


def letter_about(stack, title):
    """The address in the letter that Marta got about the statement, written by the worker."""
    letters = [letter for letter in stack.letters if title in letter and "marta@" in letter]
    return LINK.search(letters[-1]).group(1) if letters else None


def test_from_the_letter_to_approved_in_two_taps_on_a_phone(stack, visitors):
    title = "Hotline open all night"
    stack.python(WAITING.format(title=title, text="Call 0917 555 0100 at any hour."))
    address = until(lambda: letter_about(stack, title), what="the letter to Marta")
    phone = visitors.open(phone=True)
    phone.goto(address)
    expect(phone.locator("html")).to_have_attribute("lang", "fil")
    expect(phone.locator(".preview .quote")).to_have_text("Call 0917 555 0100 at any hour.")
    phone.locator(".bar .go").tap()
    phone.locator("#name").fill("Marta Cruz")
    phone.locator(".bar .go").tap()
    phone.wait_for_url("**/done/")
    expect(phone.locator("h1")).to_contain_text(in_filipino("Thank you. You approved this statement."))
    public = visitors.open()
    public.goto("/newsroom/isla/")
    until(lambda: public.reload() and public.get_by_role("link", name=title).count(), what="the newsroom")
    assert httpx.get(stack.url + address).status_code == 410, "a link is used up by an answer"


def test_a_new_mention_shows_itself_without_a_reload(stack, visitors):
    page = visitors.sign_in(LEA)
    page.goto("/b/kape/feed/")
    page.evaluate("window.notReloaded = true")
    stack.story.say("kape", "Ang sarap ng kape sa kalsada ngayon, promise!")
    stack.read_soon("kape")
    news = page.locator("#news a")
    expect(news).to_contain_text("new mention", timeout=90_000)
    assert page.evaluate("window.notReloaded")
    post = page.locator("ol.feed > li", has_text="Ang sarap ng kape sa kalsada ngayon")

    def shown():  # the story goes on by itself: another new mention may have rung the bell before this one
        if news.is_visible():
            news.click()
        return post.count() == 1

    until(shown, 90, "the mention in the feed")


def test_hands_on_the_keyboard(visitors):
    page = visitors.sign_in(LEA)
    page.goto("/b/isla/feed/")
    page.keyboard.press("g")
    page.keyboard.press("b")
    arrived(page, re.compile("/board/$"))
    page.keyboard.press("j")
    expect(page.locator("table.brands tbody tr").first).to_be_focused()
    page.keyboard.press("Enter")
    arrived(page, re.compile("/b/isla/feed/"))

    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("calapan")
    page.keyboard.press("Enter")
    arrived(page, re.compile(r"q=calapan"))

    items = page.locator("[data-list] > *")
    page.keyboard.press("j")
    expect(items.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(items.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(items.nth(0)).to_be_focused()

    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


def test_another_brand_is_one_keystroke_and_its_letters_away(visitors):
    page = visitors.sign_in(LEA)
    page.goto("/b/isla/feed/")
    page.keyboard.press("b")
    expect(page.locator("#brands")).to_have_attribute("open", "")
    page.keyboard.type("banko")
    page.keyboard.press("Enter")
    arrived(page, re.compile("/b/luzon/feed/"))


def test_an_alert_is_acknowledged_by_a_and_becomes_an_incident_by_hand(visitors):
    page = visitors.sign_in(LEA)
    page.goto("/b/ising/alerts/")
    page.locator("main").get_by_role("link", name="Labels and allergies").first.click()
    page.wait_for_url(re.compile(r"/b/ising/alerts/\d+/$"))
    page.keyboard.press("a")
    expect(page.locator("main")).to_contain_text("Lea Reyes")
    page.get_by_role("link", name="Open an incident").click()
    expect(page.get_by_label("What happened")).to_have_value("Labels and allergies")
    page.get_by_role("button", name="Open the incident").click()
    arrived(page, re.compile(r"/b/ising/incidents/\d+/$"))
    expect(page.locator("h1")).to_have_text("Labels and allergies")
    page.get_by_role("link", name="alert", exact=True).click()
    expect(page.get_by_role("link", name="Open an incident")).to_have_count(0)
