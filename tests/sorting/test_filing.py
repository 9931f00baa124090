"""Videos that the user files by command: moved as we move, and counted as a drag."""

from __future__ import annotations

import errno
import os
from itertools import count
from pathlib import Path

import pytest
from support.faults import as_if_other_disk
from support.house import House
from support.killed import killed_at_every_step

from sorterd.library.layout import LayoutRules
from sorterd.sorting.filing import Filing, NoSuchFolder
from sorterd.sorting.mover import Mover
from sorterd.store.store import DATABASE
from sorting.test_mover import entry, rejections

LIBRARY = {
    "a.mp4": b"one", "a.jpg": b"picture", "b.mp4": b"two",
    "cats": {"c.mp4": b"three"}, "dogs": {"d.mp4": b"four"},
}  # fmt: skip


@pytest.fixture
def filled(house: House) -> House:
    house.lay_out(LIBRARY)
    house.synchronize()
    return house


def file(house: House, *paths: str, folder: str = "cats", new: bool = False) -> dict[str, str]:
    """What was filed, or why it was not, by path."""
    filed, refused = Filing(house.mover).file(paths, folder, new=new)
    return {**{one.moved.plan.source: one.moved.plan.destination for one in filed}, **dict(refused)}


BEFORE = ["inbox", "of the user", "ours", "confirmed", "undone", "rejected", "filed before"]


def to_be_filed(house: House, before: str) -> tuple[str, str]:
    """Bring about one of the states BEFORE. Return the path of the video and the folder that it is to be filed in."""
    path, folder = "a.mp4", "dogs"
    match before:
        case "of the user":
            path = "cats/c.mp4"
        case "ours" | "confirmed":
            house.sort("a.mp4")
            path = "cats/a.mp4"
            if before == "confirmed":
                house.store.files.confirm(path, now=1.0)
        case "undone":
            house.sort("a.mp4")
            house.mover.undo(entry(house))
            folder = "cats"
        case "rejected":
            house.drag("cats/c.mp4", "c.mp4")
            house.synchronize()
            path, folder = "c.mp4", "cats"
        case "filed before":
            assert file(house, path, folder="cats") == {path: "cats/a.mp4"}
            path = "cats/a.mp4"
    return path, folder


def said(house: House) -> dict[str, object]:
    """All that is known of labels, and what was taught."""
    files = {path: (one.fingerprint, one.source) for path, one in house.store.files.known().files.items()}
    return {
        "files": files,
        "labels": house.store.files.labels(),
        "rejections": rejections(house),
        "held": house.store.files.held(),
        "corrected": [n for (n,) in house.store.connection.execute("SELECT id FROM moves WHERE corrected")],
        "counts": house.store.journal.counts(),
        "categories": house.store.files.category_folders(),
    }


def drag_or_file(house: House, how: str, source: str, folder: str) -> None:
    if how == "drag":
        house.drag(source, f"{folder}/{source.rpartition('/')[2]}")
    else:
        assert file(house, source, folder=folder) == {source: f"{folder}/{source.rpartition('/')[2]}"}
    assert house.synchronize().changes == () or how == "drag"


@pytest.mark.parametrize("before", BEFORE)
def test_to_file_a_video_is_to_drag_it(tmp_path: Path, before: str) -> None:
    outcomes = []
    for how in ("drag", "file"):
        house = House(tmp_path / how, tmp_path / f"{how}-state")
        house.clock.now = 2e9
        house.lay_out({key: value for key, value in LIBRARY.items() if key != "a.jpg"})
        house.synchronize()
        path, folder = to_be_filed(house, before)
        drag_or_file(house, how, path, folder)
        found = said(house)
        found["categories"] = set(house.store.files.category_folders())
        found["on disk"] = house.on_disk()
        if before == "filed before":  # of which only the command knows
            found["corrected"] = []
        outcomes.append(found)
        house.close()
    assert outcomes[0] == outcomes[1]


def test_it_goes_with_its_sidecars_and_is_a_label_of_the_user(filled: House) -> None:
    assert file(filled, "a.mp4") == {"a.mp4": "cats/a.mp4"}
    assert filled.on_disk()["cats"] == {"a.mp4": b"one", "a.jpg": b"picture", "c.mp4": b"three"}
    assert filled.known()["cats/a.mp4"] == "user"
    made = entry(filled)
    assert (made.kind, made.step, made.confidence) == ("file", "done", None)
    filled.restart()
    assert filled.synchronize().changes == ()


def test_a_taken_name_gets_a_number(filled: House) -> None:
    filled.lay_out({"cats": {"a.mp4": b"other"}})
    filled.synchronize()
    assert file(filled, "a.mp4") == {"a.mp4": "cats/a (2).mp4"}
    assert (filled.root / "cats/a.mp4").read_bytes() == b"other"
    assert (filled.root / "cats/a (2).jpg").read_bytes() == b"picture"


