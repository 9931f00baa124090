"""The report in a real browser: nothing is refused or cut off, and a screen reader finds names for all of it."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser
from web.opened_page import NARROW, WIDE, assert_accessible, chromium

from report.web.test_page import FULL, move, status
from sorterd.report.web.page import Facts, page


def poster() -> bytes:
    file = BytesIO()
    Image.new("RGB", (180, 320), (200, 30, 30)).save(file, "WEBP")
    return file.getvalue()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def facts() -> Facts:
    errors = [{"path": f"{'long name ' * 9}{i}.mp4", "reason": "is damaged"} for i in range(9)]
    return replace(
        FULL,
        status=status(errors=errors, missing=["cats needs 3 more"]),
        moves=(move(9, path="x" * 90), move(8, undone=True)),
        command="sorterd --config '/a b.yaml'",
        poster=lambda _: poster(),
    )


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")])
def test_it_fits_any_screen_and_reader(browser: Browser, tmp_path: Path, size: tuple[int, int], scheme: str) -> None:
    path = tmp_path / "report.html"
    path.write_text(page(facts()))
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if scheme == "dark" else "light"
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown = context.new_page()
    complaints: list[str] = []
    shown.on("console", lambda said: complaints.append(said.text))
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    shown.goto(path.as_uri())
    assert shown.evaluate("document.documentElement.scrollWidth") == size[0]
    assert shown.evaluate("[...document.images].map(image => image.naturalHeight)") == [320, 320, 320]
    shown.get_by_role("button", name="Copy").click()
    shown.get_by_role("button", name="Copied").wait_for()
    assert shown.evaluate("navigator.clipboard.readText()") == "sorterd --config '/a b.yaml' undo 9"
    assert_accessible(shown)
    assert complaints == []
    context.close()
