"""When a look at the disk is not believed."""

from dataclasses import replace

import pytest

from sorterd.changes import Known, KnownFile
from sorterd.library.files import FileId, FolderId, Listing, SeenFile
from sorterd.sync.guard import SECOND_SCAN_SECONDS, Doubt, doubt, missing, with_disks_away

ROOT = FolderId(1, 1)


def file_id(number: int) -> FileId:
    return FileId(1, number, 5, 5)


def library(count: int) -> Known:
    files = [KnownFile(f"cats/{number}.mp4", file_id(number), f"content {number}", "user") for number in range(count)]
    return Known({file.path: file for file in files}, {})


def listing(paths: dict[str, int], *, root: FolderId = ROOT, unreadable: tuple[str, ...] = ()) -> Listing:
    seen = {path: SeenFile(path, file_id(number), 5) for path, number in paths.items()}
    return Listing(root, seen, {}, tuple((path, "denied") for path in unreadable))


def first(count: int) -> dict[str, int]:
    return {f"cats/{number}.mp4": number for number in range(count)}


def doubted(known: Known, seen: Listing, *, earlier: Doubt | None = None, now: float = 0.0) -> Doubt | None:
    return doubt(known, seen, ROOT, earlier=earlier, now=now)


def must(doubt: Doubt | None) -> Doubt:
    assert doubt is not None
    return doubt


@pytest.mark.parametrize(("count", "left"), [(0, 0), (2, 1), (10, 1), (11, 6), (100, 50), (100, 99)])
def test_losing_a_few_or_up_to_half_is_believed(count: int, left: int) -> None:
    assert doubted(library(count), listing(first(left))) is None


@pytest.mark.parametrize(("count", "left"), [(1, 0), (10, 0), (11, 5), (100, 49), (100, 0)])
def test_losing_everything_or_more_than_half_is_not_believed_at_once(count: int, left: int) -> None:
    found = must(doubted(library(count), listing(first(left))))
    assert len(found.lost) == count - left
    assert f"{count} known videos are missing" in found.reason


def test_files_that_only_moved_are_not_missing() -> None:
    assert doubted(library(20), listing({f"dogs/{number}.mp4": number for number in range(20)})) is None


def test_files_in_folders_that_cannot_be_read_are_not_missing() -> None:
    assert missing(library(20), listing({}, unreadable=("cats",))) == frozenset()
    assert doubted(library(20), listing({}, unreadable=("cats",))) is None
    assert len(missing(library(20), listing({}, unreadable=("cat",)))) == 20


def test_files_that_cannot_be_looked_at_themselves_are_not_missing() -> None:
    assert missing(library(2), listing({}, unreadable=("cats/0.mp4",))) == {"cats/1.mp4"}


def test_the_same_listing_half_a_minute_later_is_believed() -> None:
    known, empty = library(20), listing({})
    found = must(doubted(known, empty, now=100.0))
    almost = must(doubted(known, empty, earlier=found, now=100.0 + SECOND_SCAN_SECONDS - 1))
    assert almost.since == 100.0
    assert doubted(known, empty, earlier=almost, now=100.0 + SECOND_SCAN_SECONDS) is None


def test_a_second_listing_that_misses_less_agrees() -> None:
    known = library(100)
    found = must(doubted(known, listing(first(10)), now=100.0))
    assert doubted(known, listing(first(20)), earlier=found, now=140.0) is None


def test_a_second_listing_that_misses_more_starts_over() -> None:
    known = library(100)
    found = must(doubted(known, listing(first(20)), now=100.0))
    later = must(doubted(known, listing(first(10)), earlier=found, now=140.0))
    assert later.since == 140.0


def test_a_second_listing_of_another_folder_starts_over() -> None:
    known = library(20)
    found = must(doubted(known, listing({}), now=100.0))
    later = must(doubted(known, listing({}, root=FolderId(1, 2)), earlier=found, now=140.0))
    assert later.since == 140.0


def test_on_another_file_system_with_the_files_there_nothing_is_wrong() -> None:
    assert doubted(library(20), listing(first(20), root=FolderId(2, 1))) is None


def test_a_library_that_was_never_scanned_has_no_root_to_differ_from() -> None:
    known = library(1)
    found = must(doubt(known, listing({}), None, earlier=None, now=0.0))
    assert doubt(known, listing({}), None, earlier=found, now=31.0) is None


def test_a_doubt_does_not_outlive_a_change_of_what_is_known() -> None:
    found = must(doubted(library(20), listing({}), now=0.0))
    another = replace(library(20), files={"dogs/x.mp4": KnownFile("dogs/x.mp4", file_id(99), "x", "user")})
    assert must(doubted(another, listing({}), earlier=found, now=40.0)).since == 40.0


def test_a_category_that_stays_on_the_librarys_disk_has_none_of_its_own() -> None:
    """Else a folder that was emptied, in a library that was copied to a new disk, would be waited for for ever."""
    known = replace(library(3), categories={"cats": FolderId(1, 7)})
    new = replace(listing({}, root=FolderId(2, 1)), categories={"cats": FolderId(2, 7)})
    assert with_disks_away(known, new, ROOT) == new
    apart = replace(new, root=ROOT)
    assert [path for path, _ in with_disks_away(known, apart, ROOT).unreadable] == ["cats"]
    assert [path for path, _ in with_disks_away(known, new, None).unreadable] == ["cats"]


def test_a_category_of_which_a_video_is_left_is_not_away() -> None:
    known = replace(library(3), categories={"cats": FolderId(2, 7)})
    here = replace(listing(first(1)), categories={"cats": FolderId(1, 8)})
    assert with_disks_away(known, here, ROOT) == here


def test_a_video_of_a_file_system_with_other_numbers_for_files_than_for_folders_may_be_deleted() -> None:
    """overlayfs: a file has the number of the layer that it lies in, a folder that of the whole."""
    seen = replace(listing(first(3)), devices=frozenset({7}))
    assert with_disks_away(library(4), seen, FolderId(7, 1)) == seen
