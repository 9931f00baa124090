"""Moves that a crash cuts short, at any step, and what becomes of them at the next start."""

import os
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from support.disks import as_nobody, dead_mount, small_disk
from support.faults import as_if_other_disk
from support.killed import killed_at_every_step
from support.running import Running, Words
from support.small_process import in_small_process
from support.workspace import Workspace

from sorterd.activity import Fault
from sorterd.library.endpoints import Ends
from sorterd.sorting.mover import MoveUnclear
from sorting.test_mover import MOVED, VIDEO, entry, with_video


def holds_together(workspace: Workspace, content: str) -> None:
    """After a crash and a recovery: one whole video, in step with the store, and nobody takes us for the user."""
    assert workspace.store.journal.unfinished() == []
    assert workspace.synchronize().changes == ()
    lies_at = [path for path in workspace.known() if (workspace.root / path).exists()]
    assert len(lies_at) == 1
    assert workspace.content(lies_at[0]) == content
    assert workspace.store.files.labels() == {}
    assert not any(path.name.startswith(".") for path in (workspace.root / "cats").iterdir())


def prepared(tmp_path: Path, *, moved: bool = False) -> Callable[[], Workspace]:
    numbers = count()

    def prepare() -> Workspace:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        workspace = with_video(Workspace(folder / "videos", folder / "state"))
        if moved:
            workspace.sort("a.mp4")
        return workspace

    return prepare


def undo(workspace: Workspace) -> None:
    workspace.mover.undo(entry(workspace))


@pytest.mark.parametrize("disk", ["same disk", "other disk"])
@pytest.mark.parametrize("act", ["sort", "undo"])
@in_small_process
def test_killed_at_any_step_and_recovered_everything_holds(tmp_path: Path, disk: str, act: str) -> None:
    steps = 0
    doing: Callable[[Workspace], object] = undo if act == "undo" else lambda workspace: workspace.sort("a.mp4")
    for workspace in killed_at_every_step(prepared(tmp_path, moved=act == "undo"), doing, disk):
        steps += 1
        (content,) = {file.fingerprint for file in workspace.store.files.known().files.values()}
        workspace.mover.recover()
        holds_together(workspace, content)
        if act == "undo" and "a.mp4" in workspace.known():
            assert entry(workspace).undone
            assert workspace.store.files.held() == {content}
        assert workspace.mover.recover() == []
        workspace.close()
    assert steps > 4


@in_small_process
def test_killed_at_any_step_of_the_recovery_too_everything_holds(tmp_path: Path) -> None:
    """A crash after the rename, before it was recorded; and then the recovery is cut short as well."""

    prepare = prepared(tmp_path)
    for workspace in killed_at_every_step(lambda: cut_short(prepare()), lambda workspace: workspace.mover.recover()):
        workspace.mover.recover()
        holds_together(workspace, workspace.content("cats/a.mp4"))
        assert workspace.known() == {"cats/a.mp4": "auto"}
        workspace.close()


def cut_short(workspace: Workspace, before: str = "sorterd.sorting.mover.Mover._record") -> Workspace:
    """Leave a move that was carried out on disk and written down, but not recorded; or one that came less far."""

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(before, die)
        with pytest.raises(KeyboardInterrupt):
            workspace.sort("a.mp4")
    return workspace


