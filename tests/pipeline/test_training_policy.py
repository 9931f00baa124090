"""When a new model is due."""

from collections import Counter
from collections.abc import Callable

import pytest

from sorterd.pipeline.training_policy import ENOUGH, TrainedOn, TrainingSet, training_due, training_key

LABELS = {"one": "cats", "two": "dogs"}


def sign(**changes: object) -> str:
    facts = {"labels": LABELS, "rejections": {}, "extracted": {"one", "two", "three"}, "categories": ["cats", "dogs"]}
    return training_key(**{**facts, "settings": "s", **changes})  # type: ignore[arg-type]


def cats(count: int, *, awaited: int = 0) -> TrainingSet:
    """So many videos of cats with features, and so many that will have some."""
    counted = TrainingSet.of({f"late {n}": "cats" for n in range(awaited)}, [])
    counted.known["cats"] = count
    return counted


def due(
    now: int,
    learned: int | None,
    *,
    awaited: int = 0,
    changed_at: float = 100.0,
    trained_at: float = 0.0,
    same: bool = False,
    folders: frozenset[str] | None = frozenset({"cats"}),
) -> float | None:
    model = None if learned is None else TrainedOn(learned, folders, "now" if same else "then")
    return training_due(
        cats(now, awaited=awaited),
        model,
        lambda: "now",
        changed_at=changed_at,
        trained_at=trained_at,
        debounce=5.0,
    )


# --- what can be learned ---------------------------------------------------------------------------------------------


def test_only_labels_of_extracted_videos_are_lessons() -> None:
    counted = TrainingSet.of(LABELS, {"one", "three"})
    assert (counted.labelled, counted.awaited) == (1, {"two": "dogs"})


def test_counted_one_by_one_it_is_the_same_as_counted_at_once() -> None:
    labels = {f"{folder} {n}": folder for folder in ("cats", "dogs") for n in range(5)}
    counted = TrainingSet.of(labels, [])
    for video in ("cats 0", "dogs 1", "of nobody", "cats 0"):
        counted.extracted(video)
    counted.give_up("cats 3")
    counted.give_up("dogs 4")
    counted.extracted("dogs 4")  # a later try went well
    fresh = TrainingSet.of(labels, {"cats 0", "dogs 1", "dogs 4"}, {"cats 3"})
    assert (counted.known, counted.awaited, counted.failed) == (fresh.known, fresh.awaited, fresh.failed)
    assert counted.wanted == fresh.wanted


def test_it_says_whether_a_video_is_one_more_to_learn_from() -> None:
    counted = TrainingSet.of(LABELS, [])
    assert counted.extracted("one")
    assert not counted.extracted("one")
    assert not counted.extracted("three")


def test_the_poorest_folders_are_those_with_the_fewest_extracted_videos_that_will_have_more() -> None:
    labels = {"cat 1": "cats", "cat 2": "cats", "dog 1": "dogs", "dog 2": "dogs", "hat": "hats"}
    training_set = TrainingSet.of(labels, {"cat 1"})
    assert training_set.poorest == {"dogs", "hats"}
    for video in ("dog 1", "hat"):
        training_set.extracted(video)
    assert training_set.poorest == {"cats", "dogs"}
    assert TrainingSet.of(labels, set(labels)).poorest == frozenset()


def test_a_folder_is_wanted_until_enough_or_all_of_it_is_extracted() -> None:
    labels = {f"cat {n}": "cats" for n in range(50)} | {f"dog {n}": "dogs" for n in range(3)}
    some_cats = [f"cat {n}" for n in range(ENOUGH)]
    dogs = ["dog 0", "dog 1", "dog 2"]
    assert TrainingSet.of(labels, some_cats[1:]).wanted == {"cats", "dogs"}
    assert TrainingSet.of(labels, some_cats).wanted == {"dogs"}
    assert TrainingSet.of(labels, [*some_cats, *dogs[:2]]).wanted == {"dogs"}
    assert TrainingSet.of(labels, [*some_cats, *dogs]).wanted == set()


def test_a_video_that_cannot_be_extracted_holds_nothing_up() -> None:
    assert TrainingSet.of(LABELS, ["one"]).wanted == {"dogs"}
    assert TrainingSet.of(LABELS, ["one"], hopeless=["two"]).wanted == set()


