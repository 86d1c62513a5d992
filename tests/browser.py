"""A real Chromium for the tests: one that is there, else Playwright's own, else the system's package.

`python -m tests.browser` makes sure of one before the tests run, or says loudly that there is none.
`find()` is for fixtures.
"""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "microsoft-edge")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
ARGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
]


def installed() -> str | None:
    """A browser that is on this machine already."""
    named = os.environ.get("TUGON_CHROMIUM")
    found = [named, *(shutil.which(name) for name in NAMES), MAC]
    return next((path for path in found if path and Path(path).exists()), None)


def of_playwright() -> str | None:
    """The browser Playwright downloaded, if it did."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


@cache
def find() -> str | None:
    """The path of a Chromium, or None."""
    return installed() or of_playwright()


def download() -> None:
    """Playwright's own download; where the network does not let it, it fails within two minutes."""
    subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium"],
        timeout=120, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def package() -> None:
    """The system's package, where this account may install packages without being asked for a password."""
    if not shutil.which("apt-get"):
        return
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if sudo and not shutil.which("sudo"):
        return
    quiet = {"check": False, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        subprocess.run([*sudo, "apt-get", *words], timeout=600, env=environment, **quiet)


def ensure() -> str | None:
    for attempt in (lambda: None, download, package):
        try:
            attempt()
        except (subprocess.TimeoutExpired, OSError) as error:
            print(f"browser: {error}", file=sys.stderr)
        find.cache_clear()
        if path := find():
            return path
    return None


if __name__ == "__main__":
    path = ensure()
    if path is None:
        print(
            "\n*** NO BROWSER: no Chromium is here and none could be installed. ***\n"
            "*** The browser tests will NOT run. Install Chromium, or name one in TUGON_CHROMIUM. ***\n",
            file=sys.stderr,
        )