def test_what_cannot_be_filed_does_not_hold_up_the_others(filled: House) -> None:
    filled.sort("b.mp4")
    (filled.root / "dogs/d.mp4").write_bytes(b"changed")
    paths = ("nowhere.mp4", "cats/c.mp4", "cats/b.mp4", "dogs/d.mp4", "a.jpg", "a.mp4", "a.mp4")
    assert file(filled, *paths) == {
        "nowhere.mp4": "there is no video at nowhere.mp4",
        "a.jpg": "no video is known at a.jpg; one that has just come must be read first",
        "cats/c.mp4": "cats/c.mp4 is in cats already",
        "cats/b.mp4": "cats/b.mp4 is in cats already; 'confirm' accepts that it belongs there",
        "dogs/d.mp4": "dogs/d.mp4 changed since it was looked at; try again in a moment",
        "a.mp4": "cats/a.mp4",
    }


def test_of_what_has_gone_elsewhere_it_says_where(filled: House) -> None:
    filled.sort("b.mp4")
    filled.drag("cats/c.mp4", "dogs/c.mp4")
    filled.synchronize()
    assert file(filled, "b.mp4", "cats/c.mp4", folder="dogs") == {
        "b.mp4": "there is no video at b.mp4; it is cats/b.mp4 now",
        "cats/c.mp4": "there is no video at cats/c.mp4; it is dogs/c.mp4 now",
    }


def test_a_folder_that_took_the_name_of_another_is_synchronized_first(filled: House) -> None:
    (filled.root / "cats").rename(filled.root / "lions")
    (filled.root / "cats").mkdir()
    assert "another than it was" in file(filled, "a.mp4")["a.mp4"]
    filled.synchronize()
    assert file(filled, "a.mp4") == {"a.mp4": "cats/a.mp4"}


def test_a_folder_that_was_renamed_is_synchronized_first(filled: House) -> None:
    """Else its videos would count as taken out of the old folder, and put into the new one, by the user."""
    (filled.root / "cats").rename(filled.root / "lions")
    assert "lions was called cats" in file(filled, "a.mp4", folder="lions")["a.mp4"]
    filled.synchronize()
    assert file(filled, "a.mp4", folder="lions") == {"a.mp4": "lions/a.mp4"}


# --- folders ---------------------------------------------------------------------------------------------------------


def test_a_folder_is_only_made_if_it_is_to_be_new(filled: House) -> None:
    with pytest.raises(NoSuchFolder, match=r"there is no folder cat; did you mean cats\?"):
        file(filled, "a.mp4", folder="cat")
    assert file(filled, "a.mp4", "b.mp4", folder="my birds", new=True) == {
        "a.mp4": "my birds/a.mp4", "b.mp4": "my birds/b.mp4"
    }  # fmt: skip
    assert filled.store.files.category_folders().keys() == {"cats", "dogs", "my birds"}
    assert filled.synchronize().changes == ()


def test_a_folder_made_since_the_last_sync_is_taken(filled: House) -> None:
    (filled.root / "birds").mkdir()
    assert file(filled, "a.mp4", folder="birds") == {"a.mp4": "birds/a.mp4"}
    filled.drag("birds", "parrots")
    filled.synchronize()
    assert filled.known()["parrots/a.mp4"] == "user"
    assert rejections(filled) == {}


def test_a_new_folder_stays_only_if_something_was_filed_in_it(filled: House) -> None:
    with (filled.root / "a.mp4").open("ab"):
        assert "somebody is writing" in file(filled, "a.mp4", folder="birds", new=True)["a.mp4"]
    file(filled, "nowhere.mp4", folder="birds", new=True)
    assert set(filled.on_disk()) == set(LIBRARY)


@pytest.mark.parametrize("spelt", ["CATS", "cats"])
def test_a_folder_that_differs_in_case_alone_is_that_one(filled: House, spelt: str) -> None:
    assert file(filled, "a.mp4", folder=spelt, new=True) == {"a.mp4": "cats/a.mp4"}


def test_a_folder_that_differs_in_unicode_form_alone_is_that_one(filled: House) -> None:
    (filled.root / "cafe\u0301").mkdir()
    assert file(filled, "a.mp4", folder="caf\u00e9") == {"a.mp4": "cafe\u0301/a.mp4"}


@pytest.mark.parametrize("name", [
    "", " ", ".", "..", "../elsewhere", "/tmp", "cats/kittens", "cats/", "a\0b", ".hidden", ".Trash", "@eaDir",
    "lost+found", "x.app", "x.mp4", "download.part", "x" * 256, "\U0001f408" * 64, "drafts", "draft-1",
])  # fmt: skip
@pytest.mark.parametrize("new", [False, True])
def test_what_can_never_be_a_category_is_none(filled: House, name: str, new: bool) -> None:
    rules = LayoutRules.of(LayoutRules().extensions, ["drafts/", "draft-*"])
    mover = Mover(filled.root, rules, filled.store, "rename", True, filled.clock)
    with pytest.raises(NoSuchFolder):
        Filing(mover).file(["a.mp4"], name, new=new)
    assert set(filled.on_disk()) == set(LIBRARY)
    assert filled.store.journal.get(1) is None


