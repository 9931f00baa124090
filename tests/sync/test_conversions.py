"""Programs that put another form of a video in its place (transcoders, taggers, browsers), on a simulated disk: that is
not the user's filing, and what was said of the first form holds for the second one."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.simulation import Simulation, library

from sorterd.library.files import category_of
from sorterd.sync.conversions import core_of, stem_of

HOUR, DAY = 3600.0, 24 * 3600.0
OTHERS = [  # names of other videos
    "dog [2].mkv", "dog.mkv", "dog [1] 2.mp4", "dog [1] at the beach.mp4", "dog [10].mp4", "dog [1]copy.mp4",
    "dog [1]-1.mp4", "my dog [1].mkv", "dog [1] new puppy.mp4",
]  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_another_video_is_the_users_although_one_of_ours_goes_at_the_same_time(sim: Simulation, name: str) -> None:
    disk = library(sim, {"dogs/dog [1].mp4": "one"}, by_us=["dogs/dog [1].mp4"])
    disk.delete("dogs/dog [1].mp4")
    disk.put(f"dogs/{name}", "other")
    sim.synchronize()
    assert sim.sources() == {f"dogs/{name}": "user"}


def test_a_second_video_beside_a_first_one_that_stays_is_what_it_is(sim: Simulation) -> None:
    disk = library(sim, {"dogs/video.mp4": "one", "video.mp4": "two"}, by_us=["dogs/video.mp4"])
    sim.files.hold("two", now=1.0)
    disk.put("dogs/video (1).mp4", "three")
    disk.put("video (1).mp4", "four")
    sim.synchronize()
    assert sim.sources()["dogs/video (1).mp4"] == "user"
    assert sim.files.held() == {"two"}


def test_a_second_video_stays_the_users_when_the_first_one_goes_much_later(sim: Simulation) -> None:
    disk = library(sim, {"dogs/video.mp4": "one"}, by_us=["dogs/video.mp4"])
    disk.put("dogs/video (1).mp4", "three")
    sim.synchronize()
    sim.now += DAY
    disk.delete("dogs/video.mp4")
    sim.synchronize()
    assert sim.sources() == {"dogs/video (1).mp4": "user"}


def test_the_users_video_stays_the_users_when_one_goes_that_we_have_numbered_after_it(sim: Simulation) -> None:
    disk = library(sim, {"dogs/video.mp4": "one"})
    sim.now += 60.0
    disk.put("dogs/video (2).mp4", "three")
    sim.synchronize()
    sim.moved_by_us("dogs/video (2).mp4")
    disk.delete("dogs/video (2).mp4")
    sim.synchronize()
    assert sim.sources() == {"dogs/video.mp4": "user"}


def test_a_form_that_the_user_drags_in_is_the_users(sim: Simulation) -> None:
    disk = library(sim, {"dogs/a.mp4": "one", "a.mkv": "other"}, by_us=["dogs/a.mp4"])
    disk.move("a.mkv", "dogs/a.mkv")
    sim.synchronize()
    assert sim.sources() == {"dogs/a.mp4": "auto", "dogs/a.mkv": "user"}


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
def test_a_known_video_put_beside_ours_stays_the_users(sim: Simulation, ours: str, other: str, how: str) -> None:
    """Its name is like that of another form, but it came before this folder knew it."""
    origin = other if how == "drags from the inbox" else f"cats/{other}"
    disk = library(sim, {f"dogs/{ours}": "one", origin: "other"}, by_us=[f"dogs/{ours}"])
    sim.now += 60.0
    if how.startswith("drags"):
        disk.move(origin, f"dogs/{other}")
    elif how == "deletes and restores":
        disk.delete(origin)
        sim.synchronize()
        disk.put(f"dogs/{other}", "other")
    else:
        disk.copy(origin, f"dogs/{other}")
        sim.synchronize()
        if how == "copies and deletes":
            disk.delete(origin)
    sim.synchronize()
    sim.now += 60.0
    disk.delete(f"dogs/{ours}")
    sim.synchronize()
    assert sim.sources()[f"dogs/{other}"] == "user"


def test_a_video_that_is_dragged_in_is_no_form_of_ours_whatever_lay_at_its_former_path_since(
    sim: Simulation,
) -> None:
    disk = library(sim, {"dogs/video.mp4": "one", "cats/video (1).mp4": "other"}, by_us=["dogs/video.mp4"])
    sim.now += 60.0
    disk.move("cats/video (1).mp4", "dogs/video (1).mp4")
    disk.put("cats/video (1).mp4", "third")
    sim.synchronize()
    disk.move("cats/video (1).mp4", "birds/video.mp4")
    sim.synchronize()
    disk.delete("dogs/video.mp4")
    sim.synchronize()
    assert sim.sources() == {"dogs/video (1).mp4": "user", "birds/video.mp4": "user"}


def test_a_new_video_of_the_user_is_no_form_of_one_that_we_put_beside_it_later(sim: Simulation) -> None:
    disk = library(sim, {"dogs/b.mp4": "seven", "video.mp4": "one"})
    sim.now += 60.0
    disk.put("dogs/video (1).mp4", "other")
    sim.synchronize()
    sim.now += 60.0
    disk.move("video.mp4", "dogs/video.mp4")
    file = sim.files.at("video.mp4")
    assert file is not None
    sim.files.move("video.mp4", replace(file, path="dogs/video.mp4", source="auto"), now=sim.now)
    sim.synchronize()
    disk.delete("dogs/video.mp4")
    sim.synchronize()
    assert sim.sources() == {"dogs/b.mp4": "user", "dogs/video (1).mp4": "user"}


def test_what_the_user_filed_stays_the_users_in_another_form(sim: Simulation) -> None:
    disk = library(sim, {"dogs/a.mp4": "one"})
    disk.delete("dogs/a.mp4")
    disk.put("dogs/a.mkv", "other")
    sim.synchronize()
    assert sim.files.labels() == {"other": "dogs"}


def test_what_the_user_takes_elsewhere_leaves_its_name_to_another_video(sim: Simulation) -> None:
    disk = library(sim, {"dogs/video.mp4": "one"}, by_us=["dogs/video.mp4"])
    disk.move("dogs/video.mp4", "cats/video.mp4")
    disk.put("dogs/video.mkv", "other")
    sim.synchronize()
    assert sim.sources() == {"cats/video.mp4": "user", "dogs/video.mkv": "user"}
    assert sim.rejections() == {"one": {"dogs"}}


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("name", ["video (2).mp4", "video (3).mp4", "video.mkv", "video.mp4"])
def test_what_comes_after_the_last_copy_has_gone_is_another_video(sim: Simulation, name: str, at_once: bool) -> None:
    disk = library(sim, {"dogs/video.mp4": "one"}, by_us=["dogs/video.mp4"])
    disk.copy("dogs/video.mp4", "dogs/video (2).mp4")
    sim.synchronize()
    disk.delete("dogs/video.mp4")
    sim.synchronize()
    if at_once:
        disk.move("dogs/video (2).mp4", "video.mp4")
    else:
        disk.copy("dogs/video (2).mp4", "video.mp4")
        sim.synchronize()
        disk.delete("dogs/video (2).mp4")
    sim.synchronize()
    disk.put(f"dogs/{name}", "other")
    sim.synchronize()
    assert sim.sources() == {"video.mp4": None, f"dogs/{name}": "user"}
    assert sim.rejections() == {"one": {"dogs"}}


def test_in_the_inbox_an_old_name_comes_again_for_another_video(sim: Simulation) -> None:
    disk = library(sim, {"video.mp4": "one"})
    sim.files.hold("one", now=1.0)
    disk.delete("video.mp4")
    sim.synchronize()
    sim.now += 2 * HOUR
    disk.put("video.mp4", "other")
    sim.synchronize()
    assert sim.files.held() == {"one"}


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
