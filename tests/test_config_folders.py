"""The folders that a config points at, and what loading it costs."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from support.disks import dead_mount
from test_config import write

from sorterd.config import ConfigError, check_folders, load_config


def folders(tmp_path: Path, videos: str, state: str) -> str:
    """What check_folders says of two folders under `tmp_path`, or nothing."""
    try:
        check_folders(load_config(write(tmp_path, f"videos: {videos}\nstate_dir: {state}\n")))
    except ConfigError as error:
        return str(error)
    return ""


def test_a_root_that_is_missing_or_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "videos is" in folders(tmp_path, "none", "state")
    assert "(line 1): this folder does not exist" in folders(tmp_path, "none", "state")
    assert "write ~" in folders(tmp_path, "$HOME/clips", "state")
    assert "this is a file" in folders(tmp_path, "file", "state")


def test_a_root_on_a_share_whose_server_has_gone_is_named(tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    with dead_mount(tmp_path / "clips"):
        said = folders(tmp_path, "clips", "state")
    assert "this folder cannot be read: Transport endpoint is not connected" in said


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("elsewhere/state", ""),
        ("clips/.sorterd", ""),
        ("clips", "this is the folder of videos itself"),
        ("alias", "this is the folder of videos itself"),
        ("clips/../clips", "this is the folder of videos itself"),
        (".", "lie in this folder"),
        ("clips/state", "where it would be a category"),
        ("alias/state/deep", "where it would be a category"),
        ("file/state", "is a file; name a folder"),
    ],
)
def test_state_and_videos_keep_apart(tmp_path: Path, state: str, said: str) -> None:
    (tmp_path / "clips").mkdir()
    (tmp_path / "alias").symlink_to("clips")
    (tmp_path / "file").write_text("")
    message = folders(tmp_path, "clips", state)
    assert said in message
    assert bool(message) == bool(said)


def test_local_models_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    text = "videos: clips\nstate_dir: state\nfeatures: {clip: {weights: ./none.pt}, whisper: ./nowhere}\n"
    with pytest.raises(ConfigError) as caught:
        check_folders(load_config(write(tmp_path, text)))
    assert [problem.key for problem in caught.value.problems] == ["features.clip.weights", "features.whisper"]


ASK_WITHOUT_PRIVILEGES = """
import os, sys
from pathlib import Path
from sorterd.config import Config, ConfigError, check_folders
if os.geteuid() == 0:  # no mode bits stop root
    os.setuid(65534)
try:
    check_folders(Config(videos=Path(sys.argv[1]), state_dir=Path(sys.argv[2])))
except ConfigError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("videos", "state", "said"),
    [
        ("closed", "open/state", "this user may not read this folder; grant it (chmod u+rx)"),
        ("readable", "open/state", "this user may not move files in it; grant it (chmod u+w)"),
        ("open", "readable/state", "this user cannot write in"),
        ("open", "open/.sorterd", ""),
    ],
)
def test_a_folder_without_permission_is_named_with_the_remedy(videos: str, state: str, said: str) -> None:
    with tempfile.TemporaryDirectory() as name:  # not tmp_path: only its owner can pass through that
        folder = Path(name)
        folder.chmod(0o755)
        for sub, mode in {"closed": 0o000, "readable": 0o555, "open": 0o777}.items():
            (folder / sub).mkdir()
            (folder / sub).chmod(mode)
        command = [sys.executable, "-c", ASK_WITHOUT_PRIVILEGES, str(folder / videos), str(folder / state)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert said in done.stdout
    assert bool(done.stdout) == bool(said)
