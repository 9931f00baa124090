"""Pictures are kept within their limit, agree with their records after a crash, and are not drawn again and again."""

import shutil
from hashlib import blake2b

import pytest
from support.rows import SPACE, features, fill, known
from support.workspace import Workspace

from sorterd.backoff import MAX_ATTEMPTS
from sorterd.pictures import files
from sorterd.pipeline.picture_archive import BATCH, LOOK_SECONDS, PictureArchive

PAIR = 100  # bytes


def content(name: str) -> str:
    return blake2b(name.encode(), digest_size=16).hexdigest()


def archive(workspace: Workspace, limit: int = 10 * PAIR) -> PictureArchive:
    return PictureArchive(workspace.state, workspace.store, limit, workspace.clock)


def save(kept: PictureArchive, *names: str) -> None:
    for name in names:
        kept.save(content(name), bytes(60), bytes(40))


def have(workspace: Workspace, *names: str) -> None:
    fill(workspace.store, *(known(f"{name}.mp4", content(name)) for name in names))
    for name in names:
        workspace.store.features.add(features(content(name)), SPACE, now=1.0)


def on_disk(workspace: Workspace) -> dict[str, int]:
    return files.find(workspace.state).contents


def test_saved_pictures_are_files_with_a_record(workspace: Workspace) -> None:
    save(archive(workspace), "a")
    assert on_disk(workspace) == workspace.store.pictures.recorded() == {content("a"): PAIR}


def test_above_the_limit_the_least_needed_go_and_are_not_drawn_again(workspace: Workspace) -> None:
    have(workspace, "waits")
    kept = archive(workspace)
    save(kept, "waits", *(f"gone {i}" for i in range(10)))
    assert set(on_disk(workspace)) == set(workspace.store.pictures.recorded())
    assert len(on_disk(workspace)) == 9
    assert content("waits") in on_disk(workspace)
    have(workspace, "another")
    assert not kept.any_missing(SPACE)


def test_without_room_for_one_nothing_is_kept(workspace: Workspace) -> None:
    save(archive(workspace, PAIR - 1), "a")
    assert on_disk(workspace) == {}
    assert workspace.store.pictures.totals() == (0, 0)


def test_what_a_crash_left_without_a_record_is_removed(workspace: Workspace) -> None:
    files.save(workspace.state, content("unrecorded"), b"poster", b"strip")
    kept = archive(workspace)
    save(kept, "a")
    kept.tidy()
    assert set(on_disk(workspace)) == {content("a")}


def test_nothing_of_the_user_is_removed_if_the_folder_is_a_link_to_theirs(workspace: Workspace) -> None:
    album = workspace.state.parent / "album" / "summer"
    album.mkdir(parents=True)
    (album / "beach.webp").write_bytes(b"mine")
    (workspace.state / files.FOLDER).symlink_to(album.parent)
    kept = archive(workspace)
    save(kept, "a")
    archive(workspace, 0).tidy()
    assert on_disk(workspace) == {}
    assert (album / "beach.webp").read_bytes() == b"mine"


def test_records_of_files_that_are_gone_or_cut_short_are_dropped_and_drawn_again(workspace: Workspace) -> None:
    have(workspace, "a", "b", "c")
    kept = archive(workspace)
    save(kept, "a", "b", "c")
    files.forget(workspace.state, content("a"))
    files.poster_path(workspace.state, content("b")).write_bytes(b"")  # a power cut
    kept.tidy()
    assert set(on_disk(workspace)) == {content("c")}
    assert set(workspace.store.pictures.missing(SPACE, now=1.0, limit=9)) == {content("a"), content("b")}
    shutil.rmtree(workspace.state / files.FOLDER)
    kept.tidy()
    assert workspace.store.pictures.totals() == (0, 0)


def test_if_none_are_to_be_kept_those_there_are_removed(workspace: Workspace) -> None:
    save(archive(workspace), "a", "b")
    none = archive(workspace, 0)
    none.tidy()
    save(none, "c")
    assert on_disk(workspace) == {}
    assert workspace.store.pictures.totals() == (0, 0)


def test_a_smaller_limit_holds_from_the_next_start_on(workspace: Workspace) -> None:
    save(archive(workspace), *"abcdef")
    archive(workspace, 3 * PAIR).tidy()
    assert len(on_disk(workspace)) == 2


@pytest.mark.parametrize("attempts", [1, MAX_ATTEMPTS])
def test_an_attempt_counts_from_its_beginning_and_the_last_one_is_the_last(workspace: Workspace, attempts: int) -> None:
    have(workspace, "a")
    kept = archive(workspace)
    for _ in range(attempts):
        workspace.clock.advance(7 * 24 * 3600)
        assert kept.any_missing(SPACE)
        assert kept.take() == [content("a")]
        kept.begun(content("a"))  # and then the worker, or all of sorterd, ends
        kept = archive(workspace)
    assert not kept.any_missing(SPACE)
    workspace.clock.advance(7 * 24 * 3600)
    assert kept.any_missing(SPACE) == (attempts < MAX_ATTEMPTS)


def test_what_has_failed_before_is_drawn_alone(workspace: Workspace) -> None:
    have(workspace, *"abcdefg")
    kept = archive(workspace)
    assert kept.any_missing(SPACE)
    assert len(kept.take()) == BATCH
    for name in "abcdefg":
        kept.begun(content(name))
    workspace.clock.advance(3600.0)
    again = archive(workspace)
    assert again.any_missing(SPACE)
    assert len(again.take()) == 1


def test_a_video_that_is_the_cause_itself_is_not_tried_again(workspace: Workspace) -> None:
    have(workspace, "a")
    kept = archive(workspace)
    kept.begun(content("a"))
    kept.give_up(content("a"))
    workspace.clock.advance(365 * 24 * 3600)
    assert not kept.any_missing(SPACE)


def test_the_store_is_asked_once_in_a_while_only(workspace: Workspace) -> None:
    kept = archive(workspace)
    assert not kept.any_missing(SPACE)
    have(workspace, "a")
    assert not kept.any_missing(SPACE)
    workspace.clock.advance(LOOK_SECONDS)
    assert kept.any_missing(SPACE)
