import os
from pathlib import Path

import pytest
from support.tree import id_of, make, read

from sorterd.library.files import FileId
from sorterd.library.layout import LayoutRules
from sorterd.library.openat import NotBeneath
from sorterd.library.plan import MovePlan, MoveRefused, plan_move, plan_return
from sorterd.library.scan import scan

RULES = LayoutRules()


def planned(root: Path, source: str, folder: str, **options: object) -> MovePlan:
    return plan_move(root, source, folder, id_of(root / source), rules=RULES, **options)  # type: ignore[arg-type]


def test_a_plan_names_both_ends_and_touches_nothing(tmp_path: Path) -> None:
    make(tmp_path, {"a.mp4": b"1", "a.jpg": b"2", "a.en.srt": b"3", "b.jpg": b"4", "cats": {}})
    before = read(tmp_path)
    assert planned(tmp_path, "a.mp4", "cats") == MovePlan(
        "a.mp4",
        "cats/a.mp4",
        (("a.en.srt", "cats/a.en.srt"), ("a.jpg", "cats/a.jpg")),
        id_of(tmp_path / "a.mp4"),
    )
    assert read(tmp_path) == before


def test_sidecars_stay_if_the_user_wants_that(tmp_path: Path) -> None:
    make(tmp_path, {"a.mp4": b"1", "a.jpg": b"2", "cats": {}})
    assert planned(tmp_path, "a.mp4", "cats", with_sidecars=False).sidecars == ()


def test_only_plain_files_are_sidecars(tmp_path: Path) -> None:
    make(tmp_path, {"a.mp4": b"1", "a.jpg": {"x": b""}, "cats": {}})
    (tmp_path / "a.srt").symlink_to("a.mp4")
    assert planned(tmp_path, "a.mp4", "cats").sidecars == ()


def test_a_sidecar_that_somebody_is_writing_stays_for_now(tmp_path: Path) -> None:
    make(tmp_path, {"a.mp4": b"1", "a.jpg": b"2", "a.en.vtt": b"3", "a.en.vtt.part": b"4", "a.srt": b"5", "cats": {}})
    with (tmp_path / "a.jpg").open("ab"):
        plan = planned(tmp_path, "a.mp4", "cats")
    assert plan.sidecars == (("a.srt", "cats/a.srt"),)
    assert plan.left == (("a.en.vtt", "somebody is writing to it"), ("a.jpg", "somebody is writing to it"))


def test_a_sidecar_that_the_user_wants_left_alone_stays(tmp_path: Path) -> None:
    make(tmp_path, {"a.mp4": b"1", "a.jpg": b"2", "a.txt": b"3", "cats": {}})
    plan = plan_move(tmp_path, "a.mp4", "cats", id_of(tmp_path / "a.mp4"), rules=LayoutRules.of(["mp4"], ["*.txt"]))
    assert plan.sidecars == (("a.jpg", "cats/a.jpg"),)


def test_a_sidecar_is_found_however_its_letters_are_put_together(tmp_path: Path) -> None:
    make(tmp_path, {"cafe\u0301.mp4": b"1", "caf\u00e9.jpg": b"2", "cats": {}, "dogs": {"cafe\u0301.mp4": b"other"}})
    assert planned(tmp_path, "cafe\u0301.mp4", "cats").sidecars == (("caf\u00e9.jpg", "cats/caf\u00e9.jpg"),)
    assert planned(tmp_path, "cafe\u0301.mp4", "dogs").sidecars == (("caf\u00e9.jpg", "dogs/cafe\u0301 (2).jpg"),)


def test_sidecars_that_came_along_go_back_although_another_video_now_has_the_same_claim(tmp_path: Path) -> None:
    make(tmp_path, {"cats": {"a.mp4": b"1", "a.jpg": b"2", "a.mov": b"3", "a.srt": b"of a.mov"}})
    id = id_of(tmp_path / "cats/a.mp4")
    plan = plan_return(tmp_path, "cats/a.mp4", "a.mp4", id, rules=RULES, brought=[("a.jpg", "cats/a.jpg")])
    assert plan.sidecars == (("cats/a.jpg", "a.jpg"),)


def test_a_sidecar_that_followed_under_another_name_goes_back_once_with_its_videos_name(tmp_path: Path) -> None:
    make(tmp_path, {"cats": {"a (2).mp4": b"1", "a (2).srt": b"2"}, "dogs": {}})
    id = id_of(tmp_path / "cats/a (2).mp4")
    brought = [("dogs/b.srt", "cats/a (2).srt")]
    plan = plan_return(tmp_path, "cats/a (2).mp4", "a.mp4", id, rules=RULES, brought=brought)
    assert plan.sidecars == (("cats/a (2).srt", "a.srt"),)


