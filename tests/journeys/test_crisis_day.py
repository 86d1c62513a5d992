"""The README's walk in a real browser: from the board to what the public reads, with scripts and without."""

import re
from html import unescape

import feedparser
import httpx
import pytest
from playwright.sync_api import expect

from .visiting import arrived, in_filipino, until, words_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LEA, RAMON, MARTA = "lea@habi.example", "ramon@habi.example", "marta@islaferries.example"
NEWSROOM = (
    "All 214 people from MV Amihan are ashore — ligtas po ang lahat.\n\n"
    "We don't guess at the cause. Next update at 5 & not before <5:00>."
)
BLUESKY = "All 214 people from MV Amihan are ashore. Ligtas po ang lahat 🙏 Next update: 5 pm."


def from_the_board_to_the_room(page):
    """The worst brand is on top; its incident is two clicks away."""
    page.goto("/")
    expect(page).to_have_url(re.compile("/board/$"))
    worst = page.locator("table.brands tbody tr").first
    expect(worst).to_contain_text("Isla Ferries")
    worst.get_by_role("link", name="Fire or accident at sea").click()
    arrived(page, re.compile("/b/isla/incidents/"))
    if not re.search(r"/incidents/\d+/", page.url):
        page.locator("tbody [data-open]").first.click()
    expect(page.locator("h1")).to_contain_text("Fire or accident at sea")


def from_an_alert_to_a_room(page):
    """A second alert of the same brand is looked at and made an incident by hand."""
    page.goto("/b/isla/alerts/")
    page.locator("main").get_by_role("link", name="Reports of deaths or injuries").first.click()
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.locator("main")).to_contain_text("Lea Reyes")
    page.get_by_role("link", name="Open an incident").click()
    page.get_by_label("What happened").fill("False reports of deaths")
    page.get_by_role("button", name="Open the incident").click()
    expect(page.locator("h1")).to_have_text("False reports of deaths")
    expect(page.locator("#timeline")).to_contain_text("Lea Reyes")


def acknowledge(page):
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.get_by_role("button", name="Acknowledge")).to_have_count(0)
    expect(page.locator("#timeline")).to_contain_text("Lea Reyes")


def take_anas_draft(page) -> dict:
    """Open the holding statement that Ana wrote; what stands in the editor is what will be approved."""
    page.locator("#statements a[href*='/statements/']").last.click()
    expect(page.locator("h1")).to_contain_text("Engine fire on MV Amihan")
    return written(page)


def write_her_own(page) -> dict:
    page.get_by_role("link", name="Write a statement").click()
    page.get_by_label("Title").fill("Everyone from MV Amihan is ashore")
    page.get_by_label("Newsroom").fill(NEWSROOM)
    page.get_by_label("Bluesky").fill(BLUESKY)
    page.get_by_role("button", name="Save the draft").click()
    expect(page.locator("h1")).to_have_text("Everyone from MV Amihan is ashore")
    assert written(page)["texts"] == {"newsroom": NEWSROOM, "bluesky": BLUESKY}
    return written(page)


def written(page) -> dict:
    """The statement as its editor shows it."""
    page.wait_for_load_state()
    areas = page.locator("section.variant").all()
    texts = {place_of(area): area.locator("textarea").input_value() for area in areas}
    filipino = page.locator("#id_title_fil")
    title = page.locator("h1").inner_text()
    in_fil = filipino.input_value() if filipino.count() else title
    return {"title": title, "title_fil": in_fil, "texts": texts}


def place_of(area) -> str:
    heading = area.locator("h2").inner_text()
    name = "bluesky" if "Bluesky" in heading else "newsroom"
    return f"{name} fil" if "Filipino" in heading else name


def send_to_review(page):
    page.get_by_role("button", name="Send to review").click()
    expect(page.locator(".steps")).to_contain_text("Ramon Dela Cruz")


def approve_for_the_agency(page, statement):
    """Ramon goes from the board to the brand's statements, where what waits stands first."""
    page.locator("table.brands tbody tr").first.get_by_role("link", name="Isla Ferries").click()
    page.locator("nav.rail").get_by_role("link", name="Statements").click()
    page.locator("tbody tr", has_text="agency lead").get_by_role("link", name=statement["title"]).click()
    expect(page.locator("h1")).to_have_text(statement["title"])
    for text in statement["texts"].values():
        expect(page.locator(".quote", has_text=text.splitlines()[0]).first).to_be_visible()
    page.get_by_role("button", name="Approve this text").click()
    expect(page.get_by_role("button", name="Approve this text")).to_have_count(0)
    expect(page.locator(".steps .done")).to_contain_text("Ramon Dela Cruz")


