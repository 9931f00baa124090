import pytest

from sorterd.library.junk import is_litter, is_own_part, of_no_interest, why_not_entered


@pytest.mark.parametrize(
    "name",
    [
        "@eaDir", "@eadir", "#recycle", ".Trash-1000", ".stfolder", ".stversions", "lost+found", ".DS_Store",
        "desktop.ini", "$RECYCLE.BIN", "$Recycle.Bin", "System Volume Information", ".sorterd-0123.part",
    ],
)  # fmt: skip
def test_litter_of_systems_is_of_no_interest(name: str) -> None:
    assert is_litter(name)
    assert of_no_interest(name)
    assert why_not_entered(name) is not None


@pytest.mark.parametrize(
    "name",
    [
        "x.mp4.download", "x.trickplay", "(A Document Being Saved By Safari)", "(a document being saved by x 2)",
        "Photos.app", "P.photoslibrary", "iMovie Library.imovielibrary", "f.FCPBUNDLE", "m.theater", "TV.tvlibrary",
        "b.bundle", ".hidden", "folder.mp4", "x.MP4", "x.mp4_parts", "x.mkv-frags", "x.webm.tmp",
        "Photo Booth Library", "a.crdownload",
    ],
)  # fmt: skip
def test_packages_and_folders_of_programs_are_not_entered(name: str) -> None:
    assert why_not_entered(name) is not None


@pytest.mark.parametrize(
    "name",
    [
        "cats", "@home", "#1", "trash", "lost and found", "…", "...misc", "Mr. T", "mp4", "old .mp4 files",
        "download", "app", "v1.2", "St. Moritz", "1.5 mpg", "x.mp4a", "bundle", "my.downloads", "(A Document)",
    ],
)  # fmt: skip
def test_names_that_people_give_are_entered(name: str) -> None:
    assert why_not_entered(name) is None
    assert not of_no_interest(name)


@pytest.mark.parametrize("name", ["...wait for it.mp4", "._.puppy 7388.mp4", ".a.MP4"])
def test_a_video_behind_dots_is_of_interest(name: str) -> None:
    assert not of_no_interest(name)


def test_only_our_own_temporary_names_are_ours() -> None:
    assert is_own_part(".sorterd-00ff.part")
    assert not is_own_part("a.mp4.part")
    assert not is_own_part(".sorterd-notes.txt")
