import errno
import os
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.disks import as_nobody, bind_mount, small_disk
from support.faults import as_if_names_were_alike, as_if_other_disk
from support.tree import id_of, make, names, read

from sorterd.library.endpoints import Ends
from sorterd.library.layout import LayoutRules
from sorterd.library.move import COPIED, MoveFailed, MoveResult, NameTaken, carry_out, remove_stale_parts
from sorterd.library.plan import MovePlan, plan_move, plan_return

RULES = LayoutRules()


def planned(root: Path, source: str = "a.mp4", folder: str = "cats") -> MovePlan:
    return plan_move(root, source, folder, id_of(root / source), rules=RULES)


def no_journal(step: str) -> None:
    assert step == COPIED


def moved(root: Path, plan: MovePlan) -> MoveResult:
    return carry_out(root, plan, no_journal)


@pytest.fixture(params=["same disk", "simulated other disk", "real other disk", "bind mount"])
def library(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield a root with a category `cats` on the same disk, on another, or on the same where renaming fails."""
    root = tmp_path / "videos"
    root.mkdir()
    if request.param == "real other disk":
        with small_disk(root / "cats"):
            yield root
        return
    if request.param == "bind mount":
        with bind_mount(make(tmp_path / "elsewhere", {}), root / "cats"):
            yield root
        return
    (root / "cats").mkdir()
    if request.param == "simulated other disk":
        as_if_other_disk(monkeypatch.setattr)
    yield root


def test_a_video_and_its_sidecars_arrive_whole(library: Path) -> None:
    make(library, {"a.mp4": b"1" * 3_000_000, "a.jpg": b"2", "a.en.srt": b"3", "b.jpg": b"4"})
    plan = planned(library)
    result = moved(library, plan)
    assert result == MoveResult(plan, id_of(library / "cats/a.mp4"), ())
    assert read(library) == {"b.jpg": b"4", "cats": {"a.mp4": b"1" * 3_000_000, "a.jpg": b"2", "a.en.srt": b"3"}}


def test_times_mode_and_attributes_arrive_too(library: Path) -> None:
    make(library, {"a.mp4": b"1"})
    video = library / "a.mp4"
    attributes = _set_attribute(video)
    video.chmod(0o640)
    os.utime(video, ns=(1_000_000_000, 1_500_000_001_234_567_890))
    moved(library, planned(library))
    found = (library / "cats/a.mp4").stat()
    assert (found.st_mode & 0o777, found.st_mtime_ns) == (0o640, 1_500_000_001_234_567_890)
    if attributes:
        assert os.getxattr(library / "cats/a.mp4", "user.comment") == b"seen"


def test_attributes_of_a_read_only_video_arrive_on_another_disk(open_folder: Path) -> None:
    """Only root may give attributes to a file that is already read-only."""
    open_folder.chmod(0o777)
    with small_disk(open_folder / "cats", options=",mode=777"):
        with as_nobody():
            make(open_folder, {"a.mp4": b"1"})
            attributes = _set_attribute(open_folder / "a.mp4")
            (open_folder / "a.mp4").chmod(0o444)
            moved(open_folder, planned(open_folder))
        assert (open_folder / "cats/a.mp4").stat().st_mode & 0o777 == 0o444
        if attributes:
            assert os.getxattr(open_folder / "cats/a.mp4", "user.comment") == b"seen"


@pytest.mark.parametrize("number", [errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL])
def test_times_modes_and_attributes_are_optional(library: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """On CIFS mounted without uid= nobody may set them, not even on their own new file."""
    make(library, {"a.mp4": b"1", "a.jpg": b"2", "a.en.srt": b"3"})
    as_if_other_disk(monkeypatch.setattr)

    def refused(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    for call in ("utime", "fchmod", "fchown", "listxattr", "setxattr", "posix_fadvise"):
        monkeypatch.setattr(os, call, refused)
    if number not in (errno.EPERM, errno.EACCES):
        monkeypatch.setattr(os, "fstatvfs", refused)
        monkeypatch.setattr(os, "fsync", refused)
    moved(library, planned(library, "a.mp4", "cats"))
    assert names(library / "cats") == ["a.en.srt", "a.jpg", "a.mp4"]


@pytest.mark.parametrize("name", ["caf\udce9.mp4", "-rf.mp4", "line\nbreak.mp4", "😀.mp4", "n" * 251 + ".mp4"])
def test_odd_names_move_like_any_other(library: Path, name: str) -> None:
    make(library, {name: b"1"})
    moved(library, planned(library, name))
    assert read(library) == {"cats": {name: b"1"}}


def test_a_move_and_its_return_leave_everything_as_it_was(library: Path) -> None:
    make(library, {"a.mp4": b"1", "a.jpg": b"2", "cats": {"a.mp4": b"other"}})
    before = read(library)
    there = moved(library, planned(library))
    assert there.plan.destination == "cats/a (2).mp4"
    back = plan_return(library, "cats/a (2).mp4", "a.mp4", there.id, rules=RULES)
    moved(library, back)
    assert read(library) == before


def test_a_return_takes_along_only_what_came_along(library: Path) -> None:
    make(library, {"a.mp4": b"1", "cats": {"a.jpg": b"the user's, of something else"}})
    before = read(library)
    there = moved(library, planned(library))
    moved(library, plan_return(library, there.plan.destination, "a.mp4", there.id, rules=RULES))
    assert read(library) == before


def test_only_a_copy_to_another_disk_is_journaled_on_its_way(library: Path, request: pytest.FixtureRequest) -> None:
    make(library, {"a.mp4": b"1", "a.jpg": b"2"})
    steps: list[str] = []

    def journal(step: str) -> None:
        steps.append(step)
        assert (library / "a.mp4").exists()
        assert not (library / "cats/a.mp4").exists()

    carry_out(library, planned(library), journal)
    assert steps == ([] if "same disk" in request.node.name else [COPIED])


def test_a_name_that_is_taken_after_the_plan_is_not_overwritten(library: Path) -> None:
    make(library, {"a.mp4": b"mine"})
    plan = planned(library)
    make(library / "cats", {"a.mp4": b"theirs"})
    before = read(library)
    with pytest.raises(NameTaken) as caught:
        moved(library, plan)
    assert caught.value.transient
    assert read(library) == before
    assert moved(library, planned(library)).plan.destination == "cats/a (2).mp4"
    assert read(library) == {"cats": {"a.mp4": b"theirs", "a (2).mp4": b"mine"}}


def test_leftovers_of_an_earlier_attempt_do_not_get_in_the_way(library: Path) -> None:
    make(library, {"a.mp4": b"1"})
    (library / "cats" / Ends(0, "a.mp4", 0, "a.mp4").part).write_bytes(b"half")
    moved(library, planned(library))
    remove_stale_parts(library)
    assert read(library) == {"cats": {"a.mp4": b"1"}}


def test_a_sidecar_whose_name_was_taken_is_left_and_reported(library: Path) -> None:
    make(library, {"a.mp4": b"1", "a.jpg": b"2", "a.srt": b"3"})
    plan = planned(library)
    make(library / "cats", {"a.jpg": b"theirs"})
    assert moved(library, plan).left == (("a.jpg", "cats/a.jpg exists already"),)
    assert read(library) == {"a.jpg": b"2", "cats": {"a.mp4": b"1", "a.jpg": b"theirs", "a.srt": b"3"}}


def test_a_sidecar_that_is_gone_by_then_is_no_failure(library: Path) -> None:
    make(library, {"a.mp4": b"1", "a.jpg": b"2"})
    plan = planned(library)
    (library / "a.jpg").unlink()
    assert moved(library, plan).left == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "a.mp4").write_bytes(b"edited"),
        lambda root: ((root / "a.mp4").rename(root / "b.mp4"), (root / "a.mp4").write_bytes(b"1")),
        lambda root: ((root / "a.mp4").rename(root / "b.mp4"), (root / "a.mp4").symlink_to("b.mp4")),
        lambda root: ((root / "a.mp4").rename(root / "b.mp4"), (root / "a.mp4").mkdir()),
    ],
    ids=["edited", "replaced", "symlinked", "folder"],
)
def test_only_the_file_that_was_decided_on_is_moved(library: Path, change: Callable[[Path], object]) -> None:
    make(library, {"a.mp4": b"1"})
    plan = planned(library)
    change(library)
    before = names(library)
    with pytest.raises(MoveFailed, match="changed") as caught:
        moved(library, plan)
    assert not caught.value.transient
    assert names(library) == before
    assert names(library / "cats") == []


@pytest.mark.parametrize("there", ["Straße.mp4", "STRASSE.MP4", "straße.mp4", unicodedata.normalize("NFD", "Ä.mp4")])
def test_two_names_for_one_file_overwrite_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: str) -> None:
    name = "Ä.mp4" if len(there) == 6 else "Straße.mp4"
    make(tmp_path, {name: b"mine", "cats": {}})
    as_if_names_were_alike(monkeypatch.setattr)
    blind = planned(tmp_path, name)
    make(tmp_path, {"cats": {there: b"theirs"}})
    with pytest.raises(NameTaken):
        moved(tmp_path, blind)
    result = moved(tmp_path, planned(tmp_path, name))
    assert result.plan.destination == f"cats/{Path(name).stem} (2).mp4"
    assert read(tmp_path) == {"cats": {there: b"theirs", f"{Path(name).stem} (2).mp4": b"mine"}}


def test_hard_links_of_a_video_stay_where_they_are(library: Path) -> None:
    make(library, {"a.mp4": b"1"})
    (library / "same.mp4").hardlink_to(library / "a.mp4")
    moved(library, planned(library))
    assert read(library) == {"same.mp4": b"1", "cats": {"a.mp4": b"1"}}


def test_moving_leaves_no_descriptor_behind(library: Path) -> None:
    make(library, {"a.mp4": b"1", "a.jpg": b"2"})
    before = len(names(Path("/dev/fd")))
    for _ in range(3):
        there = moved(library, planned(library))
        with pytest.raises(MoveFailed):
            moved(library, there.plan)
        moved(library, plan_return(library, "cats/a.mp4", "a.mp4", there.id, rules=RULES))
    assert len(names(Path("/dev/fd"))) == before


def _set_attribute(path: Path) -> bool:
    try:
        os.setxattr(path, "user.comment", b"seen")
    except (OSError, AttributeError):
        return False
    return True
