from __future__ import annotations

from sorterd.classifier import HeldOutPrediction, not_worse


def outcomes(right: int, wrong: int, *, moved: bool = False) -> dict[str, HeldOutPrediction]:
    predicted = ["a"] * right + ["b"] * wrong
    return {f"v{i}": HeldOutPrediction("a", folder, 0.9 if moved else 0.5, moved) for i, folder in enumerate(predicted)}


def test_a_model_that_is_as_good_is_taken() -> None:
    assert not_worse(outcomes(18, 2), outcomes(18, 2))[0]
    assert not_worse(outcomes(20, 0), outcomes(10, 10))[0]


def test_a_model_that_is_worse_by_chance_is_taken() -> None:
    assert not_worse(outcomes(18, 2), outcomes(20, 0))[0]


def test_a_clearly_worse_model_is_turned_down_with_figures() -> None:
    taken, why = not_worse(outcomes(10, 10), outcomes(20, 0))
    assert not taken
    assert "10 of 20 right, before 20" in why


def test_clearly_more_wrong_moves_are_a_reason_too() -> None:
    taken, why = not_worse(outcomes(10, 10, moved=True), outcomes(10, 10, moved=False))
    assert not taken
    assert "10 wrong moves of 20, before 0" in why


def test_a_correction_counts_against_whoever_had_it_wrong() -> None:
    old = {f"v{i}": HeldOutPrediction("b", "b", 0.9, True) for i in range(20)}
    assert not_worse(outcomes(20, 0), old)[0]
    assert "before 0" in not_worse(outcomes(20, 0), old)[1]


def test_without_common_videos_the_new_model_is_taken() -> None:
    assert not_worse(outcomes(1, 1), {"other": HeldOutPrediction("a", "a", 0.9, True)})[0]
    assert not_worse({}, {})[0]


def test_a_model_that_moves_clearly_less_and_is_right_no_more_often_is_turned_down() -> None:
    taken, why = not_worse(outcomes(20, 0, moved=False), outcomes(20, 0, moved=True))
    assert not taken
    assert why == (
        "kept the old model: the new one is not right more often and moves clearly less (0 of 20 would move, before 20)"
    )


def test_a_model_that_moves_less_may_be_right_more_often_for_it() -> None:
    assert not_worse(outcomes(18, 2, moved=False), outcomes(17, 3, moved=True))[0]


def test_a_model_that_moves_less_by_chance_is_taken() -> None:
    old = outcomes(20, 0, moved=True)
    new = old | {key: HeldOutPrediction("a", "a", 0.5, False) for key in ("v0", "v1")}
    assert not_worse(new, old)[0]
