from pathlib import Path

import numpy as np
import pytest
import torch
from open_clip.zero_shot_metadata import IMAGENET_CLASSNAMES

from sorterd.features.extractor import Extractor
from sorterd.features.models import embedded
from sorterd.features.models.errors import ModelsUnavailable
from sorterd.features.packages import folder_of


def test_a_damaged_package_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "IMAGE_WEIGHTS", (embedded.IMAGE_WEIGHTS[0], "0" * 64))
    with pytest.raises(ModelsUnavailable, match="SHA-256"):
        embedded.load()


def test_without_the_packages_the_error_names_the_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "folder_of", lambda _package: None)
    assert not embedded.installed()
    with pytest.raises(ModelsUnavailable, match=r"sorterd\[embedded\].*local files.*models fetch"):
        embedded.load()


def test_the_image_tower_sees_what_it_was_trained_on(extractor: Extractor) -> None:
    """Class names against their own classifier rows: proof that tensors and names are in the same order."""
    folder = folder_of(embedded.IMAGE_PACKAGE)
    assert folder is not None
    rows = torch.load(Path(folder, embedded.IMAGE_WEIGHTS[0]), weights_only=True)["_fc.weight"].numpy()
    rows = rows - rows.mean(0)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    similarity = extractor.embed_texts(IMAGENET_CLASSNAMES[:100]) @ rows.T
    assert float(np.mean(similarity.argmax(1) == np.arange(100))) > 0.5
