"""The commands that the pages show are carried out, one page after the other, for somebody with a small library."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
import yt_dlp

from docs.pages import Shown, commands
from sorterd.cli import main

NOT_RUN = yaml.safe_load((Path(__file__).parent / "not_run.yaml").read_text(encoding="utf-8"))
PATTERNS = [pattern for entry in NOT_RUN for pattern in entry["commands"]]
UNTIL_INTERRUPTED = ("sorterd review --web",)
MAKES = {
    "sorterd setup --yes --no-service ~/Videos/TikTok": ".config/sorterd/config.yaml",
    "sorterd run --once --dry-run": "Videos/TikTok/pasta.mp4",
    "sorterd run --once": "Videos/TikTok/cooking/pasta.mp4",
    "mv ~/Videos/TikTok/kick-off.mp4 ~/Videos/TikTok/cats/": "Videos/TikTok/cats/kick-off.mp4",
    "sorterd file --new ~/Videos/TikTok/midfield.mp4 football": "Videos/TikTok/football/midfield.mp4",
    "sorterd file --new cat1.mp4 cat2.mp4 cats": "Videos/TikTok/cats/cat2.mp4",
    "cp ~/.local/state/sorterd/journal.jsonl ~/.config/sorterd/config.yaml ~/backup/": "backup/journal.jsonl",
}
"""What must be there after a command, in the home folder."""
FOLDERS = ("beach", "cats", "cooking")
INBOX = {
    "pasta.mp4": "fried-potatoes.mp4",
    "sunday.mp4": "sunday-by-the-sea.mp4",
    "tabby.mp4": "cat-at-home.mp4",
    "waves.mp4": "waves.mp4",
    "kick-off.mp4": "kick-off.mp4",
    "midfield.mp4": "midfield.mp4",
    "new.mp4": "snow-train.mp4",
    "cat1.mp4": "moon-rocket.mp4",
    "cat2.mp4": "downtown.mp4",
}


def is_not_run(command: str) -> bool:
    return any(fnmatchcase(command, pattern) for pattern in PATTERNS)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home folder of somebody with three folders, some unsorted videos, and one that cannot be read."""
    samples = Path(str(files("sorterd.samples")))
    videos = tmp_path / "Videos" / "TikTok"
    for folder in FOLDERS:
        shutil.copytree(samples / folder, videos / folder, ignore=shutil.ignore_patterns(*INBOX))
    for name, sample in INBOX.items():
        shutil.copyfile(samples / sample, videos / name)
    (videos / "odd.mp4").write_bytes(b"no video")
    return tmp_path


def environment(home: Path) -> dict[str, str]:
    return {
        "HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "LANG": "C.UTF-8",
        "HF_ENDPOINT": "http://127.0.0.1:9",  # no model hub: the packaged models
        "BROWSER": "true",
    }


def called(command: str, capfd: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Call `sorterd` with the arguments that a shell would make of a command. Return its exit status and output.

    In this process, which has loaded the libraries: as programs of their own the commands take half a minute more.
    """
    words = [str(Path(word).expanduser()) if word.startswith("~/") else word for word in shlex.split(command)[1:]]
    try:
        code = main(words)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    return code, "".join(capfd.readouterr())


def typed(command: str, home: Path) -> tuple[int, str]:
    """Type a command in the folder of videos. Return its exit status and output."""
    process = subprocess.Popen(
        ["bash", "-c", f"exec {command}" if command in UNTIL_INTERRUPTED else command],
        cwd=home / "Videos" / "TikTok",
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    assert process.stdout is not None
    said = ""
    try:
        if command in UNTIL_INTERRUPTED:
            said = process.stdout.readline()
            process.send_signal(signal.SIGINT)
        said += process.communicate(timeout=120)[0]
    finally:
        process.kill()
    code = process.returncode
    return 0 if command in UNTIL_INTERRUPTED and code == 130 else code, said


def test_every_command_does_what_its_page_says(
    home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home / "Videos" / "TikTok")
    monkeypatch.delenv("XDG_STATE_HOME")
    for name, value in environment(home).items():
        monkeypatch.setenv(name, value)
    wrong: list[str] = []
    done: set[str] = set()
    for shown in commands():
        if shown.text in done or is_not_run(shown.text):
            continue
        done.add(shown.text)
        by_shell = shown.text in UNTIL_INTERRUPTED or not shown.text.startswith("sorterd ")
        code, said = typed(shown.text, home) if by_shell else called(shown.text, capfd)
        problem = "" if code == 0 and "Traceback" not in said else f"ended with {code}:\n{said}"
        if not problem and shown.text in MAKES and not (home / MAKES[shown.text]).exists():
            problem = f"has not made {MAKES[shown.text]}"
        if problem:
            wrong.append(f"{shown} {problem}")
    assert not wrong, "\n".join(wrong)
    assert done >= MAKES.keys()


@pytest.mark.parametrize("pattern", PATTERNS)
def test_what_is_not_run_is_in_a_page(pattern: str) -> None:
    assert any(fnmatchcase(shown.text, pattern) for shown in commands())


@pytest.mark.parametrize("shown", [one for one in commands() if one.text.startswith("yt-dlp ")], ids=str)
def test_every_option_of_yt_dlp_is_one_that_it_has(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/nonexistent")  # the person who runs the tests may have a config of their own
    monkeypatch.setenv("XDG_CONFIG_HOME", "/nonexistent")
    parsed = yt_dlp.parse_options(shlex.split(shown.text)[1:])
    assert len(parsed.urls) == 1
    assert parsed.ydl_opts["download_archive"]
    if "/collection/" in parsed.urls[0]:
        assert yt_dlp.extractor.get_info_extractor("TikTokCollection").suitable(parsed.urls[0])
