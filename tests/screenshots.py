"""Pictures of the product: `python -m tests.screenshots [FOLDER]`.

Without a folder only the pictures of the README are made anew, in docs/screenshots. With one,
every page goes there too: at 1440 and 390, light and dark, in English and Filipino.
"""

import json
import os
import re
import sys
from pathlib import Path

import django
from playwright.sync_api import Page, sync_playwright

from tests import browser as chromium
from tests import database  # noqa: F401  (starts the server before settings are read)

README = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
LANGUAGE = """
from agency.models import User
User.objects.update(language={language!r})
"""


def main(folder: str | None = None) -> None:
    from tests.journeys.visiting import Visitors
    from tests.stack import Stack

    with Stack(days=30) as stack, sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.ARGS)
        visitors = Visitors(chrome, stack)
        walk(visitors)
        if folder:
            everything(visitors, Path(folder))
        chrome.close()


def walk(visitors) -> None:
    """The README's walk, with a picture at each stop."""
    from tests.journeys import test_crisis_day as day

    README.mkdir(parents=True, exist_ok=True)
    how = {"reduced_motion": "reduce"}
    stranger = visitors.open(**how)
    stranger.goto("/accounts/login/")
    shoot(stranger, "signin")
    lea = visitors.sign_in(day.LEA, **how)
    lea.goto("/board/")
    shoot(lea, "board")
    lea.goto("/b/isla/feed/")
    shoot(lea, "feed")
    lea.goto("/b/isla/trends/?period=30d")
    shoot(lea, "trends")
    day.from_the_board_to_the_room(lea)
    day.acknowledge(lea)
    lea.reload()
    shoot(lea, "room")
    statement = day.take_anas_draft(lea)
    shoot(lea, "editor")
    day.send_to_review(lea)
    ramon = visitors.sign_in(day.RAMON, **how)
    ramon.goto(re.sub(r"/review/?$|/$", "", lea.url) + "/review/")
    shoot(ramon, "review")
    ramon.goto("/board/")
    day.approve_for_the_agency(ramon, statement)
    marta = visitors.sign_in(day.MARTA, phone=True, device_scale_factor=2, **how)
    marta.locator(".todo").first.tap()
    marta.wait_for_url(re.compile(r"/portal/isla/\d+/"))
    shoot(marta, "portal")
    marta.goto("/portal/isla/")
    day.approve_for_the_client(marta, statement)
    public = visitors.open(**how)
    day.find_in_public(public, visitors.stack, statement)
    public.goto("/newsroom/isla/")
    shoot(public, "newsroom")


def shoot(page: Page, name: str) -> None:
    page.screenshot(path=README / f"{name}.png")
    print(f"{name}.png {(README / f'{name}.png').stat().st_size // 1024} kB")


def everything(visitors, folder: Path) -> None:
    """Each page of tests.journeys.pages, eight times."""
    from tests.journeys.pages import PAGES
    from tests.journeys.test_accessibility import House
    from tests.journeys.visiting import DESKTOP, PHONE

    house = House(visitors)
    for language in ("en", "fil"):
        visitors.stack.python(LANGUAGE.format(language=language))
        house.open[""].context.add_cookies(
            [{"name": "django_language", "value": language, "url": visitors.stack.url}]
        )
        for number, page in enumerate(PAGES, 1):
            tab = house.open[page.who]
            tab.goto(page.path.format_map(house.ids))
            name = f"{number:03}-{re.sub(r'[^a-z0-9]+', '-', page.route)}"
            for width, size in (("1440", DESKTOP), ("390", PHONE)):
                tab.set_viewport_size(size)
                for scheme in ("light", "dark"):
                    tab.emulate_media(color_scheme=scheme)
                    place = folder / f"{language}-{width}-{scheme}"
                    place.mkdir(parents=True, exist_ok=True)
                    tab.screenshot(path=place / f"{name}.png", full_page=True)
            tab.set_viewport_size(DESKTOP)
    (folder / "faults.json").write_text(json.dumps(visitors.faults, indent=1))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.settings.test")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    django.setup()
    main(*sys.argv[1:2])
