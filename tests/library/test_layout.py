import unicodedata

import pytest

from sorterd.library.kinds import DEFAULT_EXTENSIONS
from sorterd.library.layout import LayoutRules


@pytest.mark.parametrize(
    "name",
    [
        "a.mp4", "A.MP4", "-rf.mov", "a b.MkV", "😀.webm", "line\nbreak.avi", "a.b.m4v", "...wait for it.mp4",
        "._.pup.mp4",
    ],
)  # fmt: skip
def test_a_video_is_recognised_by_its_extension_whatever_its_case_or_dots(name: str) -> None:
    assert LayoutRules().is_video(name)


@pytest.mark.parametrize(
    "name",
    [
        "a.txt", "mp4", "a.mp4.part", "a.mp4 ", ".mp4", "a.gif", ".in.a.mp4", ".pending-1700000000-a.mp4",
        ".trashed-1700000000-a.mp4", ".sorterd-00ff.mp4",
    ],
)  # fmt: skip
def test_anything_else_is_not_a_video(name: str) -> None:
    assert not LayoutRules().is_video(name)


def test_invalid_utf8_in_a_name_does_not_matter() -> None:
    assert LayoutRules().is_video("caf\udce9.mp4")


def test_extensions_may_be_written_with_a_dot_and_in_capitals() -> None:
    assert LayoutRules.of([".MP4", "gif"], []).extensions == {"mp4", "gif"}
    assert not LayoutRules.of(["gif"], []).is_video("a.mp4")


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
    assert LayoutRules.of(DEFAULT_EXTENSIONS, [pattern]).ignored(path) is expected


def test_ignore_patterns_match_in_every_spelling_of_unicode() -> None:
    rules = LayoutRules.of(DEFAULT_EXTENSIONS, ["Entwürfe"])
    assert rules.ignored(unicodedata.normalize("NFD", "Entwürfe"))
