"""A picture from the writer's folder to the public page: chosen, described, approved, seen."""

import pytest
from playwright.sync_api import expect

from tests.statements.drawing import ALT, PROGRAM, photograph

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LEA = "lea@habi.example"
FILE = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photograph(1200, 800)}


def write_with_a_picture(page, title="The terminal is open again"):
    """Leaves the editor open on a revision that shows one picture."""
    page.goto("/b/isla/statements/new/?type=update")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Newsroom").fill("The terminal in Batangas is open again. All trips run.")
    page.get_by_label("Bluesky").fill("")
    page.get_by_label("Add a picture").set_input_files(FILE)
    expect(page.get_by_text("The picture is here.")).to_be_visible()


def test_chosen_it_is_there_at_once_and_asks_for_its_words(visitors):
    page = visitors.sign_in(LEA)
    write_with_a_picture(page)
    expect(page.get_by_label("Title")).to_have_value("The terminal is open again")
    expect(page.locator(".picture img")).to_be_visible()
    assert page.locator(".picture img").evaluate("image => image.naturalWidth") == 1200
    page.get_by_role("button", name="Save the draft").click()
    assert page.get_by_label("What it shows").evaluate("area => !area.validity.valid"), "it may not be empty"
    page.get_by_label("What it shows").fill(ALT)
    page.get_by_role("button", name="Save the draft").click()
    expect(page.locator("h1")).to_have_text("The terminal is open again")
    expect(page.get_by_label("What it shows")).to_have_value(ALT)
    page.get_by_role("link", name="Preview").click()
    expect(page.get_by_role("img", name=ALT)).to_be_visible()


def test_without_javascript_the_button_adds_it_and_enter_saves(visitors):
    page = visitors.sign_in(LEA, js=False)
    page.goto("/b/isla/statements/new/?type=update")
    page.get_by_label("Title").fill("Written without a script")
    page.get_by_label("Newsroom").fill("All trips run.")
    page.get_by_label("Add a picture").set_input_files(FILE)
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_label("Title")).to_have_value("Written without a script")
    page.get_by_label("What it shows").fill(ALT)
    page.get_by_label("Title").press("Enter")
    expect(page.locator("h1")).to_have_text("Written without a script")


def test_the_demos_picture_stands_in_the_newsroom(visitors, stack):
    page = visitors.open()
    page.goto("/newsroom/isla/")
    page.get_by_role("link", name="Booking page repaired").first.click()
    shown = page.locator("article img")
    expect(shown).to_be_visible()
    assert "ferry" in shown.get_attribute("alt")
    assert shown.evaluate("image => image.naturalWidth") == 1280
    files = [file for file in (stack.home / "newsroom").rglob("*.*g") if file.is_file()]
    assert files and not any(PROGRAM in file.read_bytes() for file in files)
