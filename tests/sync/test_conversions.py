"""Programs that put another form of a video in its place (transcoders, taggers, browsers), on a simulated disk: that is
not the user's filing, and what was said of the first form holds for the second one."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.desk import Desk, fresh_desk, library, story

from sorterd.library.files import category_of
from sorterd.sync.conversions import core_of, stem_of
from sync.test_reconcile_always import slowly

HOUR, DAY = 3600.0, 24 * 3600.0

FORMS = [  # names that programs make of "dog [1].mp4"
    "dog [1].mkv", "dog [1].webm", "dog [1].MP4", "dog [1].mp4", "dog [1] (1).mp4", "dog [1](1).mp4",
    "dog [1]-1080p.mp4",
    "dog [1].720p.mkv", "dog [1]_x265.mp4", "dog [1] [h264].mkv", "dog [1].hevc.mkv", "dog [1]-converted.mp4",
    "dog [1]_compressed.mp4", "dog [1].mp4.mkv", "dog [1] - Copy.mp4", "dog [1] copy 2.mp4", "dog [1] (copy).mp4",
    "dog [1]_TdarrCacheFile-k3J9aQ.mkv", "dog [1]-1080p-av1-10bit.mkv", "dog [1]_faststart.mp4",
]  # fmt: skip
OTHERS = [  # names of other videos
    "dog [2].mkv", "dog.mkv", "dog [1] 2.mp4", "dog [1] at the beach.mp4", "dog [10].mp4", "dog [1]copy.mp4",
    "dog [1]-1.mp4", "my dog [1].mkv", "dog [1] new puppy.mp4",
]  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_another_form_in_place_of_what_we_had_moved_is_still_ours(desk: Desk, name: str) -> None:
    disk = library(desk, {"dogs/dog [1].mp4": "one"}, by_us=["dogs/dog [1].mp4"])
    disk.delete("dogs/dog [1].mp4")
    disk.put(f"dogs/{name}", "other")
    assert story(desk.synchronize()) == [("converted", "dogs/dog [1].mp4", f"dogs/{name}")]
    assert desk.sources() == {f"dogs/{name}": "auto"}
    assert desk.rejections() == {}


@pytest.mark.parametrize("name", OTHERS)
def test_another_video_is_the_users_although_one_of_ours_goes_at_the_same_time(desk: Desk, name: str) -> None:
    disk = library(desk, {"dogs/dog [1].mp4": "one"}, by_us=["dogs/dog [1].mp4"])
    disk.delete("dogs/dog [1].mp4")
    disk.put(f"dogs/{name}", "other")
    desk.synchronize()
    assert desk.sources() == {f"dogs/{name}": "user"}


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


def test_a_second_video_beside_a_first_one_that_stays_is_what_it_is(desk: Desk) -> None:
    disk = library(desk, {"dogs/video.mp4": "one", "video.mp4": "two"}, by_us=["dogs/video.mp4"])
    desk.files.hold("two", now=1.0)
    disk.put("dogs/video (1).mp4", "three")
    disk.put("video (1).mp4", "four")
    desk.synchronize()
    assert desk.sources()["dogs/video (1).mp4"] == "user"
    assert desk.files.held() == {"two"}


def test_a_second_video_stays_the_users_when_the_first_one_goes_much_later(desk: Desk) -> None:
    disk = library(desk, {"dogs/video.mp4": "one"}, by_us=["dogs/video.mp4"])
    disk.put("dogs/video (1).mp4", "three")
    desk.synchronize()
    desk.now += DAY
    disk.delete("dogs/video.mp4")
    desk.synchronize()
    assert desk.sources() == {"dogs/video (1).mp4": "user"}


def test_the_users_video_stays_the_users_when_one_goes_that_we_have_numbered_after_it(desk: Desk) -> None:
    disk = library(desk, {"dogs/video.mp4": "one"})
    desk.now += 60.0
    disk.put("dogs/video (2).mp4", "three")
    desk.synchronize()
    desk.moved_by_us("dogs/video (2).mp4")
    disk.delete("dogs/video (2).mp4")
    desk.synchronize()
    assert desk.sources() == {"dogs/video.mp4": "user"}


def test_a_form_that_the_user_drags_in_is_the_users(desk: Desk) -> None:
    disk = library(desk, {"dogs/a.mp4": "one", "a.mkv": "other"}, by_us=["dogs/a.mp4"])
    disk.move("a.mkv", "dogs/a.mkv")
    desk.synchronize()
    assert desk.sources() == {"dogs/a.mp4": "auto", "dogs/a.mkv": "user"}


@pytest.mark.parametrize(
    ("ours", "other"),
    [
        ("a (2).mp4", "a (2) (2).mp4"),
        ("video.mp4", "video (1).mp4"),
        ("a.mp4", "a - Copy.mp4"),
        ("a.mp4", "a_x265.mkv"),
    ],
)
@pytest.mark.parametrize(
    "how", ["drags", "drags from the inbox", "copies", "copies and deletes", "deletes and restores"]
)
def test_a_known_video_that_the_user_puts_beside_ours_stays_the_users(
    desk: Desk, ours: str, other: str, how: str
) -> None:
    """Its name is like that of another form, but it came before this folder knew it."""
    origin = other if how == "drags from the inbox" else f"cats/{other}"
    disk = library(desk, {f"dogs/{ours}": "one", origin: "other"}, by_us=[f"dogs/{ours}"])
    desk.now += 60.0
    if how.startswith("drags"):
        disk.move(origin, f"dogs/{other}")
    elif how == "deletes and restores":
        disk.delete(origin)
        desk.synchronize()
        disk.put(f"dogs/{other}", "other")
    else:
        disk.copy(origin, f"dogs/{other}")
        desk.synchronize()
        if how == "copies and deletes":
            disk.delete(origin)
    desk.synchronize()
    desk.now += 60.0
    disk.delete(f"dogs/{ours}")
    desk.synchronize()
    assert desk.sources()[f"dogs/{other}"] == "user"


def test_a_video_that_is_dragged_in_is_no_form_of_ours_whatever_lay_at_its_former_path_since(desk: Desk) -> None:
    disk = library(desk, {"dogs/video.mp4": "one", "cats/video (1).mp4": "other"}, by_us=["dogs/video.mp4"])
    desk.now += 60.0
    disk.move("cats/video (1).mp4", "dogs/video (1).mp4")
    disk.put("cats/video (1).mp4", "third")
    desk.synchronize()
    disk.move("cats/video (1).mp4", "birds/video.mp4")
    desk.synchronize()
    disk.delete("dogs/video.mp4")
    desk.synchronize()
    assert desk.sources() == {"dogs/video (1).mp4": "user", "birds/video.mp4": "user"}


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


def test_a_new_video_of_the_user_is_no_form_of_one_that_we_put_beside_it_later(desk: Desk) -> None:
    disk = library(desk, {"dogs/b.mp4": "seven", "video.mp4": "one"})
    desk.now += 60.0
    disk.put("dogs/video (1).mp4", "other")
    desk.synchronize()
    desk.now += 60.0
    disk.move("video.mp4", "dogs/video.mp4")
    file = desk.files.at("video.mp4")
    assert file is not None
    desk.files.move("video.mp4", replace(file, path="dogs/video.mp4", source="auto"), now=desk.now)
    desk.synchronize()
    disk.delete("dogs/video.mp4")
    desk.synchronize()
    assert desk.sources() == {"dogs/b.mp4": "user", "dogs/video (1).mp4": "user"}


def test_what_the_user_filed_stays_the_users_in_another_form(desk: Desk) -> None:
    disk = library(desk, {"dogs/a.mp4": "one"})
    disk.delete("dogs/a.mp4")
    disk.put("dogs/a.mkv", "other")
    desk.synchronize()
    assert desk.files.labels() == {"other": "dogs"}


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


def test_what_the_user_takes_elsewhere_leaves_its_name_to_another_video(desk: Desk) -> None:
    disk = library(desk, {"dogs/video.mp4": "one"}, by_us=["dogs/video.mp4"])
    disk.move("dogs/video.mp4", "cats/video.mp4")
    disk.put("dogs/video.mkv", "other")
    desk.synchronize()
    assert desk.sources() == {"cats/video.mp4": "user", "dogs/video.mkv": "user"}
    assert desk.rejections() == {"one": {"dogs"}}


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("name", ["video (2).mp4", "video (3).mp4", "video.mkv", "video.mp4"])
def test_what_comes_after_the_last_copy_was_taken_elsewhere_is_another_video(
    desk: Desk, name: str, at_once: bool
) -> None:
    disk = library(desk, {"dogs/video.mp4": "one"}, by_us=["dogs/video.mp4"])
    disk.copy("dogs/video.mp4", "dogs/video (2).mp4")
    desk.synchronize()
    disk.delete("dogs/video.mp4")
    desk.synchronize()
    if at_once:
        disk.move("dogs/video (2).mp4", "video.mp4")
    else:
        disk.copy("dogs/video (2).mp4", "video.mp4")
        desk.synchronize()
        disk.delete("dogs/video (2).mp4")
    desk.synchronize()
    disk.put(f"dogs/{name}", "other")
    desk.synchronize()
    assert desk.sources() == {"video.mp4": None, f"dogs/{name}": "user"}
    assert desk.rejections() == {"one": {"dogs"}}


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


def test_in_the_inbox_an_old_name_comes_again_for_another_video(desk: Desk) -> None:
    disk = library(desk, {"video.mp4": "one"})
    desk.files.hold("one", now=1.0)
    disk.delete("video.mp4")
    desk.synchronize()
    desk.now += 2 * HOUR
    disk.put("video.mp4", "other")
    desk.synchronize()
    assert desk.files.held() == {"one"}


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


@given(st.text(alphabet="ab.() -_12pcopytdrhx265[]é", max_size=200))
def test_a_core_is_part_of_the_stem_and_has_none_itself_to_lose(name: str) -> None:
    folder, stem = stem_of(f"dogs/{name}x.mp4")
    core = core_of(f"dogs/{name}x.mp4")
    assert folder == core[0] == category_of("dogs/x.mp4")
    assert core[1]
    assert stem.startswith(core[1])


def test_a_name_made_to_be_slow_is_told_at_once() -> None:
    started = time.process_time()
    for part in (".new", "-", "(1)", " copy", "_tdarrcachefile-a", "1080p", "a", " .-_"):
        core_of("dogs/x" + part * (250 // len(part)) + "!.mp4")
        core_of("dogs/x" + part * (250 // len(part)) + ".mp4")
    assert time.process_time() - started < 2.0
