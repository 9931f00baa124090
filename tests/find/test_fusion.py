"""Joining rankings."""

from hypothesis import given
from hypothesis import strategies as st

from sorterd.find.fusion import fused

RANKING = st.lists(st.sampled_from("abcdefgh"), unique=True)


def test_what_several_rankings_have_comes_before_what_one_has() -> None:
    assert fused({"pictures": ["a", "b"], "speech": ["c", "b"]})[0] == ("b", ("pictures", "speech"))


def test_what_comes_first_stays_first_in_its_order() -> None:
    ranked = [video for video, _ in fused({"pictures": ["a", "b", "c"]}, first=["c", "x"])]
    assert ranked == ["c", "x", "a", "b"]


@given(RANKING, RANKING, RANKING)
def test_each_video_is_there_once_and_better_places_never_harm(
    one: list[str], other: list[str], first: list[str]
) -> None:
    ranked = [video for video, _ in fused({"one": one, "other": other}, first)]
    assert sorted(ranked) == sorted({*one, *other, *first})
    assert ranked[: len(first)] == first
    if one:
        again = [video for video, _ in fused({"one": [one[-1], *one[:-1]], "other": other}, first)]
        assert again.index(one[-1]) <= ranked.index(one[-1])
