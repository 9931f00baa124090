"""`report` writes one page, whole or not at all, and replaces nothing but an earlier one."""

from base64 import b64encode
from pathlib import Path

import pytest
from support.rows import features
from support.typed import Said, asked
from support.workspace import Workspace
from web.shelf import Shelf

from sorterd.pictures import files
from sorterd.report.web.page import BEGINNING
from sorterd.store.captions import StoredCaption


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "videos" / "<b>cats").mkdir(parents=True)
    path = tmp_path / "config.yaml"
    path.write_text("videos: videos\nstate_dir: state\n")
    return path


def report(config: Path, *arguments: str) -> Said:
    return asked(config, "report", *arguments)


def test_it_lies_among_artifacts_and_is_replaced_each_time(config: Path) -> None:
    page = config.parent / "state/artifacts/report.html"
    for _ in range(2):
        assert report(config).done() == f"{page} is written; open it in a browser.\n"
    assert page.read_text().startswith(BEGINNING)
    assert [path.name for path in page.parent.iterdir()] == ["report.html"]


def test_it_is_put_into_the_folder_or_file_that_is_named(config: Path) -> None:
    document = report(config, "--json", "--output", str(config.parent)).json
    assert document == {"report": str(config.parent / "report.html")}
    report(config, "--output", str(config.parent / "mine.html")).done()
    assert (config.parent / "mine.html").is_file()


def test_nothing_but_an_earlier_report_is_replaced(config: Path) -> None:
    other = config.parent / "film.mp4"
    other.write_bytes(b"a film")
    assert "is no report of sorterd" in report(config, "--output", str(other)).refused()
    assert other.read_bytes() == b"a film"


def test_a_place_that_cannot_be_written_is_told(config: Path) -> None:
    assert f"there is no folder {config}" in report(config, "--output", str(config / "x.html")).refused()


def test_no_folder_is_made_for_it(config: Path) -> None:
    nope = config.parent / "nope"
    assert f"there is no folder {nope}" in report(config, "--output", str(nope / "x.html")).refused()
    assert not nope.exists()


def test_a_desktop_opens_it(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def opens(address: str) -> bool:
        opened.append(address)
        return True

    monkeypatch.setattr("webbrowser.open", opens)
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert "open it in a browser" in report(config, "--open").done()
    assert opened == []
    monkeypatch.setenv("DISPLAY", ":0")
    assert report(config, "--open").done().endswith("is written.\n")
    assert opened == [(config.parent / "state/artifacts/report.html").as_uri()]


def test_the_posters_of_undecided_videos_are_in_it(config: Path) -> None:
    films = config.parent / "videos"
    (films / "<b>cats" / "tom.mp4").write_bytes(b"a cat")
    (films / "new.mp4").write_bytes(b"no cat")
    workspace = Workspace(films, config.parent / "state")
    workspace.synchronize()
    shelf = Shelf(workspace)
    shelf.train()
    workspace.store.features.add(features(shelf.id("new.mp4")), "space-1", now=1.0)
    shelf.judge("new.mp4", {"<b>cats": 0.4})
    files.save(workspace.state, shelf.id("new.mp4"), b"a poster", b"a strip")
    workspace.close()
    report(config).done()
    document = (config.parent / "state/artifacts/report.html").read_text()
    assert f'src="data:image/webp;base64,{b64encode(b"a poster").decode()}"' in document
    assert (films / "new.mp4").as_uri() in document


def test_captions_are_on_it_only_on_request(workspace: Workspace, tmp_path: Path) -> None:
    shelf = Shelf(workspace)
    shelf.lay_out({"a.mp4": b"1", "cats": {"c.mp4": b"2"}})
    shelf.train()
    workspace.store.captions.put(StoredCaption(shelf.id("a.mp4"), "", "a quokka", "", "d"), {})
    shelf.judge("a.mp4", {"cats": 0.6})
    config = tmp_path / "config.yaml"
    config.write_text(f"videos: {workspace.root}\nstate_dir: {workspace.state}\n")
    page = tmp_path / "page.html"
    report(config, "--output", str(page)).done()
    assert "quokka" not in page.read_text()
    report(config, "--captions", "--output", str(page)).done()
    assert "a quokka" in page.read_text()
