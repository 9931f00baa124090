"""What is said of the folder of videos."""

from pathlib import Path

import pytest

from sorterd.config import Config
from sorterd.doctor.finding import Finding, Level
from sorterd.doctor.videos import (
    check_videos,
    judge_devices,
    judge_events,
    judge_left_alone,
    judge_place,
    judge_reading,
    judge_watches,
)
from sorterd.library.places import Place

ROOT = Path("/v")


def found(root: Path) -> list[Finding]:
    return list(check_videos(Config(videos=root, state_dir=root.parent / "state")))


def test_a_folder_with_sub_folders_is_well(tmp_path: Path) -> None:
    (tmp_path / "videos/cats").mkdir(parents=True)
    (tmp_path / "videos/a.mp4").write_bytes(b"a")
    findings = found(tmp_path / "videos")
    assert {finding.level for finding in findings} == {"ok"}
    assert "1 video in 1 folder and the inbox" in [finding.says for finding in findings]


def test_a_folder_that_is_gone_is_the_one_problem(tmp_path: Path) -> None:
    assert [finding.level for finding in found(tmp_path / "videos")] == ["problem"]


def test_a_folder_in_it_that_does_not_answer_is_the_one_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sorterd.doctor.videos.silent_folder", lambda _: "nas")
    assert ["the folder nas in" in finding.says for finding in found(tmp_path)] == [True]


@pytest.mark.parametrize(
    ("place", "hanging", "moves", "says"),
    [
        (Place(ROOT, ROOT, writable=True), None, True, None),
        (Place(ROOT, ROOT), None, False, None),
        (Place(ROOT, ROOT, silent=True), None, True, "/v does not answer; is its disk or server reachable?"),
        (Place(ROOT, ROOT, writable=True), "nas", True, "the folder nas in /v does not answer"),
        (Place(ROOT, ROOT, read_only=True), None, True, "/v is mounted read-only"),
        (Place(ROOT, ROOT), None, True, "this user may not move files in /v"),
    ],
)
def test_a_folder_in_which_nothing_can_be_moved_is_a_problem(
    place: Place, hanging: str | None, moves: bool, says: str | None
) -> None:
    finding = judge_place(place, hanging, moves=moves)
    assert (None if finding is None else (finding.level, finding.says)) == (says and ("problem", says))


def test_what_is_left_alone_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "videos/cats").mkdir(parents=True)
    for name in ("clip", "b.unknown_video", "x.f137.mp4"):
        (tmp_path / "videos" / name).write_bytes(b"a")
    (tmp_path / "videos/link.mp4").symlink_to("clip")
    said = {finding.says: finding for finding in found(tmp_path / "videos")}
    assert said["no extension: clip"].remedy
    assert said["kind that is not in 'watch.extensions' (.unknown_video): b.unknown_video"].remedy
    assert said["symbolic link, which is not followed: link.mp4"].level == "ok"
    assert any(says.startswith("x.f137.mp4: it looks like a track") for says in said)


def test_many_that_are_left_alone_are_not_all_named() -> None:
    (finding,) = judge_left_alone([(f"{number}", "no extension") for number in range(25)])
    assert finding.says.endswith("19 and 5 more")


def test_without_sub_folders_there_is_nothing_to_learn_from() -> None:
    assert judge_reading(Path("/v"), 3, 0, ()).level == "warning"


def test_a_folder_that_cannot_be_read_is_named_with_the_number_of_others() -> None:
    finding = judge_reading(Path("/v"), 3, 2, [("a", "no"), ("b", "no")])
    assert (finding.level, finding.says) == ("warning", "a and 1 more: no")


def test_folders_on_another_disk_are_named() -> None:
    assert judge_devices([]).level == "ok"
    assert "big, old, raw ..." in judge_devices(["big", "old", "raw", "x"]).says


@pytest.mark.parametrize(
    ("network", "polling", "level"), [(False, False, "ok"), (True, False, "warning"), (True, True, "ok")]
)
def test_network_file_systems_are_warned_of_unless_polling_is_set(network: bool, polling: bool, level: Level) -> None:
    assert judge_events(network=network, polling=polling).level == level


@pytest.mark.parametrize(
    ("folders", "limit", "level"), [(10, 8192, "ok"), (5000, 8192, "warning"), (9000, 8192, "problem")]
)
def test_watches_are_held_against_the_limit_that_all_programs_share(folders: int, limit: int, level: Level) -> None:
    finding = judge_watches(folders, limit)
    assert finding.level == level
    assert ("max_user_watches" in finding.remedy) == (level != "ok")
