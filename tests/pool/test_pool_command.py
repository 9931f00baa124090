"""`sorterd pool init|invite|revoke`, as it is typed."""

import json
import stat
from pathlib import Path

import pytest

from sorterd.cli import main
from sorterd.pool.invitation import now_utc, read


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "videos").mkdir()
    file = tmp_path / "config.yaml"
    file.write_text("videos: videos\nstate_dir: state\n")
    return file


def test_from_nothing_to_a_file_that_can_be_copied(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pool", "invite", "gaming-pc"]) == 1
    assert "type 'sorterd pool init' first" in capsys.readouterr().err
    assert main(["pool", "init"]) == 0
    assert main(["pool", "invite", "gaming-pc", "--address", "nas.local", "--days", "30"]) == 0
    assert "look for this computer at tls://nas.local:8786." in capsys.readouterr().out.replace("\n", " ")
    file = config.parent / "gaming-pc.invitation"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read(file, now=now_utc()).address == "tls://nas.local:8786"


def test_a_file_that_is_there_is_not_overwritten(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["pool", "init"])
    (config.parent / "pc.invitation").write_text("mine")
    assert main(["pool", "invite", "pc"]) == 1
    assert "pc.invitation is there already" in capsys.readouterr().err
    assert main(["pool", "invite", "pc", "--output", "missing/pc"]) == 1
    assert "cannot be written: No such file" in capsys.readouterr().err
    assert main(["pool", "invite", "pc", "--output", "pc2"]) == 0  # what failed has invited nobody
    assert (config.parent / "pc.invitation").read_text() == "mine"


@pytest.mark.usefixtures("config")
def test_a_revoked_machine_is_named_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    main(["pool", "init"])
    main(["pool", "invite", "pc"])
    capsys.readouterr()
    assert main(["pool", "revoke", "pc", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["revoked"] == "pc"
    assert main(["pool", "revoke", "pc"]) == 1
    assert "no machine called pc is invited; invited: none" in capsys.readouterr().err


@pytest.mark.usefixtures("config")
def test_a_name_is_asked_for_where_one_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["invite"], ["revoke"], ["init", "pc"]):
        assert main(["pool", *words]) == 2
    assert "which machine? type 'sorterd pool invite NAME'" in capsys.readouterr().err