def test_what_replaced_our_copy_is_not_taken_for_it(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    as_if_other_disk(monkeypatch.setattr)
    workspace.lay_out({"b.mp4": b"two", "c.mp4": b"three"})
    cut_short(with_video(workspace))
    (workspace.root / "cats/a.mp4").write_bytes(b"trimmed by the user")
    workspace.synchronize(settle_moves=workspace.mover.recover)
    assert workspace.at("cats/a.mp4").fingerprint == workspace.content("cats/a.mp4")


def test_a_sidecar_that_cannot_follow_after_the_crash_is_told_of(workspace: Workspace) -> None:
    cut_short(with_video(workspace))
    workspace.drag("cats/a.jpg", "a.jpg")  # as if the crash had come before it followed
    workspace.lay_out({"cats": {"a.jpg": b"theirs"}})
    running = Running(workspace, Words(workspace.clock)).run()
    assert workspace.on_disk() == {"a.jpg": b"picture", "cats": {"a.mp4": b"one", "a.jpg": b"theirs"}}
    assert "a.jpg" in [trouble.path for trouble in running.heard(Fault)]


def test_sidecars_that_had_not_followed_at_the_crash_do_so_afterwards(workspace: Workspace) -> None:
    cut_short(with_video(workspace), before="sorterd.library.move._move_sidecars")
    assert workspace.on_disk() == {"a.jpg": b"picture", "cats": {"a.mp4": b"one"}}
    workspace.mover.recover()
    assert workspace.on_disk() == MOVED


def test_half_a_copy_is_cleared_away_wherever_the_user_has_taken_its_folder(workspace: Workspace) -> None:
    cut_short(with_video(workspace), before="sorterd.sorting.mover.carry_out")
    (workspace.root / "cats" / Ends(0, "a.mp4", 0, "a.mp4").part).write_bytes(b"o")
    workspace.drag("cats", "felines")
    workspace.mover.recover()
    assert workspace.on_disk() == {"a.mp4": b"one", "a.jpg": b"picture", "felines": {}}


def test_what_a_recovery_has_put_right_is_not_news_to_its_sync(workspace: Workspace) -> None:
    """Where names are moved as hard links, a crash leaves both of them."""
    cut_short(with_video(workspace))
    (workspace.root / "a.mp4").hardlink_to(workspace.root / "cats/a.mp4")
    assert workspace.synchronize(settle_moves=workspace.mover.recover).changes == ()
    assert workspace.known() == {"cats/a.mp4": "auto"}


def test_what_the_user_did_with_a_video_after_the_crash_counts(workspace: Workspace) -> None:
    cut_short(with_video(workspace))
    workspace.lay_out({"dogs": {}})
    workspace.drag("cats/a.mp4", "dogs/a.mp4")
    workspace.mover.recover()
    workspace.synchronize()
    assert workspace.known() == {"dogs/a.mp4": "user"}


def test_a_video_whose_folder_was_renamed_after_the_crash_is_still_ours(workspace: Workspace) -> None:
    cut_short(with_video(workspace))
    workspace.drag("cats", "felines")
    workspace.synchronize(settle_moves=workspace.mover.recover)
    assert workspace.known() == {"felines/a.mp4": "auto"}
    assert entry(workspace).step == "done"


def test_a_video_in_a_folder_renamed_after_the_crash_is_ours_also_on_another_disk_number(workspace: Workspace) -> None:
    cut_short(with_video(workspace))
    workspace.drag("cats", "felines")
    for table in ("files", "categories", "moves"):
        workspace.store.connection.execute(f"UPDATE {table} SET device = device + 7")
    workspace.synchronize(settle_moves=workspace.mover.recover)
    assert workspace.known() == {"felines/a.mp4": "auto"}


def test_a_move_cut_short_is_not_settled_while_the_disk_is_away(workspace: Workspace) -> None:
    """The mount point is an empty folder, the service starts before the disk is there."""
    cut_short(with_video(workspace))
    workspace.root.rename(workspace.root.with_name("elsewhere"))
    workspace.root.mkdir()
    workspace.restart()
    assert workspace.synchronize(settle_moves=workspace.mover.recover).doubt is not None
    workspace.root.rmdir()
    workspace.root.with_name("elsewhere").rename(workspace.root)
    assert workspace.synchronize(settle_moves=workspace.mover.recover).changes == ()
    assert workspace.known() == {"cats/a.mp4": "auto"}


def test_a_move_to_a_disk_that_is_away_now_is_not_settled(workspace: Workspace) -> None:
    """The video was copied there, and the original removed; then the power failed, and the disk is not mounted yet."""
    workspace.lay_out({"a.mp4": b"one", "dogs": {"d.mp4": b"dog"}, "cats": {}})
    with small_disk(workspace.root / "cats"):
        workspace.synchronize()
        cut_short(workspace)
        assert not (workspace.root / "a.mp4").exists()
    workspace.restart()
    for _ in range(2):
        with pytest.raises(MoveUnclear, match="its folder is away"):
            workspace.synchronize(settle_moves=workspace.mover.recover)
    assert len(workspace.store.journal.unfinished()) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="needs a user who may less than this one")
def test_a_move_whose_folders_cannot_be_looked_at_stays_open(shared_workspace: Workspace) -> None:
    cut_short(with_video(shared_workspace))
    (shared_workspace.root / "cats").chmod(0)
    with as_nobody(), pytest.raises(MoveUnclear, match=r"a\.mp4 was being moved"):
        shared_workspace.mover.recover()
    shared_workspace.mover.recover()
    holds_together(shared_workspace, shared_workspace.content("cats/a.mp4"))


def test_a_dead_mount_elsewhere_does_not_keep_a_move_that_was_not_begun_unsettled(workspace: Workspace) -> None:
    workspace.take_in({**VIDEO, "dogs": {}})
    workspace.begin_move("a.mp4", "cats/a.mp4")
    with dead_mount(workspace.root / "dogs"):
        workspace.synchronize(settle_moves=workspace.mover.recover)
    assert entry(workspace).step == "failed"
    assert workspace.known() == {"a.mp4": None}
