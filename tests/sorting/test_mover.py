"""Our own moves with real files and a real journal. What a crash cuts short: test_cut_short.py."""

import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest
from support.disks import small_disk
from support.workspace import Workspace, when_planned

from sorterd.library.move import MoveFailed
from sorterd.library.plan import MoveRefused
from sorterd.store.anchors import StateGone
from sorterd.store.database import StoreError
from sorterd.store.journal import Entry
from sorterd.store.store import DATABASE

VIDEO = {"a.mp4": b"one", "a.jpg": b"picture", "cats": {}}
MOVED = {"cats": {"a.mp4": b"one", "a.jpg": b"picture"}}


def with_video(workspace: Workspace) -> Workspace:
    workspace.take_in(VIDEO)
    return workspace


def entry(workspace: Workspace, number: int = 1) -> Entry:
    found = workspace.store.journal.get(number)
    assert found is not None
    return found


def rejections(workspace: Workspace) -> dict[str, set[str]]:
    return {content: set(folders) for content, folders in workspace.store.files.rejections().items()}


def test_a_sorted_video_lies_in_its_folder_with_its_sidecars_and_a_label_of_ours(workspace: Workspace) -> None:
    with_video(workspace).sort("a.mp4")
    assert workspace.on_disk() == MOVED
    assert workspace.known() == {"cats/a.mp4": "auto"}
    assert workspace.store.files.labels() == {}
    made = entry(workspace)
    assert (made.kind, made.step, made.source, made.destination) == ("sort", "done", "a.mp4", "cats/a.mp4")
    assert (made.confidence, made.reason, made.at) == (0.9, "looks like it", workspace.clock.now)


def test_our_own_move_is_not_news_to_the_next_sync(workspace: Workspace) -> None:
    with_video(workspace).sort("a.mp4")
    assert workspace.synchronize().changes == ()
    workspace.restart()
    assert workspace.synchronize().changes == ()


def test_a_move_to_another_disk_is_not_news_to_the_next_sync(workspace: Workspace) -> None:
    with small_disk(workspace.root / "cats"):
        with_video(workspace).sort("a.mp4")
        assert workspace.on_disk() == MOVED
        assert workspace.synchronize(should_stop=lambda: pytest.fail("our own copy was read")).changes == ()


def test_a_taken_name_is_left_alone_where_the_user_wants_that(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "videos", tmp_path / "state", on_conflict="skip")
    workspace.take_in({"a.mp4": b"one", "cats": {"a.mp4": b"other"}})
    with pytest.raises(MoveRefused, match="is taken in the folder cats"):
        workspace.sort("a.mp4")
    assert workspace.known() == {"a.mp4": None, "cats/a.mp4": "user"}
    workspace.close()


def test_a_name_that_is_taken_at_the_last_moment_is_planned_again(workspace: Workspace) -> None:
    name = "caf\udce9.mp4"  # not UTF-8: the journal must be able to say what was wrong with it
    workspace.take_in({name: b"one", "cats": {}})
    when_planned(workspace, lambda: (workspace.root / "cats" / name).write_bytes(b"quicker"))
    assert workspace.sort(name).plan.destination == "cats/caf\udce9 (2).mp4"
    assert workspace.on_disk() == {"cats": {name: b"quicker", "caf\udce9 (2).mp4": b"one"}}
    assert (entry(workspace, 1).step, entry(workspace, 2).step) == ("failed", "done")
    assert r"cats/caf\xe9.mp4 was taken" in entry(workspace, 1).reason


def test_a_video_that_changes_at_the_last_moment_stays_and_the_journal_says_why(workspace: Workspace) -> None:
    with_video(workspace)
    when_planned(workspace, lambda: (workspace.root / "a.mp4").write_bytes(b"changed"))
    with pytest.raises(MoveFailed, match="changed while it was about to be moved"):
        workspace.sort("a.mp4")
    assert entry(workspace).step == "failed"
    assert workspace.on_disk() == {**VIDEO, "a.mp4": b"changed"}


def test_a_video_that_is_no_longer_what_was_looked_at_is_not_even_planned(workspace: Workspace) -> None:
    with_video(workspace)
    (workspace.root / "a.mp4").write_bytes(b"changed")
    with pytest.raises(MoveRefused, match="changed since it was looked at"):
        workspace.sort("a.mp4")
    assert workspace.store.journal.get(1) is None


def test_a_video_that_somebody_has_opened_for_writing_since_it_was_looked_at_stays(workspace: Workspace) -> None:
    with_video(workspace)
    with (workspace.root / "a.mp4").open("ab"), pytest.raises(MoveRefused, match=r"somebody is writing to a\.mp4"):
        workspace.sort("a.mp4")
    assert workspace.on_disk() == VIDEO


def test_a_video_whose_download_goes_on_since_it_was_looked_at_stays(workspace: Workspace) -> None:
    with_video(workspace)
    workspace.lay_out({"a.mp4.aria2": b""})
    with pytest.raises(MoveRefused, match=r"a\.mp4\.aria2 beside it says that it is not whole yet"):
        workspace.sort("a.mp4")


def test_nothing_is_moved_over_what_the_user_has_just_taken_from_there(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "cats": {"a.mp4": b"other"}, "dogs": {}})
    workspace.drag("cats/a.mp4", "dogs/a.mp4")  # not looked at yet: we still know it in cats
    with pytest.raises(MoveRefused, match="has to be looked at first"):
        workspace.sort("a.mp4")
    workspace.synchronize()
    assert rejections(workspace) == {workspace.content("dogs/a.mp4"): {"cats"}}
    assert workspace.sort("a.mp4").plan.destination == "cats/a.mp4"


def test_nothing_is_moved_into_a_folder_that_only_has_the_name_of_the_one_we_know(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"one", "cats": {"c.mp4": b"other"}})
    workspace.drag("cats", "felines")
    workspace.lay_out({"cats": {}})  # neither is looked at yet
    with pytest.raises(MoveRefused, match="has to be looked at first"):
        workspace.sort("a.mp4")
    workspace.synchronize()
    workspace.sort("a.mp4")
    workspace.synchronize()
    assert workspace.known() == {"cats/a.mp4": "auto", "felines/c.mp4": "user"}


def test_a_move_that_cannot_be_written_down_is_not_made(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    with small_disk(tmp_path / "state", "1m") as disk:
        workspace = with_video(Workspace(tmp_path / "videos", tmp_path / "state"))
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while file.write(b"0" * 512):
                pass

        def sort_on_and_on() -> None:  # the log of the database may have had room for one more
            for number in range(1000):
                workspace.take_in({f"{number}.mp4": b"%d" % number})
                workspace.sort(f"{number}.mp4")

        with pytest.raises((sqlite3.OperationalError, StoreError)):
            sort_on_and_on()
        filler.unlink()
        workspace.restart()
        workspace.synchronize(settle_moves=workspace.mover.recover)
        holds = {path: workspace.at(path).fingerprint for path in workspace.known()}
        assert holds == {path: workspace.content(path) for path in holds}
        assert workspace.store.files.labels() == {}
        assert workspace.store.journal.unfinished() == []
        workspace.close()


def test_a_move_is_not_made_once_the_database_is_another_file_than_the_one_in_use(workspace: Workspace) -> None:
    with_video(workspace)
    (workspace.state / DATABASE).rename(workspace.state / "aside")
    with pytest.raises(StateGone):
        workspace.sort("a.mp4")
    assert workspace.on_disk() == VIDEO
