"""What the tests in a browser share."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.boards import house, opens

__all__ = ["house", "opens"]

expect.set_options(timeout=20_000)  # a page that sends again waits seconds by design, and a busy machine adds its own


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = os.environ.get("CONFMGR_CHROMIUM") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()
