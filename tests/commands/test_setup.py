"""`setup --yes`: what a script gets."""

import os
import sys
from pathlib import Path

import pytest
from service.managers import Managers
from support.service import program
from support.typed import Said, asked, said_by, typed

from sorterd.cli import parser
from sorterd.commands import first_look
from sorterd.commands.failure import explained
from sorterd.commands.setup import setup
from sorterd.config import load_config
from sorterd.daemon.app import RunOptions
from sorterd.service.manager import user_name
from sorterd.store.store import Store

WORKER = program("support.cheap_worker")
ROUNDS = 20_000  # of a hash: how long the worker takes for a video

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="its service is a systemd unit")


def a_library(videos: Path, *, filed: int = 6, unsorted: int = 2) -> None:
    for word in ("cats", "dogs"):
        (videos / word).mkdir()
        for number in range(filed):
            (videos / word / f"{number}.mp4").write_text(f"{word} {number} {ROUNDS}\n")
    for number in range(unsorted):
        (videos / f"{number}.mp4").write_text(f"cats {100 + number} {ROUNDS}\n")


def set_up(*arguments: str) -> Said:
    """Set up with a worker whose models are a few lines."""

    def command() -> int:
        with explained() as outcome:
            outcome.code = setup(parser().parse_args(["setup", *arguments]), RunOptions(worker=WORKER))
        return outcome.code

    return said_by(command)


def test_one_command_leads_from_a_folder_to_a_running_service(home: Path, videos: Path, managers: Managers) -> None:
    a_library(videos)
    before = sorted(path.relative_to(videos) for path in videos.rglob("*"))
    text = set_up("--yes", str(videos)).done()
    assert load_config(home / ".config" / "sorterd" / "config.yaml").videos == videos
    assert "It holds 14 videos: 12 in 2 folders, 2 unsorted." in text
    assert "Looked at 14 of 14 videos" in text
    assert "It would move 2 of the 2 unsorted videos" in text
    assert (home / ".state" / "sorterd" / "artifacts" / "report.html").is_file()
    assert "The service runs. It starts with the computer." in text
    assert "systemctl restart sorterd.service" in managers.asked
    assert "Three things to know" in text
    assert sorted(path.relative_to(videos) for path in videos.rglob("*")) == before, "a dry run moves nothing"


def test_it_can_be_repeated_and_changes_no_config(home: Path, videos: Path, managers: Managers) -> None:
    set_up("--yes", str(videos)).done()
    file = home / ".config" / "sorterd" / "config.yaml"
    file.write_text(file.read_text() + "# mine\n")
    managers.answer({"show": (0, "UnitFileState=enabled\nActiveState=active\n", ""), "loginctl": (0, "yes\n", "")})
    before = file.read_text()
    for arguments in (["--yes"], ["--yes", str(videos)]):
        text = set_up(*arguments).done()
        assert f"{file} is there already, for {videos}. It is not changed." in text
        assert "The service is installed and runs." in text
    assert file.read_text() == before
    assert managers.asked.count("systemctl restart sorterd.service") == 1


def test_a_config_for_another_folder_stays_and_what_would_change_is_shown(
    home: Path, videos: Path, managers: Managers
) -> None:
    set_up("--yes", "--no-service", str(videos)).done()
    other = home / "Videos" / "my memes"
    other.mkdir()
    code, text, _ = set_up("--yes", str(other))
    assert code == 2
    assert f"videos {videos} -> {other}" in text
    assert f"sorterd setup --name my-memes '{other}'" in text
    assert not managers.asked
    set_up("--yes", "--name", "my-memes", str(other)).done()
    second = load_config(home / ".config" / "sorterd" / "my-memes.yaml")
    assert second.videos == other
    assert second.state_dir != load_config(home / ".config" / "sorterd" / "config.yaml").state_dir
    assert "systemctl restart sorterd@my-memes.service" in managers.asked


def test_without_folders_to_learn_from_it_says_how_to_begin(videos: Path) -> None:
    (videos / "one.mp4").write_bytes(b"")
    text = set_up("--yes", "--no-service", str(videos)).done()
    assert "It holds 1 video: none in a folder, 1 unsorted." in text
    assert "'sorterd review --web'" in text


