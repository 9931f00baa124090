"""Make docs/pictures again: `make pictures`. A sample library is set up, sorted and reviewed, as a user would."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from sorterd.samples import SAMPLES
from tools.make_pictures.browser import PHONE, WIDE, chromium, opened, save
from tools.make_pictures.terminal import picture_of

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SORTERD = [sys.executable, "-P", "-m", "sorterd"]


def main() -> None:
    """Write all pictures."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        videos = home / "Videos" / "TikTok"
        shutil.copytree(SAMPLES, videos, ignore=shutil.ignore_patterns("*.py", "*.json", "__pycache__"))
        places = {name: str(home / path) for name, path in (("HOME", ""), ("XDG_CONFIG_HOME", ".config"))}
        environment = {**os.environ, **places, "XDG_STATE_HOME": str(home / ".local" / "state")}
        program = home / "bin" / "sorterd"  # so that hints call it by its name
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -c "{_NAMED}" "$@"\n')
        program.chmod(0o755)
        environment["PATH"] = f"{program.parent}:{os.environ['PATH']}"
        # On a slow computer the minute of `setup` is too short for all of them.
        extract = [*SORTERD, "--videos", str(videos), "extract"]
        subprocess.run(extract, env=environment, check=True, stdout=subprocess.DEVNULL)
        setup = ["sorterd", "setup", "--yes", "--no-service", str(videos)]
        _write("setup.svg", picture_of(setup, "sorterd setup ~/Videos/TikTok", environment, home))
        subprocess.run([*SORTERD, "run", "--once"], env=environment, check=True, stdout=subprocess.DEVNULL)
        _write("status.svg", picture_of(["sorterd", "status"], "sorterd status", environment, home))
        subprocess.run([*SORTERD, "report"], env=environment, check=True, stdout=subprocess.DEVNULL)
        with chromium() as browser:
            _take_report(browser, home)
            with _page(environment) as address:
                _take_page(browser, address)
    for path in sorted(PICTURES.iterdir()):
        print(f"{path.stat().st_size:>8,}  {path.name}")


_NAMED = "import sys; sys.argv[0] = 'sorterd'; from sorterd.cli import main; sys.exit(main())"


def _write(name: str, text: str) -> None:
    (PICTURES / name).write_text(text, encoding="utf-8")


def _take_report(browser: Browser, home: Path) -> None:
    report = next(home.rglob("report.html"))
    with opened(browser, report.as_uri(), WIDE, "light") as page:
        page.wait_for_load_state("networkidle")
        exchange = "h => { document.body.innerHTML = document.body.innerHTML.replaceAll(h, '/home/ann'); }"
        page.evaluate(exchange, str(home))
        save(page, PICTURES / "report.webp")


@contextmanager
def _page(environment: Mapping[str, str]) -> Iterator[str]:
    command = [*SORTERD, "review", "--web", "--no-open"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.send_signal(signal.SIGINT)


def _take_page(browser: Browser, address: str) -> None:
    for name, size, scheme in (("light", WIDE, "light"), ("dark", WIDE, "dark"), ("phone", PHONE, "light")):
        with opened(browser, address, size, "dark" if scheme == "dark" else "light") as page:
            _show_best(page)
            save(page, PICTURES / f"review-page-{name}.webp")


def _show_best(page: Page) -> None:
    """Go to the video with the surest guess, and let it play for a moment."""
    page.wait_for_selector("#name:not(:empty)")
    seen: dict[str, int] = {}
    for _ in range(30):
        name = page.inner_text("#name")
        seen[name] = int(page.inner_text(".choice .percent").removesuffix("%") or 0)
        page.keyboard.press("ArrowRight")
        if page.inner_text("#name") == name:
            break
    while page.inner_text("#name") != max(seen, key=lambda name: seen[name]):
        page.keyboard.press("ArrowLeft")
    page.evaluate("document.querySelector('.where').textContent = '/home/ann/Videos/TikTok'")
    while page.evaluate("document.getElementById('video').currentTime") < 0.5:
        page.wait_for_timeout(50)


if __name__ == "__main__":
    main()
