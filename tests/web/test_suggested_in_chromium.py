"""The suggested folders as a person has them: the real command, a real browser, real moves."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, expect
from support.alike import alike
from support.words import SPACE
from support.workspace import Workspace

from sorterd.config import load_config
from sorterd.features.settings import FeatureSpace, extracted_modalities
from sorterd.pipeline import feature_space
from sorterd.store.features import Features
from web.opened_page import NARROW, WIDE, assert_accessible, chromium, opened, served

POTS = [f"pottery {letter}.mp4" for letter in "abcdef"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def looked_at(tmp_path: Path) -> Path:
    """The config of a library with six alike videos in the inbox, all of them looked at already."""
    config = tmp_path / "config.yaml"
    config.write_text(
        "videos: videos\nstate_dir: state\nwatch: {settle_seconds: 0}\nfeatures: {models: embedded, captions: false}\n"
    )
    names = [*POTS, *(f"{number}.mp4" for number in range(40))]
    workspace = Workspace(tmp_path / "videos", tmp_path / "state")
    workspace.take_in({name: name.encode() for name in names})
    modalities = extracted_modalities(1024, 256)
    space = FeatureSpace(SPACE, modalities, "embedded", "cpu")
    feature_space.remember(workspace.store.notes, load_config(config).feature_settings(), space)
    for name, row in zip(names, alike([len(POTS)], others=40), strict=True):
        vector = np.pad(row, (0, 1280 - len(row))).astype("<f4").tobytes()
        workspace.store.features.add(Features(workspace.at(name).fingerprint, vector, "", "", "none"), SPACE, now=1.0)
    workspace.close()
    return config


def test_a_group_is_made_a_folder_and_taken_back_by_keyboard(browser: Browser, looked_at: Path) -> None:
    videos = looked_at.parent / "videos"
    with served(looked_at) as address:
        page = opened(browser, address, NARROW)
        page.get_by_role("button", name="Suggested").press("Enter")
        group = page.get_by_role("region", name="6 videos: pottery")
        expect(group).to_be_visible(timeout=60_000)  # a process compares them
        for width, height in (NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate("document.querySelector('main').scrollWidth") <= width
        assert_accessible(page)
        expect(group.locator(".posters > *")).to_have_count(6)
        expect(group.get_by_label("Name of the folder")).to_have_value("pottery")
        group.get_by_label("Name of the folder").fill("a/b")
        page.keyboard.press("Enter")
        expect(page.locator("#suggested-said")).to_contain_text("nothing can be filed in 'a/b'")
        group.get_by_label("Name of the folder").fill("my pots")
        page.keyboard.press("Enter")
        expect(page.locator("#suggested-said")).to_contain_text("6 videos filed into my pots.")
        assert {one.name for one in (videos / "my pots").iterdir()} == set(POTS)
        page.keyboard.press("Enter")  # on Undo
        expect(page.locator("#suggested-said")).to_contain_text("Taken back.")
        assert {one.name for one in videos.iterdir()} >= set(POTS)
        assert not (videos / "my pots").exists()
        group.get_by_role("button", name="File these 6").press("Enter")
        expect(group.get_by_role("button", name="Undo")).to_be_visible()
        page.get_by_role("button", name="Waiting").press("Enter")
        expect(page.locator("#suggested")).to_be_hidden()
        expect(page.locator("#name")).not_to_be_empty()
        page.keyboard.press("z")  # the last step, wherever it was taken
        expect(group.get_by_role("button", name="File these 6")).to_be_visible()
        assert {one.name for one in videos.iterdir()} >= set(POTS)
        assert [one for one in page.complaints if "409" not in one] == []  # type: ignore[attr-defined]
