from sorterd.classifier import what_is_missing, what_to_expect
from sorterd.classifier.readiness import cap, videos_needed


def test_a_small_folder_is_told_how_many_more_it_needs() -> None:
    missing = what_is_missing({"travel": 2, "cats": 9, "empty": 0, "one": 1})
    assert missing == {
        "travel": "travel: 2 videos, 3 more and I will start to move",
        "empty": "empty: no videos, 5 more and I will start to move",
        "one": "one: 1 video, 4 more and I will start to move",
    }


def test_the_only_folder_needs_another_to_be_told_from() -> None:
    assert "second folder" in what_is_missing({"cats": 30, "empty": 0})["cats"]


def test_what_is_asked_for_is_just_enough_to_pass_the_threshold() -> None:
    for threshold in (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 1.0):
        needed = videos_needed(threshold)
        assert cap(needed) >= threshold
        assert needed == 1 or cap(needed - 1) < threshold


def test_a_higher_minimum_is_respected() -> None:
    assert what_is_missing({"cats": 6, "dogs": 9}, min_per_category=8) == {
        "cats": "cats: 6 videos, 2 more and I will start to move"
    }


def test_who_has_models_that_are_seldom_right_is_told_to_expect_suggestions() -> None:
    said = what_to_expect(0.651)
    assert said == "these models are right for 65% of what you filed: expect suggestions rather than moves"
    assert what_to_expect(0.93) is None
    assert what_to_expect(None) is None
