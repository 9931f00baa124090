"""`report` writes one page, whole or not at all, and replaces nothing but an earlier one."""

import json
from base64 import b64encode
from pathlib import Path

import pytest
from support.rows import features
from support.workspace import Workspace
from web.shelf import Shelf

from sorterd.cli import main
from sorterd.pictures import files
from sorterd.report.web.page import BEGINNING
from sorterd.store.captions import StoredCaption


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "videos" / "<b>cats").mkdir(parents=True)
    path = tmp_path / "config.yaml"
    path.write_text("videos: videos\nstate_dir: state\n")
    return path


def typed(config: Path, *arguments: str) -> int:
    return main(["--config", str(config), "report", *arguments])


def test_it_lies_among_artifacts_and_is_replaced_each_time(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = config.parent / "state/artifacts/report.html"
    for _ in range(2):
        assert typed(config) == 0
        assert capsys.readouterr().out == f"{page} is written; open it in a browser.\n"
    assert page.read_text().startswith(BEGINNING)
    assert [path.name for path in page.parent.iterdir()] == ["report.html"]


def test_it_is_put_into_the_folder_or_file_that_is_named(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(config, "--json", "--output", str(config.parent)) == 0
    assert json.loads(capsys.readouterr().out) == {"report": str(config.parent / "report.html")}
    assert typed(config, "--output", str(config.parent / "mine.html")) == 0
    assert (config.parent / "mine.html").is_file()


def test_nothing_but_an_earlier_report_is_replaced(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = config.parent / "film.mp4"
    other.write_bytes(b"a film")
    assert typed(config, "--output", str(other)) == 1
    assert "is no report of sorterd" in capsys.readouterr().err
    assert other.read_bytes() == b"a film"


def test_a_place_that_cannot_be_written_is_told(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(config, "--output", str(config / "x.html")) == 1
    assert f"there is no folder {config}" in capsys.readouterr().err


def test_no_folder_is_made_for_it(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nope = config.parent / "nope"
    assert typed(config, "--output", str(nope / "x.html")) == 1
    assert f"there is no folder {nope}" in capsys.readouterr().err
    assert not nope.exists()


def test_a_desktop_opens_it(config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def opens(address: str) -> bool:
        opened.append(address)
        return True

    monkeypatch.setattr("webbrowser.open", opens)
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert typed(config, "--open") == 0
    assert opened == []
    assert "open it in a browser" in capsys.readouterr().out
    monkeypatch.setenv("DISPLAY", ":0")
    assert typed(config, "--open") == 0
    assert opened == [(config.parent / "state/artifacts/report.html").as_uri()]
    assert capsys.readouterr().out.endswith("is written.\n")


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
    assert typed(config) == 0
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
    assert typed(config, "--output", str(page)) == 0
    assert "quokka" not in page.read_text()
    assert typed(config, "--captions", "--output", str(page)) == 0
    assert "a quokka" in page.read_text()
