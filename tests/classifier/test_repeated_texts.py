"""Names given while filing: near-equal texts within one folder count as missing in training."""

import numpy as np
import pytest

from sorterd.classifier import train_classifier
from sorterd.classifier.arrays import Floats
from sorterd.classifier.modality import ModalityRows, split_modalities
from sorterd.classifier.repeated_texts import without_repeated_texts

FOLDERS = np.array([0, 0, 0, 0, 1, 1, 1, 1])


def texts(*rows: Floats) -> ModalityRows:
    return split_modalities(np.array(rows), (len(rows[0]),))[0]


def near(row: Floats, cosine: float, rng: np.random.Generator) -> Floats:
    """A unit row at this cosine to a unit row."""
    across = rng.normal(size=len(row))
    across -= across @ row * row
    return np.asarray(cosine * row + np.sqrt(1 - cosine**2) * across / np.linalg.norm(across))


@pytest.mark.parametrize(
    ("cosine", "times", "left"),
    [(1.0, 3, 5), (0.999, 3, 5), (1.0, 2, 8), (0.9, 3, 8), (1.0, 4, 4)],
)
def test_three_near_equal_texts_of_a_folder_count_as_missing(cosine: float, times: int, left: int) -> None:
    rng = np.random.default_rng(0)
    rows = np.linalg.qr(rng.normal(size=(64, 64)))[0][:8]
    for place in range(1, times):
        rows[place] = near(rows[0], cosine, rng)
    kept = without_repeated_texts(texts(*rows), FOLDERS)
    assert kept.present.sum() == left
    assert not kept.rows[~kept.present].any()
    assert np.array_equal(kept.rows[kept.present], texts(*rows).rows[kept.present])


def test_near_equal_texts_of_several_folders_stay() -> None:
    same = np.eye(16)[0]
    rows = [same, same, *np.eye(16)[1:3], same, same, *np.eye(16)[3:5]]
    assert without_repeated_texts(texts(*rows), FOLDERS).present.all()


def test_missing_texts_are_no_repetition() -> None:
    rows = np.zeros((8, 16))
    rows[0, 0] = rows[4, 1] = 1.0
    assert without_repeated_texts(texts(*rows), FOLDERS).present.tolist() == [True] + [False] * 3 + [True] + [False] * 3


def names_given_in_filing(captions: int) -> float:
    """Return the share of right folders for videos with other names, or names of another folder, after training on
    videos that carry their folder's name. `captions` is the place of the modality that counts as captions."""
    rng = np.random.default_rng(0)
    width, folders = 32, 4
    directions, named = np.linalg.qr(rng.normal(size=(width, width)))[0][:folders], np.eye(width)[:folders]
    label = np.repeat(np.arange(folders), 8)
    pictures = directions[label] + 0.35 * rng.normal(size=(len(label), width))
    waiting = directions[label] + 0.35 * rng.normal(size=(len(label), width))
    other = named[(label + 1) % folders]
    rows, inbox = (
        np.hstack([seen, np.zeros_like(seen), said]) for seen, said in ((pictures, named[label]), (waiting, other))
    )
    classifier = train_classifier(rows, [str(k) for k in label], blocks=(width,) * 3, captions=(captions,))
    return float(np.mean([int(one.folder) == k for one, k in zip(classifier.predict(inbox), label, strict=True)]))


def test_names_given_in_filing_do_not_mislead() -> None:
    assert names_given_in_filing(captions=2) > names_given_in_filing(captions=1) + 0.2