def test_a_taken_name_gets_a_number_and_the_sidecars_with_it(tmp_path: Path) -> None:
    make(tmp_path, {"a.mp4": b"1", "a.jpg": b"2", "a.mp4.txt": b"3", "cats": {"a.mp4": b"other", "a (2).mp4": b"x"}})
    plan = planned(tmp_path, "a.mp4", "cats")
    assert plan.destination == "cats/a (3).mp4"
    assert plan.sidecars == (("a.jpg", "cats/a (3).jpg"), ("a.mp4.txt", "cats/a (3).mp4.txt"))


def test_a_name_counts_as_taken_if_only_a_sidecar_would_collide(tmp_path: Path) -> None:
    make(tmp_path, {"a.mp4": b"1", "a.jpg": b"2", "cats": {"a.jpg": b"of something else"}})
    assert planned(tmp_path, "a.mp4", "cats").destination == "cats/a (2).mp4"


def test_a_name_taken_by_a_folder_or_a_dangling_link_is_taken(tmp_path: Path) -> None:
    make(tmp_path, {"a.mp4": b"1", "cats": {"a.mp4": {}}})
    (tmp_path / "cats/a (2).mp4").symlink_to("nowhere")
    assert planned(tmp_path, "a.mp4", "cats").destination == "cats/a (3).mp4"


@pytest.mark.parametrize(
    "companion", ["a.mp4.part", "a.mp4.crdownload", "a.mp4.aria2", "a.temp.mp4", "a.f137.mp4.part"]
)
def test_a_name_under_which_a_download_is_about_to_arrive_is_taken(tmp_path: Path, companion: str) -> None:
    """The downloader would rename over whatever lies there by then."""
    make(tmp_path, {"a.mp4": b"1", "cats": {companion: b"another video"}})
    assert planned(tmp_path, "a.mp4", "cats").destination == "cats/a (2).mp4"


@pytest.mark.parametrize(("name", "there"), [("a.temp.mp4", "a.mp4"), ("a.mp4", "a.temp.mp4")])
def test_no_name_makes_one_of_two_videos_look_like_a_track_of_a_download(tmp_path: Path, name: str, there: str) -> None:
    make(tmp_path, {name: b"1", "cats": {there: b"2"}})
    destination = planned(tmp_path, name, "cats").destination
    (tmp_path / name).rename(tmp_path / destination)
    assert set(scan(tmp_path, RULES).files) == {destination, f"cats/{there}"}


def test_a_name_that_the_user_wants_ignored_is_not_given(tmp_path: Path) -> None:
    make(tmp_path, {"a.mp4": b"1", "cats": {"a.mp4": b"other"}})
    rules = LayoutRules.of(["mp4"], ["* (2).mp4"])
    plan = plan_move(tmp_path, "a.mp4", "cats", id_of(tmp_path / "a.mp4"), rules=rules)
    assert plan.destination == "cats/a (3).mp4"


def test_with_on_conflict_skip_a_taken_name_refuses_the_move(tmp_path: Path) -> None:
    make(tmp_path, {"a.mp4": b"1", "cats": {"a.mp4": b"other"}})
    with pytest.raises(MoveRefused, match=r"a\.mp4.*taken in the folder cats"):
        planned(tmp_path, "a.mp4", "cats", on_conflict="skip")


def test_the_longest_names_still_find_a_place_with_their_sidecars(tmp_path: Path) -> None:
    stem = "n" * 245
    make(tmp_path, {f"{stem}.mp4": b"1", f"{stem}.info.json": b"2", "cats": {f"{stem}.mp4": b"other"}})
    plan = planned(tmp_path, f"{stem}.mp4", "cats")
    names = [Path(path).name for path in (plan.destination, *(new for _, new in plan.sidecars))]
    assert names == ["n" * 241 + " (2).mp4", "n" * 241 + " (2).info.json"]
    assert max(map(len, names)) <= 255


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda root: (root / "a.mp4").unlink(), "cannot be reached"),
        (lambda root: (root / "a.mp4").write_bytes(b"longer"), "changed since"),
        (lambda root: os.utime(root / "a.mp4", ns=(1, 1)), "changed since"),
        (lambda root: ((root / "a.mp4").unlink(), (root / "a.mp4").symlink_to("other.mp4")), "no longer a plain file"),
        (lambda root: (root / "cats").rmdir(), "folder cats cannot be reached"),
        (lambda root: ((root / "cats").rmdir(), (root / "cats").symlink_to("dogs")), "folder cats cannot be reached"),
        (lambda root: ((root / "cats").rmdir(), (root / "cats").write_bytes(b"")), "folder cats cannot be reached"),
    ],
)
def test_a_plan_is_refused_if_either_end_has_changed(tmp_path: Path, change: object, words: str) -> None:
    make(tmp_path, {"a.mp4": b"1", "other.mp4": b"2", "cats": {}, "dogs": {}})
    id = id_of(tmp_path / "a.mp4")
    change(tmp_path)  # type: ignore[operator]
    with pytest.raises(MoveRefused, match=words):
        plan_move(tmp_path, "a.mp4", "cats", id, rules=RULES)