# --- whether it differs ----------------------------------------------------------------------------------------------


def test_the_order_of_things_is_no_difference() -> None:
    assert sign() == sign(labels=dict(reversed(LABELS.items())), categories=["dogs", "cats"])
    assert sign(rejections={"three": ["cats", "dogs"]}) == sign(rejections={"three": ["dogs", "cats"]})


def test_whatever_could_change_the_model_is_a_difference() -> None:
    different = [
        sign(),
        sign(labels={**LABELS, "three": "cats"}),
        sign(labels={"one": "dogs", "two": "dogs"}),
        sign(rejections={"three": ["cats"]}),
        sign(extracted={"one"}),
        sign(categories=["cats", "dogs", "birds"]),
        sign(settings="t"),
        sign(categories=["caf\udce9"]),
    ]
    assert len(set(different)) == len(different)


def test_what_is_said_of_a_video_without_features_is_no_difference() -> None:
    assert sign() == sign(labels={**LABELS, "unseen": "cats"}, rejections={"unseen": ["dogs"]})


# --- when to train ---------------------------------------------------------------------------------------------------


def test_without_any_label_there_is_nothing_to_train() -> None:
    assert due(0, None) is None


def test_the_first_model_is_made_as_soon_as_enough_is_known() -> None:
    assert due(ENOUGH, None, awaited=500) == 105.0
    assert due(ENOUGH - 1, None, awaited=500) is None


def test_what_the_model_knows_already_is_not_trained_again() -> None:
    assert due(50, 50, same=True) is None


def test_a_burst_of_drags_is_waited_out() -> None:
    assert due(10, 9, changed_at=100.0) == 105.0
    assert due(11, 9, changed_at=103.0) == 108.0


def test_while_a_large_library_is_extracted_only_twice_as_much_is_worth_a_new_model() -> None:
    assert due(39, 20, awaited=500) is None
    assert due(40, 20, awaited=500) == 105.0


def test_a_folder_that_the_model_does_not_know_is_worth_one_however_much_is_still_to_come() -> None:
    assert due(30, 25, awaited=500, folders=frozenset({"dogs"})) == 105.0
    assert due(30, 25, awaited=500, folders=frozenset({"cats", "dogs"})) is None
    assert due(30, 25, awaited=500, folders=None) is None  # noted by an earlier version


def test_while_so_much_is_to_come_what_is_known_is_not_even_looked_at() -> None:
    counted, learned = cats(30, awaited=500), TrainedOn(25, frozenset({"cats"}), "then")
    unasked: Callable[[], str] = lambda: pytest.fail("it was")  # noqa: E731
    assert training_due(counted, learned, unasked, changed_at=1.0, trained_at=0.0, debounce=5.0) is None


def test_while_extraction_is_held_a_correction_does_not_wait_for_it() -> None:
    counted, learned = cats(30, awaited=500), TrainedOn(30, frozenset({"cats"}), "then")
    due_at = training_due(counted, learned, lambda: "now", changed_at=1.0, trained_at=0.0, debounce=5.0, held=True)
    assert due_at == 6.0


def test_a_few_waiting_videos_do_not_hold_up_a_correction() -> None:
    assert due(500, 500, awaited=25) == 105.0
    assert due(500, 500, awaited=26) is None


def test_the_last_few_of_a_large_library_are_not_worth_a_model_each() -> None:
    assert due(510, 500, awaited=25, trained_at=200.0) is None
    assert due(525, 500, awaited=10, trained_at=200.0) == 105.0
    assert due(510, 500, awaited=0, trained_at=200.0) == 105.0
    assert due(510, 500, awaited=25, trained_at=200.0, changed_at=201.0) == 206.0


def test_a_folder_of_which_nothing_is_known_any_more_is_no_reason() -> None:
    counted = TrainingSet(known=Counter({"cats": 30, "dogs": 0}))
    learned = TrainedOn(30, frozenset({"cats"}), "now")
    assert training_due(counted, learned, lambda: "now", changed_at=1.0, trained_at=0.0, debounce=5.0) is None
