"""A user id without a passwd entry and without HOME, as in a container."""

import os
from pathlib import Path

import pytest
from support.typed import asked, typed

WAY_OUT = "this user has no home folder to keep it in: name a folder as 'state_dir:' in a config, or set HOME"


@pytest.fixture
def homeless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a library and two configs, for a user that the system does not know."""

    def unknown(_: object) -> None:
        raise KeyError("getpwuid(): uid not found")

    for name in [name for name in os.environ if name == "HOME" or name.startswith("XDG_")]:
        monkeypatch.delenv(name)
    for name in ("getpwuid", "getpwnam"):
        monkeypatch.setattr(f"pwd.{name}", unknown)
    (tmp_path / "videos" / "cats").mkdir(parents=True)
    (tmp_path / "bare.yaml").write_text("videos: videos\n")
    (tmp_path / "full.yaml").write_text("videos: videos\nstate_dir: state\nfeatures: {models: embedded}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("homeless")
@pytest.mark.parametrize("named", [["--videos", "videos"], ["--config", "bare.yaml"]])
@pytest.mark.parametrize("command", ["status", "review", "run", "undo", "doctor", "report"])
def test_one_sentence_names_the_way_out(named: list[str], command: str) -> None:
    code, out, err = typed(*named, command)
    assert (code, WAY_OUT in " ".join((out + err).split())) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--videos", "~/videos", "status"], "no home folder that ~ could mean; write the path in full"),
        (["--config", "~somebody/c.yaml", "status"], "no home folder that ~somebody could mean"),
        (["--config", "full.yaml", "report", "--output", "~/x"], "no home folder that ~ could mean"),
        (["--config", "tilde.yaml", "status"], "videos is ~/videos (line 1)"),
        (["status"], "not found as config.yaml;"),
    ],
)
def test_a_tilde_that_means_nothing_is_named(homeless: Path, arguments: list[str], said: str) -> None:
    (homeless / "tilde.yaml").write_text("videos: ~/videos\nstate_dir: state\n")
    assert said in typed(*arguments).refused(2)


@pytest.mark.usefixtures("homeless")
def test_with_a_state_dir_everything_else_works() -> None:
    for command in (["status"], ["review"], ["report"], ["pause"]):
        asked(Path("full.yaml"), *command).done()
    assert "can have no service of its own" in asked(Path("full.yaml"), "service", "show").refused()
