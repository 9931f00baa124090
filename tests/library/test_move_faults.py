"""A move is killed, or one of its system calls fails, at every single step. Nothing is lost or left in two places."""

import errno
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.faults import WAYS, before_each_change, killed, move_the_way
from support.small_process import in_small_process
from support.tree import id_of, make, read

from sorterd.library.junk import is_own_part
from sorterd.library.layout import LayoutRules
from sorterd.library.move import MoveFailed, carry_out, recover, remove_stale_parts
from sorterd.library.plan import MovePlan, plan_move

VIDEO, PICTURE, SUBTITLES = b"the video", b"its thumbnail", b""  # an empty file can be a sidecar too
BEFORE = {"a.mp4": VIDEO, "a.jpg": PICTURE, "a.srt": SUBTITLES, "cats": {}, "dogs": {}}
AFTER = {"cats": {"a.mp4": VIDEO, "a.jpg": PICTURE, "a.srt": SUBTITLES}, "dogs": {}}


class Library:
    """A root with one planned move, and the journal's last step in a file beside it."""

    def __init__(self, folder: Path) -> None:
        self.root = make(folder / "videos", BEFORE)
        self._journal = folder / "journal"
        self.plan: MovePlan = plan_move(self.root, "a.mp4", "cats", id_of(self.root / "a.mp4"), rules=LayoutRules())

    def carry_out(self) -> None:
        carry_out(self.root, self.plan, self._write)

    def recover(self) -> str:
        return recover(self.root, self.plan, self._journal.read_text() if self._journal.exists() else "")

    def contents(self) -> Counter[bytes]:
        """Return how many visible names each content has. An empty file counts as no content."""
        files = [path for path in self.root.rglob("*") if path.is_file() and not is_own_part(path.name)]
        return Counter(content for path in files if (content := path.read_bytes()))

    def _write(self, step: str) -> None:
        part = self._journal.with_name("journal.part")
        part.write_text(step)
        os.rename(part, self._journal)  # noqa: PTH104 - counted as a change of the disk


@pytest.mark.parametrize(("disk", "way"), WAYS)
@in_small_process
def test_killed_at_any_step_a_move_is_finished_or_taken_back(tmp_path: Path, disk: str, way: str) -> None:
    outcomes = set()
    for step in count():
        library = Library(_fresh(tmp_path, step))
        died = killed(step, library.carry_out, lambda: move_the_way(setattr, disk, way))
        outcome = library.recover()
        assert read(library.root) == {"done": AFTER, "not done": BEFORE}[outcome], f"killed at step {step}"
        assert library.recover() == outcome
        outcomes.add(outcome)
        if not died:
            break
    assert outcomes == {"done", "not done"}
    assert step >= (6 if disk == "same disk" else 20)


@in_small_process
@settings(max_examples=int(os.environ.get("SORTERD_EXAMPLES", "100")))
@given(
    way=st.sampled_from(WAYS),
    steps=st.lists(st.integers(0, 40), min_size=1, max_size=4),
    user=st.lists(st.sampled_from(["takes the name", "edits", "deletes the source", "drags the source",
                                   "drags the target", "takes a sidecar's name", "replaces the source"]), max_size=2),
)  # fmt: skip
def test_kills_with_a_user_in_between_lose_nothing(way: tuple[str, str], steps: list[int], user: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder))
        killed(steps[0], library.carry_out, lambda: move_the_way(setattr, *way))
        for action in user:
            _user(library.root, action)
        before = library.contents()
        for step in steps[1:]:
            killed(step, library.recover, lambda: move_the_way(setattr, *way))
        outcome = library.recover()
        after = library.contents()
        assert set(after) == set(before)
        assert all(after[content] <= before[content] for content in after)
        if not user:
            assert after == Counter([VIDEO, PICTURE])
            assert read(library.root) == {"done": AFTER, "not done": BEFORE}[outcome]
        remove_stale_parts(library.root)
        assert library.contents() == after
        assert not [path for path in library.root.rglob("*") if is_own_part(path.name)]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES])
@pytest.mark.parametrize(("disk", "way"), WAYS)
def test_whichever_system_call_fails_the_video_is_whole_at_one_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, disk: str, way: str, number: int
) -> None:
    failed = 0
    for step in count():
        library = Library(_fresh(tmp_path, step))
        changes = count()

        def maybe_fail(name: str, half: Callable[[], None], changes: Iterator[int] = changes, at: int = step) -> None:
            if next(changes) == at:
                half()
                raise OSError(number, os.strerror(number), name)

        with monkeypatch.context() as patch:
            move_the_way(patch.setattr, disk, way)
            before_each_change(patch.setattr, maybe_fail)
            error = _error_of(library.carry_out)
        arrived = error is None
        if isinstance(error, MoveFailed):
            assert error.transient
        elif isinstance(error, OSError):
            assert error.filename == "rename"  # raised by the journal and passed on
        failed += not arrived
        remove_stale_parts(library.root)
        assert library.contents() == Counter([VIDEO, PICTURE])
        assert (library.root / ("cats/a.mp4" if arrived else "a.mp4")).read_bytes() == VIDEO
        if not arrived:
            assert read(library.root) == BEFORE
        if next(changes) <= step:
            break
    assert failed


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EIO, errno.ETIMEDOUT])
@pytest.mark.parametrize(("disk", "way"), [("other disk", "exclusive rename"), ("same disk", "hard link")])
def test_a_removal_that_happened_but_is_reported_as_failed_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, disk: str, way: str, number: int
) -> None:
    """On network file systems the answer to a removal may get lost.

    The removal is sent again, and the file is gone by then.
    """
    library = Library(tmp_path)
    move_the_way(monkeypatch.setattr, disk, way)
    unlink = os.unlink

    def unlinked_and_failed(name: str, *, dir_fd: int) -> None:
        unlink(name, dir_fd=dir_fd)
        if os.path.samestat(os.fstat(dir_fd), library.root.stat()):
            raise OSError(number, os.strerror(number), name)

    monkeypatch.setattr(os, "unlink", unlinked_and_failed)
    library.carry_out()
    assert read(library.root) == AFTER


def _error_of(action: Callable[[], object]) -> Exception | None:
    try:
        action()
    except (MoveFailed, OSError) as error:
        return error
    return None


def _user(root: Path, action: str) -> None:
    source, target = root / "a.mp4", root / "cats/a.mp4"
    match action:
        case "takes the name" if not target.exists():
            target.write_bytes(b"theirs")
        case "edits" if source.exists():
            source.write_bytes(b"edited by the user")
        case "deletes the source" if source.exists():
            source.unlink()
        case "drags the source" if source.exists():
            source.rename(root / "dogs/a.mp4")
        case "drags the target" if target.exists():
            target.rename(root / "dogs/b.mp4")
        case "takes a sidecar's name" if not (root / "cats/a.jpg").exists():
            (root / "cats/a.jpg").write_bytes(b"theirs")
        case "replaces the source" if source.exists():
            source.rename(root / "old.mp4")
            source.write_bytes(b"new one")


def _fresh(tmp_path: Path, number: int) -> Path:
    folder = tmp_path / str(number)
    folder.mkdir()
    return folder
