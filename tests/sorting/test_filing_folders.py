"""Into which folders videos can be filed by command."""

import errno
import os

import pytest
from support.workspace import Workspace

from sorterd.library.layout import LayoutRules
from sorterd.sorting.filing import Filing, NoSuchFolder
from sorterd.sorting.mover import Mover
from sorting.filing import LIBRARY, file
from sorting.test_mover import entry, rejections


def test_a_folder_that_took_the_name_of_another_is_synchronized_first(filled: Workspace) -> None:
    (filled.root / "cats").rename(filled.root / "lions")
    (filled.root / "cats").mkdir()
    assert "another than it was" in file(filled, "a.mp4")["a.mp4"]
    filled.synchronize()
    assert file(filled, "a.mp4") == {"a.mp4": "cats/a.mp4"}


def test_a_folder_that_was_renamed_is_synchronized_first(filled: Workspace) -> None:
    """Else its videos would count as taken out of the old folder, and put into the new one, by the user."""
    (filled.root / "cats").rename(filled.root / "lions")
    assert "lions was called cats" in file(filled, "a.mp4", folder="lions")["a.mp4"]
    filled.synchronize()
    assert file(filled, "a.mp4", folder="lions") == {"a.mp4": "lions/a.mp4"}


def test_a_folder_is_only_made_if_it_is_to_be_new(filled: Workspace) -> None:
    with pytest.raises(NoSuchFolder, match=r"there is no folder cat; did you mean cats\?"):
        file(filled, "a.mp4", folder="cat")
    assert file(filled, "a.mp4", "b.mp4", folder="my birds", new=True) == {
        "a.mp4": "my birds/a.mp4", "b.mp4": "my birds/b.mp4"
    }  # fmt: skip
    assert filled.store.files.category_folders().keys() == {"cats", "dogs", "my birds"}
    assert filled.synchronize().changes == ()


def test_a_folder_made_since_the_last_sync_is_taken(filled: Workspace) -> None:
    (filled.root / "birds").mkdir()
    assert file(filled, "a.mp4", folder="birds") == {"a.mp4": "birds/a.mp4"}
    filled.drag("birds", "parrots")
    filled.synchronize()
    assert filled.known()["parrots/a.mp4"] == "user"
    assert rejections(filled) == {}


def test_a_new_folder_stays_only_if_something_was_filed_in_it(filled: Workspace) -> None:
    with (filled.root / "a.mp4").open("ab"):
        assert "somebody is writing" in file(filled, "a.mp4", folder="birds", new=True)["a.mp4"]
    file(filled, "nowhere.mp4", folder="birds", new=True)
    assert set(filled.on_disk()) == set(LIBRARY)


@pytest.mark.parametrize(("spelt", "folder"), [("CATS", "cats"), ("cats", "cats"), ("caf\u00e9", "cafe\u0301")])
def test_a_folder_that_differs_in_case_or_unicode_form_alone_is_that_one(
    filled: Workspace, spelt: str, folder: str
) -> None:
    (filled.root / folder).mkdir(exist_ok=True)
    assert file(filled, "a.mp4", folder=spelt, new=True) == {"a.mp4": f"{folder}/a.mp4"}


@pytest.mark.parametrize("name", [
    "", " ", ".", "..", "../elsewhere", "/tmp", "cats/kittens", "cats/", "a\0b", ".hidden", ".Trash", "@eaDir",
    "lost+found", "x.app", "x.mp4", "download.part", "x" * 256, "\U0001f408" * 64, "drafts", "draft-1",
])  # fmt: skip
@pytest.mark.parametrize("new", [False, True])
def test_what_can_never_be_a_category_is_none(filled: Workspace, name: str, new: bool) -> None:
    rules = LayoutRules.of(LayoutRules().extensions, ["drafts/", "draft-*"])
    mover = Mover(filled.root, rules, filled.store, "rename", True, filled.clock)
    with pytest.raises(NoSuchFolder):
        Filing(mover).file(["a.mp4"], name, new=new)
    assert set(filled.on_disk()) == set(LIBRARY)
    assert filled.store.journal.get(1) is None


@pytest.mark.parametrize(
    "name", ["-rf", "--new", "katzen \U0001f408", "\u202egnp", "line\nbreak", "\udce9t\udce9", "y" * 255]
)
def test_any_other_name_can(filled: Workspace, name: str) -> None:
    assert file(filled, "a.mp4", folder=name, new=True) == {"a.mp4": f"{name}/a.mp4"}
    filled.restart()
    assert filled.synchronize().changes == ()
    filled.mover.undo(entry(filled))
    assert filled.known()["a.mp4"] is None


@pytest.mark.parametrize("what", ["symlink", "file"])
def test_what_is_no_folder_is_none(filled: Workspace, what: str) -> None:
    place = filled.root / "birds"
    place.symlink_to(filled.root.parent) if what == "symlink" else place.write_bytes(b"")
    with pytest.raises(NoSuchFolder, match="birds is no folder"):
        file(filled, "a.mp4", folder="birds", new=True)


def test_a_folder_that_cannot_be_made_is_explained(filled: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "mkdir", full)
    with pytest.raises(NoSuchFolder, match="the folder birds cannot be made: No space left on device"):
        file(filled, "a.mp4", folder="birds", new=True)


def test_nothing_is_made_while_the_disk_is_away(filled: Workspace) -> None:
    filled.root.rename(filled.root.with_name("elsewhere"))
    filled.root.mkdir()
    assert "cannot be reached" in file(filled, "a.mp4", folder="birds", new=True)["a.mp4"]
    assert list(filled.root.iterdir()) == []
