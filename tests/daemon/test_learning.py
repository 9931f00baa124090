"""When a new model is due."""

from __future__ import annotations

from sorterd.daemon.learning import Lessons, lessons, training_due

LABELS = {"one": "cats", "two": "dogs"}


def signature(**changes: object) -> str:
    facts = {"labels": LABELS, "refusals": {}, "extracted": {"one", "two", "three"}, "categories": ["cats", "dogs"]}
    return lessons(**{**facts, "settings": "s", **changes}).signature  # type: ignore[arg-type]


def due(
    now: int, learned: int | None, *, pending: int = 0, changed_at: float = 100.0, same: bool = False
) -> float | None:
    known, model = Lessons(now, "now"), None if learned is None else Lessons(learned, "now" if same else "then")
    return training_due(known, model, pending=pending, changed_at=changed_at, debounce=5.0)


def test_only_labels_of_extracted_videos_are_lessons() -> None:
    assert lessons(LABELS, {}, {"one"}, ["cats", "dogs"], "s").labelled == 1


def test_the_order_of_things_is_no_difference() -> None:
    assert signature() == signature(labels=dict(reversed(LABELS.items())), categories=["dogs", "cats"])
    assert signature(refusals={"three": ["cats", "dogs"]}) == signature(refusals={"three": ["dogs", "cats"]})


def test_whatever_could_change_the_model_is_a_difference() -> None:
    different = [
        signature(),
        signature(labels={**LABELS, "three": "cats"}),
        signature(labels={"one": "dogs", "two": "dogs"}),
        signature(refusals={"three": ["cats"]}),
        signature(extracted={"one"}),
        signature(categories=["cats", "dogs", "birds"]),
        signature(settings="t"),
        signature(categories=["caf\udce9"]),
    ]
    assert len(set(different)) == len(different)


def test_what_is_said_of_a_video_without_features_is_no_difference() -> None:
    assert signature() == signature(labels={**LABELS, "unseen": "cats"}, refusals={"unseen": ["dogs"]})


def test_without_any_label_there_is_nothing_to_train() -> None:
    assert due(0, None) is None


def test_what_the_model_knows_already_is_not_trained_again() -> None:
    assert due(50, 50, same=True) is None


def test_a_burst_of_drags_is_waited_out() -> None:
    assert due(10, 9, changed_at=100.0) == 105.0
    assert due(11, 9, changed_at=103.0) == 108.0


def test_while_a_large_library_is_extracted_only_twice_as_much_is_worth_a_new_model() -> None:
    assert due(15, 8, pending=500) is None
    assert due(16, 8, pending=500) == 105.0


def test_there_is_no_model_before_every_folder_is_known() -> None:
    labels = {f"cat {i}": "cats" for i in range(50)} | {f"dog {i}": "dogs" for i in range(3)}
    some_cats = [f"cat {i}" for i in range(20)]
    dogs = ["dog 0", "dog 1", "dog 2"]
    assert not lessons(labels, {}, some_cats, ["cats", "dogs"], "s").enough
    assert not lessons(labels, {}, [*some_cats, *dogs[:2]], ["cats", "dogs"], "s").enough
    assert lessons(labels, {}, [*some_cats, *dogs], ["cats", "dogs"], "s").enough
    assert not lessons(labels, {}, [*some_cats[:19], *dogs], ["cats", "dogs"], "s").enough
    assert training_due(Lessons(22, "now", enough=False), None, pending=1, changed_at=0.0, debounce=5.0) is None


def test_a_video_that_cannot_be_extracted_holds_nothing_up() -> None:
    assert not lessons(LABELS, {}, ["one"], ["cats", "dogs"], "s").enough
    assert lessons(LABELS, {}, ["one"], ["cats", "dogs"], "s", hopeless=["two"]).enough


def test_a_few_waiting_videos_do_not_hold_up_a_correction() -> None:
    assert due(500, 500, pending=25) == 105.0
    assert due(500, 500, pending=26) is None
