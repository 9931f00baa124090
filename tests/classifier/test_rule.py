"""The rule: a decision on a video depends on what the user has filed and taken back, and on that video alone."""

from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.made_up import Rows, world
from sorterd.classifier import Classifier, Prediction, share_of_strangers, train_classifier

WORLD = world(subjects=10, width=24)
BOTH = world(subjects=10, width=24, seed=3)
QUICK = ("prototypes",)


def videos(count: int, seed: int) -> Rows:
    """Of all subjects in turn, with and without speech."""
    rows = [np.r_[WORLD.videos(n % 10, 1, seed + n)[0], BOTH.videos(n % 10, 1, seed + n)[0]] for n in range(count)]
    made = np.array(rows, dtype=np.float32).reshape(count, 48)
    made[1::3, 24:] = 0.0
    return made


def library(folders: int = 5, count: int = 8) -> tuple[Rows, list[str]]:
    rows = np.hstack([WORLD.library(folders, count)[0], BOTH.library(folders, count)[0]])
    rows[::4, 24:] = 0.0
    return rows, WORLD.library(folders, count)[1]


def trained(**more: object) -> Classifier:
    return train_classifier(*library(), blocks=(24, 24), candidates=QUICK, **more)  # type: ignore[arg-type]


CLASSIFIER = trained(negatives=videos(3, 900))
ASKED = videos(12, 50)
OTHERS = videos(30, 300)
KNOWN = videos(60, 1000)


@cache
def alone(share: float) -> list[Prediction]:
    return [CLASSIFIER.predict(row[None], strangers=share)[0] for row in ASKED]


@settings(max_examples=60, deadline=None)
@given(
    company=st.lists(st.integers(0, 29), max_size=150),
    place=st.integers(0, 150),
    share=st.sampled_from([0.05, 0.2, 0.5]),
)
def test_a_prediction_is_the_same_to_the_last_bit_in_any_company(company: list[int], place: int, share: float) -> None:
    others = OTHERS[company]
    place = min(place, len(company))
    asked = np.concatenate([others[:place], ASKED, others[place:]])
    assert CLASSIFIER.predict(asked, strangers=share)[place : place + len(ASKED)] == alone(share)


@cache
def as_filed() -> list[Prediction]:
    return trained().predict(ASKED)


@settings(max_examples=10, deadline=None)
@given(inbox=st.integers(0, 40), seed=st.integers(0, 1000))
def test_neither_what_waits_nor_chance_changes_what_is_learned(inbox: int, seed: int) -> None:
    assert trained(unlabeled=videos(inbox, seed), seed=seed).predict(ASKED) == as_filed()


@cache
def in_order(order: tuple[int, ...], turned: tuple[int, ...]) -> list[Prediction]:
    rows, labels = library()
    filed = rows[list(order)], [labels[i] for i in order]
    taken_out, candidates = videos(4, 700)[list(turned)], ("prototypes", "logreg")
    return train_classifier(*filed, blocks=(24, 24), candidates=candidates, negatives=taken_out).predict(ASKED)


@settings(max_examples=15, deadline=None)
@given(order=st.permutations(range(40)), turned=st.permutations(range(4)))
def test_the_order_of_what_was_filed_and_taken_out_changes_nothing(order: list[int], turned: list[int]) -> None:
    assert in_order(tuple(order), tuple(turned)) == in_order(tuple(range(40)), tuple(range(4)))


@given(data=st.data(), count=st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_the_share_of_strangers_depends_on_the_set_of_videos_alone(data: st.DataObject, count: int) -> None:
    known = KNOWN[:count]
    again = data.draw(st.lists(st.integers(0, count - 1), max_size=20)) if count else []
    order = data.draw(st.permutations([*range(count), *again]))
    share = share_of_strangers(CLASSIFIER, known)
    assert 0.05 <= share <= 0.5
    assert share_of_strangers(CLASSIFIER, known[order]) == share


@given(count=st.integers(0, 60), one=st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_one_more_video_moves_no_confidence_by_more_than_five_points(count: int, one: int) -> None:
    known = KNOWN[:count]
    more = np.concatenate([known, videos(10, 5000)[one : one + 1]])
    before = CLASSIFIER.predict(ASKED, share_of_strangers(CLASSIFIER, known))
    after = CLASSIFIER.predict(ASKED, share_of_strangers(CLASSIFIER, more))
    assert [p.folder for p in after] == [p.folder for p in before]
    assert max(abs(a.confidence - b.confidence) for a, b in zip(after, before, strict=True)) <= 0.05


def test_a_smaller_share_of_strangers_makes_it_surer() -> None:
    few, half = CLASSIFIER.predict(ASKED, 0.05), CLASSIFIER.predict(ASKED, 0.5)
    assert all(a.confidence > b.confidence for a, b in zip(few, half, strict=True))


def test_with_few_videos_in_the_folders_half_are_taken_for_strangers() -> None:
    young = train_classifier(*library(count=4), blocks=(24, 24), candidates=QUICK)
    assert share_of_strangers(young, library(count=4)[0]) == 0.5
