"""Another form takes the place of a video that we had moved: what is ours stays ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.desk import Desk, fresh_desk, library, story

from sync.test_reconcile_always import slowly

HOUR, DAY = 3600.0, 24 * 3600.0


FORMS = [  # names that programs make of "dog [1].mp4"
    "dog [1].mkv", "dog [1].webm", "dog [1].MP4", "dog [1].mp4", "dog [1] (1).mp4", "dog [1](1).mp4",
    "dog [1]-1080p.mp4",
    "dog [1].720p.mkv", "dog [1]_x265.mp4", "dog [1] [h264].mkv", "dog [1].hevc.mkv", "dog [1]-converted.mp4",
    "dog [1]_compressed.mp4", "dog [1].mp4.mkv", "dog [1] - Copy.mp4", "dog [1] copy 2.mp4", "dog [1] (copy).mp4",
    "dog [1]_TdarrCacheFile-k3J9aQ.mkv", "dog [1]-1080p-av1-10bit.mkv", "dog [1]_faststart.mp4",
]  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_another_form_in_place_of_what_we_had_moved_is_still_ours(desk: Desk, name: str) -> None:
    disk = library(desk, {"dogs/dog [1].mp4": "one"}, by_us=["dogs/dog [1].mp4"])
    disk.delete("dogs/dog [1].mp4")
    disk.put(f"dogs/{name}", "other")
    assert story(desk.synchronize()) == [("converted", "dogs/dog [1].mp4", f"dogs/{name}")]
    assert desk.sources() == {f"dogs/{name}": "auto"}
    assert desk.rejections() == {}


@pytest.mark.parametrize(
    ("old", "new"), [("dog (1).mp4", "dog.mkv"), ("a/dog.mp4", "a/dog.mkv"), ("é.mp4", "e\u0301.mkv")]
)
def test_the_other_way_round_deeper_down_and_in_another_normal_form(desk: Desk, old: str, new: str) -> None:
    disk = library(desk, {f"dogs/{old}": "one"}, by_us=[f"dogs/{old}"])
    disk.delete(f"dogs/{old}")
    disk.put(f"dogs/{new}", "other")
    desk.synchronize()
    assert desk.sources() == {f"dogs/{new}": "auto"}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("pause", [1.0, 0.9 * HOUR])
def test_the_first_form_may_go_long_before_the_second_comes(desk: Desk, name: str, pause: float) -> None:
    disk = library(desk, {"dogs/dog [1].mp4": "one"}, by_us=["dogs/dog [1].mp4"])
    disk.delete("dogs/dog [1].mp4")
    desk.synchronize()
    desk.now += pause
    disk.put(f"dogs/{name}", "other")
    desk.synchronize()
    assert desk.sources() == {f"dogs/{name}": "auto"}


@pytest.mark.parametrize("name", [name for name in FORMS if name != "dog [1].mp4"])
@pytest.mark.parametrize("pause", [1.0, 0.9 * HOUR])
def test_the_first_form_may_stay_until_the_second_is_complete(desk: Desk, name: str, pause: float) -> None:
    disk = library(desk, {"dogs/dog [1].mp4": "one"}, by_us=["dogs/dog [1].mp4"])
    desk.now += 60.0
    disk.put(f"dogs/{name}", "other")
    desk.synchronize()
    desk.now += pause
    disk.delete("dogs/dog [1].mp4")
    assert story(desk.synchronize()) == [("gone", "dogs/dog [1].mp4", "heir", f"dogs/{name}")]
    assert desk.sources() == {f"dogs/{name}": "auto"}
    assert desk.files.labels() == {}


def test_beside_what_we_had_moved_another_form_with_its_stem_never_was_the_users(desk: Desk) -> None:
    disk = library(desk, {"dogs/a.mp4": "one"}, by_us=["dogs/a.mp4"])
    disk.put("dogs/a.mkv", "other")
    assert story(desk.synchronize()) == [("converting", "dogs/a.mp4", "dogs/a.mkv")]
    assert desk.sources() == {"dogs/a.mp4": "auto", "dogs/a.mkv": "auto"}


def test_another_form_that_its_program_renames_when_it_is_complete_is_still_ours(desk: Desk) -> None:
    disk = library(desk, {"dogs/a.mp4": "one"}, by_us=["dogs/a.mp4"])
    desk.now += 60.0
    disk.put("dogs/a_output.mp4", "other")
    desk.synchronize()
    desk.now += 60.0
    disk.move("dogs/a_output.mp4", "dogs/a_x265.mp4")
    desk.synchronize()
    disk.delete("dogs/a.mp4")
    desk.synchronize()
    assert desk.sources() == {"dogs/a_x265.mp4": "auto"}


def test_another_form_of_which_the_user_makes_a_copy_is_still_ours(desk: Desk) -> None:
    disk = library(desk, {"dogs/a.mp4": "one"}, by_us=["dogs/a.mp4"])
    desk.now += 60.0
    disk.put("dogs/a_x265.mp4", "other")
    desk.synchronize()
    desk.now += 60.0
    disk.copy("dogs/a_x265.mp4", "a_x265.mp4")
    desk.synchronize()
    disk.delete("dogs/a.mp4")
    desk.synchronize()
    assert desk.sources() == {"dogs/a_x265.mp4": "auto", "a_x265.mp4": None}


def test_the_first_form_set_aside_in_its_folder_is_the_same_story(desk: Desk) -> None:
    disk = library(desk, {"dogs/a.mp4": "one"}, by_us=["dogs/a.mp4"])
    disk.move("dogs/a.mp4", "dogs/a_original.mp4")
    desk.synchronize()
    desk.now += 2 * HOUR
    disk.put("dogs/a.mp4", "other")
    desk.synchronize()
    assert desk.sources() == {"dogs/a_original.mp4": "auto", "dogs/a.mp4": "auto"}
    disk.delete("dogs/a_original.mp4")
    desk.synchronize()
    assert desk.sources() == {"dogs/a.mp4": "auto"}
    assert desk.rejections() == {}


def test_nothing_is_decided_while_the_other_form_cannot_be_read_yet(desk: Desk) -> None:
    disk = library(desk, {"dogs/a.mp4": "one"}, by_us=["dogs/a.mp4"])
    disk.delete("dogs/a.mp4")
    disk.put("dogs/a.mkv", "longer")
    disk.unsettled.add("dogs/a.mkv")
    assert desk.synchronize() == []
    disk.unsettled.clear()
    assert story(desk.synchronize()) == [("converted", "dogs/a.mp4", "dogs/a.mkv")]


def test_what_was_refused_and_held_stays_so_in_another_form(desk: Desk) -> None:
    disk = library(desk, {"a.mp4": "one"})
    desk.files.reject("one", "dogs", now=1.0)
    desk.files.hold("one", now=1.0)
    disk.delete("a.mp4")
    disk.put("a.mkv", "other")
    desk.synchronize()
    assert desk.rejections()["other"] == {"dogs"}
    assert "other" in desk.files.held()


def test_two_forms_of_one_are_both_ours(desk: Desk) -> None:
    disk = library(desk, {"dogs/a.mp4": "one"}, by_us=["dogs/a.mp4"])
    disk.delete("dogs/a.mp4")
    disk.put("dogs/a.mkv", "other")
    disk.put("dogs/a.webm", "another")
    desk.synchronize()
    assert desk.sources() == {"dogs/a.mkv": "auto", "dogs/a.webm": "auto"}


def test_the_first_form_that_comes_back_is_ours_as_it_was(desk: Desk) -> None:
    disk = library(desk, {"dogs/a.mp4": "one"}, by_us=["dogs/a.mp4"])
    disk.delete("dogs/a.mp4")
    disk.put("dogs/a.mkv", "other")
    desk.synchronize()
    disk.delete("dogs/a.mkv")
    disk.put("dogs/a.mp4", "one")
    desk.synchronize()
    assert desk.sources() == {"dogs/a.mp4": "auto"}


@slowly
@given(
    st.sampled_from(FORMS),
    st.booleans(),
    st.lists(st.floats(0.0, 0.4 * HOUR), min_size=3, max_size=3),
    st.booleans(),
)
def test_in_any_order_and_after_any_number_of_syncs_the_label_stays_ours(
    name: str, new_first: bool, pauses: list[float], unsettled: bool
) -> None:
    desk = fresh_desk()
    disk = library(desk, {"dogs/dog [1].mp4": "one", "dogs/dog [2].mp4": "seven"}, by_us=["dogs/dog [1].mp4"])
    new_first = new_first and name != "dog [1].mp4"
    for step in ("come", "go") if new_first else ("go", "come"):
        if step == "come":
            disk.put(f"dogs/{name}", "other")
            disk.unsettled = {f"dogs/{name}"} if unsettled else set()
        else:
            disk.delete("dogs/dog [1].mp4")
        desk.now += 1.0 + pauses.pop()
        desk.synchronize()
    disk.unsettled = set()
    desk.now += pauses.pop()
    desk.synchronize()
    assert desk.sources() == {f"dogs/{name}": "auto", "dogs/dog [2].mp4": "user"}
    assert desk.rejections() == {}