def approve_for_the_client(page, statement):
    """Marta, on her phone, in Filipino: what waits, then two taps."""
    expect(page.locator("html")).to_have_attribute("lang", "fil")
    expect(page).to_have_url(re.compile("/portal/isla/$"))
    page.locator(".todo", has_text=statement["title_fil"]).tap()
    expect(page.locator(".bar .go")).to_have_text(in_filipino("Approve"))
    own_first = sorted(statement["texts"].items(), key=lambda item: not item[0].endswith("fil"))
    assert words_of(page.locator(".preview .quote")) == "\n\n".join(text for _place, text in own_first)
    page.locator(".bar .go").tap()
    arrived(page, re.compile(r"\?do=approve$"))
    page.locator(".bar .go").tap()
    expect(page.locator(".bar")).to_have_count(0)
    expect(page.locator("h1")).to_have_text(in_filipino("Thank you. You approved this statement."))


def find_in_public(page, stack, statement):
    """Newsroom, Atom feed and the practice server all say exactly what was approved."""
    title, texts = statement["title"], statement["texts"]

    page.goto("/newsroom/isla/")  # it may be kept for a minute; a reload asks anew
    until(lambda: page.reload() and page.get_by_role("link", name=title).count(), what="the newsroom")
    page.get_by_role("link", name=title).click()
    expect(page.locator("h1")).to_have_text(title)
    assert words_of(page.locator("article .text p")) == texts["newsroom"]
    assert in_atom(stack, title) == texts["newsroom"]
    if "newsroom fil" in texts:
        page.locator("nav.languages").get_by_role("link", name="Filipino").click()
        expect(page.locator("h1")).to_have_text(statement["title_fil"])
        assert words_of(page.locator("article .text p")) == texts["newsroom fil"]
    until(lambda: texts["bluesky"] in practised(stack), what="the post on the practice server")
    assert practised(stack).count(texts["bluesky"]) == 1


def in_atom(stack, title) -> str:
    feed = feedparser.parse(httpx.get(f"{stack.url}/newsroom/isla/atom.xml").content, sanitize_html=False)
    assert not feed.bozo
    [entry] = [entry for entry in feed.entries if entry.title == title]
    return plain(entry.content[0].value)


def plain(html: str) -> str:
    paragraphs = re.findall(r"<p>(.*?)</p>", html, re.DOTALL)
    return "\n\n".join(unescape(re.sub(r"<[^>]+>", "", part.replace("<br>", "\n"))) for part in paragraphs)


def practised(stack) -> list[str]:
    return [record["text"] for record in stack.practice.records.values()]


def read_the_story(page, room, statement):
    """Back in the room the timeline tells who did what, and the history holds."""
    page.goto(room)
    timeline = page.locator("#timeline")
    for words in ("Lea Reyes", "Ramon Dela Cruz", "Marta Cruz", statement["title"]):
        expect(timeline).to_contain_text(words)
    page.goto("/b/isla/history/")
    page.get_by_role("button", name="Verify the history").click()
    expect(page.locator(".note.success")).to_contain_text("as they were written")


@pytest.mark.parametrize("js", [True, False], ids=["scripts", "no-scripts"])
def test_the_walk(stack, visitors, js):
    """With scripts Ana's draft goes out; without, Lea opens a second incident and writes herself."""
    lea = visitors.sign_in(LEA, js=js)
    (from_the_board_to_the_room if js else from_an_alert_to_a_room)(lea)
    room = lea.url
    acknowledge(lea)
    statement = (take_anas_draft if js else write_her_own)(lea)
    send_to_review(lea)
    approve_for_the_agency(visitors.sign_in(RAMON, js=js), statement)
    approve_for_the_client(visitors.sign_in(MARTA, js=js, phone=True), statement)
    find_in_public(visitors.open(js=js), stack, statement)
    read_the_story(lea, room, statement)
    stack.manage("verify_history", "isla")
