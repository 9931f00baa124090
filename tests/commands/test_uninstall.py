"""`uninstall`: what it takes back, and what stays."""

import sys
from contextlib import closing
from pathlib import Path

import pytest
from service.managers import Managers
from support.service import running
from support.typed import asked, typed
from support.workspace import Workspace

from sorterd.commands.program_files import how_to_add, how_to_remove
from sorterd.pictures import files as pictures
from sorterd.service.lock import StateLock
from sorterd.store.homes import link_state, state_by_folder
from sorterd.store.settings import VIDEOS
from sorterd.store.store import Store

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="its service is a systemd unit")


@pytest.fixture
def installed(home: Path, videos: Path) -> Path:
    """The config of an installed library with a state."""
    typed("setup", "--yes", str(videos)).done()
    (home / ".state" / "sorterd").mkdir(parents=True)
    workspace = Workspace(videos, home / ".state" / "sorterd")
    workspace.take_in({"cats": {"a.mp4": b"a"}})
    workspace.close()
    return home / ".config" / "sorterd" / "config.yaml"


def test_the_service_goes_and_all_else_stays_and_is_named(
    home: Path, installed: Path, managers: Managers, videos: Path
) -> None:
    model = home / ".cache" / "huggingface" / "hub" / "models--timm--vit_base_patch32_clip_224.openai"
    other = model.with_name("models--laion--CLIP-ViT-B-32-DataComp.XL-s13B-b90K")
    for folder in (model, other):
        folder.mkdir(parents=True)
    text = typed("uninstall").done()
    unit = home / ".config" / "systemd" / "user" / "sorterd.service"
    assert f"The service is stopped, and {unit} is removed." in text
    assert "systemctl disable --now sorterd.service" in managers.asked
    assert not unit.exists()
    for place in (videos, installed, home / ".state" / "sorterd", model, other):
        assert place.exists()
        assert str(place) in text
    assert "loginctl disable-linger" in text
    assert "pip uninstall sorterd" in text
    assert f"No service is installed for {installed}." in typed("uninstall").done()


def test_with_state_all_that_it_knew_goes_too_but_no_video_and_no_other_file(
    home: Path, installed: Path, videos: Path
) -> None:
    state = home / ".state" / "sorterd"
    link_state(videos, state)
    (state / "artifacts").mkdir()
    (state / "artifacts" / "report.html").write_text("")
    (state / "web.pem").write_text("a key")
    (state / "holiday.txt").write_text("mine")
    other = state / "folder-of-another"
    other.mkdir()
    assert "holiday.txt" in typed("uninstall", "--state", "--yes").done()
    assert sorted(path.name for path in state.iterdir()) == ["folder-of-another", "holiday.txt"]
    assert (videos / "cats" / "a.mp4").read_bytes() == b"a"
    assert installed.exists()


@pytest.mark.usefixtures("installed")
def test_folders_of_the_user_stay_if_they_are_named_like_ours(home: Path, videos: Path) -> None:
    state = home / ".state" / "sorterd"
    pictures.save(state, "ab" * 16, b"poster", b"strip")
    theirs = [
        state / "pictures" / "holiday.jpg",
        state / "pictures" / "2025" / "beach.webp",
        state / "pictures" / "ab" / "mine.webp",
        state / "artifacts" / "vase.jpg",
        state / "artifacts" / "roman" / "coin.jpg",
    ]
    for path in theirs:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"precious")
    (state / "artifacts" / "model.pt").write_bytes(b"ours")
    (state / "artifacts" / ".scratch").symlink_to(videos)
    assert "artifacts, pictures" in typed("uninstall", "--state", "--yes").done()
    assert sorted(path for path in state.rglob("*") if path.is_file()) == sorted(theirs)
    assert (videos / "cats" / "a.mp4").read_bytes() == b"a"


def test_the_state_of_a_library_without_a_config_goes_with_its_folder(videos: Path) -> None:
    state = state_by_folder(videos)
    state.mkdir(parents=True)
    workspace = Workspace(videos, state)
    workspace.synchronize()
    workspace.close()
    typed("--videos", str(videos), "uninstall", "--state", "--yes").done()
    assert not state.parent.exists()
    assert videos.is_dir()


def test_the_state_is_not_removed_without_asking(installed: Path) -> None:
    assert "add --yes" in typed("uninstall", "--state").failed(2)
    assert installed.exists()


def test_an_unfinished_move_keeps_the_state(home: Path, installed: Path, videos: Path) -> None:
    workspace = Workspace(videos, home / ".state" / "sorterd")
    workspace.begin_move("cats/a.mp4", "dogs/a.mp4")
    workspace.close()
    assert "'sorterd run --once'" in typed("uninstall", "--state", "--yes").failed()
    assert (home / ".state" / "sorterd" / "journal.jsonl").exists()
    assert installed.exists()


def test_a_damaged_state_can_be_removed(home: Path, installed: Path) -> None:
    (home / ".state" / "sorterd" / "sorterd.sqlite3").write_bytes(b"not a database" * 100)
    typed("uninstall", "--state", "--yes").done()
    assert not (home / ".state" / "sorterd").exists()
    assert installed.exists()


