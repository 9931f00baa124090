"""The site in a real browser: nothing comes from elsewhere, and everybody can read it."""

from functools import partial
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Request
from web.opened_page import chromium

from docs.built_site import built


def _note(asked: list[str], request: Request) -> None:
    asked.append(request.url)


def test_pages_ask_no_other_computer_and_can_be_read_by_everybody(tmp_path: Path) -> None:
    site = built(tmp_path / "site")
    with chromium() as browser:
        for width, scheme, name in (
            (1280, "light", "settings"),
            (390, "dark", "troubleshooting"),
            (390, "light", "index"),
        ):
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
            asked: list[str] = []
            page.on("request", partial(_note, asked))
            page.goto((site / f"{name}.html").as_uri(), wait_until="networkidle")
            assert asked
            assert [address for address in asked if not address.startswith("file:")] == []
            assert page.evaluate("document.documentElement.scrollWidth") == width
            found = Axe().run(page).response["violations"]
            assert [one["help"] for one in found if one["impact"] in ("serious", "critical")] == []
            page.close()