def test_a_large_library_is_looked_at_for_a_while_only_some_of_each_folder_and_some_unsorted(
    home: Path, videos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_library(videos, filed=150, unsorted=100)
    (videos / "rare").mkdir()
    for number in range(3):
        (videos / "rare" / f"{number}.mp4").write_text(f"rare {number} {ROUNDS}\n")
    config = home / ".config" / "sorterd" / "config.yaml"
    config.parent.mkdir(parents=True)
    config.write_text(f"videos: {videos}\nwatch: {{settle_seconds: 0}}\n")  # else the last files made come too late
    monkeypatch.setattr(first_look, "SECONDS", 2.0)
    text = set_up("--yes", "--no-service", str(videos)).done()
    assert "of 403 videos, which is kept. The others take " in text
    store = Store.open(home / ".state" / "sorterd")
    labels = store.files.labels()
    extracted = store.features.extracted("words-1")
    store.close()
    assert 0 < len(extracted) < 403
    assert {labels.get(one) for one in extracted} == {"cats", "dogs", "rare", None}


@pytest.mark.parametrize(("there", "why"), [(False, "has no systemd"), (True, "was not started by systemd")])
def test_where_no_service_can_run_one_sentence_says_so_and_how_to_run_it_by_hand(
    home: Path, videos: Path, managers: Managers, there: bool, why: str
) -> None:
    managers.answer({"is-system-running": (1, "offline\n", "")})
    for one in () if there else managers.folder.glob("*ctl"):
        one.unlink()
    code, text, _ = set_up("--yes", str(videos))
    assert code == 1
    assert f"No service can be started: this system {why}" in text
    assert "To run it by hand, until Ctrl-C: sorterd run" in text
    assert not list((home / ".config").rglob("*.service"))


def test_a_service_that_fails_to_start_is_a_failure(videos: Path, managers: Managers) -> None:
    managers.answer({"restart": (1, "", "Job for sorterd.service failed.\n"), "loginctl": (0, "yes\n", "")})
    code, text, _ = set_up("--yes", str(videos))
    assert (code, "could not be started: Job for sorterd.service failed." in text) == (1, True)


@pytest.mark.parametrize(
    ("folder", "complaint"),
    [
        ("{home}", "holds more than videos"),
        ("{home}/.", "holds more than videos"),
        ("/", "holds more than videos"),
        ("{home}/nothing", "is not there"),
        ("{home}/file", "is a file, not a folder"),
        ("{home}/caf\udce9", "not valid UTF-8"),
    ],
)
def test_a_folder_that_cannot_be_meant_is_refused_and_no_config_is_written(
    home: Path, folder: str, complaint: str
) -> None:
    (home / "file").write_text("")
    (home / "caf\udce9").mkdir()
    assert complaint in set_up("--yes", folder.format(home=home)).failed(2)
    assert not list((home / ".config").rglob("*.yaml"))


def test_without_a_terminal_it_wants_to_be_told_the_folder(videos: Path) -> None:
    assert "sorterd setup --yes FOLDER" in typed("setup", str(videos)).failed(2)
    (videos / "one.mp4").write_bytes(b"")
    assert f"sorterd setup --yes {videos} would be one with 1 video" in typed("setup", "--yes").failed(2)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--videos", "a", "setup", "--yes", "b"), "the folder is named twice"),
        (("--config", "{home}", "setup", "--yes", "{videos}"), "is a folder; name the config file in it"),
        (("--config", "{home}/file/c.yaml", "setup", "--yes", "{videos}"), "/file is a file, not a folder"),
        (("--config", "{home}/c.yaml", "setup", "--yes", "{videos}/../../file"), "is a file, not a folder"),
    ],
)
def test_what_cannot_be_meant_ends_with_one_sentence(
    home: Path, videos: Path, arguments: tuple[str, ...], complaint: str
) -> None:
    (home / "file").write_text("")
    code, _, err = typed(*(one.format(home=home, videos=videos) for one in arguments))
    assert code in (1, 2)
    assert complaint in err
    assert "Traceback" not in err
    assert not (home / ".state").exists()


def test_a_link_to_the_videos_is_as_good_as_them(home: Path, videos: Path) -> None:
    (home / "link").symlink_to(videos)
    set_up("--yes", "--no-service", str(home / "link")).done()
    assert "is there already" in set_up("--yes", "--no-service", str(videos)).done()


def test_an_invalid_config_is_reported_and_stays(home: Path, videos: Path) -> None:
    file = home / ".config" / "sorterd" / "config.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("videos: [\n")
    assert "line" in set_up("--yes", str(videos)).failed(2)
    assert file.read_text() == "videos: [\n"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_root_does_not_watch_the_videos_of_others(home: Path, videos: Path) -> None:
    os.chown(videos, 1, 1)
    assert f"belongs to {user_name(1)}" in set_up("--yes", str(videos)).failed()
    assert not (home / ".config").exists()


def test_a_library_with_a_named_service_gets_one(home: Path, videos: Path) -> None:
    typed("setup", "--yes", "--name", "clips", str(videos)).done()
    said = asked(home / ".config" / "sorterd" / "clips.yaml", "setup", "--yes").done()
    units = home / ".config" / "systemd" / "user"
    assert [path.name for path in units.glob("*.service")] == ["sorterd@clips.service"]
    assert f"{units / 'sorterd@clips.service'}" in said


def test_a_script_gets_one_document(videos: Path) -> None:
    a_library(videos, filed=2)
    assert "add --yes" in set_up("--json", str(videos)).failed(2)
    said = set_up("--yes", "--json", str(videos))
    told = said.json
    assert (told["code"], told["videos"]) == (0, str(videos))
    assert told["contents"]["folders"] == {"cats": 2, "dogs": 2}
    assert told["contents"]["unsorted"] == 2
    assert told["service"]["runs"]
    assert Path(told["service"]["file"]).is_file()
    assert "Three things to know" in said.err


@pytest.mark.parametrize(("bus", "there"), [("unix:path=/tmp/bus", False), ("", False), ("unix:path=/tmp/bus", True)])
def test_notifications_are_offered_where_only_the_extra_is_missing(
    videos: Path, monkeypatch: pytest.MonkeyPatch, bus: str, there: bool
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    if not there:
        monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert ("'desktop-notifier>=6'" in set_up("--yes", str(videos)).done()) == (bool(bus) and not there)


def test_a_folder_of_the_library_is_no_second_library(videos: Path) -> None:
    (videos / "cats").mkdir()
    set_up("--yes", "--no-service", str(videos)).done()
    code, text, _ = set_up("--yes", "--no-service", str(videos / "cats"))
    assert (code, "lies in that folder" in text) == (2, True)
    assert "--name" not in text
