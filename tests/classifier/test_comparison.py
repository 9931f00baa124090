import pytest

from sorterd.classifier import HeldOutPrediction, not_worse


def outcomes(right: int, wrong: int, *, moved: bool = False) -> dict[str, HeldOutPrediction]:
    predicted = ["a"] * right + ["b"] * wrong
    return {f"v{i}": HeldOutPrediction("a", folder, 0.9 if moved else 0.5, moved) for i, folder in enumerate(predicted)}


def test_a_model_that_is_as_good_is_taken() -> None:
    assert not_worse(outcomes(18, 2), outcomes(18, 2)).swap
    assert not_worse(outcomes(20, 0), outcomes(10, 10)).swap


def test_a_model_that_is_worse_by_chance_is_taken() -> None:
    assert not_worse(outcomes(18, 2), outcomes(20, 0)).swap


def test_a_correction_counts_against_whoever_had_it_wrong() -> None:
    old = {f"v{i}": HeldOutPrediction("b", "b", 0.9, True) for i in range(20)}
    assert not_worse(outcomes(20, 0), old).swap
    assert "before 0" in not_worse(outcomes(20, 0), old).reason


def test_without_common_videos_the_new_model_is_taken() -> None:
    assert not_worse(outcomes(1, 1), {"other": HeldOutPrediction("a", "a", 0.9, True)}).swap
    assert not_worse({}, {}).swap


def test_a_model_that_moves_clearly_less_and_is_right_no_more_often_is_turned_down() -> None:
    found = not_worse(outcomes(20, 0, moved=False), outcomes(20, 0, moved=True))
    assert not found.swap
    assert found.reason == (
        "kept the old model: what you have filed is the same, and the new one moves clearly less and is right no more "
        "often (20 of 20 right, before 20; 0 of 20 would move, before 20; 0 wrong moves, before 0)"
    )


LESS = outcomes(20, 0, moved=False), outcomes(20, 0, moved=True)
WORSE = outcomes(10, 10), outcomes(20, 0)
RASHER = outcomes(10, 10, moved=True), outcomes(10, 10, moved=False)


@pytest.mark.parametrize(
    ("models", "fault", "figures"),
    [
        (LESS, "moves clearly less and is right no more often", "0 of 20 would move, before 20"),
        (WORSE, "is right clearly less often", "(10 of 20 right, before 20"),
        (RASHER, "makes clearly more wrong moves", "10 wrong moves, before 0)"),
    ],
)
def test_what_the_user_has_taught_counts_however_the_models_compare_and_the_fault_is_told(
    models: tuple[dict[str, HeldOutPrediction], dict[str, HeldOutPrediction]], fault: str, figures: str
) -> None:
    assert not not_worse(*models).swap
    assert figures in not_worse(*models).reason
    found = not_worse(*models, taught=True)
    assert found.swap
    assert found.reason.startswith(f"took the new model, because what you have filed has changed; but it {fault} (")
    assert found.worse == fault


def test_a_model_that_moves_less_may_be_right_more_often_for_it() -> None:
    found = not_worse(outcomes(18, 2, moved=False), outcomes(17, 3, moved=True))
    assert found.swap
    assert found.reason.startswith(
        "took the new model: it moves clearly less, but is right more often (18 of 20 right,"
    )


def test_a_model_that_moves_less_by_chance_is_taken() -> None:
    old = outcomes(20, 0, moved=True)
    new = old | {key: HeldOutPrediction("a", "a", 0.5, False) for key in ("v0", "v1")}
    assert not_worse(new, old).swap
