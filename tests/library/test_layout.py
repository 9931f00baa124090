from __future__ import annotations

import unicodedata

import pytest

from sorterd.library.layout import DEFAULT_EXTENSIONS, Rules, companion, intermediates, is_junk, is_own_part


@pytest.mark.parametrize("name", ["a.mp4", "A.MP4", "-rf.mov", "a b.MkV", "😀.webm", "line\nbreak.avi", "a.b.m4v"])
def test_a_video_is_told_by_its_extension_whatever_its_case(name: str) -> None:
    assert Rules().is_video(name)


@pytest.mark.parametrize("name", ["a.txt", "mp4", "a.mp4.part", "a.mp4 ", ".mp4", "._a.mp4", ".a.mp4", "a.gif"])
def test_anything_else_is_not_a_video(name: str) -> None:
    assert not Rules().is_video(name)


def test_invalid_utf8_in_a_name_does_not_matter() -> None:
    assert Rules().is_video("caf\udce9.mp4")


@pytest.mark.parametrize(
    "name",
    ["@eaDir", "@eadir", "#recycle", ".Trash-1000", ".stfolder", ".stversions", "lost+found", ".DS_Store", "._a.mp4",
     "$RECYCLE.BIN", "$Recycle.Bin", "System Volume Information", ".sorterd-0123.part"],
)
def test_litter_and_hidden_names_are_junk(name: str) -> None:
    assert is_junk(name)


@pytest.mark.parametrize("name", ["cats", "@home", "#1", "trash", "lost and found", "…"])
def test_names_that_people_give_are_not_junk(name: str) -> None:
    assert not is_junk(name)


def test_only_our_own_temporary_names_are_ours() -> None:
    assert is_own_part(".sorterd-00ff.part")
    assert not is_own_part("a.mp4.part")
    assert not is_own_part(".sorterd-notes.txt")


def test_extensions_may_be_written_with_a_dot_and_in_capitals() -> None:
    assert Rules.of([".MP4", "gif"], []).extensions == {"mp4", "gif"}
    assert not Rules.of(["gif"], []).is_video("a.mp4")


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("drafts", "drafts", True),
        ("drafts/", "cats/drafts", True),
        ("cats/raw", "cats/raw", True),
        ("cats/raw", "dogs/raw", False),
        ("*.raw.mp4", "cats/a.raw.mp4", True),
        ("a[0-9].mp4", "a1.mp4", True),
        ("drafts", "my drafts", False),
    ],
)
def test_ignore_patterns_match_the_name_or_the_path(pattern: str, path: str, expected: bool) -> None:
    assert Rules.of(DEFAULT_EXTENSIONS, [pattern]).ignored(path) is expected


def test_ignore_patterns_match_in_every_spelling_of_unicode() -> None:
    rules = Rules.of(DEFAULT_EXTENSIONS, ["Entwürfe"])
    assert rules.ignored(unicodedata.normalize("NFD", "Entwürfe"))


@pytest.mark.parametrize(
    "beside", ["a.mp4.part", "a.mp4.aria2", "a.mp4.ytdl", "a.mp4.crdownload", "a.mp4.partial", "a.temp.mp4"]
)
def test_a_companion_says_that_the_download_still_runs(beside: str) -> None:
    assert companion("a.mp4", {"a.mp4", beside, "b.mp4"}.__contains__) == beside


def test_the_companion_of_another_video_says_nothing() -> None:
    assert companion("a.mp4", {"a.mp4", "b.mp4.part", "a.part", "a.mp4.jpg", "aa.temp.mp4"}.__contains__) is None


@pytest.mark.parametrize("name", ["a.f137.mp4", "a.f140-drc.mp4", "a.fhls-1080p.mp4", "a.temp.mp4"])
def test_a_track_of_a_download_is_an_intermediate_while_its_siblings_are_there(name: str) -> None:
    assert intermediates([name, "a.f251.webm.part", "b.mp4"]) == {name, "a.f251.webm.part"}


def test_a_remuxed_copy_is_an_intermediate_beside_its_original() -> None:
    assert intermediates(["a.temp.mp4", "a.mp4"]) == {"a.temp.mp4"}


def test_a_video_that_is_merely_called_like_a_track_is_a_video() -> None:
    assert intermediates(["concert.f4.mp4", "room.temp.mp4", "concert.mp4", "concert.f4.jpg.mp4", "x.f1.mp4"]) == set()
