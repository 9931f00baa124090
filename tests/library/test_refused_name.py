"""Names that the disk of a category refuses. This is found out before a video is copied, and said in plain words.

The refusals of exFAT, NTFS and SMB are simulated at the system calls. A name of more than 255 bytes is refused by the
real disk.
"""

import errno
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from support.faults import as_if_disk_refused, as_if_other_disk
from support.tree import id_of, make, read

from sorterd.library import copy
from sorterd.library.layout import LayoutRules
from sorterd.library.locked import is_locked
from sorterd.library.move import MoveFailed, MoveResult, NameTaken, carry_out
from sorterd.library.plan import plan_move

RULES = LayoutRules()


def windows(name: str) -> int | None:
    return errno.EINVAL if any(letter in '"*:<>?|\\' or letter < " " for letter in name) else None


def latin(name: str) -> int | None:
    return errno.EINVAL if any(letter > "\xff" for letter in name) else None


def utf8(name: str) -> int | None:
    return errno.EILSEQ if any("\udc80" <= letter <= "\udcff" for letter in name) else None


def reserved(name: str) -> int | None:
    return errno.EACCES if name.lower().partition(".")[0] in ("con", "aux", "lpt1") else None


def blank(name: str) -> int | None:
    return errno.ENOENT if name.rpartition(".")[0].endswith(" ") else None


def short(name: str) -> int | None:
    return errno.ENAMETOOLONG if len(os.fsencode(name)) > 143 else None  # ecryptfs


def never(name: str) -> int | None:
    return errno.EINVAL if "secret" in name else None


def move(root: Path, source: str) -> MoveResult:
    plan = plan_move(root, source, "cats", id_of(root / source), rules=RULES)
    return carry_out(root, plan, lambda _: None)


@pytest.mark.parametrize("disk", ["same disk", "other disk"])
@pytest.mark.parametrize(
    ("name", "refusal", "words"),
    [
        ("POV: what is this? | pasta.mp4", windows, "has ':', '?' and '|' in it, which that disk refuses; rename it"),
        ("what?.mp4", windows, "has '?' in it"),
        ("two\nlines.mp4", windows, "has a line break in it"),
        ("bell\x07.mp4", windows, "has the character U+0007 in it"),
        ("\U0001f600 funny.mp4", latin, "has '\U0001f600' in it"),
        ("caf\udce9.mp4", utf8, "has the byte 0xe9 (not UTF-8) in it"),
        ("CON.mp4", reserved, "is reserved on that disk, as CON is on Windows; give it another"),
        ("Aux.tar.mp4", reserved, "is reserved"),
        ("wait .mp4", blank, "ends with a dot or a blank"),
        ("n" * 200 + ".mp4", short, "is 204 characters long, which is too much for that disk; give it a shorter one"),
        ("my secret.mp4", never, "is refused by that disk; give it a plainer one"),
    ],
)
def test_a_name_that_a_disk_refuses_is_explained_before_anything_is_copied(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    disk: str,
    name: str,
    refusal: Callable[[str], int | None],
    words: str,
) -> None:
    make(tmp_path, {name: b"video", "cats": {}})
    as_if_disk_refused(monkeypatch.setattr, tmp_path / "cats", refusal)
    if disk == "other disk":
        as_if_other_disk(monkeypatch.setattr)
    monkeypatch.setattr(copy, "_write", lambda *_: pytest.fail("a film was copied for nothing"))
    with pytest.raises(MoveFailed) as caught:
        move(tmp_path, name)
    assert words in str(caught.value)
    assert caught.value.lasting
    assert str(caught.value).startswith("its name ")
    assert read(tmp_path) == {name: b"video", "cats": {}}


def test_a_sidecar_whose_name_is_refused_stays_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {"a.mp4": b"video", "a.what?.txt": b"1", "a.jpg": b"2", "cats": {}})
    as_if_disk_refused(monkeypatch.setattr, tmp_path / "cats", windows)
    left = move(tmp_path, "a.mp4").left
    assert [(path, "has '?' in it" in reason) for path, reason in left] == [("a.what?.txt", True)]
    assert read(tmp_path) == {"a.what?.txt": b"1", "cats": {"a.mp4": b"video", "a.jpg": b"2"}}


def test_a_folder_in_which_nothing_can_be_made_is_not_the_names_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, {"a?.mp4": b"video", "cats": {}})
    as_if_disk_refused(monkeypatch.setattr, tmp_path / "cats", lambda _: errno.EACCES)
    as_if_other_disk(monkeypatch.setattr)
    with pytest.raises(MoveFailed, match="may not write into cats"):
        move(tmp_path, "a?.mp4")


def test_a_name_taken_on_another_disk_is_noticed_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {"a.mp4": b"video", "cats": {}})
    plan = plan_move(tmp_path, "a.mp4", "cats", id_of(tmp_path / "a.mp4"), rules=RULES)
    make(tmp_path, {"cats": {"a.mp4": b"quicker"}})
    as_if_other_disk(monkeypatch.setattr)
    monkeypatch.setattr(copy, "_write", lambda *_: pytest.fail("a film was copied for nothing"))
    with pytest.raises(NameTaken):
        carry_out(tmp_path, plan, lambda _: None)


@pytest.mark.parametrize("disk", ["same disk", "other disk"])
@pytest.mark.parametrize(
    ("what", "lock"), [("a.mp4", "i"), ("a.mp4", "a"), (".", "i"), (".", "a"), ("cats", "i"), ("cats", "a")]
)
def test_a_locked_video_is_not_copied_for_nothing_and_the_reason_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, disk: str, what: str, lock: str
) -> None:
    make(tmp_path, {"a.mp4": b"video", "cats": {}})
    try:
        if subprocess.run(["chattr", f"+{lock}", str(tmp_path / what)], capture_output=True, check=False).returncode:
            pytest.skip("no file can be locked here")
    except FileNotFoundError:
        pytest.skip("there is no chattr here")
    try:
        if disk == "other disk":
            as_if_other_disk(monkeypatch.setattr)
        monkeypatch.setattr(copy, "_write", lambda *_: pytest.fail("a film was copied for nothing"))
        if (disk, what, lock) == ("same disk", "cats", "a"):  # such a folder accepts new files
            move(tmp_path, "a.mp4")
            return
        words = "cats is locked; " if what == "cats" else "a.mp4 or the folder in which it lies is locked; "
        with pytest.raises(MoveFailed, match=f"^{words}.*chattr") as caught:
            move(tmp_path, "a.mp4")
        assert caught.value.lasting
    finally:
        subprocess.run(["chattr", f"-{lock}", str(tmp_path / what)], check=True)
    assert read(tmp_path) == {"a.mp4": b"video", "cats": {}}


def test_a_lock_is_read_from_the_flags_of_the_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "a").open("wb") as file:
        for flags, locked in ((0, False), (0x10, True), (0x20, True), (0x80000, False), (0x80010, True)):
            answer = flags.to_bytes(4, "little") + bytes(4)
            monkeypatch.setattr("fcntl.ioctl", lambda *_, answer=answer: answer)
            assert is_locked(file.fileno()) == locked
