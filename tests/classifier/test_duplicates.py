import numpy as np

from classifier.made_up import world
from sorterd.classifier import near_duplicates


def test_slightly_changed_copies_share_a_group_and_others_do_not() -> None:
    rows = world().videos(0, 6, 1)
    copies = rows + np.random.default_rng(0).normal(size=rows.shape) * 0.005
    assert near_duplicates(np.concatenate([rows, copies])) == [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]


def test_the_same_pictures_with_other_words_are_two_videos() -> None:
    picture = world().videos(0, 1, 1)[0]
    said, otherwise = world().videos(1, 2, 1)
    rows = np.stack([np.r_[picture, said], np.r_[picture, otherwise], np.r_[picture, said], np.r_[picture, said * 0]])
    assert near_duplicates(rows, (48, 48)) == [0, 1, 0, 2]


def test_videos_of_which_nothing_is_known_are_not_each_others_duplicates() -> None:
    assert near_duplicates(np.zeros((3, 4))) == [0, 1, 2]


def test_silent_copies_are_found_by_their_pictures() -> None:
    rows = np.hstack([np.eye(2), np.zeros((2, 2))])
    assert near_duplicates(np.concatenate([rows, rows]), (2, 2)) == [0, 1, 0, 1]


def test_no_rows_have_no_groups() -> None:
    assert near_duplicates(np.zeros((0, 4))) == []
