"""Take pictures of pages in a real browser."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

WIDE, PHONE = (1280, 800), (390, 844)
QUALITY = 72


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser that the tests use too."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, address: str, size: tuple[int, int], scheme: Literal["light", "dark"]) -> Iterator[Page]:
    """Open a page in a window of this size."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def save(page: Page, path: Path) -> None:
    """Write a picture of what the window shows, as WebP."""
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        picture.save(path, "WEBP", quality=QUALITY, method=6)