@pytest.mark.parametrize(
    "name", ["-rf", "--new", "katzen \U0001f408", "\u202egnp", "line\nbreak", "\udce9t\udce9", "y" * 255]
)
def test_any_other_name_can(filled: House, name: str) -> None:
    assert file(filled, "a.mp4", folder=name, new=True) == {"a.mp4": f"{name}/a.mp4"}
    filled.restart()
    assert filled.synchronize().changes == ()
    filled.mover.undo(entry(filled))
    assert filled.known()["a.mp4"] is None


@pytest.mark.parametrize("what", ["symlink", "file"])
def test_what_is_no_folder_is_none(filled: House, what: str) -> None:
    place = filled.root / "birds"
    place.symlink_to(filled.root.parent) if what == "symlink" else place.write_bytes(b"")
    with pytest.raises(NoSuchFolder, match="birds is no folder"):
        file(filled, "a.mp4", folder="birds", new=True)


def test_a_folder_that_cannot_be_made_is_explained(filled: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "mkdir", full)
    with pytest.raises(NoSuchFolder, match="the folder birds cannot be made: No space left on device"):
        file(filled, "a.mp4", folder="birds", new=True)


def test_nothing_is_made_while_the_disk_is_away(filled: House) -> None:
    filled.root.rename(filled.root.with_name("elsewhere"))
    filled.root.mkdir()
    assert "cannot be reached" in file(filled, "a.mp4", folder="birds", new=True)["a.mp4"]
    assert list(filled.root.iterdir()) == []


# --- undo ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", BEFORE)
def test_undo_puts_it_back_with_all_that_was_said_of_it(filled: House, before: str) -> None:
    path, folder = to_be_filed(filled, before)
    told, disk = said(filled), filled.on_disk()
    file(filled, path, folder=folder)
    assert said(filled) != told
    filled.close()
    for part in filled.state.glob(f"{DATABASE}*"):  # what was said before is in the journal
        part.unlink()
    filled.open()
    (latest,) = filled.store.journal.latest(1)
    filled.mover.undo(latest)
    assert said(filled) == told
    assert filled.on_disk() == disk
    assert filled.synchronize().changes == ()


def test_what_was_filed_twice_is_taken_back_in_two_steps(filled: House) -> None:
    told = said(filled)
    file(filled, "a.mp4", folder="cats")
    file(filled, "cats/a.mp4", folder="dogs")
    for _ in range(2):
        filled.mover.undo(filled.store.journal.latest(1)[0])
    assert said(filled) == told
    assert filled.store.journal.latest(1) == []


def test_a_renamed_video_or_folder_goes_back_from_there(filled: House) -> None:
    file(filled, "a.mp4")
    filled.drag("cats/a.mp4", "cats/ada.mp4")
    filled.drag("cats", "lions")
    filled.synchronize()
    filled.mover.undo(entry(filled))
    assert filled.known()["ada.mp4"] is None
    assert rejections(filled) == {}


def test_what_the_user_has_put_elsewhere_since_stays(filled: House) -> None:
    file(filled, "a.mp4")
    filled.drag("cats/a.mp4", "dogs/a.mp4")
    filled.synchronize()
    assert filled.store.journal.latest(1) == []
    with pytest.raises(Exception, match="has been moved or changed since"):
        filled.mover.undo(entry(filled))


# --- crashes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("act", "disk"), [("file", "other disk"), ("undo", "same disk")])
def test_killed_at_any_step_it_was_filed_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str, disk: str
) -> None:
    if disk == "other disk":
        as_if_other_disk(monkeypatch.setattr)
    numbers = count()

    def prepare() -> House:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        house = House(folder / "videos", folder / "state", durable=False)
        house.clock.now = 2e9
        house.lay_out({"a.mp4": b"one", "dogs": {"d.mp4": b"two", "e.mp4": b"three"}, "cats": {}})
        house.synchronize()
        house.sort("a.mp4")
        if act == "undo":
            file(house, "cats/a.mp4", folder="dogs")
        return house

    def do(house: House) -> None:
        if act == "undo":
            house.mover.undo(house.store.journal.latest(1)[0])
        else:
            file(house, "cats/a.mp4", folder="dogs")

    outcomes = set()
    for house in killed_at_every_step(prepare, do):
        if next(numbers) % 3 == 0:  # the database is lost as well
            house.close()
            for part in house.state.glob(f"{DATABASE}*"):
                part.unlink()
            house.open()
        house.synchronize(settle_moves=house.mover.recover)
        assert house.synchronize().changes == ()
        assert house.store.journal.unfinished() == []
        (path,) = house.known().keys() - {"dogs/d.mp4", "dogs/e.mp4"}
        assert (house.root / path).read_bytes() == b"one"
        ours, theirs = (path, house.known()[path]) == ("cats/a.mp4", "auto"), house.known()[path] == "user"
        assert ours or (theirs and path == "dogs/a.mp4")
        assert sum(map(len, rejections(house).values())) == int(theirs)
        assert entry(house).corrected is theirs
        outcomes.add(path)
        house.close()
    assert outcomes == {"cats/a.mp4", "dogs/a.mp4"}
