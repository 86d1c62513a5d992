"""The one real Chromium of a run. Playwright allows one per process, so every suite shares this fixture."""

import pytest
from playwright.sync_api import sync_playwright

from tests import browser as chromium
from tests.left_out import leave_out


@pytest.fixture(scope="session")
def browser(request):
    path = chromium.find()
    if path is None:
        leave_out(
            request.config, "browser journeys", "no Chromium here; install one or name it in TUGON_CHROMIUM"
        )
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=chromium.ARGS)
