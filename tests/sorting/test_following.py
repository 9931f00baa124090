"""Sidecars that lie where their video was: they follow it, once, and only when nobody is at them."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.workspace import Workspace

from sorterd.activity import Activity, Fault, Note
from sorting.sidecars import SETTLE, follow, following, left
from sorting.test_failed_moves import denied
from sorting.test_mover import entry

ALL = {"cats": {"a.mp4": b"video", "a.info.json": b"{}", "a.mp4.xmp": b"x", "a-thumb.jpg": b"t"}}


def test_what_the_user_left_behind_follows_once_the_drag_is_over(dragged: Workspace) -> None:
    one = following(dragged)
    assert one.follow(dragged.clock(), moving=True) == 0
    assert one.next_try() == pytest.approx(dragged.clock() + SETTLE)
    dragged.clock.advance(SETTLE)
    assert one.follow(dragged.clock(), moving=True) == 3
    assert dragged.on_disk() == ALL
    assert one.next_try() is None
    made = [entry(dragged, number) for number in (1, 2, 3)]
    assert {(move.kind, move.step) for move in made} == {("follow", "done")}
    assert {move.fingerprint for move in made} == {dragged.content("cats/a.mp4")}
    assert dragged.synchronize().changes == ()


def test_where_the_user_does_not_want_it_they_are_counted(dragged: Workspace) -> None:
    assert follow(dragged, following(dragged, after_user=False)) == 0
    assert left(dragged).keys() == {"a-thumb.jpg", "a.info.json", "a.mp4.xmp"}
    assert "move.sidecars_follow_user is off" in left(dragged)["a.info.json"]
    dragged.drag("cats/a.mp4", "a.mp4")
    dragged.synchronize()
    follow(dragged, following(dragged, after_user=False))
    assert left(dragged) == {}


def test_while_nothing_is_to_be_moved_nothing_follows(dragged: Workspace) -> None:
    one = following(dragged)
    dragged.clock.advance(2 * SETTLE)
    assert one.follow(dragged.clock(), moving=False) == 0
    assert (dragged.root / "a.info.json").exists()


def test_a_copy_that_is_followed_by_a_removal_is_a_drag_too(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"video", "a.srt": b"s", "cats": {}})
    (workspace.root / "cats/a.mp4").write_bytes(b"video")
    workspace.synchronize()
    assert follow(workspace) == 0
    (workspace.root / "a.mp4").unlink()
    workspace.synchronize()
    assert follow(workspace) == 1
    assert workspace.on_disk() == {"cats": {"a.mp4": b"video", "a.srt": b"s"}}


def test_a_video_that_got_another_name_on_the_way_gives_it_to_its_sidecars(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"video", "a.en.srt": b"s", "a.mp4.xmp": b"x", "cats": {"sub": {}}})
    workspace.drag("a.mp4", "cats/sub/kitten.mp4")
    workspace.synchronize()
    assert follow(workspace) == 2
    assert workspace.on_disk() == {
        "cats": {"sub": {"kitten.mp4": b"video", "kitten.en.srt": b"s", "kitten.mp4.xmp": b"x"}}
    }


RENAMES = {
    "moved under another name": ["cats/kitten.mp4"],
    "renamed, then moved": ["tmp.mp4", "cats/kitten.mp4"],
    "moved, then renamed": ["cats/a.mp4", "cats/kitten.mp4"],
    "moved in three steps": ["dogs/tmp.mp4", "cats/tmp 2.mp4", "cats/kitten.mp4"],
    "renamed to what a program would call it, then moved": ["a (1).mp4", "cats/kitten.mp4"],
}


@pytest.mark.parametrize("steps", RENAMES.values(), ids=RENAMES)
def test_a_video_that_goes_in_several_steps_is_followed_under_its_last_name(
    workspace: Workspace, steps: list[str]
) -> None:
    workspace.take_in({"a.mp4": b"video", "a.en.srt": b"s", "a.mp4.xmp": b"x", "cats": {}, "dogs": {}})
    for before, after in pairwise(["a.mp4", *steps]):
        workspace.drag(before, after)
        workspace.synchronize()
    assert follow(workspace) == 2
    kitten = {"kitten.mp4": b"video", "kitten.en.srt": b"s", "kitten.mp4.xmp": b"x"}
    assert workspace.on_disk() == {"cats": kitten, "dogs": {}}


def test_a_video_that_is_renamed_in_its_folder_keeps_its_sidecars(workspace: Workspace) -> None:
    workspace.take_in({"cats": {"a.mp4": b"video", "a.info.json": b"{}"}})
    workspace.drag("cats/a.mp4", "cats/kitten.mp4")
    workspace.synchronize()
    assert follow(workspace) == 1
    assert workspace.on_disk() == {"cats": {"kitten.mp4": b"video", "kitten.info.json": b"{}"}}
    workspace.drag("cats/kitten.mp4", "cats/a.mp4")
    workspace.synchronize()
    assert follow(workspace) == 1
    assert workspace.on_disk() == {"cats": {"a.mp4": b"video", "a.info.json": b"{}"}}


def test_what_was_left_in_a_folder_that_was_renamed_meanwhile_follows(workspace: Workspace) -> None:
    workspace.take_in({"cats": {"a.mp4": b"video", "a.srt": b"s", "b.mp4": b"b"}, "dogs": {"c.mp4": b"c"}})
    workspace.drag("cats/a.mp4", "dogs/a.mp4")
    workspace.synchronize()
    workspace.drag("cats", "felines")
    workspace.synchronize()
    assert follow(workspace) == 1
    assert workspace.on_disk() == {
        "felines": {"b.mp4": b"b"}, "dogs": {"a.mp4": b"video", "a.srt": b"s", "c.mp4": b"c"}
    }  # fmt: skip


@pytest.mark.parametrize("aside", ["a.old.mp4", "a (1).mp4", "a_original.mp4", "A.mp4", "a.mov"])
def test_a_video_that_a_program_puts_aside_does_not_take_its_sidecars(workspace: Workspace, aside: str) -> None:
    workspace.take_in({"a.mp4": b"video", "a.srt": b"s", "cats": {}})
    workspace.drag("a.mp4", aside)
    workspace.synchronize()
    assert follow(workspace) == 0
    assert workspace.on_disk() == {aside: b"video", "a.srt": b"s", "cats": {}}


def test_the_sidecars_of_a_video_that_was_transcoded_follow_its_new_form(workspace: Workspace) -> None:
    workspace.take_in({"a.mp4": b"video", "a.srt": b"s", "cats": {"b.mp4": b"b"}})
    (workspace.root / "a.mp4").unlink()
    workspace.take_in({"a 720p.mkv": b"smaller"})
    assert follow(workspace) == 0
    workspace.sort("a 720p.mkv")
    assert follow(workspace) == 1
    assert workspace.on_disk() == {"cats": {"a 720p.mkv": b"smaller", "a 720p.srt": b"s", "b.mp4": b"b"}}


def test_a_file_that_somebody_is_at_waits(dragged: Workspace) -> None:
    (dragged.root / "a.mp4.xmp.part").write_bytes(b"half")
    one = following(dragged)
    with (dragged.root / "a.info.json").open("ab"):
        assert follow(dragged, one) == 1
        assert one.next_try() == dragged.clock() + SETTLE
    dragged.clock.advance(SETTLE)
    assert one.follow(dragged.clock(), moving=True) == 1
    assert set(dragged.on_disk()) == {"a.mp4.xmp", "a.mp4.xmp.part", "cats"}


def test_nothing_is_overwritten_and_the_reason_is_kept(dragged: Workspace) -> None:
    dragged.lay_out({"cats": {"a.info.json": b"the user's own"}})
    told: list[Activity] = []
    one = following(dragged, told=told)
    assert follow(dragged, one) == 2
    one.follow(dragged.clock(), moving=True)
    assert (dragged.root / "cats/a.info.json").read_bytes() == b"the user's own"
    assert left(dragged) == {"a.info.json": "cats/a.info.json exists already"}
    assert len([it for it in told if isinstance(it, Fault)]) == 1
    assert len([it for it in told if isinstance(it, Note)]) == 2
    (dragged.root / "cats/a.info.json").unlink()
    assert one.follow(dragged.clock(), moving=True) == 1
    assert dragged.on_disk() == ALL


def test_documents_and_folders_of_that_name_stay(workspace: Workspace) -> None:
    workspace.lay_out(
        {"a.mp4": b"video", "a.pdf": b"d", "a.zip": b"z", "a.prproj": b"p", "a.trickplay": {}, "cats": {}}
    )
    (workspace.root / "a.srt").symlink_to("a.pdf")
    workspace.synchronize()
    workspace.drag("a.mp4", "cats/a.mp4")
    workspace.synchronize()
    assert follow(workspace) == 0
    assert left(workspace) == {}


def test_a_move_that_fails_is_tried_again_later(dragged: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    one = following(dragged)
    (dragged.root / "cats").chmod(0o500)
    monkeypatch.setattr("sorterd.library.transfer.rename_new", denied)
    assert follow(dragged, one) == 0
    assert "may not write" in left(dragged)["a.info.json"]
    monkeypatch.undo()
    again = one.next_try()
    assert again is not None
    dragged.clock.now = again
    assert one.follow(dragged.clock(), moving=True) == 3


@pytest.mark.parametrize("spelling", ["cafe\u0301", "caf\u00e9"])
def test_a_sidecar_in_another_spelling_of_unicode_follows(workspace: Workspace, spelling: str) -> None:
    workspace.take_in({"caf\u00e9.mp4": b"video", f"{spelling}.jpg": b"p", "cats": {}})
    workspace.drag("caf\u00e9.mp4", "cats/caf\u00e9.mp4")
    workspace.synchronize()
    assert follow(workspace) == 1
    assert workspace.on_disk() == {"cats": {"caf\u00e9.mp4": b"video", f"{spelling}.jpg": b"p"}}


def test_a_move_that_a_crash_cut_short_is_settled_as_usual(dragged: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(dragged.mover), "_record", _killed)
    with pytest.raises(KeyboardInterrupt):
        follow(dragged)
    monkeypatch.undo()
    dragged.restart()
    (recovered,) = dragged.mover.recover()
    assert recovered.outcome == "finished"
    assert dragged.known() == {"cats/a.mp4": "user"}
    assert follow(dragged) == 2
    assert dragged.on_disk() == ALL


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


NAMES = ["a.mp4", "a.mov", "a.en.mp4", "b.mp4"]
TAILS = ["a.jpg", "a.en.srt", "a.mp4.jpg", "a.en.mp4.json", "b.srt", "a.pdf"]
ACTION = st.tuples(st.sampled_from(["drag", "rename", "sort", "undo"]), st.integers(0, 9), st.integers(0, 9))


@settings(max_examples=40, deadline=None)
@given(sidecars=st.sets(st.sampled_from(TAILS)), actions=st.lists(ACTION, max_size=8))
def test_whatever_goes_where_nothing_is_lost_and_nothing_overwritten(
    tmp_path_factory: pytest.TempPathFactory, sidecars: set[str], actions: list[tuple[str, int, int]]
) -> None:
    base: Path = tmp_path_factory.mktemp("library")
    workspace = Workspace(base / "videos", base / "state")
    try:
        workspace.take_in({name: name.encode() for name in [*NAMES, *sidecars]} | {"cats": {}, "dogs": {}})
        before = _contents(workspace)
        for does, which, where in actions:
            videos = sorted(workspace.known())
            path = videos[which % len(videos)]
            folder = ["cats", "dogs", ""][where % 3]
            target = Path(folder) / Path(path).name
            if does == "drag" and not (workspace.root / target).exists():
                workspace.drag(path, str(target))
                workspace.synchronize()
            elif does == "rename" and not (workspace.root / (renamed := f"{path[:-4]}-{where}.mp4")).exists():
                workspace.drag(path, renamed)
                workspace.synchronize()
            elif does == "sort" and "/" not in path and folder:
                workspace.sort(path, folder)
            elif does == "undo" and (latest := workspace.store.journal.latest(1)):
                workspace.mover.undo(latest[0])
            follow(workspace)
            assert _contents(workspace) == before
        assert workspace.synchronize().changes == ()
    finally:
        workspace.close()


def _contents(workspace: Workspace) -> list[bytes]:
    return sorted(path.read_bytes() for path in workspace.root.rglob("*") if path.is_file())