def test_a_video_is_not_moved_to_where_it_is(tmp_path: Path) -> None:
    make(tmp_path, {"a.mp4": b"1", "cats": {"b.mp4": b"2"}})
    with pytest.raises(MoveRefused, match="in the folder cats already"):
        planned(tmp_path, "cats/b.mp4", "cats")
    with pytest.raises(MoveRefused, match="in the inbox already"):
        planned(tmp_path, "a.mp4", "")


@pytest.mark.parametrize("path", ["../a.mp4", "/etc/passwd", "cats/../../a.mp4", "cats//a.mp4", "./a.mp4", "", "a\0"])
def test_no_path_leads_out_of_the_root(tmp_path: Path, path: str) -> None:
    root = make(tmp_path / "root", {"cats": {}})
    make(tmp_path, {"a.mp4": b"1"})
    id = FileId(0, 0, 0, 0)
    with pytest.raises(NotBeneath):
        plan_move(root, path, "cats", id, rules=RULES)
    with pytest.raises(NotBeneath):
        plan_return(root, "x.mp4", path, id, rules=RULES)


def test_a_symlinked_folder_does_not_lead_out_either(tmp_path: Path) -> None:
    make(tmp_path / "outside", {"a.mp4": b"1"})
    root = make(tmp_path / "root", {"b.mp4": b"2", "cats": {}})
    (root / "way out").symlink_to(tmp_path / "outside")
    with pytest.raises(MoveRefused):
        plan_move(root, "way out/a.mp4", "cats", id_of(tmp_path / "outside/a.mp4"), rules=RULES)
    with pytest.raises(MoveRefused):
        planned(root, "b.mp4", "way out")


def test_a_return_has_one_exact_destination(tmp_path: Path) -> None:
    make(tmp_path, {"cats": {"a (2).mp4": b"1", "a (2).jpg": b"2"}})
    id = id_of(tmp_path / "cats/a (2).mp4")
    plan = plan_return(tmp_path, "cats/a (2).mp4", "a.mp4", id, rules=RULES)
    assert (plan.destination, plan.sidecars) == ("a.mp4", (("cats/a (2).jpg", "a.jpg"),))


def test_a_return_is_refused_if_the_old_place_is_taken_or_gone(tmp_path: Path) -> None:
    make(tmp_path, {"a.mp4": b"new", "cats": {"a.mp4": b"1"}})
    id = id_of(tmp_path / "cats/a.mp4")
    with pytest.raises(MoveRefused, match=r"another file lies at a\.mp4"):
        plan_return(tmp_path, "cats/a.mp4", "a.mp4", id, rules=RULES)
    with pytest.raises(MoveRefused, match="folder dogs cannot be reached"):
        plan_return(tmp_path, "cats/a.mp4", "dogs/a.mp4", id, rules=RULES)
    with pytest.raises(MoveRefused, match="is where it was"):
        plan_return(tmp_path, "cats/a.mp4", "cats/a.mp4", id, rules=RULES)


def test_a_return_is_refused_while_a_download_is_about_to_arrive_there(tmp_path: Path) -> None:
    make(tmp_path, {"a.mp4.part": b"another video", "cats": {"a.mp4": b"1"}})
    with pytest.raises(MoveRefused, match=r"another file is being downloaded to a\.mp4"):
        plan_return(tmp_path, "cats/a.mp4", "a.mp4", id_of(tmp_path / "cats/a.mp4"), rules=RULES)


def test_a_return_leaves_sidecars_whose_old_name_is_taken(tmp_path: Path) -> None:
    make(tmp_path, {"a.jpg": b"new", "cats": {"a.mp4": b"1", "a.jpg": b"2", "a.srt": b"3"}})
    plan = plan_return(tmp_path, "cats/a.mp4", "a.mp4", id_of(tmp_path / "cats/a.mp4"), rules=RULES)
    assert plan.sidecars == (("cats/a.srt", "a.srt"),)


def test_a_return_is_refused_if_the_video_changed(tmp_path: Path) -> None:
    make(tmp_path, {"cats": {"a.mp4": b"1"}})
    id = id_of(tmp_path / "cats/a.mp4")
    (tmp_path / "cats/a.mp4").write_bytes(b"edited")
    with pytest.raises(MoveRefused, match="changed since"):
        plan_return(tmp_path, "cats/a.mp4", "a.mp4", id, rules=RULES)
