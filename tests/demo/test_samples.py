"""The sample clips: small, playable, and told apart by what they show and say."""

from __future__ import annotations

import os

import av
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from sorterd.demo.library import belongs
from sorterd.features.extractor import Extraction, Extractor
from sorterd.features.settings import FeatureSettings
from sorterd.samples import SAMPLES

TOLD_BY_WORDS_ONLY = ({"cooking", "money"}, {"space", "gardening"})
SOME_OF_THE_INBOX = ("fried-potatoes.mp4", "moon-rocket.mp4", "waves.mp4", "kick-off.mp4")
CLIPS = {path.relative_to(SAMPLES).as_posix(): path for path in sorted(SAMPLES.rglob("*.mp4"))}


def test_every_clip_is_short_small_h264_with_aac_or_without_sound() -> None:
    for path in CLIPS.values():
        assert path.stat().st_size < 80_000
        with av.open(str(path)) as container:
            assert container.duration
            assert 4 < container.duration / av.time_base < 10
            kinds = [(stream.type, stream.codec_context.name) for stream in container.streams]
        assert kinds in ([("video", "h264")], [("video", "h264"), ("audio", "aac")])


def test_there_are_folders_to_learn_from_and_an_inbox_with_strangers() -> None:
    folders = {name.split("/")[0] for name in CLIPS if "/" in name}
    assert all(sum(name.startswith(f"{folder}/") for name in CLIPS) >= 5 for folder in folders)
    inbox = {name for name in CLIPS if "/" not in name}
    assert set(belongs()) == inbox
    assert None in belongs().values()
    assert set().union(*TOLD_BY_WORDS_ONLY) < folders


@pytest.fixture(scope="module")
def extracted() -> dict[str, Extraction]:
    """The features of the folders that are told by words, and of some of the inbox, by the embedded models."""
    told = set().union(*TOLD_BY_WORDS_ONLY)
    wanted = [name for name in CLIPS if name in SOME_OF_THE_INBOX or name.split("/")[0] in told]
    extractor = Extractor.load(FeatureSettings(models="embedded", device="cpu"))
    jobs = [(name, os.fsencode(CLIPS[name])) for name in wanted]
    results = list(extractor.extract(jobs, lambda _key: None))
    return {one.key: one for one in results if isinstance(one, Extraction)}


def test_a_clip_with_a_voice_is_understood_and_noise_is_not_taken_for_one(extracted: dict[str, Extraction]) -> None:
    assert len(extracted) == 28
    assert "potatoes" in extracted["fried-potatoes.mp4"].transcript
    assert "rocket" in extracted["moon-rocket.mp4"].transcript
    assert extracted["waves.mp4"].audio == "silent"
    assert extracted["kick-off.mp4"].audio == "none"
    assert all(one.audio == "speech" for name, one in extracted.items() if "/" in name)


@pytest.mark.parametrize("pair", TOLD_BY_WORDS_ONLY, ids=lambda pair: " or ".join(sorted(pair)))
def test_two_folders_with_the_same_pictures_are_told_apart_by_what_is_said(
    extracted: dict[str, Extraction], pair: set[str]
) -> None:
    """Each clip judged by the others: the words must do, and the pictures must not, or they would give it away."""
    names = [name for name in extracted if name.split("/")[0] in pair]
    folders = np.array([name.split("/")[0] for name in names])
    vectors = np.stack([extracted[name].vector for name in names])
    seen, said = vectors[:, :1280], vectors[:, 1280:]
    assert _right_out_of_fold(said, folders) >= 0.9
    assert _right_out_of_fold(seen, folders) <= 0.6


def _right_out_of_fold(rows: np.ndarray, folders: np.ndarray) -> float:
    """The share of rows that a logistic regression on all the others puts into the right folder."""
    rows = rows @ rows.T  # the same model by its kernel, with as few numbers as there are clips
    right = 0
    for i, folder in enumerate(folders):
        others = LogisticRegression(C=100, max_iter=500).fit(np.delete(rows, i, 0), np.delete(folders, i))
        right += others.predict(rows[i : i + 1])[0] == folder
    return right / len(folders)
