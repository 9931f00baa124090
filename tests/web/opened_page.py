"""`sorterd review --web` in a process of its own, and a real Chromium before it."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from support.films import COLOURS, film

from web.film_page import PROGRAM
from web.film_worker import label

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDE, NARROW = (1280, 800), (390, 844)


def executable() -> str:
    """The browser. Fail, not skip, without one: a page that nobody has opened is not tested."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail("these tests need Chromium: apt-get install chromium, or set CHROMIUM to the path of one")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=executable(), args=options)
        yield browser
        browser.close()


def library(folder: Path, videos: Mapping[str, str]) -> Path:
    """A library of short films, path -> what is in it; the path of its config."""
    for number, (path, word) in enumerate(videos.items()):
        place = folder / "videos" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        colours = (COLOURS[number % len(COLOURS)], (number * 20 % 256, 90, 160))
        film(place, seconds=1.0, size=(72, 128), colours=colours, sound="sine")
        label(place, word)
    config = folder / "config.yaml"
    config.write_text(
        "videos: videos\nstate_dir: state\nwatch: {settle_seconds: 0}\n"
        "train: {debounce_seconds: 0.1}\nfeatures: {models: embedded}\n"
    )
    return config


@contextmanager
def served(config: Path) -> Iterator[str]:
    """The address that the command prints; it ends as by Ctrl-C, without an error."""
    command = [*PROGRAM, "--config", str(config), "review", "--web", "--no-open"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), process.communicate(timeout=20)[1]
        yield address
        process.send_signal(signal.SIGINT)
        rest, said = process.communicate(timeout=30)
        assert (process.returncode, rest) == (0, ""), said
        assert address.partition("token=")[2] not in said
    finally:
        process.kill()


def opened(browser: Browser, address: str, size: tuple[int, int] = WIDE, scheme: str = "light") -> Page:
    """The page in a fresh browser; what it complains of is an error of the test."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        has_touch=size == NARROW,
    )
    context.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)  # the page asks every 2 seconds, and a busy machine takes its time
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(f"{said.text} {said.location}") if said.type == "error" else None)
    page.complaints = complaints  # type: ignore[attr-defined]
    page.goto(address)
    page.wait_for_selector("#name:not(:empty), #empty p")
    return page


def assert_accessible(page: Page) -> None:
    """Raise AssertionError if a screen reader or weak eyes would stumble over something."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