def test_a_service_started_by_hand_keeps_state(home: Path, installed: Path) -> None:
    installed.write_text("videos: ~/Videos/TikTok\nlog: {format: json}\n")
    with running(installed) as service:
        service.wait_for("started")
        assert f"still runs, as process {service.pid}" in typed("uninstall", "--state", "--yes").failed()
        assert f"still runs, as process {service.pid}, so it was started by hand. End it too." in typed("uninstall").out
    assert (home / ".state" / "sorterd" / "journal.jsonl").exists()


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("by_hand", [True, False])
def test_only_what_no_manager_runs_is_said_to_be_started_by_hand(home: Path, managers: Managers, by_hand: bool) -> None:
    if not by_hand:
        managers.answer({"systemctl disable --now": (1, "", "Access denied\n")})
    with StateLock(home / ".state" / "sorterd"):
        said = typed("uninstall")
    assert said.code == 1
    assert "still runs, as process" in said.out
    assert ("started by hand" in said.out) == by_hand


@pytest.mark.parametrize("text", ["videos: [\n", None])
def test_a_config_that_is_gone_or_invalid_keeps_no_service_alive(home: Path, installed: Path, text: str | None) -> None:
    if text is None:
        installed.unlink()
    else:
        installed.write_text(text)
    assert "The service is stopped" in typed("uninstall").done()
    assert not list((home / ".config" / "systemd").rglob("*.service"))


def test_the_service_of_another_library_stays(home: Path, installed: Path) -> None:
    (home / "memes").mkdir()
    typed("setup", "--yes", "--name", "memes", str(home / "memes")).done()
    typed("uninstall", "--name", "memes").done()
    units = home / ".config" / "systemd" / "user"
    assert [path.name for path in units.glob("*.service")] == ["sorterd.service"]
    assert installed.exists()


@pytest.mark.parametrize(
    ("receipt", "command"),
    [
        ("uv-receipt.toml", "uv tool uninstall sorterd"),
        ("pipx_metadata.json", "pipx uninstall sorterd"),
        ("pyvenv.cfg", "-m pip uninstall sorterd"),
    ],
)
def test_the_program_is_removed_by_what_installed_it(tmp_path: Path, receipt: str, command: str) -> None:
    (tmp_path / receipt).write_text("")
    assert how_to_remove(tmp_path).endswith(command)
    assert how_to_add("desktop-notifier>=6", tmp_path).endswith(" 'desktop-notifier>=6'")


def test_a_script_gets_one_document(home: Path, installed: Path) -> None:
    assert "add --yes" in typed("uninstall", "--state", "--json").failed(2)
    told = typed("uninstall", "--state", "--yes", "--json").json
    unit = home / ".config" / "systemd" / "user" / "sorterd.service"
    assert (told["code"], told["services"], told["state"], told["pid"]) == (0, [str(unit)], True, None)
    assert any(str(installed) in line for line in told["stays"])


@pytest.mark.usefixtures("installed")
def test_an_edited_service_file_is_kept_beside_the_next_one(home: Path) -> None:
    unit = home / ".config" / "systemd" / "user" / "sorterd.service"
    for lines in ("[Service]\nCPUQuota=10%\n", "# mine\n", "# mine\n"):
        edited = unit.read_text() + lines
        unit.write_text(edited)
        said = typed("setup", "--yes").done()
        (kept,) = [path for path in unit.parent.glob("*.before-*") if path.read_text() == edited]
        assert f"It is kept as {kept}" in said
        assert "systemctl --user edit sorterd.service" in said
    assert len(list(unit.parent.glob("*.before-*"))) == 2, "the same one is kept once"
    assert "is kept as" not in typed("setup", "--yes").done(), "nothing was edited"
    assert str(unit.with_name("sorterd.service.before-1")) in typed("uninstall").done()


def test_the_state_of_another_library_stays(home: Path, installed: Path, videos: Path) -> None:
    (home / "memes").mkdir()
    second = installed.with_name("second.yaml")
    second.write_text("videos: ~/memes\n")  # and no state_dir: it was never run
    with closing(Store.open(home / ".state" / "sorterd")) as store:
        store.notes.put(VIDEOS, str(videos))
    assert f"is the state of {videos}" in asked(second, "uninstall", "--state", "--yes").failed()
    assert (home / ".state" / "sorterd" / "journal.jsonl").exists()


def test_each_service_for_the_config_goes(home: Path, installed: Path) -> None:
    asked(installed, "service", "install", "--name", "again").done()
    units = home / ".config" / "systemd" / "user"
    assert len(list(units.glob("*.service"))) == 2
    assert typed("uninstall").done().count("is removed.") == 2
    assert list(units.glob("*.service")) == []


@pytest.mark.parametrize("spelling", ["a link", ".."])
def test_the_service_is_found_by_another_path_of_its_config(home: Path, installed: Path, spelling: str) -> None:
    named = installed.parent / ".." / "sorterd" / "config.yaml"
    if spelling == "a link":
        named = home / "link.yaml"
        named.symlink_to(installed)
    asked(named, "uninstall").done()
    assert not list((home / ".config" / "systemd").rglob("*.service"))
