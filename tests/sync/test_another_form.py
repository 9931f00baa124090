"""Another form takes the place of a video that we had moved: what is ours stays ours."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.simulation import Disk, Simulation, library, new_simulation, story

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
def test_another_form_in_place_of_what_we_had_moved_is_still_ours(sim: Simulation, name: str) -> None:
    disk = library(sim, {"dogs/dog [1].mp4": "one"}, by_us=["dogs/dog [1].mp4"])
    disk.delete("dogs/dog [1].mp4")
    disk.put(f"dogs/{name}", "other")
    assert story(sim.synchronize()) == [("converted", "dogs/dog [1].mp4", f"dogs/{name}")]
    assert sim.sources() == {f"dogs/{name}": "auto"}
    assert sim.rejections() == {}


@pytest.mark.parametrize(
    ("old", "new"), [("dog (1).mp4", "dog.mkv"), ("a/dog.mp4", "a/dog.mkv"), ("é.mp4", "e\u0301.mkv")]
)
def test_the_other_way_round_deeper_down_and_in_another_normal_form(sim: Simulation, old: str, new: str) -> None:
    disk = library(sim, {f"dogs/{old}": "one"}, by_us=[f"dogs/{old}"])
    disk.delete(f"dogs/{old}")
    disk.put(f"dogs/{new}", "other")
    sim.synchronize()
    assert sim.sources() == {f"dogs/{new}": "auto"}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("pause", [1.0, 0.9 * HOUR])
def test_the_first_form_may_go_long_before_the_second_comes(sim: Simulation, name: str, pause: float) -> None:
    disk = library(sim, {"dogs/dog [1].mp4": "one"}, by_us=["dogs/dog [1].mp4"])
    disk.delete("dogs/dog [1].mp4")
    sim.synchronize()
    sim.now += pause
    disk.put(f"dogs/{name}", "other")
    sim.synchronize()
    assert sim.sources() == {f"dogs/{name}": "auto"}


@pytest.mark.parametrize("name", [name for name in FORMS if name != "dog [1].mp4"])
@pytest.mark.parametrize("pause", [1.0, 0.9 * HOUR])
def test_the_first_form_may_stay_until_the_second_is_complete(sim: Simulation, name: str, pause: float) -> None:
    disk = library(sim, {"dogs/dog [1].mp4": "one"}, by_us=["dogs/dog [1].mp4"])
    sim.now += 60.0
    disk.put(f"dogs/{name}", "other")
    sim.synchronize()
    sim.now += pause
    disk.delete("dogs/dog [1].mp4")
    assert story(sim.synchronize()) == [("gone", "dogs/dog [1].mp4", "heir", f"dogs/{name}")]
    assert sim.sources() == {f"dogs/{name}": "auto"}
    assert sim.files.labels() == {}


def test_beside_what_we_had_moved_another_form_with_its_stem_never_was_the_users(sim: Simulation) -> None:
    disk = library(sim, {"dogs/a.mp4": "one"}, by_us=["dogs/a.mp4"])
    disk.put("dogs/a.mkv", "other")
    assert story(sim.synchronize()) == [("converting", "dogs/a.mp4", "dogs/a.mkv")]
    assert sim.sources() == {"dogs/a.mp4": "auto", "dogs/a.mkv": "auto"}


@pytest.mark.parametrize(
    ("act", "target", "after"),
    [
        (Disk.move, "dogs/a_x265.mp4", {"dogs/a_x265.mp4": "auto"}),  # as programs do when it is complete
        (Disk.copy, "a_output.mp4", {"dogs/a_output.mp4": "auto", "a_output.mp4": None}),
    ],
)
def test_another_form_that_is_renamed_or_copied_before_the_first_goes_is_still_ours(
    sim: Simulation, act: Callable[[Disk, str, str], None], target: str, after: dict[str, str | None]
) -> None:
    disk = library(sim, {"dogs/a.mp4": "one"}, by_us=["dogs/a.mp4"])
    sim.now += 60.0
    disk.put("dogs/a_output.mp4", "other")
    sim.synchronize()
    sim.now += 60.0
    act(disk, "dogs/a_output.mp4", target)
    sim.synchronize()
    disk.delete("dogs/a.mp4")
    sim.synchronize()
    assert sim.sources() == after


def test_the_first_form_set_aside_in_its_folder_is_the_same_story(sim: Simulation) -> None:
    disk = library(sim, {"dogs/a.mp4": "one"}, by_us=["dogs/a.mp4"])
    disk.move("dogs/a.mp4", "dogs/a_original.mp4")
    sim.synchronize()
    sim.now += 2 * HOUR
    disk.put("dogs/a.mp4", "other")
    sim.synchronize()
    assert sim.sources() == {"dogs/a_original.mp4": "auto", "dogs/a.mp4": "auto"}
    disk.delete("dogs/a_original.mp4")
    sim.synchronize()
    assert sim.sources() == {"dogs/a.mp4": "auto"}
    assert sim.rejections() == {}


def test_nothing_is_decided_while_the_other_form_cannot_be_read_yet(sim: Simulation) -> None:
    disk = library(sim, {"dogs/a.mp4": "one"}, by_us=["dogs/a.mp4"])
    disk.delete("dogs/a.mp4")
    disk.put("dogs/a.mkv", "longer")
    disk.unsettled.add("dogs/a.mkv")
    assert sim.synchronize() == []
    disk.unsettled.clear()
    assert story(sim.synchronize()) == [("converted", "dogs/a.mp4", "dogs/a.mkv")]


def test_what_was_refused_and_held_stays_so_in_another_form(sim: Simulation) -> None:
    disk = library(sim, {"a.mp4": "one"})
    sim.files.reject("one", "dogs", now=1.0)
    sim.files.hold("one", now=1.0)
    disk.delete("a.mp4")
    disk.put("a.mkv", "other")
    sim.synchronize()
    assert sim.rejections()["other"] == {"dogs"}
    assert "other" in sim.files.held()


def test_two_forms_of_one_are_both_ours(sim: Simulation) -> None:
    disk = library(sim, {"dogs/a.mp4": "one"}, by_us=["dogs/a.mp4"])
    disk.delete("dogs/a.mp4")
    disk.put("dogs/a.mkv", "other")
    disk.put("dogs/a.webm", "another")
    sim.synchronize()
    assert sim.sources() == {"dogs/a.mkv": "auto", "dogs/a.webm": "auto"}


def test_the_first_form_that_comes_back_is_ours_as_it_was(sim: Simulation) -> None:
    disk = library(sim, {"dogs/a.mp4": "one"}, by_us=["dogs/a.mp4"])
    disk.delete("dogs/a.mp4")
    disk.put("dogs/a.mkv", "other")
    sim.synchronize()
    disk.delete("dogs/a.mkv")
    disk.put("dogs/a.mp4", "one")
    sim.synchronize()
    assert sim.sources() == {"dogs/a.mp4": "auto"}


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
    sim = new_simulation()
    disk = library(sim, {"dogs/dog [1].mp4": "one", "dogs/dog [2].mp4": "seven"}, by_us=["dogs/dog [1].mp4"])
    new_first = new_first and name != "dog [1].mp4"
    for step in ("come", "go") if new_first else ("go", "come"):
        if step == "come":
            disk.put(f"dogs/{name}", "other")
            disk.unsettled = {f"dogs/{name}"} if unsettled else set()
        else:
            disk.delete("dogs/dog [1].mp4")
        sim.now += 1.0 + pauses.pop()
        sim.synchronize()
    disk.unsettled = set()
    sim.now += pauses.pop()
    sim.synchronize()
    assert sim.sources() == {f"dogs/{name}": "auto", "dogs/dog [2].mp4": "user"}
    assert sim.rejections() == {}
