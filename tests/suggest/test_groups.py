"""Groups of alike videos among made-up ones."""

import numpy as np
from support.alike import MODALITIES, WIDTH, alike

from sorterd.suggest.groups import groups


def all_of(rows: np.ndarray) -> np.ndarray:
    return np.ones(len(rows), dtype=bool)


def test_groups_are_found_among_others_the_largest_first() -> None:
    rows = alike([6, 12], others=40)
    found = groups(rows, MODALITIES, all_of(rows))
    assert [sorted(group) for group in found] == [list(range(6, 18)), list(range(6))]
    assert groups(rows, MODALITIES, all_of(rows)) == found


def test_there_is_no_group_where_nothing_is_alike() -> None:
    rows = alike([], others=60)
    assert groups(rows, MODALITIES, all_of(rows)) == []
    assert groups(rows[:0], MODALITIES, all_of(rows[:0])) == []
    assert groups(np.zeros_like(rows), MODALITIES, all_of(rows)) == []


def test_videos_of_the_library_tell_what_is_usual_and_are_in_no_group() -> None:
    rows = alike([12], others=40)
    candidates = all_of(rows)
    candidates[:4] = False
    assert [sorted(group) for group in groups(rows, MODALITIES, candidates)] == [list(range(4, 12))]
    candidates[:8] = False
    assert groups(rows, MODALITIES, candidates) == []  # four are too few


def test_the_same_footage_counts_once() -> None:
    rows = alike([4], others=40)
    again = np.vstack([rows[:1]] * 6)
    assert groups(np.vstack([rows, again]), MODALITIES, np.ones(len(rows) + 6, dtype=bool)) == []
    rows = alike([5], others=40)
    (group,) = groups(np.vstack([rows, rows[:1]]), MODALITIES, np.ones(len(rows) + 1, dtype=bool))
    assert sorted(group) == [0, 1, 2, 3, 4, len(rows)]  # but it is in the group


def test_the_most_typical_video_comes_first() -> None:
    rows = alike([9], others=40)
    (group,) = groups(rows, MODALITIES, all_of(rows))
    centre = rows[:9, :WIDTH].mean(axis=0)
    cosines = rows[:9, :WIDTH] @ centre
    assert group[0] in np.argsort(-cosines)[:3]


def test_speech_that_only_some_have_does_not_hide_a_group() -> None:
    rows = alike([8], others=40)
    speech = np.random.default_rng(1).normal(size=(24, WIDTH))
    rows[::2, WIDTH:] = speech / np.linalg.norm(speech, axis=1, keepdims=True)
    (group,) = groups(rows, MODALITIES, all_of(rows))
    assert set(group) <= set(range(8))
    assert len(group) >= 7
